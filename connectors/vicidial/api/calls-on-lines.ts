import type { Clock } from '../../../src/domain/clock.ts';
import { parseCallerCode } from '../caller-code.ts';
import type { VicidialConfig } from '../config.ts';
import { nationalDigits } from '../phones.ts';
import type { CallClues, FoundCall } from '../recognise.ts';
import { fromServerText } from '../server-time.ts';
import { readCallInfo } from './call-info.ts';
import { type AgentLine, isBusyWith, type ReadAgentLines } from './lines.ts';
import type { LookUps } from './look-ups.ts';

/** A call with the line that has it. */
export interface LineCall extends FoundCall {
  user: string;
}

export interface CallsOnLines {
  /** Calls that the AI's lines have now, those whose code is wanted. */
  now(isWanted: (code: string) => boolean, signal?: AbortSignal): Promise<LineCall[]>;
  /**
   * Those that clues may mean, each code once: by their lead, else by the number that their log shows. A uniqueid alone is
   * in no look-up. When there are several, nobody can tell which.
   */
  like(clues: CallClues, signal?: AbortSignal): Promise<FoundCall[]>;
}

export interface LineReading {
  config: Pick<VicidialConfig, 'timeZone'>;
  clock: Pick<Clock, 'now'>;
  lookUps: LookUps;
  lines: ReadAgentLines;
}

export function callsOnLines(reading: LineReading): CallsOnLines {
  async function callsOf(isMeant: (line: AgentLine) => boolean, signal?: AbortSignal): Promise<LineCall[]> {
    const own = (await reading.lines()).filter((line) => line.isLine && isBusyWith(line, line.callerCode, ''));
    const calls = await Promise.all(own.filter(isMeant).map((line) => callOf(reading, line, signal)));
    return [...new Map(calls.map((call) => [call.code, call])).values()];
  }

  return {
    now: (isWanted, signal) => callsOf((line) => isWanted(line.callerCode), signal),
    async like({ leadId, number }, signal) {
      if (leadId) return await callsOf((line) => line.leadId === leadId, signal);
      if (!number) return [];
      return (await callsOf(() => true, signal)).filter((call) => isNumberOf(call, number));
    },
  };
}

/** The call of a line, with what its log tells. */
async function callOf(
  { lookUps, config, clock }: LineReading,
  line: AgentLine,
  signal?: AbortSignal,
): Promise<LineCall> {
  const now = clock.now();
  const calledAt = parseCallerCode(line.callerCode, now, config.timeZone)?.calledAt ?? now;
  const info = await readCallInfo(lookUps, line.callerCode, calledAt, config.timeZone, signal);
  return {
    code: line.callerCode,
    leadId: line.leadId,
    uniqueid: '',
    campaign: info?.campaign || line.campaign,
    number: info?.number ?? '',
    at: (info && fromServerText(info.callDate, config.timeZone)) ?? calledAt,
    user: line.user,
  };
}

function isNumberOf({ number }: FoundCall, told: string): boolean {
  const digits = told.replace(/\D/g, '');
  const own = number.replace(/\D/g, '');
  return own !== '' && (own === digits || own === nationalDigits(told));
}

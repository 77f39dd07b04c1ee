import type { VicidialConfig } from '../../config.ts';
import type { StatusRow } from '../../tables/schema.ts';
import type { CountRow, HandedCallRow } from '../site-tables/rows.ts';

/** Statuses of calls that nobody answered, or only a machine: they count for no drop rate. */
const unanswered = /^(NEW|QUEUE|NA|N|B|AB|DC|ADC|ADCT|ADAIR|AFAX|A|AA|AM|AL|AMDXFR|LRERR|ERI|DNCL|DNCC|CBHOLD)$/;

/** How many calls that people answered found no line. `machines`: what else the site calls a call without a person. */
export function judgeDrops(
  rows: readonly CountRow[],
  machines: ReadonlySet<string> = new Set(),
): { dropped: number; answered: number; percent: number } {
  const count = (isMeant: (status: string) => boolean) =>
    rows.filter(({ status }) => isMeant(status)).reduce((sum, { calls }) => sum + calls, 0);
  const answered = count((status) => !unanswered.test(status) && !machines.has(status));
  const dropped = count((status) => status === 'DROP' || status === 'PDROP');
  return { dropped, answered, percent: answered === 0 ? 0 : (100 * dropped) / answered };
}

/** Outcomes of calls that no person answered. */
const nobody: readonly string[] = ['voicemail', 'no_answer', 'busy', 'failed'];

/** What a site calls a call without a person, in one campaign. */
export function machineStatuses(
  { campaigns }: Pick<VicidialConfig, 'campaigns'>,
  known: readonly StatusRow[],
  campaign: string,
): Set<string> {
  const dispositions: Readonly<Record<string, string>> = (campaigns[campaign] ?? campaigns['*'])?.dispositions ?? {};
  const own = known.filter((row) => row.answering_machine && ['', campaign].includes(row.campaign_id));
  return new Set([...own.map(({ status }) => status), ...nobody.flatMap((outcome) => dispositions[outcome] ?? [])]);
}

export interface Cluster {
  count: number;
  of: number;
  fromSec: number;
  toSec: number;
}

const windowSec = 3;
const leastCount = 8;
const leastShare = 0.4;

/**
 * Calls that end after the same few seconds, when so many of them do that chance is out of question. Very short ones are
 * another trouble, and beyond a minute and a half no timer of SIP runs out.
 */
export function clusterOf(lengths: readonly number[]): Cluster | null {
  const judged = lengths.filter((length) => length > 10 && length <= 95);
  for (const fromSec of [...new Set(judged)].sort((a, b) => a - b)) {
    const toSec = fromSec + windowSec - 1;
    const count = judged.filter((length) => length >= fromSec && length <= toSec).length;
    if (count >= leastCount && count >= lengths.length * leastShare)
      return { count, of: lengths.length, fromSec, toSec };
  }
  return null;
}

/** Whether the platform answered, as far as the carrier log tells. */
export function isAnswered({ dialstatus, length_in_sec }: HandedCallRow): boolean {
  return dialstatus === 'ANSWER' && length_in_sec > 0;
}

/** A platform that takes longer is a trouble of its own. */
export const slowAnswerSec = 4;

/** Seconds until the platform answered, of each call that tells. */
export function answerTimes(calls: readonly HandedCallRow[]): number[] {
  const told = calls.filter((call) => isAnswered(call) && call.answered_time > 0);
  return told.map((call) => call.dial_time - call.answered_time);
}

/** The middle value; 0 for none. */
export function middleOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

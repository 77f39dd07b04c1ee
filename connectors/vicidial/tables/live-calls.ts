import { z } from 'zod';
import { nationalDigits } from '../phones.ts';
import type { VicidialReads } from '../reads.ts';
import type { CallClues, FoundCall } from '../recognise.ts';
import { fromServerText, toServerRange } from '../server-time.ts';
import { askedTogether } from './asked-together.ts';
import { LiveCall, LiveRow } from './schema.ts';
import type { TimedReading } from './table-reads.ts';

/** How long a hand-over is looked for after the call is no longer live; the rest is for clocks that differ. */
const handedBeforeMs = 180_000;
const aheadMs = 120_000;
const liveColumns = 'callerid, lead_id, uniqueid, campaign_id, phone_code, phone_number, call_time, status';

/** The calls that go on now. */
export interface LiveCalls {
  /** With this code; when there are none, of the lead, whatever their code. */
  of: VicidialReads['liveCalls'];
  /**
   * Calls handed to a line that these clues may mean, each code once; else those handed over in the last minutes. When
   * there are several, nobody can tell which.
   */
  like(clues: CallClues, signal?: AbortSignal): Promise<FoundCall[]>;
}

/**
 * vicidial_auto_calls has indexes on codes and uniqueids only, and holds nothing but live calls in memory. So what is asked by
 * lead or number is picked from the whole of it; who asks at the same time shares one read that began after the question.
 */
export function liveCallsOf(reading: TimedReading): LiveCalls {
  const { database, config, clock } = reading;
  const readAll = askedTogether(async (questions: readonly null[]) => {
    const rows = await database.select(LiveRow, `SELECT ${liveColumns} FROM vicidial_auto_calls`, []);
    return questions.map(() => rows);
  });
  const readOf = askedTogether(async (questions: readonly { code: string; leadId: string }[]) => {
    const codes = [...new Set(questions.map(({ code }) => code))];
    // No lead is 0; without a number the list would be empty, and the statement wrong.
    const leads = [...new Set(questions.map(({ leadId }) => Number(leadId) || 0))];
    const rows = await database.select(
      LiveOf,
      "SELECT callerid, campaign_id, lead_id FROM vicidial_auto_calls WHERE callerid <> '' AND (callerid IN (?) OR lead_id IN (?))",
      [codes, leads],
    );
    return questions.map(({ code, leadId }) => {
      const ours = rows.filter((row) => row.callerid === code);
      return ours.length > 0 ? ours : rows.filter((row) => row.lead_id === leadId);
    });
  });

  async function withUniqueid({ uniqueid, ...clues }: CallClues, signal?: AbortSignal): Promise<LiveRow[]> {
    if (!uniqueid) return [];
    const rows = await database.select(
      LiveRow,
      `SELECT ${liveColumns} FROM vicidial_auto_calls WHERE uniqueid = ?`,
      [uniqueid],
      signal,
    );
    // Another server of the cluster may have given the same uniqueid to somebody else's call.
    return clues.leadId || clues.number ? rows.filter(matcher(clues)) : rows;
  }

  async function handedOver(clues: CallClues, signal?: AbortSignal): Promise<FoundCall[]> {
    const now = clock.now();
    const rows = await database.select(
      HandOver,
      `SELECT callerid, lead_id, uniqueid, campaign_id, phone_number, call_time FROM vicidial_remote_agent_log
       WHERE call_time BETWEEN ? AND ?`,
      toServerRange(now - handedBeforeMs, now + aheadMs, config.timeZone),
      signal,
    );
    const isMeant = matcher(clues);
    const isSameChannel = (row: HandOver) => !clues.uniqueid || row.uniqueid === clues.uniqueid;
    return found(rows.filter((row) => isMeant(row) && isSameChannel(row)));
  }

  function found(rows: readonly HandOver[]): FoundCall[] {
    const calls = rows.map((row) => ({
      code: row.callerid,
      leadId: row.lead_id,
      uniqueid: row.uniqueid,
      campaign: row.campaign_id,
      number: row.phone_number,
      at: fromServerText(row.call_time, config.timeZone) ?? clock.now(),
    }));
    return [...new Map(calls.map((call) => [call.code, call])).values()];
  }

  return {
    of: (code, leadId, { mayWait, signal } = {}) => heeding(signal, readOf({ code, leadId }, mayWait)),
    async like(clues, signal) {
      const byChannel = await withUniqueid(clues, signal);
      if (byChannel.length > 0) return found(byChannel);
      if (!clues.leadId && !clues.number) return [];
      const isMeant = matcher(clues);
      const live = (await heeding(signal, readAll(null))).filter(
        (row) => handedStatuses.includes(row.status) && isMeant(row),
      );
      return live.length > 0 ? found(live) : handedOver(clues, signal);
    },
  };
}

const LiveOf = LiveCall.extend({ lead_id: z.string() });

const HandOver = LiveRow.omit({ phone_code: true, status: true });
type HandOver = z.infer<typeof HandOver>;

/** A line or an agent has the call: outbound, and inbound. */
const handedStatuses: readonly string[] = ['XFER', 'CLOSER'];

/** A lead says more than a number: an alternate number may have been dialled, or the caller id number overwritten. */
function matcher({
  leadId,
  number,
}: Pick<CallClues, 'leadId' | 'number'>): (row: HandOver & { phone_code?: string }) => boolean {
  if (leadId) return (row) => row.lead_id === leadId;
  const digits = number.replace(/\D/g, '');
  const forms = new Set([digits, number.startsWith('+') ? nationalDigits(number) : digits]);
  if (!digits) return () => false;
  return (row) => {
    const own = row.phone_number.replace(/\D/g, '');
    return own !== '' && (forms.has(own) || forms.has(`${row.phone_code ?? ''}${own}`));
  };
}

/** The read goes on for the others; who gave the signal waits no longer. */
async function heeding<T>(signal: AbortSignal | undefined, read: Promise<T>): Promise<T> {
  if (!signal) return read;
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return Promise.race([read, promise]).finally(() => signal.removeEventListener('abort', stop));
}

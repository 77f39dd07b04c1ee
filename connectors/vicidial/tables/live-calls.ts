import type { z } from 'zod';
import { nationalDigits } from '../phones.ts';
import type { CallClues, FoundCall } from '../recognise.ts';
import { fromServerText, toServerRange } from '../server-time.ts';
import { LiveRow } from './schema.ts';
import type { TimedReading } from './table-reads.ts';

/** How long a hand-over is looked for after the call is no longer live; the rest is for clocks that differ. */
const handedBeforeMs = 180_000;
const aheadMs = 120_000;
const liveColumns = 'callerid, lead_id, uniqueid, campaign_id, phone_code, phone_number, call_time, status';

/** The calls that go on now. */
export interface LiveCalls {
  /** Of a lead, whatever their code. */
  ofLead(leadId: string, signal?: AbortSignal): Promise<LiveRow[]>;
  /**
   * Calls handed to a line that these clues may mean, each code once; else those handed over in the last minutes. When
   * there are several, nobody can tell which.
   */
  like(clues: CallClues, signal?: AbortSignal): Promise<FoundCall[]>;
}

/**
 * vicidial_auto_calls has indexes on codes and uniqueids only, and holds nothing but live calls. So what is asked by lead
 * or number is picked from the whole of it; who asks at the same time shares one read that began after the question.
 */
export function liveCallsOf(reading: TimedReading): LiveCalls {
  const { database, config, clock } = reading;
  const readAll = shareReads(() => database.select(LiveRow, `SELECT ${liveColumns} FROM vicidial_auto_calls`, []));

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
    ofLead: async (leadId, signal) => (await heeding(signal, readAll())).filter((row) => row.lead_id === leadId),
    async like(clues, signal) {
      const byChannel = await withUniqueid(clues, signal);
      if (byChannel.length > 0) return found(byChannel);
      if (!clues.leadId && !clues.number) return [];
      const isMeant = matcher(clues);
      const live = (await heeding(signal, readAll())).filter(
        (row) => handedStatuses.includes(row.status) && isMeant(row),
      );
      return live.length > 0 ? found(live) : handedOver(clues, signal);
    },
  };
}

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

/** A question is answered by a read that began after it; those that come meanwhile wait for the next one together. */
function shareReads<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | null = null;
  let next: Promise<T> | null = null;

  async function runNext(): Promise<T> {
    await running?.catch(() => undefined);
    next = null;
    const current = read();
    running = current;
    try {
      return await current;
    } finally {
      if (running === current) running = null;
    }
  }

  return () => {
    next ??= runNext();
    return next;
  };
}

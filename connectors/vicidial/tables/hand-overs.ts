import { z } from 'zod';
import { toServerRange } from '../server-time.ts';
import type { TableReading } from './table-reads.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A row of vicidial_remote_agent_log: a call went to a line. `call_time` is the wall time of the dialer that wrote it. */
export const HandOver = z.object({
  callerid: text,
  uniqueid: text,
  user: text,
  lead_id: text,
  campaign_id: text,
  phone_number: text,
  call_time: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/),
});
export type HandOver = z.infer<typeof HandOver>;

const pageSize = 1000;

/** Calls that went to lines between two instants, ms since 1970, by the index on call_time; some may come twice. */
export async function* readHandOvers(
  { database, config }: Pick<TableReading, 'database' | 'config'>,
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): AsyncGenerator<HandOver> {
  let [from, to] = toServerRange(fromMs, toMs, config.timeZone);
  for (;;) {
    const { rows, count } = await database.selectAll(
      HandOver,
      `SELECT callerid, uniqueid, user, lead_id, campaign_id, phone_number, call_time FROM vicidial_remote_agent_log
       WHERE call_time BETWEEN ? AND ? ORDER BY call_time LIMIT ${pageSize}`,
      [from, to],
      signal,
    );
    yield* rows;
    const next = rows.at(-1)?.call_time ?? '';
    // The last second is read again with the next page: its rows may reach over the end of this one.
    if (count < pageSize || next <= from) return;
    from = next;
  }
}

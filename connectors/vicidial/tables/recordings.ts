import { z } from 'zod';
import type { Recording } from '../reads.ts';
import { instantsOf, toServerRange } from '../server-time.ts';
import type { TableReading } from './table-reads.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
/** `location` is empty until the recording is stored; `vicidial_id` is the uniqueid of its call, or another id. */
const RecordingRow = z.object({ vicidial_id: text, location: text, start_time: text });

const most = 50;

/** Recordings of a lead that began within a span of UTC seconds. */
export async function readRecordings(
  { database, config }: TableReading,
  leadId: string,
  { from, to }: { from: number; to: number },
  signal?: AbortSignal,
): Promise<Recording[]> {
  const rows = await database.select(
    RecordingRow,
    `SELECT vicidial_id, location, start_time FROM recording_log
     WHERE lead_id = ? AND start_time BETWEEN ? AND ? ORDER BY start_time LIMIT ${most}`,
    [Number(leadId), ...toServerRange(from * 1000, to * 1000, config.timeZone)],
    signal,
  );
  // The range is wider where the clock is set back within it.
  const isWithin = (text: string) =>
    instantsOf(text, config.timeZone).some((ms) => ms >= from * 1000 && ms <= to * 1000);
  return rows
    .filter((row) => isWithin(row.start_time))
    .map(({ vicidial_id, location }) => ({ uniqueid: isUniqueid(vicidial_id) ? vicidial_id : '', location }));
}

function isUniqueid(text: string): boolean {
  return /^\d{6,}\.\d+$/.test(text);
}

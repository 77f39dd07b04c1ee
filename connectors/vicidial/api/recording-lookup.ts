import { z } from 'zod';
import type { Recording } from '../reads.ts';
import { instantsOf, toServerText } from '../server-time.ts';
import { cellRows, oddAnswer, tabbed } from './answer-cells.ts';
import { findLine } from './api-answer.ts';
import type { LookUps } from './look-ups.ts';

const cell = z.string();
/** start time, user, id, lead, location */
const Row = z.tuple([cell.regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/), cell, cell, cell, cell]).rest(cell);

/** Recordings of a lead that began within a span of UTC seconds, by one look-up for each day of the server's clock. */
export async function lookUpRecordings(
  lookUps: LookUps,
  timeZone: string,
  leadId: string,
  { from, to }: { from: number; to: number },
  signal?: AbortSignal,
): Promise<Recording[]> {
  const days = new Set([from, to].map((sec) => toServerText(sec * 1000, timeZone).slice(0, 10)));
  const found: Recording[] = [];
  for (const date of days) {
    const answer = await lookUps.ask('recording_lookup', { lead_id: leadId, date, ...tabbed }, signal);
    if (answer.kind === 'lacking') return found;
    if (answer.kind === 'lines' && findLine(answer, 'error', 'NO RECORDINGS FOUND')) continue;
    if (answer.kind === 'empty' || answer.lines[0]?.kind === 'error') throw oddAnswer('recording_lookup');
    for (const cells of cellRows(answer.body)) {
      const row = Row.safeParse(cells);
      if (!row.success) throw oddAnswer('recording_lookup');
      const [startTime, , , , location] = row.data;
      const isWithin = instantsOf(startTime, timeZone).some((ms) => ms >= from * 1000 && ms <= to * 1000);
      if (isWithin) found.push({ uniqueid: '', location });
    }
  }
  return found;
}

import { z } from 'zod';
import { fromServerText } from '../server-time.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { LeadReading } from './read-leads.ts';

const Newest = z.object({ at: z.string().nullable() });

/**
 * Up to which instant the long reads see what happened. A replica may lag behind: then it is the time of the newest call
 * that it knows, so that the next read begins there and nothing is passed over.
 */
export async function readUpTo(reading: LeadReading, signal: AbortSignal): Promise<number> {
  const { config, database, bulk, deps } = reading;
  const now = deps.clock.now();
  if (bulk === database) return now;
  const held = await newestCall(bulk, signal);
  const known = await newestCall(database, signal);
  if (!held || held === known) return now;
  return Math.min(now, fromServerText(held, config.timeZone) ?? now);
}

/** The server reads it off the index. */
async function newestCall(database: VicidialDatabase, signal: AbortSignal): Promise<string | null> {
  const [row] = await database.select(Newest, 'SELECT MAX(call_date) AS at FROM vicidial_log', [], signal);
  return row?.at ?? null;
}

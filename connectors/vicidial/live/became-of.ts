import { z } from 'zod';
import type { Leg } from '../../../src/domain/call.ts';
import { isInboundCode } from '../caller-code.ts';
import type { Vicidial } from '../vicidial.ts';

const Ending = z.object({ term_reason: z.string().nullable() });

/**
 * How a call that is live no more came to its end: by our order (`done`), or by itself (`over`). ra_call_control writes
 * the status that it was given into the call's log and leaves the reason of the end at NONE; a hang-up writes a reason.
 */
export async function becameOf({ reads, database }: Vicidial, leg: Leg, status: string): Promise<'done' | 'over'> {
  const { log } = await reads.callLog(leg, leg.leadKey);
  if (log?.status !== (status || 'RAXFER').slice(0, 6)) return 'over';
  if (!database) return 'done';
  const table = isInboundCode(leg.callKey) ? 'vicidial_closer_log' : 'vicidial_log';
  const endings = await database.select(Ending, `SELECT term_reason FROM ${table} WHERE uniqueid = ?`, [log.uniqueid]);
  return endings.some(({ term_reason }) => term_reason === 'NONE') ? 'done' : 'over';
}

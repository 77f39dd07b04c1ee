import type { CallSighting } from '../../src/domain/call.ts';
import type { Lead } from '../../src/domain/lead.ts';
import { readLeadRows } from './lead-rows.ts';
import { LeadRow, LiveCall, leadColumns, leadTables } from './schema.ts';
import type { Vicidial } from './vicidial.ts';

type Reading = Pick<Vicidial, 'id' | 'config' | 'database'>;

/** The lead of a call, by its key. A list that belongs to no campaign leaves that to the live call. */
export async function findLead(vicidial: Reading, sighting: CallSighting, signal: AbortSignal): Promise<Lead | null> {
  const { leadKey, callKey } = sighting.leg;
  if (!/^[1-9]\d*$/.test(leadKey)) return null;
  const page = await vicidial.database.selectAll(
    LeadRow,
    `SELECT ${leadColumns} FROM ${leadTables} WHERE l.lead_id = ?`,
    [Number(leadKey)],
    signal,
  );
  const [lead] = (await readLeadRows(vicidial, page, signal)).leads;
  if (!lead || lead.campaign || !callKey) return lead ?? null;

  const [live] = await vicidial.database.select(
    LiveCall,
    'SELECT callerid, campaign_id FROM vicidial_auto_calls WHERE callerid = ?',
    [callKey],
    signal,
  );
  return { ...lead, campaign: live?.campaign_id ?? '' };
}

/** The row of a lead as the dialer holds it now; null when there is none. */
export async function readLeadRow({ database }: Pick<Vicidial, 'database'>, leadId: string): Promise<LeadRow | null> {
  const [row] = await database.select(LeadRow, `SELECT ${leadColumns} FROM ${leadTables} WHERE l.lead_id = ?`, [
    Number(leadId),
  ]);
  return row ?? null;
}

import type { Lead } from '../../../src/domain/lead.ts';
import { readLeadRows } from './lead-rows.ts';
import { LeadRow, leadColumns, leadTables, UpcomingLead } from './schema.ts';
import type { TableReading } from './table-reads.ts';

/** Both tables are in memory and hold tens to hundreds of rows; a bound keeps an odd site from sending more. */
const maxRows = 5000;

/**
 * The leads that are about to talk, by lead id with their campaign: first those whose calls are going on, then those in
 * the hopper. Of an inbound call the campaign is the in-group.
 */
export async function readUpcoming({ database }: TableReading, signal: AbortSignal): Promise<Map<string, string>> {
  const read = (table: string) =>
    database.select(UpcomingLead, `SELECT lead_id, campaign_id FROM ${table} LIMIT ${maxRows}`, [], signal);
  const [live, hopper] = await Promise.all([read('vicidial_auto_calls'), read('vicidial_hopper')]);
  const upcoming = new Map<string, string>();
  for (const row of [...live, ...hopper]) if (!upcoming.has(row.lead_id)) upcoming.set(row.lead_id, row.campaign_id);
  return upcoming;
}

/** These leads, with all their numbers and configured custom fields. Those without a usable number are left out. */
export async function readLeadsById(
  reading: TableReading,
  leadIds: readonly string[],
  signal: AbortSignal,
): Promise<Lead[]> {
  if (leadIds.length === 0) return [];
  const sql = `SELECT ${leadColumns} FROM ${leadTables} WHERE l.lead_id IN (?)`;
  const page = await reading.database.selectAll(LeadRow, sql, [leadIds.map(Number)], signal);
  return (await readLeadRows(reading, page, signal)).leads;
}

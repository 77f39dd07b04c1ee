import { z } from 'zod';
import type { VicidialDatabase } from '../tables/database.ts';
import { AlternatePhone, PhoneRow } from '../tables/schema.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** What decides whether a lead may be dialled. `called`: `N` when not since the list's last reset. */
export const DialableLead = z.object({
  lead_id: z.string().regex(/^[1-9]\d*$/),
  list_id: text,
  campaign_id: text,
  status: text,
  user: text,
  called: text,
  phone_code: text,
  phone_number: text,
  alt_phone: text,
});
export type DialableLead = z.infer<typeof DialableLead>;

const Campaign = z.object({ campaign_id: z.string(), dial_statuses: text });
const CampaignNumber = z.object({ phone_number: z.string(), campaign_id: text });
const LeadId = z.object({ lead_id: z.string() });

const columns = `l.lead_id, l.list_id, s.campaign_id, l.status, l.user, l.called_since_last_reset AS called, l.phone_code,
  l.phone_number, l.alt_phone`;
const tables = 'vicidial_list l LEFT JOIN vicidial_lists s ON s.list_id = l.list_id';

/** Rows of one query: a longer one would lock the table for the dialer. */
export const leadsAtOnce = 1000;

export function leadsById(database: VicidialDatabase, leadIds: readonly string[]): Promise<DialableLead[]> {
  return database.select(DialableLead, `SELECT ${columns} FROM ${tables} WHERE l.lead_id IN (?)`, [
    leadIds.map(Number),
  ]);
}

/** One page of a list, by lead id. */
export function leadsOfList(database: VicidialDatabase, list: number, after: string): Promise<DialableLead[]> {
  return database.select(
    DialableLead,
    `SELECT ${columns} FROM ${tables} WHERE l.list_id = ? AND l.lead_id > ? ORDER BY l.lead_id LIMIT ${leadsAtOnce}`,
    [list, Number(after)],
  );
}

export function alternatePhones(database: VicidialDatabase, leadIds: readonly string[]): Promise<AlternatePhone[]> {
  return database.select(
    AlternatePhone,
    'SELECT lead_id, phone_code, phone_number FROM vicidial_list_alt_phones WHERE lead_id IN (?)',
    [leadIds.map(Number)],
  );
}

/** Campaign → the statuses that it dials. The column's form is ` NEW NA B -`. */
export async function dialStatusesOf(
  database: VicidialDatabase,
  campaigns: readonly string[],
): Promise<Map<string, readonly string[]>> {
  if (campaigns.length === 0) return new Map();
  const rows = await database.select(
    Campaign,
    'SELECT campaign_id, dial_statuses FROM vicidial_campaigns WHERE campaign_id IN (?)',
    [campaigns],
  );
  const words = (statuses: string) => statuses.split(' ').filter((word) => word !== '' && word !== '-');
  return new Map(rows.map((row) => [row.campaign_id, words(row.dial_statuses)]));
}

/** Which of the numbers are on the system's DNC list, and on that of which campaigns. */
export async function dncListings(
  database: VicidialDatabase,
  numbers: readonly string[],
): Promise<{ system: Set<string>; campaigns: Map<string, string[]> }> {
  if (numbers.length === 0) return { system: new Set(), campaigns: new Map() };
  const [system, own] = await Promise.all([
    database.select(PhoneRow, 'SELECT phone_number FROM vicidial_dnc WHERE phone_number IN (?)', [numbers]),
    database.select(
      CampaignNumber,
      'SELECT phone_number, campaign_id FROM vicidial_campaign_dnc WHERE phone_number IN (?)',
      [numbers],
    ),
  ]);
  const campaigns = Map.groupBy(own, (row) => row.phone_number);
  return {
    system: new Set(system.map((row) => row.phone_number)),
    campaigns: new Map([...campaigns].map(([number, rows]) => [number, rows.map((row) => row.campaign_id)])),
  };
}

/** Those of the leads that are in the hopper. */
export async function leadsInHopper(database: VicidialDatabase, leadIds: readonly string[]): Promise<Set<string>> {
  if (leadIds.length === 0) return new Set();
  const rows = await database.select(LeadId, 'SELECT lead_id FROM vicidial_hopper WHERE lead_id IN (?)', [
    leadIds.map(Number),
  ]);
  return new Set(rows.map((row) => row.lead_id));
}

/** Leads whose calls go on now. The table is in memory and holds live calls only. */
export async function leadsOnACall(database: VicidialDatabase): Promise<Set<string>> {
  const rows = await database.select(LeadId, 'SELECT lead_id FROM vicidial_auto_calls', []);
  return new Set(rows.map((row) => row.lead_id));
}

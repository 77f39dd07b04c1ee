import { z } from 'zod';
import type { VicidialDatabase } from '../tables/database.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A row of vicidial_log or vicidial_closer_log. `at`: server-local; `campaign`: of an inbound call its in-group. */
const ShownLog = z.object({
  at: text,
  uniqueid: text,
  code: text,
  campaign: text,
  status: text,
  user: text,
  seconds: text,
  reason: text,
});
export type ShownLog = z.infer<typeof ShownLog>;

const ShownHandOver = z.object({ at: text, code: text, line: text, campaign: text });
export type ShownHandOver = z.infer<typeof ShownHandOver>;

const LeadId = z.object({ lead_id: z.string() });
const mostLogs = 10;
const mostLeads = 5;

/** The latest calls of a lead in both logs, newest first. */
export async function logRowsOf(database: VicidialDatabase, leadId: string): Promise<ShownLog[]> {
  const read = (table: string) =>
    database.select(
      ShownLog,
      `SELECT l.call_date AS at, l.uniqueid, e.caller_code AS code, l.campaign_id AS campaign, l.status, l.user,
         l.length_in_sec AS seconds, l.term_reason AS reason
       FROM ${table} l LEFT JOIN vicidial_log_extended e ON e.uniqueid = l.uniqueid
       WHERE l.lead_id = ? ORDER BY l.call_date DESC LIMIT ${mostLogs}`,
      [Number(leadId)],
    );
  const rows = await Promise.all([read('vicidial_log'), read('vicidial_closer_log')]);
  return rows
    .flat()
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, mostLogs);
}

/** Hand-overs to lines around the lead's latest calls: that table has no index on the lead, so the times bound it. */
export async function handOversNear(
  database: VicidialDatabase,
  leadId: string,
  logs: readonly ShownLog[],
): Promise<ShownHandOver[]> {
  const found = await Promise.all(
    logs.slice(0, 3).map(({ at }) =>
      database.select(
        ShownHandOver,
        `SELECT call_time AS at, callerid AS code, user AS line, campaign_id AS campaign FROM vicidial_remote_agent_log
         WHERE call_time BETWEEN ? - INTERVAL 1 MINUTE AND ? + INTERVAL 10 MINUTE AND lead_id = ? ORDER BY call_time`,
        [at, at, Number(leadId)],
      ),
    ),
  );
  return [...new Map(found.flat().map((row) => [`${row.code} ${row.at}`, row])).values()];
}

export async function isInHopper(database: VicidialDatabase, leadId: string): Promise<boolean> {
  const sql = 'SELECT lead_id FROM vicidial_hopper WHERE lead_id = ?';
  return (await database.select(LeadId, sql, [Number(leadId)])).length > 0;
}

/** The newest leads with one of these numbers, as their main or an alternate one. */
export async function leadsOfNumber(database: VicidialDatabase, numbers: readonly string[]): Promise<string[]> {
  const read = (table: string) =>
    database.select(
      LeadId,
      `SELECT lead_id FROM ${table} WHERE phone_number IN (?) ORDER BY lead_id DESC LIMIT ${mostLeads}`,
      [numbers],
    );
  const rows = await Promise.all([read('vicidial_list'), read('vicidial_list_alt_phones')]);
  return [...new Set(rows.flat().map((row) => row.lead_id))].slice(0, mostLeads);
}

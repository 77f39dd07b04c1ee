import { toServerText } from '../../server-time.ts';
import type { VicidialDatabase } from '../../tables/database.ts';
import type { Vicidial } from '../../vicidial.ts';
import { readLogWindows } from './log-windows.ts';
import { once } from './once.ts';
import { notSeen, type SeenColumns } from './read-columns.ts';
import { AmdRow, type CountRow, DialableRow, HandedCallRow, LeadIdRow, OneRow } from './rows.ts';

/** What the logs tell of the last days: read by their indexes, and never more than so many rows. */
export interface Traffic {
  handedCalls(): Promise<HandedCallRow[]>;
  /** Calls of our campaigns by campaign and status over at most three days, and over how many hours that really is. */
  callsByStatus(days: number): Promise<{ rows: CountRow[]; hours: number }>;
  /** Results of the machine detection of the last day, for leads of these lists. */
  machineResults(lists: readonly string[]): Promise<AmdRow[]>;
  /** Whether a call of the campaign ever talked, as far as the newest of the last month tell. */
  hasTalked(campaign: string): Promise<boolean>;
  /** Whether the hopper holds a lead of the campaign. */
  isInHopper(campaign: string): Promise<boolean>;
  /** Any lead of a list; empty when it has none. */
  someLead(list: string): Promise<string>;
  /** How many leads of a list may be dialled now, of some thousands that are looked at. */
  dialable(list: string, statuses: readonly string[]): Promise<DialableRow>;
  /** How many of these leads stand on XFER. */
  leadsOnXfer(leadIds: readonly string[]): Promise<number>;
}

const mostCalls = 1000;
const mostLeads = 1000;
/** So many rows of vicidial_list are read in one go: some hundredths of a second. */
export const mostLooked = 2000;
const dayMs = 86_400_000;
const mostDays = 3;

export function readTraffic(
  { config, deps }: Pick<Vicidial, 'config' | 'deps'>,
  database: VicidialDatabase,
  site: { columns(): Promise<SeenColumns>; campaignNames(): Promise<string[]> },
): Traffic {
  const since = (ms: number) => toServerText(deps.clock.now() - ms, config.timeZone);
  const need = async (...tables: string[]) => {
    const seen = await site.columns();
    const missing = tables.find((table) => !seen.has(table));
    if (missing) throw notSeen(missing);
  };
  const windows = once(async () => {
    await need('vicidial_log');
    const nowMs = deps.clock.now();
    const { timeZone } = config;
    return { nowMs, all: await readLogWindows(database, { nowMs, backMs: mostDays * dayMs, timeZone }) };
  });
  return {
    async handedCalls() {
      await need('vicidial_remote_agent_log', 'vicidial_log', 'vicidial_carrier_log');
      const campaigns = await site.campaignNames();
      if (campaigns.length === 0) return [];
      return await database.select(
        HandedCallRow,
        `SELECT r.lead_id, r.campaign_id, l.status, l.term_reason, l.length_in_sec, l.end_epoch, l.start_epoch, c.dialstatus,
           c.sip_hangup_cause, c.dial_time, c.answered_time
         FROM (SELECT uniqueid, lead_id, campaign_id, call_time FROM vicidial_remote_agent_log
             WHERE call_time >= ? AND campaign_id IN (?) ORDER BY call_time DESC LIMIT ${mostCalls}) r
           LEFT JOIN vicidial_log l ON l.uniqueid = r.uniqueid LEFT JOIN vicidial_carrier_log c ON c.uniqueid = r.uniqueid
         ORDER BY r.call_time DESC`,
        [since(dayMs), campaigns],
      );
    },
    async callsByStatus(days) {
      const campaigns = await site.campaignNames();
      const { nowMs, all } = await windows();
      const some = all.filter(({ fromMs }) => fromMs >= nowMs - days * dayMs);
      return {
        rows: some.flatMap(({ rows }) => rows).filter(({ campaign_id }) => campaigns.includes(campaign_id)),
        hours: Math.round((nowMs - (some.at(-1)?.fromMs ?? nowMs)) / 3_600_000),
      };
    },
    async machineResults(lists) {
      await need('vicidial_amd_log');
      if (lists.length === 0) return [];
      return await database.select(
        AmdRow,
        `SELECT n.AMDSTATUS AS status, COUNT(*) AS calls FROM (SELECT AMDSTATUS, lead_id FROM vicidial_amd_log
           WHERE call_date >= ? ORDER BY call_date DESC LIMIT ${mostCalls}) n
         JOIN vicidial_list l ON l.lead_id = n.lead_id WHERE l.list_id IN (?) GROUP BY n.AMDSTATUS`,
        [since(dayMs), lists.map(Number)],
      );
    },
    async hasTalked(campaign) {
      await need('vicidial_remote_agent_log', 'vicidial_log');
      const rows = await database.select(
        OneRow,
        `SELECT 1 AS found FROM (SELECT uniqueid FROM vicidial_remote_agent_log WHERE call_time >= ? AND campaign_id = ?
             ORDER BY call_time DESC LIMIT 200) r
         JOIN vicidial_log l ON l.uniqueid = r.uniqueid WHERE l.length_in_sec > 10 LIMIT 1`,
        [since(30 * dayMs), campaign],
      );
      return rows.length > 0;
    },
    async isInHopper(campaign) {
      await need('vicidial_hopper');
      const query = 'SELECT 1 AS found FROM vicidial_hopper WHERE campaign_id = ? LIMIT 1';
      return (await database.select(OneRow, query, [campaign])).length > 0;
    },
    async someLead(list) {
      const query = 'SELECT lead_id FROM vicidial_list WHERE list_id = ? LIMIT 1';
      return (await database.select(LeadIdRow, query, [Number(list)]))[0]?.lead_id ?? '';
    },
    async dialable(list, statuses) {
      if (statuses.length === 0) return { looked: 0, dialable: 0 };
      const [row] = await database.select(
        DialableRow,
        `SELECT COUNT(*) AS looked, SUM(called = 'N') AS dialable FROM (SELECT called_since_last_reset AS called
           FROM vicidial_list WHERE list_id = ? AND status IN (?) LIMIT ${mostLooked}) some`,
        [Number(list), statuses],
      );
      return row ?? { looked: 0, dialable: 0 };
    },
    async leadsOnXfer(leadIds) {
      if (leadIds.length === 0) return 0;
      const rows = await database.select(
        OneRow,
        "SELECT 1 AS found FROM vicidial_list WHERE lead_id IN (?) AND status = 'XFER'",
        [leadIds.slice(0, mostLeads).map(Number)],
      );
      return rows.length;
    },
  };
}

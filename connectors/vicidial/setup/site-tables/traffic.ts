import { toServerText } from '../../server-time.ts';
import type { VicidialDatabase } from '../../tables/database.ts';
import type { Vicidial } from '../../vicidial.ts';
import { notSeen, type SeenColumns } from './read-columns.ts';
import { AmdRow, CountRow, HandedCallRow, OneRow } from './rows.ts';

/** What the logs tell of the last days: read by their indexes, and never more than so many rows. */
export interface Traffic {
  handedCalls(): Promise<HandedCallRow[]>;
  /** Calls by campaign and status over some days. */
  callsByStatus(days: number): Promise<CountRow[]>;
  /** Results of the machine detection of the last day. */
  machineResults(): Promise<AmdRow[]>;
  /** Whether a list has a lead that may be dialled now. */
  hasDialable(list: string, statuses: readonly string[]): Promise<boolean>;
  /** Leads that stand on XFER since some time within the last day; counted to a hundred. */
  leadsLeftOnXfer(lists: readonly string[]): Promise<number>;
}

const mostCalls = 2000;
const mostLogRows = 50_000;
const mostLeads = 100;
const dayMs = 86_400_000;
/** A result is written within seconds after the call, or after the platform's analysis. */
const settledMs = 3_600_000;

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
  return {
    async handedCalls() {
      await need('vicidial_remote_agent_log', 'vicidial_log', 'vicidial_carrier_log');
      const campaigns = await site.campaignNames();
      if (campaigns.length === 0) return [];
      return await database.select(
        HandedCallRow,
        `SELECT r.campaign_id, l.status, l.term_reason, l.length_in_sec, l.end_epoch, l.start_epoch, c.dialstatus,
           c.sip_hangup_cause, c.dial_time, c.answered_time
         FROM vicidial_remote_agent_log r LEFT JOIN vicidial_log l ON l.uniqueid = r.uniqueid
           LEFT JOIN vicidial_carrier_log c ON c.uniqueid = r.uniqueid
         WHERE r.call_time >= ? AND r.campaign_id IN (?) ORDER BY r.call_time DESC LIMIT ${mostCalls}`,
        [since(dayMs), campaigns],
      );
    },
    async callsByStatus(days) {
      await need('vicidial_log');
      const campaigns = await site.campaignNames();
      if (campaigns.length === 0) return [];
      return await database.select(
        CountRow,
        `SELECT campaign_id, status, COUNT(*) AS calls FROM (SELECT campaign_id, status FROM vicidial_log
           WHERE call_date >= ? AND campaign_id IN (?) ORDER BY call_date DESC LIMIT ${mostLogRows}) newest
         GROUP BY campaign_id, status`,
        [since(days * dayMs), campaigns],
      );
    },
    async machineResults() {
      await need('vicidial_amd_log');
      return await database.select(
        AmdRow,
        `SELECT AMDSTATUS AS status, COUNT(*) AS calls FROM (SELECT AMDSTATUS FROM vicidial_amd_log
           WHERE call_date >= ? ORDER BY call_date DESC LIMIT ${mostCalls}) newest GROUP BY AMDSTATUS`,
        [since(dayMs)],
      );
    },
    async hasDialable(list, statuses) {
      if (statuses.length === 0) return false;
      const rows = await database.select(
        OneRow,
        "SELECT 1 AS found FROM vicidial_list WHERE list_id = ? AND status IN (?) AND called_since_last_reset = 'N' LIMIT 1",
        [Number(list), statuses],
      );
      return rows.length > 0;
    },
    async leadsLeftOnXfer(lists) {
      if (lists.length === 0) return 0;
      const rows = await database.select(
        OneRow,
        `SELECT 1 AS found FROM vicidial_list WHERE list_id IN (?) AND status = 'XFER'
           AND last_local_call_time BETWEEN ? AND ? LIMIT ${mostLeads}`,
        [lists.map(Number), since(dayMs), since(settledMs)],
      );
      return rows.length;
    },
  };
}

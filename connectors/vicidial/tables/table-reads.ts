import { z } from 'zod';
import type { Clock } from '../../../src/domain/clock.ts';
import { filled } from '../../shared/read-as.ts';
import type { VicidialConfig } from '../config.ts';
import { systemDncList, type VicidialReads } from '../reads.ts';
import { archiveTables } from './archive-tables.ts';
import { askedTogether } from './asked-together.ts';
import type { VicidialDatabase } from './database.ts';
import { callLogFinder } from './find-call-log.ts';
import { customListOf, readCustomTable, readLeadRows } from './lead-rows.ts';
import { liveCallsOf } from './live-calls.ts';
import { readRecordings } from './recordings.ts';
import { Callback, LeadRow, LiveLine, leadColumns, leadTables, PhoneRow, RemoteAgent } from './schema.ts';
import { siteReads } from './site-reads.ts';
import { writeBackReads } from './write-back-reads.ts';

export interface TableReading {
  id: string;
  config: VicidialConfig;
  database: VicidialDatabase;
}

/** What is asked about the present needs the time. */
export interface TimedReading extends TableReading {
  clock: Pick<Clock, 'now'>;
}

const Line = z.object({ user: filled });
const LeadId = z.object({ lead_id: z.string() });
const oneLead = `SELECT ${leadColumns} FROM ${leadTables} WHERE l.lead_id = ?`;
const someLeads = `SELECT ${leadColumns} FROM ${leadTables} WHERE l.lead_id IN (?)`;

/** Reads VICIdial's own tables, each query by an index. */
export function tableReads(reading: TimedReading): VicidialReads {
  const { database } = reading;
  const live = liveCallsOf(reading);
  const archives = archiveTables(reading);
  const leadRowOf = askedTogether(async (leadIds: readonly string[]) => {
    const rows = await database.select(LeadRow, someLeads, [leadIds.map(Number)]);
    const byId = new Map(rows.map((row) => [row.lead_id, row]));
    return leadIds.map((leadId) => byId.get(leadId) ?? null);
  });
  const callLogOf = callLogFinder(reading, archives);
  return {
    gaps: [],
    async lead(leadId, signal) {
      const page = await database.selectAll(LeadRow, oneLead, [Number(leadId)], signal);
      return (await readLeadRows(reading, page, signal)).leads[0] ?? null;
    },
    leadRow: leadRowOf,
    async customValues(lead, labels) {
      const table = await readCustomTable(reading, customListOf(lead), [lead.lead_id], undefined, labels);
      return table.get(lead.lead_id) ?? {};
    },
    async leadsWithNumber(numbers, campaign) {
      const rows = await database.select(
        LeadId,
        `SELECT l.lead_id FROM vicidial_list l JOIN vicidial_lists s ON s.list_id = l.list_id
         WHERE l.phone_number IN (?) AND s.campaign_id = ? LIMIT 2`,
        [numbers, campaign],
      );
      return rows.map((row) => row.lead_id);
    },
    liveCalls: live.of,
    callsLike: live.like,
    async lineOf(callerCode) {
      const [line] = await database.select(Line, 'SELECT user FROM vicidial_live_agents WHERE callerid = ?', [
        callerCode,
      ]);
      return line?.user ?? '';
    },
    callLog: callLogOf,
    recordings: (leadId, span, signal) => readRecordings(reading, leadId, span, signal),
    callbacks: (leadId) =>
      database.select(
        Callback,
        'SELECT callback_time, campaign_id, status, user FROM vicidial_callbacks WHERE lead_id = ?',
        [Number(leadId)],
      ),
    async isOnDncList(list, number) {
      const rows = await database.select(PhoneRow, ...dncQuery(list, number));
      return rows.length > 0;
    },
    remoteAgents: () =>
      database.select(RemoteAgent, 'SELECT user_start, number_of_lines, status FROM vicidial_remote_agents', []),
    liveLines: () =>
      database.select(
        LiveLine,
        "SELECT user, callerid, UNIX_TIMESTAMP(last_update_time) AS updated FROM vicidial_live_agents WHERE extension LIKE 'R/%'",
        [],
      ),
    ...siteReads(reading),
    ...writeBackReads(reading, archives),
  };
}

function dncQuery(list: string, number: string): [sql: string, values: string[]] {
  return list === systemDncList
    ? ['SELECT phone_number FROM vicidial_dnc WHERE phone_number = ?', [number]]
    : ['SELECT phone_number FROM vicidial_campaign_dnc WHERE phone_number = ? AND campaign_id = ?', [number, list]];
}

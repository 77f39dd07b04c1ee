import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemDncList } from '../../../connectors/vicidial/reads.ts';
import { readTableClocks } from '../../../connectors/vicidial/tables/clock-samples.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { startVicidialTables, type VicidialTables } from './vicidial-tables.ts';

const now = '2026-11-20T17:00:00.000Z';
const rows = 50_000;
/** A query may look at so many of the fifty thousand. */
const maxLookedAt = 300;
/** Hold what is live or set up now, tens to hundreds of rows, and are read whole. */
const smallTables = [
  'vicidial_auto_calls',
  'vicidial_live_agents',
  'vicidial_remote_agents',
  'vicidial_statuses',
  'vicidial_campaign_statuses',
  'vicidial_lists',
  's',
  'servers',
  'tables',
];
const big = [
  'vicidial_list',
  'vicidial_list_alt_phones',
  'vicidial_log',
  'vicidial_closer_log',
  'vicidial_log_extended',
  'vicidial_remote_agent_log',
  'vicidial_callbacks',
  'recording_log',
  'vicidial_dnc',
  'vicidial_campaign_dnc',
  'vicidial_auto_calls',
  'custom_101',
];
const archives = ['vicidial_log_archive', 'vicidial_closer_log_archive', 'vicidial_log_extended_archive'];

let tables: VicidialTables;
beforeAll(async () => {
  tables = await startVicidialTables(now);
  await fill(tables);
}, 60_000);
afterAll(() => tables.stop());

/** One row a minute, the last one now; every lead has one call and one of everything else. */
async function fill({ sql }: VicidialTables): Promise<void> {
  const code = "CONCAT('V', DATE_FORMAT(t, '%m%d%H%i%s'), LPAD(seq, 10, '0'))";
  const from = `FROM (SELECT seq, '2026-11-20 10:00:00' - INTERVAL (${rows} - seq) MINUTE AS t FROM seq_1_to_${rows}) s`;
  const log =
    "lead_id, uniqueid, campaign_id, call_date, start_epoch, status) SELECT seq, CONCAT('1.', seq), 'SPRING', t, 1, 'XFER'";
  await sql(
    'CREATE TABLE custom_101 (lead_id INT UNSIGNED PRIMARY KEY, plan VARCHAR(50)) ENGINE=MyISAM CHARSET=latin1',
  );
  await sql(
    "INSERT INTO vicidial_lists (list_id, campaign_id, active) VALUES (101, 'SPRING', 'Y'), (102, 'SPRING', 'Y')",
  );
  await sql("INSERT INTO vicidial_lists_fields (list_id, field_label, field_name) VALUES (101, 'plan', 'Plan')");
  await sql(`INSERT INTO vicidial_list (lead_id, list_id, phone_code, phone_number, last_local_call_time)
    SELECT seq, 101, '1', 3035500000 + seq, t ${from}`);
  await sql(`INSERT INTO vicidial_list_alt_phones (lead_id, phone_number) SELECT seq, 7205500000 + seq ${from}`);
  await sql(`INSERT INTO custom_101 SELECT seq, 'gold' ${from}`);
  await sql(`INSERT INTO vicidial_log (${log} ${from}`);
  await sql(`INSERT INTO vicidial_closer_log (${log} ${from}`);
  await sql(`INSERT INTO vicidial_log_extended (lead_id, uniqueid, caller_code, call_date)
    SELECT seq, CONCAT('1.', seq), ${code}, t ${from}`);
  await sql(`INSERT INTO vicidial_remote_agent_log (lead_id, callerid, call_time) SELECT seq, ${code}, t ${from}`);
  await sql(`INSERT INTO vicidial_callbacks (lead_id, callback_time, status) SELECT seq, t, 'ACTIVE' ${from}`);
  await sql(`INSERT INTO recording_log (lead_id, vicidial_id, start_time) SELECT seq, CONCAT('1.', seq), t ${from}`);
  await sql(`INSERT INTO vicidial_dnc SELECT 3035500000 + seq ${from}`);
  await sql(`INSERT INTO vicidial_campaign_dnc SELECT 3035500000 + seq, 'SPRING' ${from}`);
  await sql(`INSERT INTO vicidial_auto_calls (server_ip, lead_id, callerid, uniqueid, call_time)
    SELECT '10.10.10.15', seq, ${code}, CONCAT('1.', seq), t ${from} WHERE seq > ${rows - 5000}`);
  for (const name of archives) {
    await sql(`CREATE TABLE IF NOT EXISTS ${name} LIKE ${name.replace('_archive', '')}`);
    await sql(`INSERT INTO ${name} SELECT * FROM ${name.replace('_archive', '')}`);
  }
  await sql(`ANALYZE TABLE ${[...big, ...archives].join(', ')}`);
}

/** Everything that is read about one lead and one call, long ago and now. */
async function readAll({ reads, dialer, database }: VicidialTables): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  const target = (leadId: number, calledAt: string): WriteBackTarget => ({
    ...{ campaign: 'SPRING', list: '101', leadKey: String(leadId), callKey: 'V1200100000000000000', number: '' },
    ...{ phone: '+13035540000', agent: '', calledAt },
  });
  const lead = await reads.leadRow('40000');
  if (!lead) throw new Error('the lead is missing');
  await reads.lead('40000', signal);
  await reads.customValues(lead, ['plan']);
  await reads.leadsWithNumber(['3035540000', '13035540000'], 'SPRING');
  await reads.liveCalls('V1200959300000001001', '49999', { signal });
  await reads.callsLike({ leadId: '', uniqueid: '1.49999', number: '' });
  await reads.callsLike({ leadId: '1', uniqueid: '', number: '' });
  await reads.lineOf('V1200959300000001001');
  await reads.callLog(target(40_000, '2026-11-13T18:20:00.000Z'), '40000');
  await reads.callLog(target(50_000, now), '50000');
  await reads.callLog({ ...target(40_000, now), callKey: '' }, '40000');
  await reads.callbacks('40000');
  await reads.recordings('40000', { from: 1_763_000_000, to: 1_763_003_600 });
  await reads.isOnDncList(systemDncList, '3035540000');
  await reads.isOnDncList('SPRING', '3035540000');
  await readTableClocks(database);
  const sighting = dialer.recogniseCall?.({ code: 'V1200959300000040000' });
  if (sighting) await dialer.findLead?.(sighting, signal);
}

/** Every SELECT that our user sends while the work is done, as the server has logged it. */
async function selectsOf({ sql, reader }: VicidialTables, work: () => Promise<void>): Promise<string[]> {
  await sql("SET GLOBAL log_output = 'TABLE'");
  await sql('TRUNCATE TABLE mysql.general_log');
  await sql('SET GLOBAL general_log = ON');
  await work().finally(() => sql('SET GLOBAL general_log = OFF'));
  const logged = await sql(
    "SELECT CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log WHERE command_type = 'Query' AND user_host LIKE ?",
    [`${reader}%`],
  );
  return logged.map((each) => each.argument ?? '').filter((each) => /^\s*\(?SELECT/i.test(each));
}

interface Step {
  query: string;
  table: string;
  type: string;
  rows: number;
}

async function explain({ sql }: VicidialTables, queries: readonly string[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const query of new Set(queries)) {
    for (const step of await sql(`EXPLAIN ${query}`)) {
      const { table, type } = step;
      // No table: the server knows from its indexes that there is no row.
      if (table && type) steps.push({ query, table, type, rows: Number(step.rows) });
    }
  }
  return steps;
}

function isByIndex({ query, table, type, rows: lookedAt }: Step): boolean {
  // Live calls have no index by lead: they are read whole, or looked through by the server.
  const isWhole = !/WHERE/i.test(query) || query.includes('OR lead_id IN');
  if (type === 'ALL') return smallTables.includes(table) && (table !== 'vicidial_auto_calls' || isWhole);
  return lookedAt <= maxLookedAt;
}

describe.each(['latin1', 'utf8mb4'])('with %s tables', (charset) => {
  beforeAll(async () => {
    if (charset === 'latin1') return;
    for (const name of [...big, ...archives])
      await tables.sql(`ALTER TABLE ${name} CONVERT TO CHARACTER SET ${charset}`);
  }, 60_000);

  it('every read goes by an index, and looks at few rows', async () => {
    const queries = await selectsOf(tables, () => readAll(tables));

    const steps = await explain(tables, queries);

    const read = new Set(steps.map((step) => step.table));
    expect(queries.length).toBeGreaterThan(20);
    expect(
      [...archives, 'vicidial_log', 'vicidial_auto_calls', 'custom_101'].filter((each) => !read.has(each)),
    ).toEqual([]);
    expect(steps.filter((step) => !isByIndex(step))).toEqual([]);
  });
});

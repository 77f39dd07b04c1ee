import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { startSite, type TestSite } from './start-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite({ noticeSec: 1 });
});
afterAll(() => site.stop());

const ask = async (path: string, body: object) => {
  const response = await fetch(`${site.simulator.controlUrl}/_sim/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
};
const count = async (table: string) =>
  (await site.sql('SELECT COUNT(*) AS rows_there FROM ??', [table]))[0]?.rows_there;

describe('archives', () => {
  it('take the logs of yesterday by --daily, all but vicidial_log; the nightly job takes the rest', async () => {
    const { callerCode } = await site.simulator.place({ leadId: 1001, campaign: 'SPRING', ai: false, talkSec: 5 });
    await eventually(() => expect(site.simulator.progress()).toEqual({ started: 1, over: 1 }));
    for (const [table, column] of [
      ['call_log', 'start_time'],
      ['vicidial_log_extended', 'call_date'],
      ['vicidial_dial_log', 'call_date'],
      ['vicidial_log', 'call_date'],
    ] as const)
      await site.sql('UPDATE ?? SET ?? = DATE_SUB(??, INTERVAL 2 DAY)', [table, column, column]);

    const daily = await ask('archive-logs', { olderThanDays: 1, isDaily: true });
    const afterDaily = await Promise.all(
      ['vicidial_log', 'vicidial_log_extended', 'vicidial_log_extended_archive'].map(count),
    );
    const unknown = await site.api({ function: 'callid_info', call_id: callerCode });
    await ask('archive-logs', { olderThanDays: 1 });

    expect(daily).toEqual({ rows: 3 });
    expect(afterDaily).toEqual([1, 0, 1]);
    expect(unknown).toContain('CALL NOT FOUND');
    expect(await Promise.all(['vicidial_log', 'vicidial_log_archive'].map(count))).toEqual([0, 1]);
  });

  it('take leads into a table that is not there before', async () => {
    const before = await site.sql("SHOW TABLES LIKE 'vicidial_list_archive'");

    await ask('archive-leads', { leadIds: [1002, 1003] });

    expect(before).toEqual([]);
    expect((await site.simulator.state({ leadId: 1002 })).lead).toBe(null);
    expect(await count('vicidial_list_archive')).toBe(2);
    expect(await site.api({ function: 'update_lead', lead_id: '1002', status: 'NI' })).toContain('NO MATCHES FOUND');
    expect(await site.api({ function: 'update_lead', lead_id: '1002', status: 'NI', archived_lead: 'Y' })).toContain(
      '|1002|1|',
    );
  });
});

describe('a table that a long report holds', () => {
  it('makes who writes to it wait', async () => {
    const began = performance.now();
    await ask('hold-table', { table: 'vicidial_list', ms: 300 });

    await site.api({ function: 'update_lead', lead_id: '1004', status: 'NI' });

    expect(performance.now() - began).toBeGreaterThan(290);
  });
});

describe('ten wrong passwords', () => {
  it('lock the user for the right one too, and the Agent API keeps what was tried', async () => {
    const guess = { function: 'ra_call_control', pass: 'wrongGuess' };
    for (let tries = 0; tries < 10; tries += 1) await site.api(guess, '/agc/api.php');

    const locked = await site.api({ function: 'lead_all_info', lead_id: '1005' });

    expect(locked).toMatch(/^ERROR: Login incorrect.*\|LOCK\|$/);
    const [row] = await site.sql("SELECT data FROM vicidial_api_log WHERE api_script = 'agent' LIMIT 1");
    expect(row?.data).toContain('wrongGuess');
  });
});

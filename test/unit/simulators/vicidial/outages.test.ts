import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { startSite, type TestSite } from './start-site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());

const dial = (leadId: number, request: object = {}) =>
  site.simulator.place({ leadId, campaign: 'SPRING', ai: false, answerSec: 1, noticeSec: 1, ...request });
const callOf = async (callerCode: string) => {
  const response = await fetch(`${site.simulator.controlUrl}/_sim/calls`);
  const calls = (await response.json()) as { callerCode: string; isHandedOver: boolean; isOver: boolean }[];
  return calls.find((call) => call.callerCode === callerCode);
};
const untilStatus = (leadId: number, status: string) =>
  eventually(async () => expect((await site.simulator.state({ leadId })).lead?.status).toBe(status));
const killAndBringBack = async () => {
  await site.database.kill();
  await site.database.bringBack();
};

describe("when VICIdial's database was killed", () => {
  it('the tables in memory are empty, the others hold what they held', async () => {
    await site.api({ function: 'update_lead', lead_id: '1010', add_to_hopper: 'Y', no_update: 'Y' });
    const { callerCode } = await dial(1001);
    await untilStatus(1001, 'XFER');

    await killAndBringBack();

    const [counts] = await site.sql(
      'SELECT (SELECT COUNT(*) FROM vicidial_hopper) AS hopper, (SELECT COUNT(*) FROM vicidial_auto_calls) AS calls, (SELECT COUNT(*) FROM vicidial_live_agents) AS agents, (SELECT COUNT(*) FROM vicidial_list) AS leads',
    );
    expect(counts).toEqual({ hopper: 0, calls: 0, agents: 3, leads: 10 });
    await site.simulator.end(callerCode);
  });

  it('a call in progress goes on, but its end is never written to the log', async () => {
    const { callerCode } = await dial(1002);
    await untilStatus(1002, 'XFER');

    await killAndBringBack();
    const before = await callOf(callerCode);
    await site.simulator.end(callerCode);

    expect(before).toMatchObject({ isHandedOver: true, isOver: false });
    const { lead, logs, autoCall } = await site.simulator.state({ leadId: 1002 });
    expect([lead?.status, logs[0]?.status, logs[0]?.end_epoch, autoCall]).toEqual(['XFER', 'XFER', null, null]);
    const [call] = await site.sql('SELECT end_epoch FROM call_log WHERE caller_code = ?', [callerCode]);
    expect(call?.end_epoch).toBeGreaterThan(0);
  });

  it('its line is freed by the next loop, and a call that was not noticed yet never will be', async () => {
    const { callerCode } = await dial(1003, { noticeSec: 600 });
    await eventually(async () => expect((await callOf(callerCode))?.isHandedOver).toBe(true));

    await killAndBringBack();

    await eventually(async () => {
      const lines = await site.sql("SELECT user FROM vicidial_live_agents WHERE status <> 'READY'");
      expect(lines).toEqual([]);
    });
    await site.simulator.end(callerCode);
    const { lead, logs } = await site.simulator.state({ leadId: 1003 });
    expect([lead?.status, logs[0]?.status]).toEqual(['PU', 'QUEUE']);
  });

  it('a customer who answers meanwhile is lost: the routing script dies', async () => {
    const { callerCode } = await dial(1004, { answerSec: 20 });

    await site.database.kill();
    await eventually(async () => expect((await callOf(callerCode))?.isOver).toBe(true));
    await site.database.bringBack();

    expect(await callOf(callerCode)).toMatchObject({ isHandedOver: false });
    expect((await site.simulator.state({ leadId: 1004 })).logs).toEqual([]);
  });

  it('the dialer waits until it is back, then dials', async () => {
    await site.database.kill();
    const placed = dial(1005);

    await site.database.bringBack();
    const { callerCode } = await placed;

    await untilStatus(1005, 'XFER');
    await site.simulator.end(callerCode);
    const dialled = (await site.simulator.journal()).filter(
      ({ kind, record }) => kind === 'dialled' && record === '1005',
    );
    expect(dialled).toHaveLength(1);
  });

  it.each([
    ['old PHP says why', false, 'MySQL connect ERROR: Connection refused'],
    ['strict PHP dies without a word', true, '500 '],
  ])('the API fails: %s', async (_name, isStrict, text) => {
    if (isStrict) site.simulator.fault({ kind: 'strictPhp' });
    await site.database.kill();

    const answered = await site.api({ function: 'update_lead', lead_id: '1006', status: 'NI' });
    await site.database.bringBack();
    site.simulator.fault({ kind: 'none' });

    expect(answered).toBe(text.trimEnd() === '500' ? '500 ' : text);
    expect((await site.simulator.state({ leadId: 1006 })).lead?.status).toBe('NEW');
  });
});

describe("when VICIdial's web server was killed", () => {
  it('nobody listens, the dialer goes on, and it comes back on the same port', async () => {
    const before = site.simulator.url;
    await site.simulator.setWebServer(false);

    const refused = await site.api({ function: 'version' }).catch((error: Error) => String(error.cause));
    const { callerCode } = await dial(1007);
    await untilStatus(1007, 'XFER');
    await site.simulator.setWebServer(true);

    expect(refused).toMatch(/ECONNREFUSED|closed/);
    expect(site.simulator.url).toBe(before);
    expect(await site.api({ function: 'version' })).toMatch(/^VERSION: /);
    await site.simulator.end(callerCode);
  });

  it('a script is cut between two statements', async () => {
    await site.simulator.holdTable('vicidial_callbacks', 400);
    const request = site.api({
      function: 'update_lead',
      lead_id: '1008',
      status: 'CBHOLD',
      callback: 'Y',
      campaign_id: 'SPRING',
      callback_datetime: '2026-02-01 10:00:00',
    });
    const answered = request.catch((error: Error) => error.message);
    await eventually(async () =>
      expect(await site.sql('SELECT status FROM vicidial_list WHERE lead_id = 1008')).toEqual([{ status: 'CBHOLD' }]),
    );

    await site.simulator.setWebServer(false);
    await site.simulator.setWebServer(true);

    expect(await answered).toBe('fetch failed');
    // The held statement is over once another one gets through.
    await site.sql('SELECT COUNT(*) FROM vicidial_callbacks');
    const { lead, callbacks } = await site.simulator.state({ leadId: 1008 });
    expect([lead?.status, callbacks]).toEqual(['CBHOLD', []]);
  });
});

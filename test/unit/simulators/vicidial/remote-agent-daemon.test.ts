import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HandClock, handClock } from '../../../contract/dialers/hand-clock.ts';
import { startSite, type TestSite } from './start-site.ts';

let site: TestSite;
let clock: HandClock;
beforeAll(async () => {
  clock = handClock('2026-01-14T15:00:00.000Z', () => site?.simulator.isBusy() ?? false);
  site = await startSite({ clock });
});
afterAll(() => site.stop());

const pass = (seconds: number) => clock.leapTo(new Date(clock.now() + seconds * 1000).toISOString());
const dial = async (leadId: number) => {
  const { callerCode } = await site.simulator.place({ leadId, campaign: 'SPRING', ai: false, answerSec: 1 });
  await pass(2);
  return callerCode;
};
const stateOf = (leadId: number) => site.simulator.state({ leadId });
const noticedAt = async (leadId: number) => {
  const journal = await site.simulator.journal();
  return Date.parse(journal.find(({ record, value }) => record === String(leadId) && value === 'XFER')?.at ?? '');
};

describe('the remote-agent daemon', () => {
  it('notices calls only every fifth loop of two seconds, whichever line has them', async () => {
    const codes = [await dial(1001), await dial(1002), await dial(1003)];
    const handedOver = (await Promise.all([1001, 1002, 1003].map(stateOf))).map(({ autoCall }) => autoCall?.status);

    await pass(12);

    expect(handedOver).toEqual(['XFER', 'XFER', 'XFER']);
    const [first = 0, ...others] = await Promise.all([1001, 1002, 1003].map(noticedAt));
    for (const other of others) expect((other - first) % 10_000).toBe(0);
    for (const code of codes) await site.simulator.end(code);
    await pass(6);
  });

  it('frees the line of a call that is over one or two loops later', async () => {
    const code = await dial(1004);
    await pass(12);
    const lines = () => site.sql('SELECT status FROM vicidial_live_agents WHERE callerid = ?', [code]);

    await site.simulator.end(code);
    const atOnce = await lines();
    await pass(5);

    expect(atOnce).toEqual([{ status: 'INCALL' }]);
    expect(await lines()).toEqual([]);
  });

  it('once it has stopped notices nothing, so that a call that ends is a DROP', async () => {
    // Its heartbeat is good for five seconds more, so the call still gets a line.
    site.simulator.setDaemon(false);
    const code = await dial(1005);

    await pass(12);
    const before = (await stateOf(1005)).lead?.status;
    await site.simulator.end(code);

    const { lead, logs } = await stateOf(1005);
    expect([before, lead?.status, logs[0]?.term_reason]).toEqual(['PU', 'DROP', 'ABANDON']);
  });

  it('whose heartbeat is older than five seconds gets its lines no calls', async () => {
    const code = await dial(1006);
    await pass(8);

    const { logs, autoCall } = await stateOf(1006);
    site.simulator.setDaemon(true);

    expect([logs[0]?.status, logs[0]?.term_reason, autoCall]).toEqual(['DROP', 'QUEUETIMEOUT', null]);
    expect(await site.sql('SELECT 1 FROM vicidial_remote_agent_log WHERE callerid = ?', [code])).toEqual([]);
  });
});

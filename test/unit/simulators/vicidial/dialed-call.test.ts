import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitArguments } from '../../../simulators/vicidial/dialplan/split-arguments.ts';
import { eventually } from '../../../support/eventually.ts';
import { type StandIn, startSite, startStandIn, type TestSite } from './start-site.ts';

let site: TestSite;
let others: StandIn;
beforeAll(async () => {
  others = await startStandIn((path) => ({
    body: path === '/headers' ? 'X-first_name: Ada,X-city: Winston-Salem\\, NC' : '{}',
  }));
  const headersUrl = `${others.url.replace('http://', 'http://asterisk:key@')}/headers`;
  site = await startSite({ headersUrl, aiUrl: others.url, noticeSec: 5 });
});
afterAll(async () => {
  await site.stop();
  await others.stop();
});

/** Waits until the call's leg has reached the stand-in for the AI platform. */
const legOf = (callerCode: string) =>
  eventually(() => {
    const leg = others.requests.find(({ path, body }) => path === '/_sim/sip-calls' && body.includes(callerCode));
    if (!leg) throw new Error('the leg has not come yet');
    return JSON.parse(leg.body) as { to: string; from: string; headers: Record<string, string>; endUrl: string };
  });
const journalOf = async (leadId: number) =>
  (await site.simulator.journal())
    .filter(({ record }) => record === String(leadId))
    .map(({ kind, value, by }) => `${by} ${kind} ${value}`);

describe('a call of the simulated dialer', () => {
  it('reaches the AI with headers and ends as XFER when the daemon has noticed it', async () => {
    const { callerCode, uniqueid } = await site.simulator.place({ leadId: 1001, campaign: 'SPRING' });
    const leg = await legOf(callerCode);
    await eventually(async () => expect((await site.simulator.state({ leadId: 1001 })).lead?.status).toBe('XFER'));
    const live = await site.simulator.state({ leadId: 1001 });

    await fetch(leg.endUrl, { method: 'POST' });

    expect(callerCode).toMatch(/^V114\d{6}0000001001$/);
    expect(leg).toMatchObject({ to: '+19895551234', from: '3035551000' });
    expect(leg.headers).toEqual({
      'X-first_name': 'Ada',
      'X-city': 'Winston-Salem, NC',
      'X-caller_code': callerCode,
    });
    const asked = others.requests.find(({ path, query }) => path === '/headers' && query.get('code') === callerCode);
    expect(asked?.authorization).toBe(`Basic ${btoa('asterisk:key')}`);
    expect(Object.fromEntries(asked?.query ?? [])).toMatchObject({ uid: uniqueid, number: '19895551234', fmt: 'arr' });
    expect(live.autoCall).toMatchObject({ status: 'XFER', extension: '010*010*010*015*770019895551234' });
    const after = await site.simulator.state({ leadId: 1001 });
    expect(after.autoCall).toBe(null);
    expect(after.logs[0]).toMatchObject({ status: 'XFER', user: '7001', comments: 'REMOTE', term_reason: 'CALLER' });
    expect(Number(after.logs[0]?.end_epoch)).toBeGreaterThan(0);
  });

  it('ends as DROP when it is over before the daemon looks', async () => {
    const { callerCode } = await site.simulator.place({ leadId: 1002, campaign: 'SPRING', noticeSec: 600 });
    await legOf(callerCode);

    await site.simulator.end(callerCode);

    const { lead, logs } = await site.simulator.state({ leadId: 1002 });
    expect([lead?.status, logs[0]?.status, logs[0]?.term_reason]).toEqual(['DROP', 'DROP', 'ABANDON']);
  });

  it('is overwritten by the daemon when a status is written before the notice', async () => {
    const { callerCode } = await site.simulator.place({ leadId: 1003, campaign: 'SPRING', noticeSec: 60 });
    await legOf(callerCode);

    await site.api({ function: 'update_lead', lead_id: '1003', status: 'NI' });

    await eventually(async () => expect((await journalOf(1003)).at(-1)).toBe('dialer disposition XFER'));
    expect(await journalOf(1003)).toContain('api disposition NI');
    await site.simulator.end(callerCode);
  });

  it('is hung up by ra_call_control with lead and log, but only while it is live', async () => {
    const { callerCode } = await site.simulator.place({ leadId: 1004, campaign: 'SPRING', noticeSec: 1 });
    await legOf(callerCode);
    const [, line = ''] =
      new RegExp(`^(\\d+)\\|SPRING.*${callerCode}`, 'm').exec(await site.api({ function: 'logged_in_agents' })) ?? [];
    const control = { function: 'ra_call_control', value: callerCode, agent_user: line, stage: 'HANGUP', status: 'NI' };

    const first = await site.api(control, '/agc/api.php');
    const second = await site.api(control, '/agc/api.php');

    expect(first).toBe(`SUCCESS: ra_call_control hungup - ${line}|${callerCode}|HANGUP`);
    expect(second).toBe(`ERROR: no active call found - ${callerCode}`);
    const { lead, logs } = await site.simulator.state({ leadId: 1004 });
    expect([lead?.status, logs[0]?.status, logs[0]?.user]).toEqual(['NI', 'NI', line]);
  });

  it('leaves a newer log row of a human, which update_log_entry then hits', async () => {
    const human = { status: 'SALE', user: 'anna', afterSec: 30 };
    const { callerCode } = await site.simulator.place({ leadId: 1005, campaign: 'SPRING', noticeSec: 1, human });
    await legOf(callerCode);
    await site.simulator.end(callerCode);
    await eventually(async () => expect((await site.simulator.state({ leadId: 1005 })).lead?.status).toBe('SALE'));

    const text = await site.api({ function: 'update_log_entry', group: 'SPRING', call_id: callerCode, status: 'NI' });

    const { logs } = await site.simulator.state({ leadId: 1005 });
    expect(text).toContain(`|${callerCode}|NI|SALE|${logs[0]?.uniqueid}|`);
    expect(logs.map(({ status, user }) => [status, user])).toEqual([
      ['NI', 'anna'],
      [expect.stringMatching(/XFER|DROP/), expect.anything()],
    ]);
    expect((await site.simulator.journal()).at(-1)).toMatchObject({ kind: 'log-wrong', by: 'api' });
  });

  it('gets its status from the dialer when nobody answers', async () => {
    await site.simulator.place({ leadId: 1006, campaign: 'SPRING', notAnswered: 'B' });

    await eventually(async () => expect((await site.simulator.state({ leadId: 1006 })).autoCall).toBe(null));

    const { lead, logs } = await site.simulator.state({ leadId: 1006 });
    expect([lead?.status, lead?.user, logs[0]?.status, logs[0]?.user]).toEqual(['B', 'VDAD', 'B', 'VDAD']);
  });
});

describe("Asterisk's ARRAY", () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['a\\,b,c', ['a,b', 'c']],
    ['f(a,b),c', ['f(a,b)', 'c']],
    ['a\\(b,c', ['a(b', 'c']],
    ['"a,b",c', ['a,b', 'c']],
  ])('splits %s', (text, values) => {
    expect(splitArguments(text)).toEqual(values);
  });
});

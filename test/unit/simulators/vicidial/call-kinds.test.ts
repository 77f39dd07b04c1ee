import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpSite } from '../../../simulators/vicidial/made-up-site.ts';
import { eventually } from '../../../support/eventually.ts';
import { type StandIn, startSite, startStandIn, type TestSite } from './start-site.ts';

const [first, second] = ['10.10.10.15', '10.10.10.16'];

let site: TestSite;
let others: StandIn;
beforeAll(async () => {
  others = await startStandIn((path) => ({ body: path === '/headers' ? 'X-lead_id: 1' : '{}' }));
  site = await startSite({
    headersUrl: `${others.url}/headers`,
    aiUrl: others.url,
    noticeSec: 1,
    servers: [{ ip: first }, { ip: second, clockOffsetSec: 7 }],
    seed: {
      ...madeUpSite(),
      remoteAgents: [
        { userStart: 7001, lines: 2, campaign: 'SPRING', inGroups: ['SALESLINE'] },
        { userStart: 8001, lines: 2, campaign: 'SPRING', server: second },
      ],
    },
  });
});
afterAll(async () => {
  await site.stop();
  await others.stop();
});

const questionOf = (uniqueid: string) =>
  eventually(() => {
    const question = others.requests.find(({ path, query }) => path === '/headers' && query.get('uid') === uniqueid);
    if (!question) throw new Error('nobody asked yet');
    return Object.fromEntries(question.query);
  });
const untilStatus = (leadId: number, status: string) =>
  eventually(async () => expect((await site.simulator.state({ leadId })).lead?.status).toBe(status));

describe('an inbound call', () => {
  it('has a Y code, a live row of type IN in its in-group, and its log in vicidial_closer_log', async () => {
    const order = { leadId: 1001, campaign: 'SPRING', kind: 'inbound', inGroup: 'SALESLINE' } as const;
    const { callerCode, uniqueid } = await site.simulator.place(order);
    await untilStatus(1001, 'XFER');
    const { autoCall, logs } = await site.simulator.state({ leadId: 1001 });
    const asked = await questionOf(uniqueid);

    await site.simulator.end(callerCode);

    expect(callerCode).toMatch(/^Y\d{9}0000001001$/);
    expect(autoCall).toMatchObject({ call_type: 'IN', campaign_id: 'SALESLINE', status: 'XFER', uniqueid });
    expect(logs).toEqual([]);
    expect(asked.code).toBe(callerCode);
    const [log] = await site.sql('SELECT * FROM vicidial_closer_log WHERE lead_id = 1001');
    expect(log).toMatchObject({
      uniqueid,
      campaign_id: 'SALESLINE',
      status: 'XFER',
      comments: 'REMOTE',
      term_reason: 'CALLER',
    });
    expect(Number(log?.end_epoch)).toBeGreaterThan(0);
    const [handOver] = await site.sql('SELECT campaign_id, user FROM vicidial_remote_agent_log WHERE callerid = ?', [
      callerCode,
    ]);
    expect(handOver).toEqual({ campaign_id: 'SALESLINE', user: expect.stringMatching(/^700[12]$/) });
  });
});

describe('a manual call', () => {
  it('has an M code and belongs to the agent who dialled it; no line of the AI sees it', async () => {
    const human = { status: 'SALE', user: 'anna', afterSec: 1 };
    const { callerCode } = await site.simulator.place({
      leadId: 1002,
      campaign: 'SPRING',
      kind: 'manual',
      human,
      talkSec: 20,
    });
    await untilStatus(1002, 'INCALL');
    const live = await site.simulator.state({ leadId: 1002 });
    await untilStatus(1002, 'SALE');

    expect(callerCode).toMatch(/^M\d{9}0000001002$/);
    expect(live.autoCall).toMatchObject({ callerid: callerCode, call_type: 'OUT' });
    const { logs, autoCall } = await site.simulator.state({ leadId: 1002 });
    expect(logs[0]).toMatchObject({
      status: 'SALE',
      user: 'anna',
      comments: 'MANUAL',
      term_reason: 'AGENT',
      caller_code: callerCode,
    });
    expect(autoCall).toBe(null);
    expect(await site.sql('SELECT user FROM user_call_log WHERE lead_id = 1002')).toEqual([{ user: 'anna' }]);
    expect(await site.sql('SELECT 1 FROM vicidial_remote_agent_log WHERE lead_id = 1002')).toEqual([]);
  });
});

describe('the caller code in the dialplan', () => {
  it.each([
    ['kept', { kind: 'kept' } as const, (code: string) => code],
    ['overwritten', { kind: 'overwritten', text: 'Spring Offers Inc' } as const, () => 'Spring Offers Inc'],
    ['followed by words', { kind: 'appended', text: '7001 SPRING' } as const, (code: string) => `${code} 7001 SPRING`],
  ])('can be %s in CALLERID(name); CONNECTEDLINE(name) keeps it', async (_name, callerName, nameOf) => {
    const leadId = 1003 + ['kept', 'overwritten', 'appended'].indexOf(callerName.kind);
    const { callerCode, uniqueid } = await site.simulator.place({ leadId, campaign: 'SPRING', callerName });

    const asked = await questionOf(uniqueid);
    const leg = await eventually(() => {
      const sent = others.requests.find(({ path, body }) => path === '/_sim/sip-calls' && body.includes(callerCode));
      if (!sent) throw new Error('no leg yet');
      return JSON.parse(sent.body) as { fromName: string; headers: Record<string, string> };
    });

    expect([asked.code, asked.cl]).toEqual([nameOf(callerCode), callerCode]);
    expect([leg.fromName, leg.headers['X-caller_code']]).toEqual([nameOf(callerCode), nameOf(callerCode)]);
    await site.simulator.end(callerCode);
  });
});

describe('a cluster of two dialers', () => {
  it('stamps each call by the clock of its own server', async () => {
    const onFirst = await site.simulator.place({ leadId: 1006, campaign: 'SPRING', ai: false });
    const onSecond = await site.simulator.place({ leadId: 1007, campaign: 'SPRING', ai: false, server: second });

    const rows = await site.sql(
      'SELECT server_ip, callerid FROM vicidial_auto_calls WHERE lead_id IN (1006, 1007) ORDER BY lead_id',
    );
    const secondsOf = (code: string) =>
      Number(code.slice(4, 6)) * 3600 + Number(code.slice(6, 8)) * 60 + Number(code.slice(8, 10));
    const apart = secondsOf(onSecond.callerCode) - secondsOf(onFirst.callerCode);

    expect(rows).toEqual([
      { server_ip: first, callerid: onFirst.callerCode },
      { server_ip: second, callerid: onSecond.callerCode },
    ]);
    expect(apart).toBeGreaterThanOrEqual(7);
    for (const { callerCode } of [onFirst, onSecond]) await site.simulator.end(callerCode);
  });

  it('may give one uniqueid twice: the later call has no log row, and leaves that of the other alone', async () => {
    const uniqueid = '1768402800.77';
    const order = { campaign: 'SPRING', ai: false, answerSec: 1, uniqueid };
    const one = await site.simulator.place({ ...order, leadId: 1008 });
    await untilStatus(1008, 'XFER');
    const two = await site.simulator.place({ ...order, leadId: 1009, server: second });
    await untilStatus(1009, 'XFER');

    await site.simulator.end(two.callerCode);

    const state = await site.simulator.state({ leadId: 1008 });
    expect(state.logs[0]).toMatchObject({ uniqueid, end_epoch: null, caller_code: one.callerCode });
    expect((await site.simulator.state({ leadId: 1009 })).logs).toEqual([]);
    const handOvers = await site.sql(
      'SELECT lead_id FROM vicidial_remote_agent_log WHERE uniqueid = ? ORDER BY lead_id',
      [uniqueid],
    );
    expect(handOvers).toEqual([{ lead_id: 1008 }, { lead_id: 1009 }]);
    await site.simulator.end(one.callerCode);
  });
});

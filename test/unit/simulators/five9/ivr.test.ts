import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { ada, type CallCenter, dispositionImport, openCallCenter, spring } from './call-center.ts';
import { type StandIn, standIn } from './stand-in.ts';

const registered =
  '{"status":"ok","route":"ai","reason":"","correlation_id":"01h8xgje4p9qzk","error":"","X-correlation_id":"01h8xgje4p9qzk","X-first_name":"Ada"}';
const outcome = (status: string, route: string) =>
  `{"status":"${status}","route":"${route}","outcome":"","disposition":"","callback_at":"","summary":"","correlation_id":"01h8xgje4p9qzk","error":""}`;

describe('the dialer and IVR of the Five9 simulator', () => {
  let center: CallCenter;
  let answers: { register: { status?: number; text: string }; outcomes: string[] };
  let patchbay: StandIn;
  let ai: StandIn;

  beforeEach(async () => {
    answers = { register: { text: registered }, outcomes: [outcome('done', 'hangup')] };
    patchbay = await standIn(({ path }) =>
      path.endsWith('/register') ? answers.register : { text: answers.outcomes.shift() ?? outcome('error', 'skill') },
    );
    ai = await standIn(() => ({ text: '{}' }));
    center = await openCallCenter({
      patchbayUrl: patchbay.url,
      aiUrl: ai.url,
      ivrKey: 'made-up-key',
      headers: ['X-correlation_id', 'X-first_name'],
    });
  });
  afterEach(async () => {
    await center.five9.stop();
    await Promise.all([patchbay.stop(), ai.stop()]);
  });

  async function dial(human?: { disposition: string; afterSec: number }): Promise<string> {
    const response = await fetch(`${center.five9.url}/_sim/calls`, {
      method: 'POST',
      body: JSON.stringify({ campaign: spring, number1: ada, ...(human && { human }) }),
    });
    expect(response.status).toBe(201);
    return ((await response.json()) as { call_id: string }).call_id;
  }

  async function endAiLeg(byeHeaders = {}): Promise<void> {
    const asked = await eventually(() => {
      const [first] = ai.asked;
      if (!first) throw new Error('the AI was not called yet');
      return first;
    });
    const { endUrl } = JSON.parse(asked.body) as { endUrl: string };
    await fetch(endUrl, { method: 'POST', body: JSON.stringify({ byeHeaders }) });
  }

  async function callLog(callId: string) {
    return (await (await fetch(`${center.five9.url}/_sim/calls/${callId}`)).json()) as ReturnType<
      typeof center.five9.calls
    >[number];
  }

  async function over(callId: string) {
    return eventually(async () => {
      const log = await callLog(callId);
      expect(log.endedAt).not.toBe('');
      return log;
    });
  }

  it('registers the call, hands it to the AI with its headers, asks for the outcome and hangs up', async () => {
    const callId = await dial();
    await endAiLeg({ 'X-outcome': 'not_interested' });
    const log = await over(callId);

    const [register, asked] = patchbay.asked;
    expect(register).toMatchObject({
      path: '/v1/ivr/five9/register',
      authorization: `Basic ${btoa('five9:made-up-key')}`,
      query: { call_id: callId, call_type: '5', ani: '8005550100', dnis: ada, campaign: spring },
    });
    expect(JSON.parse(ai.asked[0]?.body ?? '{}')).toMatchObject({
      to: '+19895550100',
      from: ada,
      headers: { 'X-correlation_id': '01h8xgje4p9qzk', 'X-first_name': 'Ada' },
    });
    expect(asked).toMatchObject({
      path: '/v1/ivr/five9/outcome',
      query: { correlation_id: '01h8xgje4p9qzk', call_id: callId, wait_ms: '1500', 'X-outcome': 'not_interested' },
    });
    expect(log).toMatchObject({ handedToAi: true, registerRoute: 'ai', branch: 'hangup', error: '' });
    expect(log.path).toEqual([
      ...['Start', 'Register', 'Route', 'Headers', 'To AI', 'From AI', 'Again', 'Outcome', 'Is pending'],
      ...['Outcome route', 'Hang up'],
    ]);
    expect(log.queries.map(({ module, status }) => [module, status])).toEqual([
      ['register', 200],
      ['outcome', 200],
    ]);
    expect((await center.five9.journal()).map(({ kind }) => kind)).toEqual(['dialled', 'hangup']);
  });

  it('asks again while the outcome is pending, three times at most', async () => {
    answers.outcomes = [outcome('pending', 'skill'), outcome('pending', 'skill'), outcome('pending', 'skill')];

    const callId = await dial();
    await endAiLeg();
    const log = await eventually(async () => {
      const going = await callLog(callId);
      expect(going.endedAt).not.toBe('');
      return going;
    });

    expect(log.queries).toHaveLength(4);
    expect(log.branch).toBe('skill');
  });

  it('gives the call to an agent, whose disposition shows in the record and its fields', async () => {
    answers.outcomes = [outcome('done', 'skill')];

    const callId = await dial({ disposition: 'Sale', afterSec: 120 });
    await endAiLeg();
    await eventually(async () => {
      expect((await center.five9.journal()).map(({ kind }) => kind)).toContain('transfer');
    });
    center.clock.advance(120_000);
    await over(callId);

    const state = center.five9.state(ada);
    expect(state.dispositions).toEqual({ [spring]: 'Sale' });
    expect(state.contact?.fields).toMatchObject({
      last_disposition: 'Sale',
      last_agent_disposition: 'Sale',
      last_agent_at: '2026-11-24 12:02:00.000',
    });
    expect(center.five9.effects()).toContainEqual(
      expect.objectContaining({ kind: 'disposition', by: 'human', value: 'Sale', callKey: callId, campaign: spring }),
    );
  });

  it('sets DNC in the call when the outcome says so', async () => {
    answers.outcomes = [outcome('done', 'dnc')];

    const callId = await dial();
    await endAiLeg();
    await over(callId);

    expect(center.five9.state(ada).dnc).toBe(true);
    expect(center.five9.effects()).toContainEqual(expect.objectContaining({ kind: 'dnc', by: 'ivr', record: ada }));
  });

  it.each([
    ['an error of the server', { status: 500, text: registered }, 'skill'],
    ['a route to people', { text: registered.replace('"route":"ai"', '"route":"skill"') }, 'skill'],
    ['a route to the end', { text: registered.replace('"route":"ai"', '"route":"hangup"') }, 'hangup'],
    ['an answer without the keys', { text: '{"status": "ok", "route": "ai"}' }, 'skill'],
  ])('does not bother the AI after %s', async (_what, answer, branch) => {
    answers.register = answer;

    const log = await over(await dial());

    expect(log).toMatchObject({ handedToAi: false, branch });
    expect(ai.asked).toEqual([]);
  });

  it('leaves a record alone that is final in the campaign', async () => {
    await center.soap('asyncUpdateCampaignDispositions', dispositionImport(spring, [ada, 'Sale']));
    center.clock.advance(2000);

    const placed = center.five9.call({ campaign: spring, number1: ada });

    expect(placed).toEqual({ kind: 'refused', why: 'final' });
  });
});

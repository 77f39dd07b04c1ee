import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import { ConnectorError } from '../../src/domain/errors.ts';
import type { TestCalls } from '../../src/domain/test-call.ts';
import { type CallTestOptions, runCallTest } from '../../src/flows/call-test/run-call-test.ts';
import { watchSoftphone } from '../../src/flows/call-test/watch-softphone.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { type CallingSite, callingDialer, callingSite } from '../support/calling-dialer.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { type HealthySigmamind, sigmamindCast, startHealthySigmamind } from '../support/healthy/sigmamind.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const adasPhone = '+13035550111';
const operator = 'cli:olga';

let clock: ReturnType<typeof startFastClock>;
let carousel: MadeUpServer;
let platform: HealthySigmamind;
let site: CallingSite;
let patchbay: TestApp;

beforeEach(async () => {
  clock = startFastClock(Date.parse('2026-11-20T17:00:00.000Z'), 20);
  carousel = await startMadeUpServer([ada]);
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const commitUrl = `${publicUrl}/v1/platforms/sigmamind/tools/commit-outcome`;
  platform = await startHealthySigmamind({
    ...{ publicUrl, toolsKey: keys.tools, clock },
    simulator: { tools: { commitUrl, token: keys.tools } },
  });
  agentSays({ commit: { outcome: 'sale', summary: 'Wants two' } });
  site = callingSite({
    ...{ clock, publicUrl, key: keys.script, platform: platform.simulator },
    aiNumber: sigmamindCast.numbers.spring,
  });
  const campaign = { dispositions: { sale: 'sold', hung_up: 'gone' } };
  const strict = { ...campaign, gate: { consent: { field: 'consent' } } };
  patchbay = await startTestApp({
    clock,
    registry: { dialers: [callingDialer(site)], platforms: [sigmamind] },
    dialers: {
      carousel: {
        type: 'made-up',
        url: carousel.url,
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: 'X-first_name', from: 'first_name' },
          { name: 'X-city', from: 'city' },
        ],
        campaigns: { Autumn: campaign, Strict: strict },
      },
    },
    config: {
      server: { port, publicUrl },
      platforms: { sigmamind: platform.section },
      outcomes: { technicalEndWaitSec: 5, humanWaitSec: 5 },
    },
  });
});

afterEach(async () => {
  site.isStopped = true;
  await patchbay.stop();
  await platform.stop();
  await carousel.stop();
});

function agentSays(behaviour: object): void {
  platform.simulator.setBehaviours({
    [ada.number]: { talkSec: 10, analysisAfterSec: 5, analysis: null, ...behaviour },
  });
}

/** What may take its time gets plenty of it: the machine may be busy, and its clock runs twenty times as fast. */
const patient = { dialled: 900, answered: 900, registered: 900, headers: 900, 'picked-up': 900, outcome: 900 } as const;

function test(options: Partial<CallTestOptions> & { campaign?: string } = {}) {
  const { campaign = 'Autumn', limits, ...more } = options;
  const dialer = patchbay.app.deps.dialers.get('carousel') as Dialer & { testCalls: TestCalls };
  return runCallTest(
    patchbay.app.deps,
    { dialer, campaign, phone: adasPhone, by: operator },
    {
      timeoutSec: 900,
      keeps: false,
      onStage: () => undefined,
      signal: new AbortController().signal,
      limits: { ...patient, variables: 60, 'hand-back': 900, ...limits },
      ...more,
    },
  );
}

describe('a test call', () => {
  it('is watched from the dial to the disposition in the dialer, and nothing of it is left', async () => {
    const told: string[] = [];

    const result = await test({ onStage: ({ id, status }) => void told.push(`${id} ${status}`) });

    expect(told).toEqual([
      'dialled done',
      'answered done',
      'registered done',
      'headers done',
      'picked-up done',
      expect.stringMatching(/done$/),
      expect.stringMatching(/done$/),
      expect.stringMatching(/done$/),
      expect.stringMatching(/done$/),
    ]);
    expect(result).toMatchObject({ failed: null, isWritten: true, leftOver: '' });
    const found = Object.fromEntries(result.stages.map(({ id, found: words }) => [id, words]));
    expect(found.headers).toBe('X-correlation_id, X-first_name; without a value, or over the budget: X-city');
    expect(found.variables).toBe('X-correlation_id seen, X-first_name seen');
    expect(found.outcome).toBe('sale (committed)');
    expect(found['hand-back']).toContain('done, sale');
    expect(found.disposition).toBe('"sold" confirmed, and the dialer holds sold');
    expect(carousel.records.get('r1')?.values.disposition).toBe('sold');
    expect(site.lists).toEqual([]);
  });

  it('is marked as a test in the audit log', async () => {
    const { call } = await test();

    const entries = await patchbay.app.deps.store.auditLog(9);
    expect(entries.map(({ act, by, subject }) => ({ act, by, subject }))).toEqual(
      expect.arrayContaining([
        { act: 'call-test', by: operator, subject: 'carousel:r1' },
        { act: 'call-test', by: operator, subject: call?.call.correlationId },
      ]),
    );
  });

  it('is not taken for an earlier call of the same number', async () => {
    const first = await test();
    const second = await test();

    expect(second.isWritten).toBe(true);
    expect(second.call?.call.correlationId).not.toBe(first.call?.call.correlationId);
  });

  it('leaves what was made where it is told to', async () => {
    site.isOn = false;

    await test({ keeps: true, timeoutSec: 1 });

    expect(site.lists).toEqual([adasPhone]);
  });

  it('takes everything back when it is interrupted', async () => {
    site.isOn = false;
    const stop = new AbortController();
    const running = test({ signal: stop.signal });
    await eventually(() => expect(site.lists).toEqual([adasPhone]));
    stop.abort();

    const result = await running;

    expect(result).toMatchObject({ isWritten: false, leftOver: '' });
    expect(site.lists).toEqual([]);
  });

  it('calls nobody when it is interrupted before', async () => {
    const begun: string[] = [];
    site.lists.push = (...phones) => begun.push(...phones);

    await expect(test({ signal: AbortSignal.abort() })).rejects.toMatchObject({ hint: 'Nobody was called.' });

    expect(begun).toEqual([]);
  });

  it('leaves the record while its agent talks, so that the outcome can be written', async () => {
    agentSays({ talkSec: 40, commit: { outcome: 'sale' } });
    const stop = new AbortController();

    const { leftOver } = await test({
      signal: stop.signal,
      onStage: ({ id }) => id === 'picked-up' && stop.abort(),
    });

    expect(leftOver).toContain('its outcome is still on its way');
    expect(site.lists).toEqual([adasPhone]);
    await eventually(() => expect(carousel.records.get('r1')?.values.disposition).toBe('sold'));
  });

  it('never calls a number that opted out', async () => {
    agentSays({ commit: { outcome: 'opt_out' } });
    await test({ timeoutSec: 200 });

    const again = test();

    await expect(again).rejects.toThrow(ConnectorError);
    await expect(again).rejects.toThrow('opted out');
    expect(site.lists).toEqual([]);
  });

  it('is refused in a campaign that is not there, with those that are', async () => {
    await expect(test({ campaign: 'Winter' })).rejects.toMatchObject({ hint: 'It has: Autumn, Strict.' });
  });
});

describe('the first stage that does not come is named', () => {
  it('dialled: the dialler is off', async () => {
    site.isOn = false;

    const { failed } = await test({ limits: { dialled: 10 } });

    expect(failed).toMatchObject({ id: 'dialled', found: 'the record is next', fix: 'Switch the dialler on.' });
  });

  it('answered: nobody answers', async () => {
    site.isAnswered = false;

    const { failed } = await test({ limits: { answered: 10 } });

    expect(failed).toMatchObject({ id: 'answered', found: 'it rings' });
  });

  it('registered: the script does not ask Patchbay', async () => {
    site.asksForRoute = false;

    const { failed } = await test({ limits: { registered: 10 } });

    expect(failed).toMatchObject({ id: 'registered', found: 'Patchbay was not told of the call' });
  });

  it('headers: the gate keeps the call from the AI', async () => {
    const { failed, stages } = await test({ campaign: 'Strict' });

    expect(failed).toMatchObject({ id: 'headers', found: expect.stringContaining('no_consent') });
    expect(failed?.fix).toContain('gate.consent');
    expect(stages.at(-1)?.id).toBe('headers');
  });

  it('AI picked up: the call never reaches the platform', async () => {
    site.reachesAi = false;

    const { failed } = await test({ limits: { 'picked-up': 10 } });

    expect(failed).toMatchObject({ id: 'picked-up', found: 'no conversation of it is known' });
  });

  it('AI picked up: it did, and its webhook does not reach us', async () => {
    agentSays({ events: { dropAll: true } });

    const { failed } = await test({ limits: { 'picked-up': 60 } });

    const [call] = platform.simulator.calls();
    expect(failed).toMatchObject({ id: 'picked-up', fix: expect.stringContaining('webhook') });
    expect(failed?.found).toContain(`sigmamind ${call?.callId}`);
  });

  it('variables: one is not in the prompt, and the outcome is written all the same', async () => {
    const agent = `/_sim/agents/${sigmamindCast.agents.spring}`;
    await platform.ask('PUT', agent, { agentName: 'spring', instructions: 'Use {{correlation_id}} only.' });

    const result = await test();

    expect(result.isWritten).toBe(true);
    expect(result.failed).toMatchObject({ id: 'variables', found: 'X-correlation_id seen, X-first_name not seen' });
    expect(result.failed?.fix).toContain('{{first_name}}');
  });

  it('outcome: the agent never comes to an end', async () => {
    agentSays({ talkSec: 100_000 });

    const { failed } = await test({ timeoutSec: 120 });

    expect(failed).toMatchObject({ id: 'outcome', found: 'the conversation goes on' });
  });

  it('outcome: the agent commits nothing, and a technical end is written', async () => {
    agentSays({});

    const result = await test();

    expect(result.isWritten).toBe(true);
    expect(result.stages.find(({ id }) => id === 'outcome')).toMatchObject({
      found: 'hung_up (technical)',
      fix: expect.stringContaining('commit-outcome'),
    });
    expect(carousel.records.get('r1')?.values.disposition).toBe('gone');
  });

  it('hand-back: the script does not ask for the outcome, and it is written all the same', async () => {
    site.asksForOutcome = false;

    const result = await test({ limits: { 'hand-back': 20 } });

    expect(result.isWritten).toBe(true);
    expect(result.failed).toMatchObject({ id: 'hand-back', fix: expect.stringContaining('take the call back') });
  });

  it('disposition: the dialer refuses it', async () => {
    site.onAnswer = () => void carousel.records.delete('r1');

    const { failed, isWritten } = await test();

    expect(isWritten).toBe(false);
    expect(failed).toMatchObject({ id: 'disposition', fix: 'Look for it there.' });
    expect(failed?.found).toContain('the made-up dialer has no such record');
  });

  it('disposition: the outcome maps to none', async () => {
    agentSays({ commit: { outcome: 'wrong_number' } });

    const { failed } = await test();

    expect(failed).toMatchObject({ id: 'disposition', found: expect.stringContaining('held back') });
  });
});

describe('a softphone', () => {
  const watch = (more: { timeoutSec?: number } = {}) => {
    const { promise: isReady, resolve: ready } = Promise.withResolvers<void>();
    const stages = watchSoftphone(patchbay.app.deps, {
      number: sigmamindCast.numbers.spring,
      timeoutSec: more.timeoutSec ?? 900,
      patienceSec: 300,
      onReady: ready,
      onStage: () => undefined,
      signal: new AbortController().signal,
    });
    return { isReady, stages };
  };
  const ring = (to: string, from = '+17205550142') =>
    fetch(`${platform.simulator.url}/_sim/sip-calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to, from, headers: { 'X-first_name': 'Olga' } }),
    });

  it('is seen by the platform’s event: picked up, variables, outcome', async () => {
    const { stages, isReady } = watch();
    await isReady;
    platform.simulator.setBehaviours({ 7205550142: { talkSec: 10, analysis: null } });
    await ring(sigmamindCast.numbers.springFive9, '+17205550143');
    await ring(sigmamindCast.numbers.spring);

    const reports = await stages;

    expect(reports.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'picked-up done',
      'event done',
      'variables done',
      'outcome done',
    ]);
    const [call] = platform.simulator.calls().filter(({ to }) => to === sigmamindCast.numbers.spring);
    expect(reports[0]?.found).toContain(call?.callId);
    expect(reports[2]?.found).toBe('first_name');
    expect(reports[3]?.found).toBe('hung_up (technical)');
  });

  it('that nobody hears of fails at its pick-up', async () => {
    const { stages } = watch({ timeoutSec: 20 });

    expect(await stages).toMatchObject([
      { id: 'picked-up', status: 'failed', fix: expect.stringContaining('registered') },
    ]);
  });

  it('whose event does not come is found in the platform’s own list', async () => {
    platform.simulator.setBehaviours({ 7205550142: { talkSec: 5, analysis: null, events: { dropAll: true } } });
    const { stages, isReady } = watch({ timeoutSec: 160 });
    await isReady;
    await ring(sigmamindCast.numbers.spring);

    expect(await stages).toMatchObject([
      { id: 'picked-up', status: 'done' },
      { id: 'event', status: 'failed', fix: expect.stringContaining('webhook') },
      { id: 'variables', status: 'done' },
      { id: 'outcome', status: 'failed' },
    ]);
  });
});

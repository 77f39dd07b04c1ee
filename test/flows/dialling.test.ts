import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { z } from 'zod';
import type { SignatureConfig } from '../../connectors/sigmamind/config.ts';
import { instantOf } from '../../src/domain/clock.ts';
import { mintCorrelationId } from '../../src/domain/correlation-id.ts';
import { reconcile } from '../../src/flows/reconcile.ts';
import { syncLeads } from '../../src/flows/sync-leads.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import type { Faults } from '../simulators/sigmamind/options.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { eventToken, inboundToken, keys, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';

const own = '+13035550100';
const person = (key: string, name: string, number: string) => ({ key, name, number, values: {} });
const people = [
  person('r1', 'Ada', '3035550111'),
  person('r2', 'Ben', '3035550112'),
  person('r3', 'Cyd', '3035550113'),
  person('r4', 'Dee', '3035550114'),
  person('r5', 'Eve', '3035550115'),
  person('r6', 'Fay', '3035550116'),
];
const dispositions = {
  callback: 'later',
  not_interested: 'gone',
  opt_out: 'never',
  busy: 'gone',
  no_answer: 'gone',
  voicemail: 'gone',
  hung_up: 'done',
};
const signature = {
  header: 'X-SigmaMind-Signature',
  algo: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  signed: 'body',
  secrets: [webhookSecret],
} satisfies z.input<typeof SignatureConfig>;

const startedAt = Date.now();
const speed = 8;
let leaptMs = 0;
/** Noon in New York, faster than the machine's, and put on by hand where time has to pass. */
const clock = {
  now: () => Date.parse('2026-11-20T17:00:00Z') + leaptMs + (Date.now() - startedAt) * speed,
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, ms / speed);
      signal?.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
    }),
};

let dialer: MadeUpServer;
let simulator: SigmamindSimulator;
let patchbay: TestApp;

beforeEach(async () => {
  dialer = await startMadeUpServer(people);
  simulator = await startSigmamindSimulator({ clock, apiKey: 'key-1', signature });
  patchbay = await startTestApp({
    clock,
    dialers: {
      carousel: {
        type: 'made-up',
        url: dialer.url,
        campaigns: { Autumn: { dispositions, fields: { note: 'summary' } } },
      },
    },
    config: {
      gate: { hours: { enabled: false } },
      outcomes: { technicalEndWaitSec: 0 },
      platforms: {
        sigmamind: {
          type: 'sigmamind',
          apiUrl: simulator.url,
          apiKey: 'key-1',
          webhook: { tokens: [eventToken], signature },
          inboundCall: { tokens: [inboundToken] },
          dialling: { from: own, agentId: 'agent_1', concurrency: 2, variables: { first_name: 'first_name' } },
        },
      },
    },
  });
  await put('wiring', {
    webhookUrl: `${patchbay.url}/v1/platforms/sigmamind/events/${eventToken}`,
    tools: {
      commitUrl: `${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`,
      transferUrl: `${patchbay.url}/v1/platforms/sigmamind/tools/transfer`,
      endCallUrl: `${patchbay.url}/v1/platforms/sigmamind/tools/end-call`,
      token: keys.tools,
    },
  });
  const carousel = patchbay.app.deps.dialers.get('carousel');
  if (carousel) await syncLeads(patchbay.app.deps, carousel, new AbortController().signal);
  simulator.setBehaviours({ '*': { ringSec: 2, talkSec: 2, analysis: null, analysisAfterSec: 0 } });
});

afterEach(async () => {
  await patchbay.stop();
  await simulator.stop();
  await dialer.stop();
});

it('calls the leads of a list, writes every outcome back, and calls nobody twice', async () => {
  await optOut('+13035550114');
  dialer.dnc.add('+13035550116');
  simulator.setBehaviours({
    '3035550111': {
      ringSec: 2,
      talkSec: 2,
      analysis: null,
      analysisAfterSec: 0,
      commit: { outcome: 'callback', summary: 'Call Ada later.', callbackInSec: 86_400 },
    },
    '3035550112': { ringSec: 2, dialled: 'busy' },
    '3035550113': { ringSec: 2, dialled: 'no-answer' },
    '3035550115': { ringSec: 2, dialled: 'voicemail' },
  });

  const first = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn', watch: true });
  const again = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });

  expect(first.code).toBe(0);
  expect(first.said[0]).toMatchObject({ rows: 4, before: 0, refused: { opt_out: 1, 'on its list': 1 }, errors: [] });
  expect(first.said.at(-1)).toMatchObject({
    isThrough: true,
    rows: 4,
    waiting: 0,
    states: { ended: 2, not_connected: 2 },
    batches: [{ name: 'Autumn', status: 'completed' }],
  });
  expect(again.said[0]).toMatchObject({ rows: 0, before: 4, refused: { opt_out: 1, 'on its list': 1 } });
  expect(dialled()).toEqual(['+13035550111', '+13035550112', '+13035550113', '+13035550115']);
  expect(simulator.calls()[0]?.variables).toMatchObject({ first_name: 'Ada', lead_id: 'r1', dialer: 'carousel' });
  await eventually(() => {
    expect(dialer.records.get('r1')?.values).toMatchObject({
      disposition: 'later',
      fields: '{"note":"Call Ada later."}',
    });
    expect(dialer.records.get('r1')?.values.callback).toMatch(/^2026-/);
    expect(['r2', 'r3', 'r5'].map((key) => dialer.records.get(key)?.values.disposition)).toEqual([
      'gone',
      'gone',
      'gone',
    ]);
  }, 10_000);
  expect(dialer.records.get('r4')?.values).toEqual({});
  const status = await run('campaign', ['status', 'Autumn'], {});
  expect(status.said[0]).toMatchObject({ outcomes: { busy: 1, callback: 1, no_answer: 1, voicemail: 1 } });
}, 30_000);

it('sends what a limit left over with the next run, as a campaign of its own, and can change its speed', async () => {
  simulator.setBehaviours({ '*': { talkSec: 600, analysis: null } });

  const first = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn', limit: '2' });
  const second = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });
  const changed = await run('campaign', ['update', 'Autumn'], { concurrency: '7' });
  const moved = await run('campaign', ['update', 'Autumn'], { date: '2026-12-01', time: '03:00', zone: 'UTC' });
  const status = await run('campaign', ['status', 'Autumn'], {});

  expect(first.said[0]).toMatchObject({ rows: 2, before: 0, batch: 'Autumn' });
  expect(second.said[0]).toMatchObject({ rows: 4, before: 2, batch: 'Autumn (2)' });
  expect(changed.said[0]).toMatchObject({ changed: 2 });
  expect(moved).toMatchObject({ code: 1, said: [{ hint: expect.stringContaining('--concurrency') }] });
  expect(status.said[0]).toMatchObject({ rows: 6, isThrough: false });
});

it('calls nobody twice when two people give the same command at once', async () => {
  const campaign = () => run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });
  const call = () => run('call', ['carousel', 'r1'], {});

  const campaigns = await Promise.all([campaign(), campaign()]);
  const calls = await Promise.all([call(), call()]);

  expect(campaigns.map(({ said }) => Number(said[0]?.rows ?? 0)).reduce((sum, rows) => sum + rows)).toBe(6);
  expect(calls.filter(({ said }) => said[0]?.kind === 'called')).toHaveLength(1);
  await eventually(() => expect(dialled().filter((number) => number !== '+13035550111')).toHaveLength(5), 10_000);
  expect(dialled().filter((number) => number === '+13035550111')).toHaveLength(2);
});

it('finds a campaign whose answer was lost, instead of sending it again', async () => {
  await put('faults', { loseAnswers: 1 });

  const { code, said } = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });
  const again = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });

  expect(code).toBe(0);
  expect(said[0]).toMatchObject({ rows: 6, campaignId: expect.stringMatching(/^camp_/) });
  expect(again.said[0]).toMatchObject({ rows: 0, before: 6 });
  await eventually(() => expect(dialled()).toHaveLength(6), 10_000);
});

it('takes up what a process left that ended before it sent: not at once, and nobody twice', async () => {
  await put('faults', { failWrites: 1, status: 503 });
  const cut = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });
  const early = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });
  leaptMs += 130_000;
  const late = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });

  expect(cut.code).toBe(1);
  expect(early).toMatchObject({ code: 1, said: [{ hint: expect.stringContaining('two minutes') }] });
  expect(late).toMatchObject({ code: 0, said: [{ rows: 6, before: 0, unsure: 0, batch: 'Autumn' }] });
  await eventually(() => expect(dialled()).toHaveLength(6), 10_000);
});

it('lets the leads go again when the platform refuses the campaign', async () => {
  await put('faults', { failWrites: 1, status: 400 });

  const refused = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });
  const again = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });

  expect(refused).toMatchObject({ code: 1, said: [{ ok: false, hint: expect.any(String) }] });
  expect(again.said[0]).toMatchObject({ rows: 6, before: 0 });
});

it('claims nobody for a name that somebody else gave to a campaign of SigmaMind', async () => {
  const file = Buffer.from('Phone Number\n+13035550188\n').toString('base64');
  await fetch(`${simulator.url}/v1/campaigns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'key-1' },
    body: JSON.stringify({ campaignName: 'Autumn', sipPhoneNumber: own, agentId: 'agent_1', file }),
  });

  const taken = await run('campaign', ['carousel'], { list: 'people', name: 'Autumn' });
  const other = await run('campaign', ['carousel'], { list: 'people', name: 'Winter' });

  expect(taken).toMatchObject({ code: 1, said: [{ hint: expect.stringContaining('--name') }] });
  expect(other.said[0]).toMatchObject({ rows: 6 });
});

it('only looks, or writes a file, when it is told to', async () => {
  const file = join(patchbay.folder, 'leads.csv');

  const trial = await run('campaign', ['carousel'], { list: 'people', dryRun: true });
  const facts = await patchbay.app.deps.store.callsRegistered({
    dialer: 'carousel',
    from: '2026-01-01T00:00:00.000Z',
    before: '2030-01-01T00:00:00.000Z',
  });
  const written = await run('campaign', ['carousel'], { list: 'people', csv: file });
  const over = await run('campaign', ['carousel'], { list: 'people', name: 'Other', csv: file });

  expect(await run('campaign', ['carousel'], { list: 'nobody' })).toMatchObject({ code: 1, said: [{ ok: false }] });
  expect(await run('campaign', ['carousel'], {})).toMatchObject({ code: 1, said: [{ ok: false }] });
  expect(trial.said[0]).toMatchObject({ rows: 6, dryRun: true });
  expect(facts).toEqual([]);
  expect(written.said[0]).toMatchObject({ rows: 6 });
  const [head, ada] = readFileSync(file, 'utf8').split('\r\n');
  expect(head).toBe('Phone Number,correlation_id,dialer,first_name,lead_id');
  expect(ada).toMatch(/^\+13035550111,[0-9a-z]{14},carousel,Ada,r1$/);
  expect(over).toMatchObject({ code: 1, said: [{ hint: expect.stringContaining('does not exist') }] });
  expect(dialled()).toEqual([]);
});

it('waits for the time that a campaign is scheduled for', async () => {
  const later = new Date(clock.now() + 3_600_000).toISOString();

  await run('campaign', ['carousel'], {
    list: 'people',
    name: 'Autumn',
    date: later.slice(0, 10),
    time: later.slice(11, 16),
    zone: 'UTC',
  });

  const status = await run('campaign', ['status', 'Autumn'], {});
  expect(status.said[0]).toMatchObject({ waiting: 6, isThrough: false, batches: [{ status: 'scheduled' }] });
  expect(dialled()).toEqual([]);
});

it('calls one lead, and finds it again when the answer was lost', async () => {
  simulator.setBehaviours({
    '3035550111': {
      ringSec: 2,
      talkSec: 2,
      analysis: null,
      analysisAfterSec: 0,
      commit: { outcome: 'not_interested', summary: 'No.' },
    },
  });
  await put('faults', { loseAnswers: 1 });

  const first = await run('call', ['carousel', 'r1'], { watch: true });
  const again = await run('call', ['carousel', 'r1'], {});

  expect(first).toMatchObject({
    code: 0,
    said: expect.arrayContaining([{ status: 'ended', reason: 'agent_ended_call' }]),
  });
  expect(first.said[0]).toMatchObject({ kind: 'called', callId: expect.stringMatching(/^call_/) });
  expect(first.said.at(-1)).toEqual({ outcome: 'not_interested' });
  expect(again.said).toMatchObject([{ kind: 'before' }]);
  expect(dialled()).toEqual(['+13035550111']);
  await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'), 10_000);
});

it('learns by reconciliation what no webhook told, and takes no silence of a call that nobody placed yet for an end', async () => {
  await put('wiring', { webhookUrl: 'http://127.0.0.1:1/nobody' });
  simulator.setBehaviours({ '3035550111': { ringSec: 2, dialled: 'busy' } });
  const inTwoDays = new Date(clock.now() + 2 * 86_400_000).toISOString();
  const schedule = { date: inTwoDays.slice(0, 10), time: inTwoDays.slice(11, 16), zone: 'UTC' };

  await run('call', ['carousel', 'r1'], { watch: true });
  await run('campaign', ['carousel'], { list: 'people', name: 'Autumn', ...schedule });
  leaptMs += 86_400_000;
  const report = await reconcile(patchbay.app.deps, { signal: new AbortController().signal });

  expect(report).toMatchObject({ silent: 0, unread: [] });
  await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'), 10_000);
  const waiting = await run('campaign', ['status', 'Autumn'], {});
  expect(waiting.said[0]).toMatchObject({ rows: 6, waiting: 6, outcomes: {}, isThrough: false });
});

it('tells the agent to connect or end a call by its own means: no dialer has it', async () => {
  const ending = { outcome: 'not_interested' };
  simulator.setBehaviours({ '3035550111': { ringSec: 2, talkSec: 2, analysis: null, transfer: {}, endCall: ending } });

  await run('call', ['carousel', 'r1'], { watch: true });

  expect(simulator.calls()[0]?.steering).toMatchObject([
    { tool: 'transfer', answer: expect.stringContaining('not_with_dialer') },
    { tool: 'end-call', answer: expect.stringContaining('"next":"end_call"') },
  ]);
  expect(dialer.orders()).toBe(0);
  await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'), 10_000);
});

it('does not call again while nobody can tell, and does once the list shows that no call was made', async () => {
  await put('faults', { failNext: 4, status: 503 });

  const cut = await run('call', ['carousel', 'r1'], {});
  const unsure = await run('call', ['carousel', 'r1'], {});
  await run('call', ['carousel', 'r2'], {});
  leaptMs += 70_000;
  const sure = await run('call', ['carousel', 'r1'], {});

  expect(cut.code).toBe(1);
  const hint = expect.stringMatching(/--name "call 2026-11-\d\d"/);
  expect(unsure).toMatchObject({ code: 1, said: [{ kind: 'unsure', hint }] });
  expect(sure).toMatchObject({ code: 0, said: [{ kind: 'called' }] });
  expect(dialled()).toEqual(['+13035550111', '+13035550112']);
});

it('does not call who opted out, whom nobody knows, or without a number to call from', async () => {
  await optOut('+13035550111');

  expect(await run('call', ['carousel', 'r1'], {})).toMatchObject({
    code: 1,
    said: [{ kind: 'refused', why: 'opt_out' }],
  });
  expect(await run('call', ['carousel', 'none'], {})).toMatchObject({ code: 1, said: [{ ok: false }] });
  expect(await run('call', ['carousel', 'r2'], { from: '555' })).toMatchObject({ code: 1, said: [{ ok: false }] });
  expect(dialled()).toEqual([]);
});

/** As `npx patchbay sigmamind <name> … --json`. */
async function run(name: string, words: string[], options: Record<string, unknown>) {
  const platform = patchbay.app.instances.find(({ id }) => id === 'sigmamind');
  const command = platform?.commands?.find((each) => each.name === name);
  const said: Record<string, unknown>[] = [];
  const output = { write: (line: string) => said.push(JSON.parse(line)), isTerminal: false, isJson: true };
  const code = await command?.run(words, options, output);
  return { code, said };
}

function dialled(): string[] {
  return simulator
    .calls()
    .map(({ to, from }) => (from === own ? to : from))
    .sort();
}

async function optOut(phone: string): Promise<void> {
  const at = instantOf(clock);
  const leg = {
    ...{ dialer: 'carousel', callKey: 'mu-x', campaign: 'Autumn', list: '', leadKey: '', number: phone, phone },
    ...{ agent: '', calledAt: at },
  };
  const refs = [{ instance: 'carousel', kind: 'call-id', key: 'mu-x' }];
  const registered = { kind: 'registered', leg, via: 'register', route: 'ai', reason: '', fields: {} } as const;
  const committed = { kind: 'committed', outcome: 'opt_out', summary: '', fields: {} } as const;
  const entries = [registered, committed].map((body) => ({
    fact: { refs, source: 'carousel', key: body.kind, at, body },
    ...{ receivedAt: at, freshId: '', isAnnounced: false, expiresAt: at },
  }));
  const freshId = mintCorrelationId((count) => new Uint8Array(count));
  await patchbay.app.deps.store.recordFacts({ facts: entries.map((entry) => ({ ...entry, freshId })), now: at });
}

async function put(lever: 'wiring' | 'faults', body: z.input<typeof Faults> | object): Promise<void> {
  await fetch(`${simulator.url}/_sim/${lever}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

import { setTimeout as wait } from 'node:timers/promises';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import type { Dialer } from '../../src/domain/dialer.ts';
import type { Platform } from '../../src/domain/platform.ts';
import { restoredWaitCursor } from '../../src/domain/restored.ts';
import { catchUp } from '../../src/flows/catch-up.ts';
import { confirmHints } from '../../src/flows/confirm-hints.ts';
import { erasePerson } from '../../src/flows/person.ts';
import { type ReconcileOptions, type Reconciliation, reconcile } from '../../src/flows/reconcile.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import type { Behaviour } from '../simulators/sigmamind/options.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../simulators/sigmamind/sigmamind-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { eventToken, keys, platformSection, startTestApp, type TestApp, webhookSecret } from '../support/start-app.ts';

const people = [
  { key: 'r1', number: '3035550111', name: 'Ada', values: {} },
  { key: 'r2', number: '3035550112', name: 'Ben', values: {} },
];
const [ada, ben] = people.map(({ key, number }) => ({ key, number }));
const dispositions = { not_interested: 'gone', qualified: 'sold', hung_up: 'later', opt_out: 'never', unknown: 'done' };
const quick = { talkSec: 0, analysisAfterSec: 0 };
const interested = { analysis: [{ insightName: 'qualification', value: 'Interested' }] };
const never = new AbortController().signal;

let now = Date.parse('2026-11-20T17:00:00.000Z');
const clock = { now: () => now, sleep: (ms: number) => wait(Math.min(ms, 5)) };
const pass = (minutes: number) => {
  now += minutes * 60_000;
};

let dialer: MadeUpServer;
let platform: SigmamindSimulator;
let patchbay: TestApp;
afterEach(async () => {
  await patchbay.stop();
  await platform.stop();
  await dialer.stop();
});

interface Wishes {
  behaviour?: Partial<Behaviour>;
  switches?: object;
  /** Events reach nobody. */
  isDeaf?: boolean;
  confirm?: 'never' | 'ids-only' | 'always';
  reconcile?: object;
}

async function start({ behaviour, switches, isDeaf, confirm = 'ids-only', reconcile = {} }: Wishes): Promise<void> {
  dialer = await startMadeUpServer(people.map((person) => ({ ...person, values: {} })));
  platform = await startSigmamindSimulator({
    clock,
    apiKey: 'key-1',
    signature: { secrets: [webhookSecret] },
    behaviours: { '*': { ...quick, events: { dropAll: isDeaf === true }, ...behaviour } },
    ...(switches && { switches }),
  });
  const section = platformSection({ apiUrl: platform.url, apiKey: 'key-1' });
  patchbay = await startTestApp({
    clock,
    dialers: { carousel: { type: 'made-up', url: dialer.url, campaigns: { Autumn: { dispositions } } } },
    config: {
      platforms: { sigmamind: { ...section, webhook: { ...section.webhook, confirm } } },
      outcomes: { technicalEndWaitSec: 0, humanWaitSec: 0 },
      reconcile,
    },
  });
  await tell('wiring', {
    webhookUrl: `${patchbay.url}/v1/platforms/sigmamind/events/${eventToken}`,
    tools: { commitUrl: `${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, token: keys.tools },
  });
}

async function tell(lever: 'wiring' | 'faults', body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${platform.url}/_sim/${lever}`, { method: 'PUT', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(204);
}

/** A call is registered, and unless it got lost on the way the AI has it until it is over. Gives our ID. */
async function call(person = ada, { isLost = false } = {}): Promise<string> {
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/carousel/register?call_id=mu-${now}&lead_id=${person?.key}&number=${person?.number}&campaign=Autumn`)
    .set('X-API-Key', keys.script);
  const id = String(answer.body.correlation_id);
  if (isLost) return id;
  const headers = { 'X-correlation_id': id };
  const { callId } = platform.placeSipCall({ to: '+13035550199', from: `+1${person?.number}`, headers });
  await eventually(() => expect(platform.calls().find((each) => each.callId === callId)?.isDone).toBe(true));
  return id;
}

function run(options: Partial<ReconcileOptions> = {}): Promise<Reconciliation> {
  // What is settled in this very moment is the next run's.
  pass(1);
  return reconcile(patchbay.app.deps, { signal: never, ...options });
}
/** The same, with a platform or dialer that behaves differently in something. */
function depsWith({ platform: ofPlatform, dialer: ofDialer }: { platform?: object; dialer?: object }) {
  const { deps } = patchbay.app;
  const platforms = new Map([['sigmamind', { ...deps.platforms.get('sigmamind'), ...ofPlatform } as Platform]]);
  const dialers = new Map([['carousel', { ...deps.dialers.get('carousel'), ...ofDialer } as Dialer]]);
  return { ...deps, platforms, dialers };
}
const outcomeOf = async (id: string) => (await patchbay.app.deps.store.callById(id))?.outcome;
const statusOf = (person = ada) => dialer.records.get(person?.key ?? '')?.values.disposition;
const findings = () => patchbay.app.deps.store.attention({ kind: 'finding', isOpen: true, limit: 10 });
const settled = () =>
  eventually(async () => {
    const rows = await patchbay.app.deps.store.writeBacks({ states: ['pending', 'claimed', 'submitted'], limit: 10 });
    expect(rows).toEqual([]);
  });

describe('calls whose webhooks never came', () => {
  it("are told by the platform's own record", async () => {
    await start({ isDeaf: true, switches: { analysisInCallRecord: true }, behaviour: interested });
    const id = await call();
    pass(600);

    const report = await run();

    expect(report).toMatchObject({ platformCalls: 1, factsAdded: 3, unmatched: 0, silent: 0, unread: [] });
    expect(await outcomeOf(id)).toMatchObject({ code: 'qualified', basis: 'analysis' });
    await eventually(() => expect(statusOf()).toBe('sold'));
    expect(await run()).toMatchObject({ factsAdded: 0 });
  });

  it('are not a night late: a light look finds them some minutes on', async () => {
    await start({ isDeaf: true, behaviour: { terminationReason: 'voicemail' } });
    const id = await call();
    expect(await catchUp(patchbay.app.deps, never)).toBe(0);
    pass(6);

    const added = await catchUp(patchbay.app.deps, never);

    expect(added).toBe(2);
    expect(await outcomeOf(id)).toMatchObject({ code: 'voicemail', basis: 'technical' });
    expect(await catchUp(patchbay.app.deps, never)).toBe(0);
  });

  it('are asked for by their name where one event has told it, though the list does not show them', async () => {
    await start({ isDeaf: true });
    const id = await call();
    const [callId] = platform.calls().map((each) => each.callId);
    const data = { callId, startTime: new Date(now).toISOString(), dynamicVariables: { correlation_id: id } };
    await patchbay.postEvent({ event: 'conversation_started', data });
    pass(6);

    const added = await catchUp(depsWith({ platform: { listCalls: undefined } }), never);

    expect(added).toBe(1);
    expect(await outcomeOf(id)).toMatchObject({ code: 'hung_up' });
  });

  it('count once, also when the webhook comes after all', async () => {
    await start({ isDeaf: true });
    const id = await call();
    pass(600);
    await run();
    const [callId] = platform.calls().map((each) => each.callId);
    const data = { callId, status: 'ended', terminationReason: 'busy', dynamicVariables: { correlation_id: id } };

    const late = await (await patchbay.postEvent({ event: 'conversation_ended', data })).json();

    expect(late).toEqual({ result: 'duplicate' });
    expect(await outcomeOf(id)).toMatchObject({ code: 'hung_up' });
  });

  it('are unknown where no system holds anything, and only then', async () => {
    await start({ isDeaf: true });
    const gone = await call(ada, { isLost: true });
    pass(1);
    const kept = await call(ben);
    pass(100);
    const early = await run();
    expect(early).toMatchObject({ callsWithoutEnd: 0, silent: 0 });
    pass(200);

    const report = await run();

    expect(report).toMatchObject({ callsWithoutEnd: 1, silent: 1 });
    expect(await outcomeOf(gone)).toMatchObject({ code: 'unknown', basis: 'silence' });
    expect(await outcomeOf(kept)).toMatchObject({ code: 'hung_up' });
    await eventually(() => expect(statusOf()).toBe('done'));
  });

  it('are told by the dialer where a person ended them', async () => {
    await start({ isDeaf: true });
    const id = await call(ada, { isLost: true });
    const record = dialer.records.get('r1');
    if (record) record.values.human = 'sold';
    pass(300);

    const report = await run();

    expect(report).toMatchObject({ callsWithoutEnd: 1, silent: 0, movedOn: 1 });
    expect(await outcomeOf(id)).toMatchObject({ code: 'qualified', basis: 'human' });
  });

  it('wait while the platform can not be asked: nothing is called unknown, and the next run catches up', async () => {
    await start({ isDeaf: true });
    const id = await call();
    await platform.stop();
    pass(300);

    const report = await run();

    expect(report).toMatchObject({ unread: ['sigmamind'], silent: 0, callsWithoutEnd: 1 });
    expect(await outcomeOf(id)).toBeNull();
    expect(await findings()).toMatchObject([{ key: expect.stringMatching(/^unread:sigmamind:/) }]);
    pass(40 * 60);
    expect((await run()).since).toBe(report.since);
  });

  it('are caught up though somebody looked at less by hand meanwhile', async () => {
    await start({ isDeaf: true });
    const listCalls = async () => {
      throw new Error('away');
    };
    const cutOff = await reconcile(depsWith({ platform: { listCalls } }), { signal: never });
    pass(60);

    const byHand = await run({ since: new Date(now - 30 * 60_000).toISOString() });
    pass(40 * 60);

    expect([cutOff.unread, byHand.unread]).toEqual([['sigmamind'], []]);
    expect((await run()).since).toBe(cutOff.since);
  });

  it('end the wait after a restored backup once every platform told of them, however old it is', async () => {
    await start({});
    const { store } = patchbay.app.deps;
    const begin = now;
    await store.doubtOpenRows(new Date(begin).toISOString());
    pass(30 * 24 * 60);
    const waits: string[] = [];
    const look = async () => waits.push(await store.readCursor(restoredWaitCursor));
    const listCalls = async () => {
      throw new Error('away');
    };

    await reconcile(depsWith({ platform: { listCalls } }), { signal: never });
    await look();
    await run({ isDryRun: true });
    await look();
    await run({ since: new Date(now - 30 * 60_000).toISOString() });
    await look();
    const report = await run();
    await look();

    const [since, before] = [begin, begin - 3_600_000].map((at) => new Date(at).toISOString());
    expect(waits).toEqual([since, since, since, '']);
    expect(report.since).toBe(before);
  });

  it('wait a week at most for a platform that can never be read to the end', async () => {
    await start({ isDeaf: true });
    await platform.stop();
    await run();
    pass(30 * 24 * 60);

    const report = await run();

    expect(report.since).toBe(new Date(now - 7 * 86_400_000).toISOString());
  });

  it('are told though the record of another call can not be read', async () => {
    await start({ isDeaf: true, switches: { variablesInCallRecord: false } });
    await call(ada);
    pass(1);
    // The newest is listed first.
    await call(ben);
    pass(300);
    const bens = platform.calls().at(-1);
    const read = patchbay.app.deps.platforms.get('sigmamind')?.readCall;
    const readCall = async (key: string) => {
      if (key === bens?.callId) throw new Error('500');
      return (await read?.(key)) ?? null;
    };

    const report = await reconcile(depsWith({ platform: { readCall } }), { signal: never });

    expect(report).toMatchObject({ platformCalls: 1, unread: ['sigmamind'], silent: 0 });
  });

  it('are counted by a dry run as the real one does', async () => {
    await start({ isDeaf: true });
    await call(ada);
    pass(1);
    await call(ben, { isLost: true });
    pass(600);

    const dry = await run({ isDryRun: true });
    const real = await reconcile(patchbay.app.deps, { signal: never });

    const counts = { platformCalls: 1, unmatched: 0, callsWithoutEnd: 1, silent: 1 };
    expect([dry, real]).toMatchObject([counts, counts]);
  });
});

describe('conversations of others in the same workspace', () => {
  it('are read in full once, however often we look for a call that is missing', async () => {
    await start({ isDeaf: true, switches: { variablesInCallRecord: false } });
    await call(ada, { isLost: true });
    const { callId } = platform.placeSipCall({ to: '+13035550198', from: '+13035550188', headers: {} });
    await eventually(() => expect(platform.calls().find((each) => each.callId === callId)?.isDone).toBe(true));
    pass(6);
    const asked: string[] = [];
    const read = patchbay.app.deps.platforms.get('sigmamind')?.readCall;
    const readCall = async (key: string) => {
      asked.push(key);
      return (await read?.(key)) ?? null;
    };
    const deps = depsWith({ platform: { readCall } });

    const added = [await catchUp(deps, never), await catchUp(deps, never), await catchUp(deps, never)];

    expect(asked).toEqual([callId]);
    expect(added.slice(1)).toEqual([0, 0]);
  });
});

describe('a person who was erased', () => {
  const erase = () => {
    const { deps } = patchbay.app;
    return erasePerson(deps, { phone: '+13035550111', by: 'cli:ada', isDryRun: false });
  };
  const isHeldThere = async (callId = '') =>
    (await fetch(`${platform.url}/v1/calls/${callId}`, { headers: { 'X-API-Key': 'key-1' } })).status === 200;

  it('does not come back by a record that the platform never told us of, and the record goes', async () => {
    await start({ isDeaf: true, switches: { analysisInCallRecord: true }, behaviour: interested });
    const id = await call();
    const [{ callId } = { callId: '' }] = platform.calls();
    expect(await erase()).toMatchObject({ calls: 1, platformCalls: 0, left: [] });
    pass(300);

    const dry = await run({ isDryRun: true });
    expect(await isHeldThere(callId)).toBe(true);
    const report = await run();

    expect([dry, report]).toMatchObject([
      { erased: 1, factsAdded: 0 },
      { erased: 1, factsAdded: 0, unread: [] },
    ]);
    expect([await patchbay.app.deps.store.callById(id), await isHeldThere(callId)]).toEqual([null, false]);
  });

  it('keeps no more than the evidence of an opt-out, though the record is there still', async () => {
    const optOut = { commit: { outcome: 'opt_out', summary: 'Please stop', fields: {} } };
    await start({ isDeaf: true, switches: { analysisInCallRecord: true }, behaviour: { ...interested, ...optOut } });
    const id = await call();
    await settled();
    expect(await erase()).toMatchObject({ keptAsEvidence: 1, left: [] });
    pass(300);

    const report = await run();

    const kinds = (await patchbay.app.deps.store.factsOf(id)).map(({ body }) => body.kind).sort();
    expect(kinds).toEqual(['committed', 'erased', 'registered']);
    expect(report).toMatchObject({ erased: 1, factsAdded: 0 });
  });

  it('does not come back by an event that waits for its record', async () => {
    await start({ isDeaf: true });
    const id = await call();
    const [{ callId } = { callId: '' }] = platform.calls();
    await erase();
    await patchbay.postEvent({ event: 'conversation_ended', data: { callId } });

    await confirmHints(patchbay.app.deps, never);

    const { store } = patchbay.app.deps;
    const since = new Date(now - 86_400_000).toISOString();
    expect(await store.callById(id)).toBeNull();
    expect(await store.shellsNamed({ kind: 'hint', since, limit: 10 })).toEqual([]);
  });

  it('goes again by the morning where a late event brought the call back', async () => {
    await start({ isDeaf: true });
    const id = await call();
    const [{ callId } = { callId: '' }] = platform.calls();
    await erase();
    const data = {
      callId,
      status: 'ended',
      recordingUrl: 'https://a.example',
      dynamicVariables: { correlation_id: id },
    };
    await patchbay.postEvent({ event: 'conversation_ended', data });
    expect(await patchbay.app.deps.store.callById(id)).not.toBeNull();

    await run();

    expect(await patchbay.app.deps.store.callById(id)).toBeNull();
  });
});

describe('what the dialer holds', () => {
  it('is written again when it was lost, once', async () => {
    await start({ behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } } });
    await call();
    await eventually(() => expect(statusOf()).toBe('gone'));
    await settled();
    delete dialer.records.get('r1')?.values.disposition;

    const dry = await run({ isDryRun: true });
    expect(statusOf()).toBeUndefined();
    const report = await run();

    expect([dry.lost, report.lost, report.lookedAt]).toEqual([1, 1, 1]);
    await eventually(() => expect(statusOf()).toBe('gone'));
    await settled();
    expect(await run()).toMatchObject({ lost: 0, lookedAt: 1 });
    expect((await dialer.journal()).filter(({ isChange }) => !isChange)).toEqual([]);
  });

  it('is not written a third time: what takes it back must be found by a person', async () => {
    await start({ behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } } });
    const id = await call();
    await eventually(() => expect(statusOf()).toBe('gone'));
    await settled();
    for (let times = 0; times < 2; times += 1) {
      delete dialer.records.get('r1')?.values.disposition;
      await run();
      await settled();
    }

    expect(statusOf()).toBeUndefined();
    expect(await findings()).toMatchObject([{ correlationId: id, key: expect.stringMatching(/^lost-again:/) }]);
  });

  it('is written again in any case where it is an opt-out', async () => {
    await start({ behaviour: { commit: { outcome: 'opt_out', summary: '', fields: {} } } });
    await call();
    for (let times = 0; times < 2; times += 1) {
      await eventually(() => expect(dialer.dnc.has('+13035550111')).toBe(true));
      await settled();
      dialer.dnc.clear();
      await run();
    }

    await eventually(() => expect(dialer.dnc.has('+13035550111')).toBe(true));
  });

  it('stands where a person moved it on: their word is kept, and the plan yields', async () => {
    await start({ behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } } });
    const id = await call();
    await eventually(() => expect(statusOf()).toBe('gone'));
    await settled();
    const record = dialer.records.get('r1');
    if (record) record.values.human = 'sold';

    const report = await run();

    expect(report).toMatchObject({ movedOn: 1, lost: 0 });
    expect(await outcomeOf(id)).toMatchObject({ code: 'qualified', basis: 'human' });
    expect(statusOf()).toBe('gone');
  });

  it('is left alone where so much seems lost that a person must decide', async () => {
    await start({ behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } } });
    for (let count = 0; count < 21; count += 1) {
      dialer.records.set(`p${count}`, { key: `p${count}`, number: '3035550150', name: 'Pat', values: {} });
      await call({ key: `p${count}`, number: '3035550150' });
      pass(1);
    }
    await settled();
    for (const record of dialer.records.values()) record.values = {};

    const report = await run();
    const asked = await run({ healsAll: true });

    expect(report).toMatchObject({
      lost: 21,
      findings: [{ key: expect.stringMatching(/^many-lost:carousel:disposition:\d{4}-\d\d-\d\d$/) }],
    });
    expect(await findings()).toHaveLength(1);
    expect(asked).toMatchObject({ lost: 21, findings: [] });
    await eventually(() => expect(dialer.records.get('p20')?.values.disposition).toBe('gone'));
  }, 20_000);

  it('is left alone where much seems lost of the little that the dialer can tell', async () => {
    await start({
      behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } },
      reconcile: { maxLostPercent: 60 },
    });
    for (let count = 0; count < 36; count += 1) {
      dialer.records.set(`p${count}`, { key: `p${count}`, number: '3035550150', name: 'Pat', values: {} });
      await call({ key: `p${count}`, number: '3035550150' });
      pass(1);
    }
    await settled();
    for (let count = 0; count < 36; count += 1) {
      const record = dialer.records.get(`p${count}`);
      if (record) record.values = count < 21 ? {} : { disposition: 'sold' };
    }

    const report = await run();

    expect(report).toMatchObject({ lookedAt: 36, lost: 21, unknown: 15 });
    expect(report.findings).toMatchObject([{ key: expect.stringContaining('many-lost:carousel:disposition') }]);
  }, 30_000);

  it('is asked about again when the dialer takes questions again, and not waited for all night', async () => {
    await start({ behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } } });
    await call();
    await eventually(() => expect(statusOf()).toBe('gone'));
    await settled();
    delete dialer.records.get('r1')?.values.disposition;
    pass(1);
    const { look } = patchbay.app.deps.dialers.get('carousel') ?? {};
    const busyFor = (hours: number, times: number): Dialer['look'] => {
      const askAgainAt = new Date(now + hours * 3_600_000).toISOString();
      let asked = 0;
      return async (rows, signal) => {
        asked += 1;
        if (asked > times) return (await look?.(rows, signal)) ?? new Map();
        return new Map(rows.map(({ id }) => [id, { kind: 'unknown', why: 'used up', askAgainAt } as const]));
      };
    };

    const dropped = await reconcile(depsWith({ dialer: { look: busyFor(5, 1) } }), { signal: never });
    const waited = await reconcile(depsWith({ dialer: { look: busyFor(1, 2) } }), { signal: never });

    expect(dropped).toMatchObject({ lookedAt: 1, lost: 0, unknown: 1 });
    expect(waited).toMatchObject({ lookedAt: 1, lost: 1, unknown: 0 });
    await eventually(() => expect(statusOf()).toBe('gone'));
  });

  it('is left to the next run when the lease is lost in the middle', async () => {
    await start({ behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } } });
    await call();
    await eventually(() => expect(statusOf()).toBe('gone'));
    await settled();
    delete dialer.records.get('r1')?.values.disposition;
    pass(1);
    const lease = new AbortController();
    const { look } = patchbay.app.deps.dialers.get('carousel') ?? {};
    const losing: Dialer['look'] = async (rows, signal) => {
      lease.abort();
      return (await look?.(rows, signal)) ?? new Map();
    };

    const cutOff = await reconcile(depsWith({ dialer: { look: losing } }), { signal: lease.signal });
    const { store } = patchbay.app.deps;
    const pending = await store.writeBacks({ states: ['pending', 'claimed', 'submitted'], limit: 10 });
    const next = await run();

    expect(cutOff).toMatchObject({ lost: 0, unread: ['carousel'], findings: [] });
    expect(pending).toEqual([]);
    expect(next).toMatchObject({ lost: 1, since: cutOff.since });
    await eventually(() => expect(statusOf()).toBe('gone'));
  });

  it('is not judged while the dialer is away', async () => {
    await start({ behaviour: { commit: { outcome: 'not_interested', summary: '', fields: {} } } });
    await call();
    await settled();
    dialer.failNext('down', 50);

    const report = await run().finally(() => dialer.heal());

    expect(report).toMatchObject({ lost: 0, unread: ['carousel'] });
  });
});

describe('an event that counts only with its record', () => {
  const idsOnly = { payloadStyle: 'ids-only', analysisInCallRecord: true };

  it('of bare ids is completed by it', async () => {
    await start({ switches: idsOnly, behaviour: { ...interested, terminationReason: 'user_ended_call' } });
    const id = await call();
    expect(await outcomeOf(id)).toBeNull();

    await confirmHints(patchbay.app.deps, never);

    expect(await outcomeOf(id)).toMatchObject({ code: 'qualified', basis: 'analysis' });
    expect(await confirmHints(patchbay.app.deps, never)).toBe(0);
  });

  it('waits in the store while the platform is away', async () => {
    await start({ switches: idsOnly });
    const id = await call();
    await tell('faults', { failNext: 1000 });
    await confirmHints(patchbay.app.deps, never);
    expect(await outcomeOf(id)).toBeNull();
    await tell('faults', { failNext: 0 });

    await confirmHints(patchbay.app.deps, never);

    expect(await outcomeOf(id)).toMatchObject({ code: 'hung_up' });
  });

  it('is asked about ever more rarely, while others get their turn, and is shown in the morning', async () => {
    await start({ confirm: 'always' });
    // The app's own job gets no answer meanwhile.
    await tell('faults', { failNext: 100_000 });
    const asked: string[] = [];
    const record = { callKey: '', createdAt: '', isOver: false, events: [], transcript: '' };
    const readCall = async (key: string) => {
      asked.push(key);
      return record;
    };
    const deps = depsWith({ platform: { readCall, listCalls: undefined } });
    for (let count = 0; count < 52; count += 1) {
      const data = { callId: `call_${count}`, status: 'ended' };
      await patchbay.postEvent({ event: 'conversation_ended', data });
    }
    const pace = { notBefore: new Map<string, number>(), farAt: 0 };

    await confirmHints(deps, never, pace);
    const first = asked.splice(0).length;
    await confirmHints(deps, never, pace);
    const second = asked.splice(0).length;
    pass(2);
    const report = await reconcile(deps, { signal: never });
    pass(61);
    const late = await reconcile(deps, { signal: never });
    pass(60);
    asked.splice(0);
    await confirmHints(deps, never, { ...pace, farAt: now });
    const near = asked.splice(0).length;
    await confirmHints(deps, never, pace);
    const far = asked.splice(0).length;

    expect([first, second, report.findings]).toEqual([50, 2, []]);
    expect([near, far]).toEqual([0, 50]);
    expect(late.findings).toMatchObject([
      { key: expect.stringMatching(/^hints-wait:/), details: { why: expect.stringMatching(/^52 events/) } },
    ]);
  });

  it('does not wait for ever behind one whose record can not be read', async () => {
    await start({ confirm: 'always', isDeaf: true });
    const id = await call();
    const [{ callId } = { callId: '' }] = platform.calls();
    const ended = (ofCall: string) =>
      patchbay.postEvent({ event: 'conversation_ended', data: { callId: ofCall, status: 'ended' } });
    await ended('call_bad');
    pass(1);
    await ended(callId);
    const read = patchbay.app.deps.platforms.get('sigmamind')?.readCall;
    const readCall = async (key: string) => {
      if (key === 'call_bad') throw new Error('500');
      return (await read?.(key)) ?? null;
    };
    const deps = depsWith({ platform: { readCall } });
    const pace = { notBefore: new Map<string, number>(), farAt: 0 };

    await confirmHints(deps, never, pace);

    // An event that came by way of the spool is in the store a moment later.
    await eventually(async () => {
      await confirmHints(deps, never, pace);
      expect(await outcomeOf(id)).toMatchObject({ code: 'hung_up' });
    });
  });

  it('keeps what only the event says, where every event is confirmed', async () => {
    await start({ confirm: 'always', behaviour: interested });
    const id = await call();

    await confirmHints(patchbay.app.deps, never);

    expect(await outcomeOf(id)).toMatchObject({ code: 'qualified', basis: 'analysis' });
  });

  it('moves nothing when the platform does not know its call, though it is signed, and is shown', async () => {
    await start({ confirm: 'always' });
    const id = await call(ada, { isLost: true });
    const data = { callId: 'call_forged', status: 'failed', dynamicVariables: { correlation_id: id } };
    await patchbay.postEvent({ event: 'conversation_ended', data });

    await confirmHints(patchbay.app.deps, never);
    expect(await findings()).toEqual([]);
    pass(3);
    await confirmHints(patchbay.app.deps, never);

    expect(await outcomeOf(id)).toBeNull();
    expect(await findings()).toMatchObject([{ key: 'unknown-call:sigmamind:call_forged' }]);
  });
});

it('shows where the record contradicts what a webhook said', async () => {
  await start({ isDeaf: true });
  const id = await call();
  const [callId] = platform.calls().map((each) => each.callId);
  const data = { callId, status: 'failed', terminationReason: 'failed', dynamicVariables: { correlation_id: id } };
  await patchbay.postEvent({ event: 'conversation_ended', data });

  const report = await run();

  expect(report.findings).toMatchObject([{ key: `contradiction:sigmamind:${callId}`, correlationId: id }]);
});

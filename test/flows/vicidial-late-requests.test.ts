import { setTimeout as wait } from 'node:timers/promises';
import request from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import type { WriteBackTarget } from '../../src/domain/write-back.ts';
import { liftControl, setControl } from '../../src/flows/set-control.ts';
import { undoOptOut } from '../../src/flows/undo-opt-out.ts';
import { type ApiGate, startApiGate } from '../contract/dialers/api-gate.ts';
import { startVicidialFixture, type VicidialFixture } from '../contract/dialers/vicidial-fixture.ts';
import { eventually } from '../support/eventually.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

/** The gate passes a request on so long after it came, which is after Patchbay has given it up. */
const timeoutMs = 400;
const lateMs = 1200;
const effectMs = 500;

let site: VicidialFixture;
let gate: ApiGate;
let patchbay: TestApp;

beforeAll(async () => {
  site = await startVicidialFixture();
});
afterAll(() => site.stop());

beforeEach(async () => {
  gate = await startApiGate(site.simulator.url);
  const settings = site.settings();
  Object.assign(settings, {
    api: { ...(settings.api as object), url: `${gate.url}/vicidial/non_agent_api.php`, timeoutMs },
    settle: { lateSec: 2 },
  });
  patchbay = await startTestApp({ registry: connectors, clock: site.clock, dialers: { vicidial: settings } });
});
afterEach(async () => {
  await patchbay.stop();
  await gate.stop();
});

async function registered({ callKey, number }: WriteBackTarget): Promise<string> {
  const answer = await request(patchbay.url)
    .get(`/v1/ivr/vicidial/register?call_id=${callKey}&number=${number}&campaign=SPRING&list=101`)
    .set('X-API-Key', keys.script);
  return String(answer.body.correlation_id);
}

const commit = (body: object) =>
  request(patchbay.url)
    .post('/v1/platforms/sigmamind/tools/commit-outcome')
    .set('Authorization', `Bearer ${keys.tools}`)
    .send(body);

const rowsOf = (id: string) => patchbay.app.deps.store.writeBacksOf(id);

/** Holds the next request of a function until Patchbay has given it up. Resolves when it was carried out all the same. */
function carryOutLate(name: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate.before(name, async () => {
    await wait(lateMs);
    setTimeout(resolve, effectMs);
  });
  return promise;
}

/** The dialer's clock runs far ahead of the machine's, so that no wait by it holds anything up. */
async function allHome(id: string): Promise<void> {
  await eventually(async () => {
    await site.pass(300);
    const states = (await rowsOf(id)).map(({ state }) => state);
    expect(states.length).toBeGreaterThan(0);
    expect(states.filter((state) => state !== 'confirmed' && state !== 'superseded')).toEqual([]);
  }, 20_000);
}

const effectsOf = async ({ leadKey, number }: WriteBackTarget) =>
  (await site.journal())
    .filter(({ by, record }) => by === 'api' && [leadKey, number].includes(record))
    .map(({ kind, value }) => `${kind} ${value}`);

it.each([
  { what: 'the log', outcome: 'sale', name: 'update_log_entry' },
  { what: 'a callback', outcome: 'callback', name: 'update_lead' },
])('writes $what once, though the request is carried out after its time-out', async ({ outcome, name }) => {
  const target = await site.endedCall();
  const id = await registered(target);
  const carriedOut = carryOutLate(name);
  const callback = { callback_at: new Date(site.clock.now() + 86_400_000 * 30).toISOString() };

  await commit({ correlation_id: id, outcome, summary: 'Takes two', ...(outcome === 'callback' && callback) });
  await allHome(id);
  await carriedOut;

  expect((await rowsOf(id)).some(({ attempts }) => attempts > 0)).toBe(true);
  const effects = await effectsOf(target);
  expect(effects).toEqual([...new Set(effects)]);
  const { lead, logs, callbacks } = await site.simulator.state({ leadId: Number(target.leadKey) });
  const isCallback = outcome === 'callback';
  expect([lead?.status, logs[0]?.status]).toEqual(isCallback ? ['CBHOLD', 'CALLBK'] : ['SALE', 'SALE']);
  expect(callbacks).toHaveLength(isCallback ? 1 : 0);
});

it('lets a corrected outcome stand that came while an older request was still to be carried out', async () => {
  const target = await site.endedCall();
  const id = await registered(target);
  const carriedOut = carryOutLate('update_log_entry');

  await commit({ correlation_id: id, outcome: 'sale' });
  await eventually(async () => expect((await rowsOf(id)).some(({ inDoubt }) => inDoubt)).toBe(true));
  await commit({ correlation_id: id, outcome: 'opt_out' });
  await allHome(id);
  await carriedOut;

  const { lead, logs, dncLists } = await site.simulator.state({ leadId: Number(target.leadKey) });
  expect([lead?.status, logs[0]?.status, dncLists]).toEqual(['DNC', 'DNC', ['SYSTEM_INTERNAL']]);
  const effects = await effectsOf(target);
  expect(effects).toEqual([...new Set(effects)]);
});

it('takes off again what a pause left half done of an opt-out that is undone meanwhile', async () => {
  const { deps } = patchbay.app;
  const pause = { kind: 'pause', scope: { dialer: 'vicidial', campaign: '', aspect: 'dnc' }, by: 'olga' } as const;
  const target = await site.endedCall();
  // Another lead has the number in another form: VICIdial's list needs an entry for each.
  await site.addLead({ phone: `1${target.number}` });
  const id = await registered(target);
  gate.after('add_dnc_phone', () => setControl(deps, { ...pause, percent: 0, note: 'wrong list' }));
  const entries = async () => {
    const numbers = [target.number, `1${target.number}`] as never;
    return (await site.sql('SELECT phone_number FROM vicidial_dnc WHERE phone_number IN (?)', [numbers])).length;
  };
  const dnc = async () => (await rowsOf(id)).filter(({ aspect }) => aspect === 'dnc');

  await commit({ correlation_id: id, outcome: 'opt_out' });
  await eventually(async () => expect(await dnc()).toMatchObject([{ state: 'pending', inDoubt: true, attempts: 0 }]));
  const halfDone = await entries();
  await undoOptOut(deps, { call: id, by: 'olga', why: 'it was another number' });
  await liftControl(deps, pause);

  expect(halfDone).toBe(1);
  await eventually(async () => {
    await site.pass(300);
    expect((await dnc()).map(({ state }) => state)).toEqual(['cancelled', 'confirmed']);
  }, 20_000);
  expect(await entries()).toBe(0);
});

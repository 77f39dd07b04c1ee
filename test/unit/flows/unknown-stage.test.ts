import { afterEach, beforeEach, expect, it } from 'vitest';
import { correlationRef } from '../../../src/domain/connector.ts';
import { type Control, everywhere } from '../../../src/domain/controls.ts';
import { type ControlWatch, createControlWatch } from '../../../src/flows/control-watch.ts';
import type { Deps } from '../../../src/flows/deps.ts';
import { drainSpool } from '../../../src/flows/drain-spool.ts';
import { outcomeWithin } from '../../../src/flows/read-outcome.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { registerCall } from '../../../src/flows/register-call.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const at = '2026-03-02T16:00:00.000Z';
const inShadow: Control = {
  kind: 'stage',
  scope: { ...everywhere, campaign: 'Autumn' },
  percent: 0,
  note: 'first day',
  by: 'cli:olga',
  at,
};

let open: OpenDeps;
/** A process that began while the store was away. */
let young: Deps;
let controls: ControlWatch;
let isAway: boolean;

beforeEach(async () => {
  open = await openDeps({ clock: { now: () => Date.parse(at), sleep: async () => undefined } });
  isAway = true;
  controls = createControlWatch({
    async read() {
      if (isAway) throw new Error('the store is away');
      return open.deps.store.controls();
    },
    log: open.deps.log,
  });
  const { gate } = open.deps;
  const away = async () => ({ kind: 'away', why: 'test' }) as const;
  young = {
    ...open.deps,
    controls,
    gate: {
      isAway: () => isAway,
      read: (budgetMs, work) => (isAway ? away() : gate.read(budgetMs, work)),
      write: (budgetMs, work) => (isAway ? away() : gate.write(budgetMs, work)),
    },
  };
  await controls.look();
});
afterEach(() => open.close());

function decide(control: Control): Promise<void> {
  const audit = { at, by: control.by, act: 'stage-set', subject: 'Autumn', details: {} };
  return open.deps.store.setControl(control, audit);
}

async function register(): Promise<string> {
  const leg = {
    dialer: 'carousel',
    callKey: 'mu-1',
    campaign: 'Autumn',
    list: '',
    leadKey: '42',
    agent: '',
    number: '',
  };
  const refs = [{ instance: 'carousel', kind: 'call-id', key: 'mu-1' }];
  const sighting = { refs, leg: { ...leg, phone: '+13125550142', calledAt: at }, fields: {} };
  const { correlationId, route } = await registerCall(young, open.dialer, sighting, 'register', 5000);
  expect(route).toBe('ai');
  return correlationId;
}

function sell(id: string): Promise<void> {
  return commit(id, 'sale');
}

async function commit(id: string, outcome: string): Promise<void> {
  const body = { kind: 'committed', outcome, summary: '', fields: {} } as const;
  const fact = { refs: [correlationRef(id)], source: 'mind', key: outcome, at, body };
  await recordFacts(young, [fact], { budgetMs: 5000 });
}

const statesOf = async (id: string) => (await open.deps.store.writeBacksOf(id)).map(({ state }) => state);
const registeredOf = async (id: string) =>
  (await open.deps.store.factsOf(id)).flatMap(({ body }) => (body.kind === 'registered' ? body : []));

it.each([
  ['runs in shadow where people decided so', [inShadow], ['shadow']],
  ['is written to its dialer where nobody did', [], ['pending']],
])('a call that began before the controls could be read %s', async (_what, decided, states) => {
  for (const control of decided) await decide(control);
  const id = await register();
  await sell(id);
  isAway = false;

  await drainSpool(young);

  expect(await statesOf(id)).toEqual(states);
  const [told] = await registeredOf(id);
  expect(told).not.toHaveProperty('stage');
  expect(young.spool.size()).toBe(0);
});

it('is decided, too, where the store is back before the controls were read', async () => {
  await decide(inShadow);
  isAway = false;

  const id = await register();
  await sell(id);

  expect(await statesOf(id)).toEqual(['shadow']);
});

it('what waits on disk goes to no store before the controls are known', async () => {
  await decide(inShadow);
  const id = await register();

  await expect(drainSpool(young)).rejects.toMatchObject({ code: 'store_away', retryable: true });

  expect(young.spool.size()).toBe(1);
  expect(await open.deps.store.callById(id)).toBeNull();
});

it('a script writes nothing meanwhile: it is told the outcome, and no disposition', async () => {
  const id = await register();
  await sell(id);
  const call = young.memory.call(id);
  if (!call) throw new Error('the call is not remembered');
  const asked = { campaign: '', waitMs: 0, endsAt: performance.now() };

  const before = await outcomeWithin(young, open.dialer, call, asked);
  isAway = false;
  await drainSpool(young);
  const after = await outcomeWithin(young, open.dialer, call, asked);

  expect(before).toMatchObject({ status: 'done', outcome: 'sale', route: 'hangup', disposition: '' });
  expect(after).toMatchObject({ status: 'done', disposition: 'sold' });
});

it.each([
  ['not_interested', 'hangup'],
  ['opt_out', 'hangup'],
  ['language', 'skill'],
])('a script does meanwhile with who ended as %s what is safe: %s', async (outcome, route) => {
  const id = await register();
  await commit(id, outcome);
  const call = young.memory.call(id);
  if (!call) throw new Error('the call is not remembered');

  const answer = await outcomeWithin(young, open.dialer, call, { campaign: '', waitMs: 0, endsAt: performance.now() });

  expect(answer).toMatchObject({ status: 'done', outcome, route, disposition: '' });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { correlationRef } from '../../../src/domain/connector.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import { keepEvent } from '../../../src/flows/keep-event.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-20T12:00:00.000Z';
const ended = { kind: 'ended', outcome: 'hung_up', reason: 'user_ended_call' } as const;
const sold = committed('sale');

let open: OpenDeps;
let nudges: number;

beforeEach(async () => {
  open = await openDeps({ clock: { now: () => Date.parse(noon), sleep: async () => undefined } });
  nudges = 0;
  open.deps.nudge = () => {
    nudges += 1;
  };
});
afterEach(() => open.close());

function committed(outcome: string): FactBody {
  return { kind: 'committed', outcome, summary: '', fields: {} };
}

function callKey(key: string) {
  return { instance: 'carousel', kind: 'call', key };
}

/** What is told of a call together. */
async function tell(call: string, ...bodies: FactBody[]) {
  const facts = bodies.map((body) => ({ refs: [callKey(call)], source: 'carousel', key: body.kind, at: noon, body }));
  const result = await recordFacts(open.deps, facts, { budgetMs: 2000 });
  if (result.kind !== 'recorded') throw new Error('the store did not take it');
  return result.results;
}

async function register(call: string): Promise<string> {
  const leg = { dialer: 'carousel', callKey: call, campaign: 'Autumn', list: '', leadKey: 'r1', number: '3035550111' };
  const whole = { ...leg, phone: '+13035550111', agent: '', calledAt: noon };
  const [result] = await tell(call, {
    kind: 'registered',
    leg: whole,
    via: 'register',
    route: 'ai',
    reason: '',
    fields: {},
  });
  return result?.call.correlationId ?? '';
}

it.each<[string, FactBody]>([
  ['the platform tells its end', ended],
  ['people have it', { kind: 'dispositioned', dialer: 'carousel', disposition: 'sold', by: 'grace' }],
  [
    'it is transferred',
    { kind: 'steered', dialer: 'carousel', act: 'transfer', to: '', result: 'done', why: '', commit: '' },
  ],
])('a call is with the AI no more once %s', async (_what, body) => {
  const over: string[] = [];
  open.deps.capacity = { ...open.deps.capacity, ended: (id) => over.push(id) };
  const id = await register('mu-1');
  await tell('mu-1', { kind: 'started' });
  const before = [...over];

  await tell('mu-1', body);

  expect([before, over]).toEqual([[], [id]]);
});

it('wakes the workers once for what is told of a call together, and not for what is held or has to wait', async () => {
  for (const call of ['mu-1', 'mu-2', 'mu-3']) await register(call);

  await tell('mu-1', { kind: 'started' }, sold, ended);
  const afterSale = nudges;
  await tell('mu-2', ended);
  await tell('mu-3', committed('voicemail'));

  expect([afterSale, nudges]).toEqual([1, 1]);
});

it('keeps the first event of a conversation without asking the store whose it was', async () => {
  const id = await register('mu-1');
  const asked: string[] = [];
  const { callByRef } = open.deps.store;
  open.deps.store.callByRef = (ref) => {
    asked.push(ref.kind);
    return callByRef(ref);
  };
  const conversation = { instance: 'sigmamind', kind: 'call-id', key: 'call_1' };
  const event = { refs: [conversation], variables: { correlation_id: id }, key: 'ended:call_1', at: noon, body: ended };

  const kept = await keepEvent(open.deps, 'sigmamind', event);

  expect([kept, asked]).toEqual(['recorded', []]);
  expect(await open.deps.store.refsOf(id)).toEqual(expect.arrayContaining([conversation, correlationRef(id)]));
});

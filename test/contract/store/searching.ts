import { expect, it } from 'vitest';
import type { CallPlace, CallSearch } from '../../../src/domain/call-search.ts';
import type { Store } from '../../../src/store/store.ts';
import { keepCounts } from './counting.ts';
import {
  adasNumber,
  callerCode,
  callWithOutcome,
  committed,
  entry,
  five9Call,
  legOf,
  ours,
  record,
  registered,
  registration,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const codes = ['sale', 'callback', 'not_interested', ''];
const campaigns = ['SPRING', 'SPRING', 'SPRING', 'WINTER'];
const agents = ['agent_1', 'agent_1', 'agent_2'];

/** How people look for calls. */
export function itIsSearched(database: StoreUnderTest): void {
  it('finds calls by number, lead, and person, newest first', async () => {
    const store = await database.open();
    const first = await callWithOutcome(store, 'V1');
    const second = (await record(store, registered('V2', { receivedAt: minutesAfterNoon(2) }))).call.correlationId;
    await record(
      store,
      entry([five9Call('7')], 'registered:7', registration(legOf('7', { dialer: 'five9', phone: '+13125550177' })), {
        source: 'five9',
        receivedAt: minutesAfterNoon(3),
      }),
    );
    const body = { kind: 'dispositioned', dialer: 'vicidial', disposition: 'SALE', by: 'grace' } as const;
    await record(store, entry([ours(second)], 'grace', body, { source: 'vicidial' }));

    expect(await idsOf(store, { phone: adasNumber })).toEqual([second, first]);
    expect(await idsOf(store, { lead: '7', dialer: 'vicidial' })).toEqual([second, first]);
    expect(await idsOf(store, { lead: '7' })).toHaveLength(3);
    expect(await idsOf(store, { person: 'grace' })).toEqual([second]);
    expect(await idsOf(store, { person: 'grace', phone: '+13125550177' })).toEqual([]);
    expect(await idsOf(store, { phone: adasNumber, outcome: 'sale' })).toEqual([first]);
  });

  it('gives the marks of a call, and leaves out what no dialer has registered', async () => {
    const store = await database.open();
    await record(store, entry([callerCode('V9')], 'started', { kind: 'started', agent: 'agent_1' }));
    const { call } = await record(store, registered('V1'));
    const ended = { kind: 'ended', outcome: 'hung_up', reason: '', durationSec: 61, agent: 'agent_1' } as const;
    await record(store, entry([callerCode('V1')], 'ended', ended));

    const { calls } = await store.searchCalls({ limit: 10 });

    expect(calls).toMatchObject([
      { correlationId: call.correlationId, marks: { agent: 'agent_1', talkSec: 61, isTransferred: false } },
    ]);
    expect(await store.markedCalls([call.correlationId, 'nobody'])).toEqual(calls);
  });

  it.each([['before calls are counted'], ['when all are counted'], ['when some changed since']])(
    'finds by anything what fits, page by page, each once, %s',
    async (stage) => {
      const store = await database.open();
      const made = await makeCalls(store);
      if (stage !== 'before calls are counted') await keepCounts(store, minutesAfterNoon(40));
      if (stage === 'when some changed since') {
        for (const call of made.slice(10, 16)) {
          await correct(store, call.key, minutesAfterNoon(41));
          call.outcome = 'wrong_number';
        }
      }

      for (const search of searches) {
        const wanted = made.filter((call) => fits(call, search)).map(({ id }) => id);
        expect(await idsOf(store, { ...search, limit: 4 }), JSON.stringify(search)).toEqual(wanted);
      }
    },
  );

  it('tells by what calls can be looked for', async () => {
    const store = await database.open();
    await makeCalls(store);
    await keepCounts(store, minutesAfterNoon(40));

    expect(await store.callChoices({ from: minutesAfterNoon(-60 * 24) })).toEqual({
      dialers: ['vicidial'],
      campaigns: ['SPRING', 'WINTER'],
      agents: ['agent_1', 'agent_2'],
      outcomes: ['callback', 'not_interested', 'sale'],
    });
  });
}

const searches: Omit<CallSearch, 'limit'>[] = [
  {},
  { dialer: 'vicidial' },
  { dialer: 'nobody' },
  { campaign: 'WINTER' },
  { campaign: 'AUTUMN' },
  { outcome: 'sale' },
  { outcome: '' },
  { outcome: 'wrong_number' },
  { agent: 'agent_2', outcome: 'callback' },
  { campaign: 'WINTER', agent: 'agent_1', dialer: 'vicidial' },
  { from: minutesAfterNoon(-300), before: minutesAfterNoon(-120) },
  { from: minutesAfterNoon(-300), before: minutesAfterNoon(-120), outcome: 'sale' },
  { phone: adasNumber, campaign: 'WINTER' },
];

interface MadeCall extends Record<'id' | 'key' | 'at' | 'campaign' | 'agent' | 'outcome', string> {}

/** Forty calls of the last ten hours, two of each moment, newest first. */
async function makeCalls(store: Store): Promise<MadeCall[]> {
  const made: MadeCall[] = [];
  for (let index = 0; index < 40; index += 1) {
    const key = `V${index}`;
    const campaign = campaigns[index % campaigns.length] ?? '';
    const agent = agents[index % agents.length] ?? '';
    const outcome = codes[index % codes.length] ?? '';
    const at = minutesAfterNoon(-30 * Math.floor(index / 2));
    const leg = registration(legOf(key, { campaign }));
    const { call } = await record(
      store,
      entry([callerCode(key)], `registered:${key}`, leg, { source: 'vicidial', receivedAt: at }),
      entry([callerCode(key)], `started:${key}`, { kind: 'started', agent }),
    );
    if (outcome) await commit(store, key, outcome, at);
    made.push({ id: call.correlationId, key, at, campaign, agent, outcome });
  }
  return made.sort((a, b) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1));
}

function commit(store: Store, key: string, outcome: string, now: string) {
  return store.recordFacts({
    facts: [entry([callerCode(key)], `commit:${outcome}`, committed(outcome), { at: now })],
    now,
  });
}

function correct(store: Store, key: string, now: string) {
  const body = { kind: 'corrected', outcome: 'wrong_number', by: 'joan', why: 'heard it' } as const;
  return store.recordFacts({ facts: [entry([callerCode(key)], 'corrected', body, { at: now })], now });
}

function fits(call: MadeCall, search: Omit<CallSearch, 'limit'>): boolean {
  return (
    (search.dialer ?? 'vicidial') === 'vicidial' &&
    (search.campaign ?? call.campaign) === call.campaign &&
    (search.outcome ?? call.outcome) === call.outcome &&
    (search.agent ?? call.agent) === call.agent &&
    (search.from ?? '') <= call.at &&
    (search.before ?? '9') > call.at
  );
}

async function idsOf(store: Store, search: Partial<CallSearch>): Promise<string[]> {
  const ids: string[] = [];
  for (let after: CallPlace | null | undefined; ; ) {
    const page = await store.searchCalls({ limit: 10, ...search, ...(after && { after }) });
    ids.push(...page.calls.map(({ correlationId }) => correlationId));
    after = page.next;
    if (!after) return ids;
  }
}

function minutesAfterNoon(minutes: number): string {
  return new Date(Date.UTC(2026, 10, 21, 12, minutes)).toISOString();
}

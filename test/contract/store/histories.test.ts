import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallRef } from '../../../src/domain/call.ts';
import type { FactBody } from '../../../src/domain/fact.ts';
import { canonicalDesired } from '../../../src/domain/write-back.ts';
import type { FactToRecord, Store } from '../../../src/store/store.ts';
import {
  callerCode,
  committed,
  entry,
  five9Call,
  freshId,
  legOf,
  noon,
  openTestStore,
  ours,
  platformCall,
  registration,
} from './store-cast.ts';

let store: Store;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-histories-'));
  store = await openTestStore({ kind: 'sqlite', file: join(folder, 'store.sqlite') });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Names of one call by number; 0 is the one that every registration gives, so the call is one call in any order. */
type NameNumber = 0 | 1 | 2 | 3;

interface HistoryFact {
  names: NameNumber[];
  what:
    | 'registered'
    | 'registered-five9'
    | 'announced'
    | 'started'
    | 'ended'
    | 'analysed'
    | 'human'
    | 'undone'
    | string;
  minute: number;
}

const what = fc.oneof(
  fc.constantFrom('registered', 'registered-five9', 'announced', 'started', 'ended', 'analysed', 'human', 'undone'),
  fc.constantFrom('sale', 'callback', 'not_interested', 'opt_out', 'qualified'),
);
const history: fc.Arbitrary<HistoryFact[]> = fc.array(
  fc.record({
    names: fc.uniqueArray(fc.constantFrom<NameNumber[]>(0, 1, 2, 3), { minLength: 1, maxLength: 3 }),
    what,
    minute: fc.integer({ min: 0, max: 5 }),
  }),
  { minLength: 1, maxLength: 9 },
);
const arrangement = fc.record({
  order: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 9, maxLength: 9 }),
  twice: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
  batch: fc.integer({ min: 1, max: 4 }),
});

it('ends the same, whatever the order in which facts come, and however often', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(history, arrangement, async (facts, arranged) => {
      run += 1;
      const plain = castOf(`${run}a`);
      const shuffled = castOf(`${run}b`);

      await tell(
        facts.map((fact, index) => entryOf(plain, fact, index)),
        facts.length,
      );
      const told = facts.map((fact, index) => entryOf(shuffled, fact, index));
      await tell(rearrange(told, arranged), arranged.batch);

      expect(await endOf(shuffled)).toEqual(await endOf(plain));
    }),
    { numRuns: 150 },
  );
}, 120_000);

interface Cast {
  run: string;
  phone: string;
  id: string;
  names: readonly CallRef[];
}

let phones = 0;

function castOf(run: string): Cast {
  phones += 1;
  const id = freshId();
  const names = [callerCode(`V${run}`), ours(id), platformCall(`p${run}`), five9Call(`f${run}`)];
  return { run, id, names, phone: `+1312555${String(phones).padStart(4, '0')}` };
}

function entryOf(cast: Cast, { names, what: said, minute }: HistoryFact, index: number): FactToRecord {
  const isRegistration = said.startsWith('registered') || said === 'announced';
  const numbers = isRegistration ? [0, ...names.filter((number) => number !== 0)] : names;
  const refs = numbers.flatMap((number) => cast.names[number] ?? []);
  const at = `2026-11-21T12:0${minute}:00.000Z`;
  const announced = said === 'announced' ? { freshId: cast.id, isAnnounced: true } : {};
  return entry(refs, `fact:${index}`, bodyOf(cast, said, at), { at, ...announced });
}

function bodyOf(cast: Cast, said: string, at: string): FactBody {
  switch (said) {
    case 'registered':
    case 'announced':
      return registration(legOf('V', { phone: cast.phone, calledAt: noon }));
    case 'registered-five9':
      return registration(legOf('F', { dialer: 'five9', campaign: 'Spring', phone: cast.phone, calledAt: at }));
    case 'started':
      return { kind: 'started' };
    case 'ended':
      return { kind: 'ended', outcome: 'hung_up', reason: '' };
    case 'analysed':
      return { kind: 'analysed', outcome: 'sale', summary: `analysed ${at}`, fields: {} };
    case 'human':
      return { kind: 'dispositioned', dialer: 'vicidial', disposition: 'XFER', by: 'agent-1' };
    case 'undone':
      return { kind: 'opt-out-undone', by: 'operator-1', why: '' };
    default:
      return committed(said, said === 'callback' ? '2026-11-22T15:00:00.000Z' : undefined);
  }
}

function rearrange(told: FactToRecord[], { order, twice }: { order: number[]; twice: boolean[] }): FactToRecord[] {
  const all = told.flatMap((fact, index) => {
    const copy = { place: order[index] ?? 0, fact };
    return twice[index] ? [copy, { place: order[8 - index] ?? 0, fact }] : [copy];
  });
  return all.sort((a, b) => a.place - b.place).map(({ fact }) => fact);
}

async function tell(facts: readonly FactToRecord[], batch: number): Promise<void> {
  for (let start = 0; start < facts.length; start += batch) {
    await store.recordFacts({ facts: facts.slice(start, start + batch), now: noon });
  }
}

/** What is left in the end, by each of the call's names, without the IDs. */
async function endOf(cast: Cast): Promise<unknown> {
  const ends: unknown[] = [await store.isOptedOut(cast.phone)];
  for (const name of cast.names) {
    const call = await store.callByRef(name);
    if (!call) {
      ends.push(null);
      continue;
    }
    const { dialer, campaign, isRegistered, outcome } = call;
    const rows = await store.writeBacksOf(call.correlationId);
    const wishes = rows
      .filter((row) => row.state === 'pending' || row.state === 'held')
      .map((row) => `${row.dialer} ${row.state} ${canonicalDesired(row.desired).replaceAll(cast.phone, 'phone')}`);
    ends.push({
      dialer,
      campaign,
      isRegistered,
      outcome,
      wishes,
      facts: (await store.factsOf(call.correlationId)).length,
    });
  }
  return ends;
}

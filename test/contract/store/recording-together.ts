import { expect, it } from 'vitest';
import type { ConnectorError } from '../../../src/domain/errors.ts';
import { canonicalDesired } from '../../../src/domain/write-back.ts';
import type { FactToRecord, Store } from '../../../src/store/store.ts';
import {
  adasNumber,
  callerCode,
  committed,
  entry,
  freshId,
  later,
  legOf,
  noon,
  ours,
  platformCall,
  record,
  registered,
  registration,
} from './store-cast.ts';
import type { StoreUnderTest } from './store-contract.ts';

const ended = { kind: 'ended', outcome: 'hung_up', reason: 'hung up', durationSec: 20 } as const;

/** Calls of every kind: new, told twice, shells that turn out to be one, known by an ID that was given away. */
function story(day: string): FactToRecord[] {
  const named = (name: string) => callerCode(`${day}-${name}`);
  const spoken = (name: string) => platformCall(`${day}-${name}`);
  const given = freshId();
  const event = { freshId: freshId() };
  return [
    registered(`${day}-new`),
    registered(`${day}-twice`),
    registered(`${day}-twice`),
    entry([spoken('merged')], 'started', { kind: 'started' }),
    registered(`${day}-merged`),
    entry([named('merged'), spoken('merged')], 'ended', ended, event),
    entry([named('merged'), spoken('merged')], 'commit', committed('sale'), event),
    entry([named('merged'), spoken('merged')], 'ended', ended, event),
    entry([named('early')], 'commit', committed('opt_out')),
    registered(`${day}-early`),
    registered(`${day}-given`, { freshId: given, isAnnounced: true }),
    entry([ours(given)], 'commit', committed('callback', '2026-11-23T12:00:00.000Z')),
    entry([ours(given)], 'later', committed('not_interested'), { at: later }),
    entry([spoken('shell')], 'ended', ended),
  ];
}

const names = ['new', 'twice', 'merged', 'early', 'given', 'shell'];

/** Words about calls that are known, each in its own way. */
function words(day: string): FactToRecord[] {
  const named = (name: string) => callerCode(`${day}-${name}`);
  const event = { freshId: freshId() };
  const call = platformCall(`${day}-call`);
  const correction = { kind: 'corrected', outcome: 'not_interested', by: 'grace', why: 'misheard' } as const;
  const undoing = { kind: 'opt-out-undone', by: 'grace', why: 'asked for it' } as const;
  return [
    entry([named('sold')], 'commit', committed('sale'), event),
    entry([named('sold')], 'ended', ended, event),
    entry([named('corrected')], 'correction', correction),
    entry([named('opted-out')], 'commit', committed('opt_out')),
    entry([named('twice')], 'commit', committed('sale')),
    entry([named('twice')], 'commit', committed('sale')),
    registered(`${day}-again`, { expiresAt: later }),
    entry([named('again')], 'ended', ended),
    entry([named('undone')], 'undo', undoing, { at: later }),
    entry([call, named('spoken')], 'started', { kind: 'started', agent: 'agent_solar' }),
    entry([call], 'ended', ended),
    entry([named('silent')], 'note', { kind: 'noted', event: 'ring', text: 'rang twice' }),
  ];
}

const knownNames = ['sold', 'corrected', 'opted-out', 'twice', 'again', 'undone', 'spoken', 'silent'];

/** What those words are about; one of them sold something before, one opted out. */
function before(day: string): FactToRecord[] {
  return [
    ...knownNames.map((name) => registered(`${day}-${name}`)),
    entry([callerCode(`${day}-corrected`)], 'commit', committed('sale')),
    entry([callerCode(`${day}-undone`)], 'commit', committed('opt_out')),
  ];
}

/** What the store holds of them in the end. */
async function endOf(store: Store, day: string, names: readonly string[]) {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const by = await store.callByRef(callerCode(`${day}-${name}`));
    const call = by ?? (await store.callByRef(platformCall(`${day}-${name}`)));
    if (!call) continue;
    const rows = await store.writeBacksOf(call.correlationId);
    found[name] = {
      isRegistered: call.isRegistered,
      outcome: call.outcome?.code,
      facts: (await store.factsOf(call.correlationId))
        .map(({ source, key }) => `${source} ${key.replace(day, '')}`)
        .sort(),
      // How many IDs became further names depends on the order.
      names: [
        ...new Set((await store.refsOf(call.correlationId)).map(({ instance, kind }) => `${instance} ${kind}`)),
      ].sort(),
      marks: (await store.markedCalls([call.correlationId])).map(({ marks }) => marks),
      wishes: rows
        .filter(({ state }) => state === 'pending' || state === 'held')
        .map(({ dialer, desired, dueAt }) => `${dialer} ${dueAt} ${canonicalDesired(desired)}`)
        .sort(),
    };
  }
  return found;
}

export function itRecordsTogether(database: StoreUnderTest): void {
  it('ends the same whether facts come one by one, all at once, or from two processes in any order', async () => {
    const [store, other] = [await database.open(), await database.open()];

    for (const fact of story('one')) await record(store, fact);
    await store.recordFacts({ facts: story('all'), now: noon });
    await Promise.all(story('any').map((fact, index) => record(index % 2 === 0 ? store : other, fact)));

    const one = await endOf(store, 'one', names);
    expect(Object.keys(one)).toHaveLength(6);
    expect(await endOf(store, 'all', names)).toEqual(one);
    expect(await endOf(store, 'any', names)).toEqual(one);
  });

  it('judges known calls the same whether they are told of one by one, all at once, or from two processes', async () => {
    const [store, other] = [await database.open(), await database.open()];
    for (const day of ['one', 'all', 'any']) for (const fact of before(day)) await record(store, fact);

    for (const fact of words('one')) await record(store, fact);
    const results = await store.recordFacts({ facts: words('all'), now: noon });
    const again = await store.recordFacts({ facts: words('all'), now: noon });
    await Promise.all(words('any').map((fact, index) => record(index % 2 === 0 ? store : other, fact)));

    const one = await endOf(store, 'one', knownNames);
    expect(Object.keys(one)).toEqual(knownNames);
    expect(await endOf(store, 'all', knownNames)).toEqual(one);
    expect(await endOf(store, 'any', knownNames)).toEqual(one);
    // The second word of `twice`, and the registration that was told again.
    expect(results.flatMap(({ isAdded }, index) => (isAdded ? [] : [index]))).toEqual([5, 6]);
    expect(results[3]?.optedOut).toEqual([adasNumber]);
    expect(results.map(({ call }) => call.outcome?.code)).toEqual([
      ...['sale', 'sale', 'not_interested', 'opt_out', 'sale', 'sale'],
      ...[undefined, 'hung_up', undefined, undefined, 'hung_up', undefined],
    ]);
    expect(again.filter(({ isAdded }) => isAdded)).toEqual([]);
  });

  it('finds calls by their names, however many ask at one moment', async () => {
    const store = await database.open();
    const results = await store.recordFacts({ facts: ['V1', 'V2', 'V3'].map((name) => registered(name)), now: noon });
    const ids = results.map(({ call }) => call.correlationId);
    const long = `${'k'.repeat(400)}é`;
    await record(store, entry([callerCode('V3'), platformCall(long)], 'started', { kind: 'started' }));

    const found = await Promise.all([
      ...['V1', 'V2', 'v1', 'V1'].map((name) => store.callByRef(callerCode(name))),
      ...[platformCall('V1'), platformCall(long), platformCall(`${long}x`)].map((ref) => store.callByRef(ref)),
      ...[ids[1] ?? '', freshId()].map((id) => store.callById(id)),
    ]);

    const [one, two, three] = ids;
    expect(found.map((call) => call?.correlationId)).toEqual([
      ...[one, two, undefined, one],
      ...[undefined, three, undefined],
      ...[two, undefined],
    ]);
  });

  it('tells whether a write-back of a call can go at once: not one that waits, or is held', async () => {
    const store = await database.open();
    await record(store, ...['V1', 'V2', 'V3'].map((name) => registered(name)));
    const unmapped = { kind: 'committed', outcome: 'voicemail', summary: '', fields: {} } as const;

    const first = await store.recordFacts({
      facts: [
        entry([callerCode('V1')], 'commit', committed('sale')),
        entry([callerCode('V2')], 'ended', ended),
        entry([callerCode('V3')], 'commit', unmapped),
      ],
      now: noon,
    });
    const again = await record(store, entry([callerCode('V1')], 'ended', ended));
    const twice = await record(store, entry([callerCode('V1')], 'ended', ended));

    expect(first.map(({ isDue }) => isDue)).toEqual([true, undefined, undefined]);
    expect([again.isDue, twice.isDue]).toEqual([true, undefined]);
  });

  it('tells which names nobody knew, and that a call was a shell before', async () => {
    const store = await database.open();
    await record(store, registered('V1'), registered('V2'));
    const tell = (key: string, ...refs: Parameters<typeof entry>[0]) => record(store, entry(refs, key, ended));

    const known = await tell('ended', callerCode('V1'), platformCall('c1'));
    const again = await tell('analysed', callerCode('V1'), platformCall('c1'));
    const shell = await tell('ended', platformCall('c2'));
    const still = await tell('analysed', platformCall('c2'));
    const merged = await tell('ended', callerCode('V2'), platformCall('c2'));

    expect([known.newNames, again.newNames, merged.newNames]).toEqual([[platformCall('c1')], [], undefined]);
    expect(shell.newNames).toContainEqual(platformCall('c2'));
    expect([known, again, shell, still, merged].map(({ wasShell }) => wasShell)).toEqual([
      ...[undefined, undefined, undefined],
      ...[true, true],
    ]);
  });

  it.each([3, 7, 40])('tells which of %i facts are new, though one among the last is known', async (count) => {
    const store = await database.open();
    await record(store, registered('V1'));
    await record(store, entry([callerCode('V1')], 'told', ended));
    const event = { freshId: freshId() };
    const facts = Array.from({ length: count - 1 }, (_, index) =>
      entry([callerCode('V1')], `note-${index}`, { kind: 'noted', event: 'ring', text: 'rang' }, event),
    );

    const results = await store.recordFacts({
      facts: [...facts, entry([callerCode('V1')], 'told', ended, event)],
      now: noon,
    });

    expect(results.map(({ isAdded }) => isAdded)).toEqual([...facts.map(() => true), false]);
  });

  it('gives each its own answer, and refuses only what it can not hold', async () => {
    const store = await database.open();
    const bad = { ...registration(legOf('V7')), reason: null } as never;
    const facts = Array.from({ length: 30 }, (_, index) => registered(`V${index}`));
    facts[7] = registered('V7', { body: bad });
    facts[15] = entry([callerCode('V15')], 'x', { kind: 'started' }, { at: null as never });

    const answers = await Promise.allSettled(facts.map((fact) => record(store, fact)));

    const refused = answers.flatMap((answer, index) => (answer.status === 'rejected' ? [index] : []));
    const codes = answers.flatMap((answer) =>
      answer.status === 'rejected' ? (answer.reason as ConnectorError).code : [],
    );
    expect([refused, codes]).toEqual([
      [7, 15],
      ['bad_request', 'bad_request'],
    ]);
    for (const [index, answer] of answers.entries()) {
      const call = await store.callByRef(callerCode(`V${index}`));
      const told = answer.status === 'fulfilled' ? answer.value.call.correlationId : undefined;
      expect([index, call?.correlationId]).toEqual([index, told]);
    }
  });
}

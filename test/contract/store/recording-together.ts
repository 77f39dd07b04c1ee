import { expect, it } from 'vitest';
import type { ConnectorError } from '../../../src/domain/errors.ts';
import { canonicalDesired } from '../../../src/domain/write-back.ts';
import type { FactToRecord, Store } from '../../../src/store/store.ts';
import {
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

const ended = { kind: 'ended', outcome: 'hung_up', talkSec: 20 } as never;

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

/** What the store holds of them in the end. */
async function endOf(store: Store, day: string) {
  const found: Record<string, unknown> = {};
  for (const name of ['new', 'twice', 'merged', 'early', 'given', 'shell']) {
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

    const one = await endOf(store, 'one');
    expect(Object.keys(one)).toHaveLength(6);
    expect(await endOf(store, 'all')).toEqual(one);
    expect(await endOf(store, 'any')).toEqual(one);
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

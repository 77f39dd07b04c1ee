import { describe, expect, it } from 'vitest';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { gatherFacts } from '../../../src/store/gather-facts.ts';
import type { RecordedFact, RecordInput } from '../../../src/store/store.ts';
import { storeAway } from '../../../src/store/store-errors.ts';
import { noon, registered } from '../../contract/store/store-cast.ts';
import { eventually } from '../../support/eventually.ts';

const inputOf = (...names: string[]): RecordInput => ({ facts: names.map((name) => registered(name)), now: noon });
const namesIn = ({ facts }: RecordInput) => facts.map(({ fact }) => fact.refs[0]?.key ?? '');

/** A store that answers when it is let, and remembers what was recorded together. */
function heldStore(fails: (names: readonly string[]) => Error | null = () => null) {
  const together: string[][] = [];
  const held: (() => void)[] = [];
  let isOpen = false;
  return {
    together,
    open() {
      isOpen = true;
      for (const letGo of held.splice(0)) letGo();
    },
    async record(input: RecordInput): Promise<RecordedFact[]> {
      const names = namesIn(input);
      together.push(names);
      if (!isOpen) await new Promise<void>((resolve) => held.push(resolve));
      const error = fails(names);
      if (error) throw error;
      return names.map((name) => ({ isAdded: true, call: { correlationId: name } as RecordedFact['call'] }));
    },
  };
}

const idsOf = (results: readonly RecordedFact[]) => results.map(({ call }) => call.correlationId);

describe('who records facts', () => {
  it('shares a transaction with those who ask in the same moment, and with those who came meanwhile', async () => {
    const store = heldStore();
    const record = gatherFacts(store.record);

    const asked = ['ada', 'ben', 'chloe'].map((name) => record(inputOf(name)));
    await eventually(() => expect(store.together).toEqual([['ada', 'ben', 'chloe']]));
    const meanwhile = [record(inputOf('dev')), record(inputOf('finn', 'gus'))];
    store.open();

    expect((await Promise.all([...asked, ...meanwhile])).map(idsOf)).toEqual([
      ...[['ada'], ['ben'], ['chloe']],
      ...[['dev'], ['finn', 'gus']],
    ]);
    expect(store.together.slice(1)).toEqual([['dev', 'finn', 'gus']]);
  });

  it('is not held up by transactions that hang, of which there are few at once', async () => {
    const store = heldStore();
    const record = gatherFacts(store.record);

    const asked: Promise<RecordedFact[]>[] = [];
    for (const name of ['ada', 'ben', 'chloe']) {
      asked.push(record(inputOf(name)));
      await eventually(() => expect(store.together.at(-1)).toEqual([name]));
    }
    asked.push(record(inputOf('dev')), record(inputOf('esra')));
    store.open();

    expect((await Promise.all(asked)).map(idsOf)).toEqual([['ada'], ['ben'], ['chloe'], ['dev'], ['esra']]);
    expect(store.together.slice(3)).toEqual([['dev', 'esra']]);
  });

  it('is not refused for what another one asked', async () => {
    const bad = new ConnectorError('bad_request', 'the store can not hold it');
    const store = heldStore((names) => (names.includes('esra') ? bad : null));
    const record = gatherFacts(store.record);

    const asked = ['ada', 'ben', 'chloe', 'dev', 'esra'].map((name) => record(inputOf(name)));
    store.open();

    const ends = await Promise.allSettled(asked);
    expect(ends.map(({ status }) => status)).toEqual([...Array(4).fill('fulfilled'), 'rejected']);
  });

  it('hears at once with all the others that the store is away', async () => {
    const store = heldStore(() => storeAway('it is frozen'));
    const record = gatherFacts(store.record);

    // More than go together: the others wait behind them.
    const asked = Array.from({ length: 30 }, (_, index) => record(inputOf(`caller ${index}`)));
    store.open();

    const ends = await Promise.allSettled(asked);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(store.together).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { askedTogether } from '../../../connectors/vicidial/tables/asked-together.ts';

/** Reads that end when they are told to; each answers a question with the number of the read. */
function readsInHand() {
  const reads: { questions: readonly string[]; end(): void; fail(error: Error): void }[] = [];
  const ask = askedTogether<string, number>((questions) => {
    const { promise, resolve, reject } = Promise.withResolvers<number[]>();
    const number = reads.length + 1;
    reads.push({ questions, end: () => resolve(questions.map(() => number)), fail: reject });
    return promise;
  });
  const begun = async (count: number) => {
    for (let turn = 0; reads.length < count && turn < 1000; turn += 1) await new Promise(setImmediate);
    const read = reads[count - 1];
    if (!read) throw new Error(`there were ${reads.length} reads`);
    return read;
  };
  return { ask, reads, begun };
}

describe('askedTogether', () => {
  it('reads at once what is asked in the same moment', async () => {
    const { ask, reads, begun } = readsInHand();

    const answers = Promise.all([ask('ada'), ask('bob'), ask('eve')]);
    (await begun(1)).end();

    expect(await answers).toEqual([1, 1, 1]);
    expect(reads.map(({ questions }) => questions)).toEqual([['ada', 'bob', 'eve']]);
  });

  it('gives nobody an answer that was read before the question', async () => {
    const { ask, begun } = readsInHand();

    const first = ask('ada');
    const running = await begun(1);
    const later = [ask('ada'), ask('bob')];
    running.end();
    (await begun(2)).end();

    expect([await first, await Promise.all(later)]).toEqual([1, [2, 2]]);
  });

  it('lets those who may wait gather, and goes at once for one who may not', async () => {
    const { ask, reads, begun } = readsInHand();
    const first = ask('ada');
    (await begun(1)).end();
    await first;

    const waiting = ask('bob', true);
    await new Promise(setImmediate);
    const beforePressed = reads.length;
    const pressed = ask('eve');
    await new Promise(setImmediate);
    const afterPressed = reads.map(({ questions }) => questions);
    (await begun(2)).end();

    expect(beforePressed).toBe(1);
    expect(afterPressed).toEqual([['ada'], ['bob', 'eve']]);
    expect(await Promise.all([waiting, pressed])).toEqual([2, 2]);
  });

  it('fails those whose read failed, and no other', async () => {
    const { ask, begun } = readsInHand();

    const first = ask('ada').catch((error: Error) => error.message);
    const failing = await begun(1);
    const later = ask('bob');
    failing.fail(new Error('the table is locked'));
    (await begun(2)).end();

    expect([await first, await later]).toEqual(['the table is locked', 2]);
  });
});

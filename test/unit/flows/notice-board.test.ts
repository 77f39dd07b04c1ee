import { expect, it } from 'vitest';
import type { AttentionToRaise } from '../../../src/domain/attention.ts';
import { createNoticeBoard } from '../../../src/flows/notice-board.ts';
import { eventually } from '../../support/eventually.ts';
import { realClock } from '../../support/real-clock.ts';
import { testConnectorDeps } from '../sigmamind/test-deps.ts';

const forged: AttentionToRaise = { kind: 'forged-event', key: 'monday', details: { why: 'wrong' } };

/** A place to write to, that can be away. */
function boardOver(options: { everyMs?: number; maxItems?: number } = {}) {
  const written: string[] = [];
  const store = { isAway: false };
  const board = createNoticeBoard({
    clock: realClock,
    log: testConnectorDeps.log,
    store: () => ({
      async raiseAttention(items) {
        if (store.isAway) throw new Error('away');
        for (const { key, times } of items) written.push(`${key} ${times}`);
      },
    }),
    ...options,
  });
  return { board, written, store };
}

it('tells a thing at once, and what came meanwhile in one write', async () => {
  const { board, written } = boardOver({ everyMs: 40 });

  for (let count = 0; count < 100; count += 1) board.raise(forged);
  board.raise({ ...forged, key: 'tuesday' });

  await eventually(() => expect(written).toEqual(['monday 1', 'tuesday 1', 'monday 99']));
});

it('tells the rest when it is asked to', async () => {
  const { board, written } = boardOver();

  board.raise(forged);
  board.raise(forged);
  await board.flush();

  expect(written).toEqual(['monday 1', 'monday 1']);
});

it('tries again later what could not be written', async () => {
  const { board, written, store } = boardOver({ everyMs: 40 });

  store.isAway = true;
  board.raise(forged);
  board.raise(forged);
  await new Promise(setImmediate);
  store.isAway = false;

  await eventually(() => expect(written).toEqual(['monday 2']));
});

it('remembers no more things than it may', async () => {
  const { board, written } = boardOver({ maxItems: 2 });

  for (const key of ['one', 'one', 'two', 'three', 'one']) board.raise({ ...forged, key });
  await board.flush();

  // `one` had to make room for `three`, and was told anew after that.
  expect(written.toSorted()).toEqual(['one 1', 'one 1', 'one 1', 'three 1', 'two 1']);
});

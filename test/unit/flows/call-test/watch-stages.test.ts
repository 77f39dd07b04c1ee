import { expect, it } from 'vitest';
import type { Seen } from '../../../../src/flows/call-test/seen.ts';
import { stageLimits, watchStages } from '../../../../src/flows/call-test/watch-stages.ts';
import { bothHeaders, dialerSays, ended, registered, seen, seenCall, started } from './seen-cast.ts';

/** A clock that moves only when somebody sleeps. */
function steppedClock() {
  let now = Date.parse('2026-11-21T15:00:00.000Z');
  return {
    now: () => now,
    async sleep(ms: number) {
      now += ms;
    },
  };
}

/** What is seen from which second on. */
async function watch(script: readonly (readonly [fromSec: number, seen: Seen])[], more: { timeoutSec?: number } = {}) {
  const clock = steppedClock();
  const begun = clock.now();
  const told: string[] = [];
  const result = await watchStages(
    { clock },
    async () => {
      const sec = (clock.now() - begun) / 1000;
      return script.findLast(([from]) => from <= sec)?.[1] ?? seen();
    },
    {
      timeoutSec: more.timeoutSec ?? 180,
      limits: stageLimits,
      pollMs: 1000,
      onStage: ({ id, status, afterSec }) => void told.push(`${afterSec} ${id} ${status}`),
      signal: new AbortController().signal,
    },
  );
  return { told, ...result };
}

const talking = { call: seenCall([registered(), started]), headers: bothHeaders };
const over = { record: { variables: ['correlation_id', 'first_name'], isOver: true } };

it('tells each stage once, as it comes, with the seconds', async () => {
  const written = seenCall([registered(), started, ended], { outcome: {}, row: { state: 'confirmed' } });
  const { told } = await watch([
    [0, seen(dialerSays('waiting'))],
    [2, seen(dialerSays('dialled'))],
    [9, seen(dialerSays('answered'))],
    [10, seen(dialerSays('handed-over'), talking)],
    [40, seen(dialerSays('over'), { ...talking, ...over, call: written, held: { kind: 'as-wanted', held: 'sold' } })],
  ]);

  expect(told).toEqual([
    '2 dialled done',
    '9 answered done',
    '10 registered done',
    '10 headers done',
    '10 picked-up done',
    '40 variables done',
    '40 outcome done',
    '40 hand-back done',
    '40 disposition done',
  ]);
});

it.each([
  ['dialled', seen(dialerSays('waiting')), 120],
  ['answered', seen(dialerSays('dialled')), 45],
  ['registered', seen(dialerSays('answered')), 15],
  ['picked-up', seen(dialerSays('answered'), { call: seenCall([registered()]), headers: bothHeaders }), 25],
  ['outcome', seen(dialerSays('over'), talking, over), 45],
] as const)('ends where "%s" does not come within its time', async (id, given, limitSec) => {
  const { stages } = await watch([[0, given]]);

  expect(stages.find(({ status }) => status === 'failed')).toMatchObject({ id, afterSec: limitSec, endsTest: true });
});

it('names what the rest waits for when the whole time is up, not what waits besides', async () => {
  const { stages } = await watch([[0, seen(dialerSays('answered'), talking)]], { timeoutSec: 20 });

  expect(stages.filter(({ status }) => status === 'failed')).toMatchObject([
    { id: 'outcome', found: 'the conversation goes on', afterSec: 20 },
  ]);
});

it('goes on without headers that nobody asked for', async () => {
  const { stages } = await watch(
    [[0, seen(dialerSays('answered'), { call: seenCall([registered('poll'), started]) })]],
    {
      timeoutSec: 60,
    },
  );

  expect(stages.filter(({ status }) => status === 'failed').map(({ id, afterSec }) => [id, afterSec])).toEqual([
    ['headers', 15],
    ['outcome', 60],
  ]);
});

it('goes on without variables, and still names them', async () => {
  const written = seenCall([registered(), started, ended], { outcome: {}, row: { state: 'confirmed' } });
  const { stages } = await watch([
    [
      0,
      seen(dialerSays('over'), {
        call: written,
        headers: bothHeaders,
        record: { variables: ['correlation_id'], isOver: true },
        held: { kind: 'as-wanted', held: 'sold' },
      }),
    ],
  ]);

  expect(stages.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['variables']);
  expect(stages.at(-1)).toMatchObject({ id: 'disposition', status: 'done' });
});

it('stops at once when it is told to', async () => {
  const stop = new AbortController();
  stop.abort();
  const { stages } = await watchStages({ clock: steppedClock() }, async () => seen(), {
    timeoutSec: 180,
    limits: stageLimits,
    pollMs: 1000,
    onStage: () => undefined,
    signal: stop.signal,
  });

  expect(stages).toEqual([]);
});

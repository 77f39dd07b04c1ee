import { expect, it } from 'vitest';
import { isPauseSound, playPause } from '../scale/play-pause.ts';

/** More with `PATCHBAY_SCALE_CALLS`; `npm run scale -- --pause --calls 500` drains a thousand write-backs. */
const calls = Number(process.env.PATCHBAY_SCALE_CALLS ?? 30);

it('a pause amid a drain over several processes: nothing is sent a second later, and nothing is lost when it is lifted', async () => {
  const told: string[] = [];

  const result = await playPause({ calls, members: 3, seed: 2, perSecond: 6 }, (line) => told.push(line)).catch(
    (error: unknown) => {
      throw new Error(told.join('\n'), { cause: error });
    },
  );

  expect(result.findings).toEqual([]);
  expect(result).toMatchObject({
    sentWhileCallsCame: 0,
    sentLaterThanOneSecond: 0,
    lost: 0,
    double: 0,
    wrong: 0,
    dead: 0,
  });
  expect(isPauseSound(result)).toBe(true);
}, 300_000);

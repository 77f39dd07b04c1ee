import { expect, it } from 'vitest';
import { playScale } from '../scale/play.ts';

/** More with `PATCHBAY_SCALE_CALLS`; `npm run scale` plays the long day. */
const calls = Number(process.env.PATCHBAY_SCALE_CALLS ?? 60);

it('several processes over one MariaDB: a kill and a rolling restart lose nothing, and wake each other', async () => {
  const told: string[] = [];

  const result = await playScale({ calls, members: 3, seed: 1, perSecond: 6 }, (line) => told.push(line)).catch(
    (error: unknown) => {
      throw new Error(told.join('\n'), { cause: error });
    },
  );

  expect(result.findings).toEqual([]);
  expect(result).toMatchObject({ lost: 0, double: 0, wrong: 0, dead: 0 });
  // A script whose answer comes too late takes its error branch: on a machine that is busy with other tests that may be.
  expect(result.handedToAi).toBeGreaterThan(calls / 3);
  // Each had its part, and scripts that waited at one heard what another was told.
  for (const requests of result.requests) expect(requests).toBeGreaterThan(0);
  expect(result.waitsAcross + result.waitsWithin).toBeGreaterThan(0);
}, 300_000);

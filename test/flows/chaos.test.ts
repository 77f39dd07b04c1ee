import { describe, expect, it } from 'vitest';
import { type FailPoint, failPoints } from '../../src/domain/fail-points.ts';
import { type ChaosOptions, readChaosOptions } from '../chaos/options.ts';
import { runChaos } from '../chaos/run-chaos.ts';

const longest = 400_000;
/** Each start after a kill takes seconds: those where most is at stake. All of them with `PATCHBAY_CHAOS=whole`. */
const isWhole = process.env.PATCHBAY_CHAOS === 'whole';
const points: readonly FailPoint[] = isWhole
  ? failPoints
  : ['facts.stored', 'spool.written', 'outbox.answered', 'callback.written', 'dnc.written', 'import.sent'];
/** More calls than are needed: it ends when all points were met. */
const tour: ChaosOptions = { ...readChaosOptions(['--tour', '--calls', '160', '--rate', '40']), points };

describe('Patchbay', () => {
  it(
    'is killed with signal 9 at its fail points: nothing is lost, double or wrong',
    async () => {
      const { evidence, ...result } = await runChaos(tour, () => undefined);

      expect(result, evidence).toMatchObject({ pointsLeft: [], crashes: [], lost: 0, double: 0, wrong: 0 });
      expect(result.kills).toBeGreaterThanOrEqual(points.length);
      expect(result.handedToAi).toBeGreaterThan(10);
    },
    longest,
  );

  // In each run test/flows/reconcile-night.test.ts puts such a verdict to the proof.
  if (isWhole) it('shows what it loses and does twice, where a drill makes it', lossesOfDrills, longest);
});

async function lossesOfDrills(): Promise<void> {
  const drill = { ...tour, calls: 24, points: [], ignoresIdempotency: true, dropsFact: true };

  const { double, lost } = await runChaos(drill, () => undefined);

  expect({ double: double > 0, lost: lost > 0 }).toEqual({ double: true, lost: true });
}

import { describe, expect, it } from 'vitest';
import { type NightOptions, playNight } from '../support/night.ts';

/** A thousand take some minutes: PATCHBAY_NIGHT_CALLS=1000 */
const calls = Number(process.env.PATCHBAY_NIGHT_CALLS ?? 300);
const few = 60;
const eventFaults = { lost: 0.1, doubled: 0.1, late: 0.2, latestSec: 900, forged: 0.05 };
const night: NightOptions = { calls, eventFaults, hasAnalysisInRecord: true };
const timeout = 60_000 + calls * 400;

const right = { findings: [], lost: 0, double: 0, wrong: 0 };

describe('a night in which webhooks are lost, doubled, late and forged is right in the morning', () => {
  it.each([
    ['with the analysis in the call record', true],
    ['without it', false],
  ])(
    '%s',
    async (_name, hasAnalysisInRecord) => {
      const end = await playNight({ ...night, hasAnalysisInRecord });

      expect(end).toMatchObject(right);
      expect(end.unknown).toEqual(end.nobodyKnows);
      expect(end.forged.refused).toBe(end.forged.sent);
      expect([end.forged.sent, end.lostEvents, end.nobodyKnows.length].every((count) => count > 0)).toBe(true);
      expect(end.report).toMatchObject({ unread: [], findings: [] });
    },
    timeout,
  );

  it(
    'with all webhooks lost',
    async () => {
      const end = await playNight({ ...night, calls: Math.min(calls, 100), eventFaults: { lost: 1 } });

      expect(end).toMatchObject(right);
      expect(end.unknown).toEqual(end.nobodyKnows);
    },
    timeout,
  );
});

describe('the measure', () => {
  it(
    'sees losses when nobody reconciles',
    async () => {
      const end = await playNight({ ...night, calls: few, isReconciled: false });

      expect(end.lost).toBeGreaterThan(0);
    },
    timeout,
  );

  it(
    'sees doubles when Patchbay writes without looking first',
    async () => {
      // Each look at an agent's word would be a new fact, and write all of the call anew, for ever.
      const drill = { hasAgents: false, patchbay: { drill: { ignoreIdempotency: true } } };
      const end = await playNight({ ...night, calls: few, ...drill });

      expect(end.double).toBeGreaterThan(0);
    },
    timeout,
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latencyMs, perMinute } from '../../../src/domain/link-report.ts';
import { createLinkTraffic } from '../../../src/flows/link-traffic.ts';

const spanMs = 300_000;

describe('the traffic of a link', () => {
  it('is that of the last five minutes, both ways apart', () => {
    const { traffic, clock } = startAt(Date.parse('2026-11-21T12:00:00Z'));

    traffic.asked('carousel', 12, false);
    clock.ms += 200_000;
    traffic.asked('carousel', 40, true);
    traffic.asking('carousel', 900, false);
    const before = traffic.of('carousel');
    clock.ms += 200_000;
    const after = traffic.of('carousel');

    expect(before.asked).toMatchObject({ count: 2, errors: 1, spanSec: 200, lastErrorAt: '2026-11-21T12:03:20.000Z' });
    expect(before.asking).toMatchObject({ count: 1, errors: 0 });
    expect(after.asked).toMatchObject({ count: 1, errors: 1, spanSec: 300, lastAt: '2026-11-21T12:03:20.000Z' });
    expect(perMinute(after.asked)).toBeCloseTo(0.2);
  });

  it('does not count for a name that nobody configured', () => {
    const { traffic } = startAt(1);

    traffic.asked('whoever', 1, false);

    expect(traffic.of('whoever').asked).toMatchObject({ count: 0, lastAt: null });
  });

  it('counts what takes its time by nature, and does not call it slow', () => {
    const { traffic } = startAt(1);

    traffic.asking('carousel', null, false);
    const { asking } = traffic.of('carousel');

    expect([asking.count, latencyMs(asking, 0.5)]).toEqual([1, null]);
  });

  it('forgets nothing younger than its span less a bucket, and keeps nothing older, whatever comes when', () => {
    const visit = fc.record({ afterMs: fc.integer({ min: 0, max: 90_000 }), isError: fc.boolean() });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 60 }), (visits) => {
        const { traffic, clock } = startAt(1_700_000_000_000);
        const seen = visits.map(({ afterMs, isError }) => {
          clock.ms += afterMs;
          traffic.asked('carousel', 5, isError);
          return { at: clock.ms, isError };
        });

        const { count, errors } = traffic.of('carousel').asked;
        const within = (ms: number) => seen.filter(({ at }) => at > clock.ms - ms);

        expect(count).toBeGreaterThanOrEqual(within(spanMs - 10_000).length);
        expect(count).toBeLessThanOrEqual(within(spanMs + 10_000).length);
        expect(errors).toBeLessThanOrEqual(count);
      }),
    );
  });

  it('sums up what a dialer took, by aspect', () => {
    const { traffic, clock } = startAt(1_700_000_000_000);

    traffic.delivered('carousel', 'disposition', 20);
    clock.ms += 280_000;
    traffic.delivered('carousel', 'disposition', 5);
    traffic.delivered('carousel', 'dnc', 1);
    const both = traffic.of('carousel').delivered;
    clock.ms += 60_000;

    expect(both).toEqual({ disposition: 25, dnc: 1 });
    expect(traffic.of('carousel').delivered).toEqual({ disposition: 5, dnc: 1 });
  });
});

function startAt(ms: number) {
  const clock = { ms, now: () => clock.ms };
  return { clock, traffic: createLinkTraffic(clock, ['carousel']) };
}

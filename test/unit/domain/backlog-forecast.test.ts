import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BacklogNow, forecastBacklog } from '../../../src/domain/backlog-forecast.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');
const steady: BacklogNow = {
  dialer: 'carousel',
  aspect: 'disposition',
  waiting: 600,
  submitted: 0,
  now: noon,
  pausedUntil: 0,
  breaker: 'closed',
  delivered: 300,
  spanSec: 300,
};

describe('when a backlog will be through', () => {
  it('goes on as in the last minutes, from when on the dialer takes it', () => {
    expect(forecastBacklog(steady).throughAt).toBe('2026-11-21T12:10:00.000Z');
    expect(forecastBacklog({ ...steady, pausedUntil: noon + 3_600_000 })).toMatchObject({
      opensAt: '2026-11-21T13:00:00.000Z',
      throughAt: '2026-11-21T13:10:00.000Z',
    });
  });

  it("is the dialer's own word where it knows its limits", () => {
    expect(forecastBacklog({ ...steady, byLimits: noon + 60_000 }).throughAt).toBe('2026-11-21T12:01:00.000Z');
    expect(forecastBacklog({ ...steady, byLimits: null }).throughAt).toBeNull();
  });

  it('can’t be told while the dialer does not answer, or took nothing lately', () => {
    expect(forecastBacklog({ ...steady, breaker: 'open', byLimits: noon }).throughAt).toBeNull();
    expect(forecastBacklog({ ...steady, breaker: 'half-open' }).throughAt).toBeNull();
    expect(forecastBacklog({ ...steady, delivered: 0 }).throughAt).toBeNull();
  });

  it('is now when nothing waits, and nothing when it is further away than a year', () => {
    expect(forecastBacklog({ ...steady, waiting: 0, breaker: 'open' }).throughAt).toBe('2026-11-21T12:00:00.000Z');
    expect(forecastBacklog({ ...steady, waiting: 1e9, delivered: 1 }).throughAt).toBeNull();
  });

  it('never lies before now or before the window opens, and never comes sooner for more that waits', () => {
    const some = fc.record({
      waiting: fc.integer({ min: 0, max: 1e6 }),
      delivered: fc.integer({ min: 0, max: 1e5 }),
      spanSec: fc.integer({ min: 0, max: 300 }),
      pausedUntil: fc.oneof(fc.constant(0), fc.integer({ min: noon - 1e8, max: noon + 1e8 })),
      byLimits: fc.option(fc.integer({ min: noon - 1e6, max: noon + 1e9 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 1000 }), ({ byLimits, ...rest }, more) => {
        const backlog = { ...steady, ...rest, ...(byLimits !== undefined && { byLimits }) };

        const { throughAt, opensAt } = forecastBacklog(backlog);
        const longer = forecastBacklog({ ...backlog, waiting: backlog.waiting + more }).throughAt;

        if (throughAt) expect(Date.parse(throughAt)).toBeGreaterThanOrEqual(noon);
        if (throughAt && opensAt && backlog.waiting > 0) expect(throughAt >= opensAt).toBe(true);
        if (throughAt && longer) expect(longer >= throughAt).toBe(true);
      }),
    );
  });
});

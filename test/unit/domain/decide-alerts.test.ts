import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert, AlertKind, AlertSign } from '../../../src/domain/alert.ts';
import { natureOf } from '../../../src/domain/alert.ts';
import { type AlertRules, clearSec, decideAlerts } from '../../../src/domain/decide-alerts.ts';
import type { LetterItem } from '../../../src/domain/letter.ts';

const noon = Date.parse('2026-03-02T17:00:00Z');
const minute = 60_000;
const hour = 60 * minute;

const plain: AlertRules = {
  channels: ['office', 'pager'],
  kinds: {},
  routes: [],
  quiet: null,
  groupSec: 60,
  repeatHours: 24,
  escalate: null,
};

const overdue = sign('overdue-opt-out');
const finding = sign('finding');
const breaker = sign('breaker-open', 'five9');

function sign(kind: AlertKind, key = '', size = 1): AlertSign {
  return { kind, key, size, words: `${size} ${kind}` };
}

/** A site over time: what holds is said, and what was told is remembered. */
function startSite(rules: Partial<AlertRules> = {}) {
  let alerts: Alert[] = [];
  let now = noon;
  let ids = 0;
  const told: { at: number; channel: string; items: LetterItem[] }[] = [];
  return {
    told,
    open: () => alerts.filter(({ endedAt }) => endedAt === null),
    take(kind: AlertKind) {
      alerts = alerts.map((each) =>
        each.kind === kind ? { ...each, ackedBy: 'ada', ackedAt: new Date(now).toISOString() } : each,
      );
    },
    /** Looks every 15 seconds for so long. Gives what was told meanwhile: `office: raised finding`. */
    run(ms: number, ...signs: AlertSign[]): string[] {
      const before = told.length;
      for (const end = now + ms; now < end; now += 15_000) {
        const newId = () => {
          ids += 1;
          return `alert-${ids}`;
        };
        const decision = decideAlerts(alerts, signs, { rules: { ...plain, ...rules }, now, newId });
        const kept = new Map([...alerts, ...decision.changed].map((alert) => [alert.id, alert]));
        alerts = [...kept.values()].filter(({ isClosed }) => !isClosed);
        told.push(...decision.letters.map((letter) => ({ ...letter, at: now })));
      }
      return told.slice(before).map(({ channel, items }) => `${channel}: ${items.map(wordsOf).join(', ')}`);
    },
  };
}

function wordsOf({ what, kind }: LetterItem): string {
  return `${what} ${kind}`;
}

describe('what is told', () => {
  it('is told once to each channel, and its end too', () => {
    const site = startSite();

    expect(site.run(5 * minute, finding)).toEqual(['office: raised finding', 'pager: raised finding']);
    expect(site.run(hour, finding)).toEqual([]);
    expect(site.run(10 * minute)).toEqual(['office: over finding', 'pager: over finding']);
    expect(site.run(hour)).toEqual([]);
  });

  it('waits until it has held for as long as its kind says', () => {
    const site = startSite({ channels: ['office'] });

    expect(site.run(5 * minute, breaker)).toEqual([]);
    expect(site.run(2 * minute, breaker)).toEqual(['office: raised breaker-open']);
    expect(natureOf('breaker-open').holdsSec).toBe(300);
  });

  it('is nothing when it was over before anybody was told', () => {
    const site = startSite();

    expect([...site.run(2 * minute, breaker), ...site.run(hour)]).toEqual([]);
    expect(site.open()).toEqual([]);
  });

  it('comes together when it comes within a minute, the urgent first', () => {
    const site = startSite({ channels: ['office'] });

    const told = [...site.run(30_000, finding), ...site.run(5 * minute, finding, overdue)];

    expect(told).toEqual(['office: raised overdue-opt-out, raised finding']);
  });

  it('is one alert when it comes and goes', () => {
    const site = startSite({ channels: ['office'] });
    const told: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      told.push(...site.run(minute, finding), ...site.run((clearSec * 1000) / 2));
    }

    expect(told).toEqual(['office: raised finding']);
  });

  it('is told again after a day, and not when somebody has taken it', () => {
    const site = startSite({ channels: ['office'] });

    site.run(hour, finding, overdue);
    site.take('overdue-opt-out');

    expect(site.run(24 * hour, finding, overdue)).toEqual(['office: repeated finding']);
    expect(site.run(10 * minute)).toEqual(['office: over overdue-opt-out, over finding']);
  });

  it('is told anew at once when it has grown tenfold', () => {
    const site = startSite({ channels: ['office'] });

    site.run(hour, sign('failed-write-back', 'five9, disposition', 3));

    expect(site.run(hour, sign('failed-write-back', 'five9, disposition', 29))).toEqual([]);
    expect(site.run(hour, sign('failed-write-back', 'five9, disposition', 30))).toEqual([
      'office: grown failed-write-back',
    ]);
  });

  it('goes where the rules say, and when', () => {
    const routes = [
      { kinds: [], levels: ['urgent' as const], to: ['pager'], afterMin: 5 },
      { kinds: ['finding' as const], levels: [], to: ['office'], afterMin: 0 },
    ];
    const site = startSite({ routes });

    expect(site.run(3 * minute, finding, overdue)).toEqual(['office: raised finding']);
    expect(site.run(5 * minute, finding, overdue)).toEqual(['pager: raised overdue-opt-out']);
  });

  it('is told by the other channels when the only one of its rules is the one that fails', () => {
    const failed = sign('channel-failed', 'office');
    const rules = { channels: ['office', 'pager', 'desk'] };
    const told = (...to: string[]) => {
      const site = startSite({ ...rules, routes: [{ kinds: [], levels: [], to, afterMin: 0 }] });
      site.run(3 * minute, failed);
      return site.told.map(({ channel }) => channel);
    };

    expect(told('office')).toEqual(['office', 'pager', 'desk']);
    expect(told('office', 'desk')).toEqual(['office', 'desk']);
    expect(told('pager')).toEqual(['pager']);
  });

  it('is passed on when nobody takes it, and not when somebody did', () => {
    const escalate = { afterMin: 30, levels: ['urgent' as const], to: ['pager'] };
    const routes = [{ kinds: [], levels: [], to: ['office'], afterMin: 0 }];
    const [left, taken] = [startSite({ escalate, routes }), startSite({ escalate, routes })];

    left.run(10 * minute, overdue, finding);
    taken.run(10 * minute, overdue, finding);
    taken.take('overdue-opt-out');

    expect(left.run(hour, overdue, finding)).toEqual(['pager: escalated overdue-opt-out']);
    expect(taken.run(hour, overdue, finding)).toEqual([]);
  });

  it('waits for the morning when it is not urgent', () => {
    const quiet = { fromMinute: 12 * 60, untilMinute: 18 * 60, timeZone: 'America/New_York' };
    const site = startSite({ channels: ['office'], quiet });

    expect(site.run(hour, finding, overdue)).toEqual(['office: raised overdue-opt-out']);
    expect(site.run(4.9 * hour, finding, overdue)).toEqual([]);
    expect(site.run(hour, finding, overdue)).toEqual(['office: raised finding']);
  });

  it('is not told at all where the site says so, and at another level where it says that', () => {
    const site = startSite({ channels: ['office'], kinds: { finding: 'off', 'link-errors': 'urgent' } });

    site.run(hour, finding, sign('link-errors', 'five9'));

    expect(site.told.flatMap(({ items }) => items.map(({ kind, level }) => `${kind} ${level}`))).toEqual([
      'link-errors urgent',
    ]);
  });
});

describe('whatever comes and goes', () => {
  /** Which of three conditions hold, for how many looks. */
  const history = fc.array(fc.tuple(fc.subarray([finding, overdue, breaker]), fc.integer({ min: 1, max: 60 })), {
    maxLength: 25,
  });

  it('what holds long enough is told to everybody once, and every end is told to whom the beginning was', () => {
    fc.assert(
      fc.property(history, (spans) => {
        const site = startSite({ repeatHours: 0 });
        for (const [signs, looks] of spans) site.run(looks * 15_000, ...signs);
        site.run(10 * minute);

        for (const channel of plain.channels) {
          const items = site.told.filter((each) => each.channel === channel).flatMap((each) => each.items);
          for (const same of Map.groupBy(items, ({ id }) => id).values()) {
            expect(same.map(({ what }) => what)).toEqual(['raised', 'over']);
          }
        }
        expect(site.open()).toEqual([]);
        const told = new Set(site.told.flatMap(({ items }) => items.map(({ kind }) => kind)));
        // Seven looks are more than the minute in which letters are gathered.
        for (const [signs, looks] of spans) {
          for (const { kind } of signs) {
            if (looks >= 7 + natureOf(kind).holdsSec / 15) expect([...told]).toContain(kind);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

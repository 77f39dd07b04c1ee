import type { Instant } from '../domain/call.ts';
import { hourOf } from '../domain/call-hours.ts';
import type { CallCount } from '../domain/call-marks.ts';
import { addDays, type Day, dayOf, startOfDay } from '../domain/day-span.ts';
import { addSteps, type FirstWordTimes, firstWordTimes } from '../domain/first-word-steps.ts';
import { groupOf, type OutcomeGroup, outcomeGroups } from '../domain/outcome-groups.ts';
import { type Share, shareOf } from '../domain/shares.ts';
import { localTime } from '../domain/zone-time.ts';
import type { Deps } from './deps.ts';

/** A day's calls, and those of the same weekday a week before. */
export interface DayCounts {
  day: Day;
  /** The day until now, or the whole of it. */
  now: DayFigures;
  /** The same hours of a week before: the hour that runs is left out. */
  weekBefore: { day: Day; untilHour: number; calls: number; contactShare: Share; firstWord: FirstWordTimes };
  /** 24 of them, midnight first. An hour that the clocks show twice holds both. */
  hours: readonly HourCounts[];
  /** Most first. Empty: no outcome yet. */
  outcomes: readonly { outcome: string; group: OutcomeGroup; calls: number }[];
  dialers: readonly DialerFigures[];
}

export interface DayFigures {
  calls: number;
  open: number;
  contacts: number;
  qualified: number;
  contactShare: Share;
  qualifiedShare: Share;
  firstWord: FirstWordTimes;
}

export interface DialerFigures extends DayFigures {
  dialer: string;
}

export interface HourCounts {
  hour: number;
  groups: Readonly<Record<OutcomeGroup, number>>;
  /** A week before. */
  weekBefore: number;
}

/** Today's calls by hour, outcome and dialer, in the site's time. */
export async function countToday(deps: Pick<Deps, 'store' | 'settings'>, now: Instant): Promise<DayCounts> {
  const { timeZone: zone, score: rules } = deps.settings.console;
  const day = dayOf(zone, now);
  const weekAgo = addDays(day, -7);
  const [counts, before] = await Promise.all([
    deps.store.countHours({
      from: startOfDay(zone, day),
      before: startOfDay(zone, addDays(day, 1)),
      by: ['hour', 'dialer', 'outcome'],
    }),
    deps.store.countHours({
      from: startOfDay(zone, weekAgo),
      before: startOfDay(zone, addDays(weekAgo, 1)),
      by: ['hour', 'outcome'],
    }),
  ]);
  const hourNow = localHour(zone, hourOf(zone, now));
  const sameHours = figuresOf(
    before.filter(({ hour }) => localHour(zone, hour) < hourNow),
    rules,
  );
  return {
    day,
    now: figuresOf(counts, rules),
    weekBefore: {
      day: weekAgo,
      untilHour: hourNow,
      calls: sameHours.calls,
      contactShare: sameHours.contactShare,
      firstWord: sameHours.firstWord,
    },
    hours: hoursOf(zone, counts, before, rules),
    outcomes: outcomesOf(counts, rules),
    dialers: [...Map.groupBy(counts, ({ dialer }) => dialer)].map(([dialer, own]) => ({
      dialer,
      ...figuresOf(own, rules),
    })),
  };
}

type Rules = Deps['settings']['console']['score'];

function figuresOf(counts: readonly CallCount[], rules: Rules): DayFigures {
  const groups = noCalls();
  let steps: number[] = [];
  for (const { outcome, calls, firstWords } of counts) {
    groups[groupOf(outcome, rules)] += calls;
    steps = addSteps(steps, firstWords);
  }
  const contacts = groups.contact + groups.qualified;
  const ended = contacts + groups['no-contact'];
  return {
    calls: ended + groups.open,
    open: groups.open,
    contacts,
    qualified: groups.qualified,
    contactShare: shareOf(contacts, ended),
    qualifiedShare: shareOf(groups.qualified, contacts),
    firstWord: firstWordTimes(steps),
  };
}

function hoursOf(zone: string, counts: readonly CallCount[], before: readonly CallCount[], rules: Rules): HourCounts[] {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, groups: noCalls(), weekBefore: 0 }));
  for (const { hour, outcome, calls } of counts) {
    const own = hours[localHour(zone, hour)];
    if (own) own.groups[groupOf(outcome, rules)] += calls;
  }
  for (const { hour, calls } of before) {
    const own = hours[localHour(zone, hour)];
    if (own) own.weekBefore += calls;
  }
  return hours;
}

function outcomesOf(counts: readonly CallCount[], rules: Rules): DayCounts['outcomes'] {
  return [...Map.groupBy(counts, ({ outcome }) => outcome)]
    .map(([outcome, own]) => ({
      outcome,
      group: groupOf(outcome, rules),
      calls: own.reduce((sum, { calls }) => sum + calls, 0),
    }))
    .sort((a, b) => b.calls - a.calls || (a.outcome < b.outcome ? -1 : 1));
}

function noCalls(): Record<OutcomeGroup, number> {
  return Object.fromEntries(outcomeGroups.map((group) => [group, 0])) as Record<OutcomeGroup, number>;
}

function localHour(zone: string, at: Instant): number {
  return Math.floor(localTime(zone, Date.parse(at)).minute / 60);
}

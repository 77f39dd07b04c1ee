import type { Instant } from '../domain/call.ts';
import { hourAfter, hourOf } from '../domain/call-hours.ts';
import {
  type CountedHour,
  type CountPlace,
  countCursor,
  countOverlapMs,
  readCountPlace,
} from '../domain/call-search.ts';
import { instantOf } from '../domain/clock.ts';
import { addDays, dayOf, startOfDay } from '../domain/day-span.ts';
import { purgedCursor } from '../domain/purged.ts';
import type { Deps } from './deps.ts';
import { markOldCalls } from './mark-old-calls.ts';

/** What this process has counted of late: hour → what had changed in it by then. */
export type CountedMarks = Map<Instant, string>;

export interface CountRun {
  /** Hours that were counted anew. */
  hours: number;
  /** False while calls of long ago are still to be counted. */
  isWhole: boolean;
}

type CountDeps = Pick<Deps, 'store'> & {
  clock: Pick<Deps['clock'], 'now'>;
  settings: { console: Pick<Deps['settings']['console'], 'timeZone'> };
};

const endOfTime = '9999';
const hoursAtOnce = 6;
const leftAtOnce = 500;
/** Hours of the past in one run, when all must be counted: live calls come first. */
const pastHoursAtOnce = 48;
/** The place is written at least so often, though nothing changed. */
const placeEveryMs = 60_000;

/**
 * Counts the hours anew in which a call changed since the last time, and goes back in time until all are counted. May run
 * beside another: what one of them counted while the other did is not kept, and counted again.
 */
export async function keepCallCounts(deps: CountDeps, marks: CountedMarks, signal?: AbortSignal): Promise<CountRun> {
  const { store, clock } = deps;
  const { timeZone } = deps.settings.console;
  const now = instantOf(clock);
  const was = await store.readCursor(countCursor);
  const known = readCountPlace(was);
  const isAnew = known === null || known.timeZone !== timeZone;
  if (isAnew) marks.clear();
  // By hours of another zone nothing is counted yet. The newest come first.
  const place = isAnew
    ? { timeZone, seenTo: now, backTo: hourAfter(hourOf(timeZone, await newest(deps, now))), turn: known?.turn ?? 0 }
    : known;
  const unmarkedTo = await markOldCalls(deps, { countedFrom: place.backTo, now, signal });
  const changed = await changedHours(deps, place);
  // Of hours from which calls were purged the counts stand: nothing is left to count them anew by.
  const purgedTo = await store.readCursor(purgedCursor);
  const wholeFrom = purgedTo && hourAfter(hourOf(timeZone, purgedTo));
  // Asked after what changed: a dialer's first call may be among that.
  const dialers = await store.dialersOfCalls();
  const counting: Counting = { deps, place, was, counted: 0, dialers, isOurs: true, wholeFrom };
  const due = [...changed.keys()].filter((hour) => hour >= place.backTo && marks.get(hour) !== changed.get(hour));
  // Once more when all is long over: two changes, one of them by a clock that is behind, may have had the same mark.
  const quiet = [...marks.keys()].filter((hour) => !changed.has(hour));
  const left = await store.leftHours(leftAtOnce);
  const touched = new Set([...due, ...quiet, ...left.map((each) => hourOf(timeZone, each.registered_at))]);
  const hours = [...touched].filter((hour) => hour >= wholeFrom);
  for (const hour of quiet) if (hour < wholeFrom) marks.delete(hour);
  for (const part of cut(hours, hoursAtOnce)) {
    if (signal?.aborted) break;
    const spans = part.map((hour) => ({ hour, before: hourAfter(hour) }));
    await count(counting, spans, {});
    if (!counting.isOurs) break;
    for (const hour of part) {
      const mark = changed.get(hour);
      if (mark) marks.set(hour, mark);
      else marks.delete(hour);
    }
  }
  if (!counting.isOurs || signal?.aborted) return { hours: counting.counted, isWhole: counting.place.backTo === '' };
  await finish(counting, { now, left, isDue: hours.length > 0 || isAnew });
  if (counting.place.backTo !== '') await countPast(counting, unmarkedTo, signal);
  return { hours: counting.counted, isWhole: counting.place.backTo === '' };
}

/** A call may lie ahead of us by the clock of who registered it. */
async function newest({ store }: CountDeps, now: Instant): Promise<Instant> {
  const last = await store.lastCallBefore({ before: endOfTime, dialers: await store.dialersOfCalls() });
  return last !== null && last > now ? last : now;
}

interface Counting {
  deps: CountDeps;
  place: CountPlace;
  /** The place as it is written. */
  was: string;
  counted: number;
  dialers: readonly string[];
  /** False when another process counted meanwhile. */
  isOurs: boolean;
  /** Hours before are never counted anew; empty when nothing was purged. */
  wholeFrom: Instant;
}

/** Hours with a call that changed, and a text that differs when more did. */
async function changedHours({ store }: CountDeps, { timeZone, seenTo }: CountPlace): Promise<Map<Instant, string>> {
  const since = new Date(Date.parse(seenTo) - countOverlapMs).toISOString();
  const hours = new Map<Instant, { calls: number; changedAt: Instant }>();
  for (const { minute, calls, changedAt } of await store.changedMinutes(since)) {
    const hour = hourOf(timeZone, `${minute}:00.000Z`);
    const known = hours.get(hour);
    const latest = known && known.changedAt > changedAt ? known.changedAt : changedAt;
    hours.set(hour, { calls: calls + (known?.calls ?? 0), changedAt: latest });
  }
  return new Map([...hours].map(([hour, { calls, changedAt }]) => [hour, `${calls} ${changedAt}`]));
}

async function count(counting: Counting, hours: readonly CountedHour[], place: Partial<CountPlace>): Promise<void> {
  const counts = await counting.deps.store.countCallsOf({ hours, dialers: counting.dialers });
  await keep(counting, { hours, counts, left: [] }, place);
  if (counting.isOurs) counting.counted += hours.length;
}

type Kept = Omit<Parameters<Deps['store']['keepCounts']>[0], 'was' | 'is' | 'days'>;

async function keep(counting: Counting, kept: Kept, change: Partial<CountPlace>): Promise<void> {
  const place = { ...counting.place, ...change, turn: counting.place.turn + 1 };
  const is = JSON.stringify(place);
  const days = daysOf(place.timeZone, kept.hours);
  counting.isOurs = await counting.deps.store.keepCounts({ ...kept, days, was: counting.was, is });
  if (!counting.isOurs) return;
  counting.was = is;
  counting.place = place;
}

/** The days in which hours begin; a span without calls may be of many days. */
function daysOf(timeZone: string, hours: readonly CountedHour[]): CountedHour[] {
  const days = new Map<Instant, CountedHour>();
  for (const { hour, before } of hours) {
    if (hour === '') {
      days.set('', { hour: '', before: startOfDay(timeZone, dayOf(timeZone, before)) });
    }
    const first = dayOf(timeZone, hour || before);
    const last = hour ? dayOf(timeZone, new Date(Date.parse(before) - 1).toISOString()) : first;
    for (let day = first; day <= last; day = addDays(day, 1)) {
      const start = startOfDay(timeZone, day);
      days.set(start, { hour: start, before: startOfDay(timeZone, addDays(day, 1)) });
    }
  }
  return [...days.values()];
}

/** All that changed until `now` is counted. */
async function finish(
  counting: Counting,
  { now, left, isDue }: { now: Instant; left: Kept['left']; isDue: boolean },
): Promise<void> {
  const isOld = Date.parse(now) - Date.parse(counting.place.seenTo) > placeEveryMs;
  if (!isDue && !isOld && left.length === 0) return;
  await keep(counting, { hours: [], counts: [], left }, { seenTo: now });
}

/** Goes back in time, as far as calls have their marks. */
async function countPast(
  counting: Counting,
  unmarkedTo: Instant | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store } = counting.deps;
  for (let done = 0; done < pastHoursAtOnce && counting.isOurs && !signal?.aborted; done += 1) {
    const before = counting.place.backTo;
    const found = await store.lastCallBefore({ before, dialers: counting.dialers });
    const last = found && hourOf(counting.place.timeZone, found) < counting.wholeFrom ? null : found;
    // What was counted by another zone's hours goes with the span in which there is none of this zone's.
    if (last === null) {
      const hour = counting.wholeFrom;
      return keep(counting, { hours: hour < before ? [{ hour, before }] : [], counts: [], left: [] }, { backTo: '' });
    }
    const hour = hourOf(counting.place.timeZone, last);
    if (unmarkedTo !== null && hour <= unmarkedTo) return;
    await count(counting, [{ hour, before }], { backTo: hour });
  }
}

function cut<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size));
  return parts;
}

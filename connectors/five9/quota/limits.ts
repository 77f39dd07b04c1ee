import { Temporal } from 'temporal-polyfill';
import type { Clock } from '../../../src/domain/clock.ts';
import { ConnectorError } from '../../../src/domain/errors.ts';
import { categoryOf, type Operation } from '../soap/operations.ts';
import type { CallCounters } from '../soap/schema.ts';

/** Keeps calls of an exhausted category from being made before its window ends. */
export interface Limits {
  /** Throws `dialer_limit` with the wait while the operation's category is exhausted. */
  assertOpen(operation: Operation): void;
  /** Closes a category until its window ends, by the counters (null: not readable). Gives the error to throw. */
  close(operation: Operation, saidCategory: string, counters: CallCounters | null): ConnectorError;
}

const minuteSec = 60;
const hourSec = 3600;

/** @param timeZone the data centre's: its clock decides when an hour or a day ends */
export function createLimits(clock: Pick<Clock, 'now'>, timeZone: string): Limits {
  const closedUntil = new Map<string, number>();

  function limitError(operation: Operation, category: string, until: number): ConnectorError {
    return new ConnectorError('dialer_limit', `the Five9 limit for ${category} is used up: ${operation} waits`, {
      retryable: true,
      afterMs: Math.max(1, until - clock.now()),
      hint: 'Nothing is lost. If it happens often, ask Five9 for higher limits or gather more rows by `batch.flushMs`.',
    });
  }

  return {
    assertOpen(operation) {
      const category = categoryOf(operation);
      const until = closedUntil.get(category) ?? 0;
      if (clock.now() < until) throw limitError(operation, category, until);
    },
    close(operation, saidCategory, counters) {
      const category = saidCategory || categoryOf(operation);
      const until = windowEnd(clock.now(), exhaustedWindow(category, counters), timeZone);
      closedUntil.set(category, until);
      closedUntil.set(categoryOf(operation), until);
      return limitError(operation, category, until);
    },
  };
}

/** The longest window (seconds) whose counter is full; a minute when none is, or none can be read. */
export function exhaustedWindow(category: string, counters: CallCounters | null): number {
  let longest = minuteSec;
  for (const window of counters ?? []) {
    const isFull = window.counters.some(
      ({ operationType, limit, value }) => operationType === category && limit > 0 && value >= limit,
    );
    if (isFull) longest = Math.max(longest, window.windowSec);
  }
  return longest;
}

/** The instant (epoch ms) at which a window of so many seconds begins anew by the clock of the data centre. */
export function windowEnd(nowMs: number, windowSec: number, timeZone: string): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  if (windowSec <= minuteSec) return startOf(now, 'minute').add({ minutes: 1 }).epochMilliseconds;
  if (windowSec <= hourSec) return startOf(now, 'hour').add({ hours: 1 }).epochMilliseconds;
  return now.startOfDay().add({ days: 1 }).epochMilliseconds;
}

function startOf(now: Temporal.ZonedDateTime, smallestUnit: 'minute' | 'hour'): Temporal.ZonedDateTime {
  return now.round({ smallestUnit, roundingMode: 'floor' });
}

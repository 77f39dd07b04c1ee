import type { Instant } from './call.ts';
import type { WriteBack } from './write-back.ts';

/** How soon an opt-out must have reached the dialers. */
export interface OptOutTerms {
  alarmHours: number;
  legalBusinessDays: number;
  /** Days that are no business days, as `2026-12-25`. */
  holidays: ReadonlySet<string>;
  timeZone: string;
  /** When a dialer should hold an opt-out that was told then. */
  targetOf(dialer: string, toldAt: Instant): Instant;
}

/** An opt-out as it is kept: what one call told. */
export interface ToldOptOut {
  correlationId: string;
  source: string;
  toldAt: Instant;
  /** E.164, sorted. */
  phones: readonly string[];
  isUndone: boolean;
  /** Those of aspect `dnc`, every revision. */
  writeBacks: readonly WriteBack[];
}

/** An opt-out with its clocks. */
export interface OptOutClock extends Omit<ToldOptOut, 'writeBacks'> {
  alarmAt: Instant;
  legalBy: Instant;
  dialers: readonly DialerClock[];
  /** True while some dialer does not hold it as it is wanted now. */
  isOpen: boolean;
  isOverdue: boolean;
  isPastLegal: boolean;
}

export interface DialerClock {
  dialer: string;
  /** `failed`: only an operator can mend it. `shown`: the call ran in shadow, and the dialer is not told. */
  state: 'confirmed' | 'waiting' | 'failed' | 'undone' | 'shown';
  targetAt: Instant;
  /** When the dialer first held it. */
  confirmedAt?: Instant;
  tookSec?: number;
  /** False once the target went by without it. */
  isOnTime: boolean;
  /** What was seen in the dialer. */
  proof: string;
  /** From when on what is wanted now was waited for: later than the opt-out when a lead came later. */
  openSince?: Instant;
  waitsFor?: string;
  waitsUntil?: Instant;
}

const dayMs = 86_400_000;

/** Reads the clocks of an opt-out from what was written back of it. Pure. */
export function readClock(told: ToldOptOut, terms: OptOutTerms, now: Instant): OptOutClock {
  const { writeBacks, ...rest } = told;
  const byDialer = Map.groupBy(writeBacks, ({ dialer }) => dialer);
  const dialers = [...byDialer]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([dialer, rows]) => dialerClock(dialer, rows, told, terms, now) ?? []);
  const legalBy = businessDaysLater(told.toldAt, terms);
  const waits = dialers.filter(({ state }) => state === 'waiting' || state === 'failed');
  const isPast = (limit: Instant) => !told.isUndone && limit <= now;
  return {
    ...rest,
    alarmAt: later(told.toldAt, terms.alarmHours * 3_600_000),
    legalBy,
    dialers,
    isOpen: !told.isUndone && waits.length > 0,
    isOverdue: waits.some(({ openSince = '' }) => isPast(later(openSince, terms.alarmHours * 3_600_000))),
    isPastLegal: waits.some(({ openSince = '' }) => isPast(businessDaysLater(openSince, terms))),
  };
}

function dialerClock(
  dialer: string,
  rows: readonly WriteBack[],
  told: ToldOptOut,
  terms: OptOutTerms,
  now: Instant,
): DialerClock | null {
  const wishes = rows
    .filter(({ state }) => state !== 'superseded' && state !== 'cancelled')
    .sort((a, b) => a.revision - b.revision);
  const last = wishes.at(-1);
  if (!last) return null;
  const confirmed = wishes.filter(({ desired, state }) => isListing(desired) && state === 'confirmed');
  const first = confirmed[0]?.settledAt ?? undefined;
  const targetAt = terms.targetOf(dialer, told.toldAt);
  const clock = {
    dialer,
    targetAt,
    ...(first && { confirmedAt: first, tookSec: secondsBetween(told.toldAt, first) }),
    isOnTime: (first ?? now) <= targetAt,
    proof: confirmed.at(-1)?.why ?? '',
  };
  if (!isListing(last.desired)) return { ...clock, state: 'undone' };
  if (last.state === 'confirmed') return { ...clock, state: 'confirmed' };
  if (last.state === 'shadow') return { ...clock, state: 'shown', waitsFor: shownWhy };
  const known = confirmed.at(-1)?.revision ?? 0;
  const asked = rows.filter(({ revision }) => revision > known).map(({ createdAt }) => createdAt);
  return {
    ...clock,
    state: ['held', 'refused', 'dead'].includes(last.state) ? 'failed' : 'waiting',
    openSince: first ? (asked.sort()[0] ?? last.createdAt) : told.toldAt,
    waitsFor: [last.why || 'its turn', last.hint].filter(Boolean).join('. '),
    ...(last.state === 'pending' && { waitsUntil: last.dueAt }),
  };
}

const shownWhy = 'the call ran in shadow, and the dialer is told nothing; list the numbers there, or replay it';

/** The same time of day, so many business days later. */
export function businessDaysLater(
  from: Instant,
  { legalBusinessDays, holidays, timeZone }: Pick<OptOutTerms, 'legalBusinessDays' | 'holidays' | 'timeZone'>,
): Instant {
  const { date, day } = calendarOf(timeZone);
  let at = Date.parse(from);
  for (let left = legalBusinessDays; left > 0; ) {
    at += dayMs;
    if (!['Sat', 'Sun'].includes(day.format(at)) && !holidays.has(date.format(at))) left -= 1;
  }
  return new Date(at).toISOString();
}

const calendars = new Map<string, { date: Intl.DateTimeFormat; day: Intl.DateTimeFormat }>();

/** To make one costs more than to ask it a hundred times. */
function calendarOf(timeZone: string) {
  const known = calendars.get(timeZone);
  if (known) return known;
  const calendar = {
    date: new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }),
    day: new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }),
  };
  calendars.set(timeZone, calendar);
  return calendar;
}

function isListing(desired: WriteBack['desired']): boolean {
  return desired.aspect === 'dnc' && desired.listed;
}

function secondsBetween(from: Instant, to: Instant): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
}

function later(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString();
}

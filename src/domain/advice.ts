import type { DialFigures, DialSpan } from './dial-figures.ts';

/** What the calls of a campaign's busiest hour were. */
export interface BusyHour {
  /** When it began. */
  at: string;
  /** Calls that the AI had, and how long it spoke in all of them together. */
  calls: number;
  talkSec: number;
  /** Calls that were turned away because the platform was full. */
  refused: number;
  /** The most that went on at once. */
  peak: number;
}

export type Verdict = 'raise' | 'lower' | 'keep' | 'too little data';

/** One piece of advice, with the reasons written out. Nobody acts on it but a person. */
export interface Advice {
  verdict: Verdict;
  /** What it is now, and what it should be; null where that is not known. */
  now: number | null;
  wanted: number | null;
  why: readonly string[];
  /** What to change, where. Empty when there is nothing to change. */
  how: string;
}

/** The share of answered calls that may be dropped: what the law of the United States lets pass, by campaign and 30 days. */
export const mostDropped = 0.03;
/** Of calls in the busiest hour so many may find no line. */
const refusedTarget = 0.01;
/** Until a line is free again after the last word: ringing, greeting the dialer, hanging up. */
const betweenCallsSec = 5;
const leastCalls = 30;
const leastAnswered = 100;
const idleBelow = 0.6;
const mostLevel = 5;

/**
 * How many lines a campaign needs so that hardly a call of its busiest hour finds none: by Erlang's formula for calls that are lost
 * when all lines are taken.
 *
 * @param concurrency what the platform takes at once, for all campaigns together; null: not known
 */
export function adviseLines(
  hour: BusyHour | null,
  { lines, linesAt }: Pick<DialFigures, 'lines' | 'linesAt'>,
  concurrency: number | null,
): Advice {
  if (!hour || hour.calls < leastCalls) {
    const calls = hour?.calls ?? 0;
    return tooLittle(
      lines,
      `the busiest hour had ${calls} calls with the AI; from ${leastCalls} on they tell something`,
    );
  }
  const load = loadOf(hour);
  const needed = linesFor(load);
  const wanted = Math.max(1, concurrency === null ? needed : Math.min(needed, concurrency));
  const why = [
    `the busiest hour, from ${hour.at} on: ${hour.calls} calls with the AI of ${Math.round(hour.talkSec / hour.calls)} s, ${hour.refused} refused for want of room, ${hour.peak} at once at most`,
    `that is a load of ${load.toFixed(1)} lines; with ${needed} of them ${percent(erlangB(needed, load))} of the calls find none free`,
    ...(needed > wanted ? [`the platform takes ${wanted} at once: have its concurrency raised for more`] : []),
    ...(lines === null ? [] : [`with ${lines} as now: ${percent(erlangB(lines, load))}`]),
  ];
  const verdict = lines === null || lines < wanted ? 'raise' : lines > wanted * 1.25 + 1 ? 'lower' : 'keep';
  if (lines === null) return { verdict: 'keep', now: null, wanted, why, how: '' };
  return { verdict, now: lines, wanted, why, how: verdict === 'keep' ? '' : `${linesAt}: ${wanted}` };
}

/**
 * Whether a campaign dials too much or too little for its lines. Too many drops in any span that tells weigh more than idle lines:
 * the law counts them.
 */
export function adviseLevel(figures: DialFigures, hour: BusyHour | null): Advice {
  const { level, lines, isAdaptive, levelAt, dropsAt } = figures;
  const spans = figures.spans.filter(({ answered }) => answered >= leastAnswered);
  if (spans.length === 0) {
    const [longest] = figures.spans.toReversed();
    const seen = longest
      ? `${longest.answered} people answered in ${longest.hours} h; from ${leastAnswered} on they tell something`
      : `the dialer does not tell how many were dropped: see ${dropsAt}`;
    return tooLittle(level, seen);
  }
  const why = spans.map(spanWords);
  const worst = Math.max(...spans.map(shareOf));
  const name = isAdaptive ? 'it sets its level by itself' : `it dials ${level ?? '?'} for each free line`;
  if (worst > mostDropped) {
    const wanted = level === null || isAdaptive ? null : lowered(level, worst);
    const more = wanted !== null && wanted >= (level ?? 0) ? ['the level is at its least: only more lines help'] : [];
    const limits = `more than ${percent(mostDropped)} of answered calls must not be dropped; ${name}`;
    const how = more.length > 0 ? figures.linesAt : isAdaptive ? levelAt : `${levelAt}: ${wanted ?? 'lower'}`;
    return { verdict: 'lower', now: level, wanted, why: [...why, limits, ...more], how };
  }
  const load = hour && hour.calls >= leastCalls ? loadOf(hour) : null;
  const isIdle = load !== null && lines !== null && lines > 0 && load / lines < idleBelow;
  if (worst > mostDropped / 2 || !isIdle || level === null || isAdaptive || level >= mostLevel) {
    const used = load !== null && lines ? `${percent(load / lines)} of the lines are taken in the busiest hour` : '';
    return { verdict: 'keep', now: level, wanted: level, why: [...why, name, ...(used ? [used] : [])], how: '' };
  }
  const wanted = Math.min(mostLevel, Math.max(tenth(level * 1.1), tenth(level + 0.1)));
  const idle = `${percent(load / lines)} of ${lines} lines are taken in the busiest hour, and hardly a call is dropped`;
  return { verdict: 'raise', now: level, wanted, why: [...why, idle, name], how: `${levelAt}: ${wanted}` };
}

/** The share of calls that find all lines taken: 0 to 1. */
export function erlangB(lines: number, load: number): number {
  let blocked = 1;
  for (let count = 1; count <= lines; count += 1) blocked = (load * blocked) / (count + load * blocked);
  return blocked;
}

/** The fewest lines at which hardly a call of such a load is refused. */
export function linesFor(load: number): number {
  let blocked = 1;
  let lines = 0;
  while (blocked > refusedTarget) {
    lines += 1;
    blocked = (load * blocked) / (lines + load * blocked);
  }
  return lines;
}

/** The most calls that overlap. */
export function peakOf(calls: readonly { at: number; talkSec: number }[]): number {
  const steps = calls.flatMap(({ at, talkSec }) => [
    { at, by: 1 },
    { at: at + talkSec * 1000, by: -1 },
  ]);
  // Of a call that ends as another begins, the end comes first.
  steps.sort((one, other) => one.at - other.at || one.by - other.by);
  let going = 0;
  let most = 0;
  for (const { by } of steps) {
    going += by;
    most = Math.max(most, going);
  }
  return most;
}

/** In lines that would be taken all the time, those who were refused included. */
function loadOf({ calls, talkSec, refused }: BusyHour): number {
  return ((calls + refused) * (talkSec / calls + betweenCallsSec)) / 3600;
}

/** By less than the drops call for: they fall faster than the level. Never below one call for each line. */
function lowered(level: number, dropped: number): number {
  const wanted = tenth(level * Math.max(0.7, Math.sqrt(mostDropped / dropped)));
  return Math.max(1, Math.min(wanted, tenth(level - 0.1)));
}

function tooLittle(now: number | null, why: string): Advice {
  return { verdict: 'too little data', now, wanted: null, why: [why], how: '' };
}

function spanWords(span: DialSpan): string {
  return `${span.dropped} of ${span.answered} answered calls were dropped in ${span.hours} h (${percent(shareOf(span))})`;
}

function shareOf({ answered, dropped }: DialSpan): number {
  return answered === 0 ? 0 : dropped / answered;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

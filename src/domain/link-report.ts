import type { Instant } from './call.ts';
import type { RunningConfiguration } from './reload.ts';
import type { Aspect } from './write-back.ts';

/** How the link to one system does, as one process sees it. */
export interface LinkReport {
  /** Instance id of the dialer or platform. */
  id: string;
  kind: 'dialer' | 'platform';
  /** What it asks us, and what we ask it, in the last minutes. */
  asked: Traffic;
  asking: Traffic;
  /** How many write-backs it took in that time. */
  delivered: Partial<Record<Aspect, number>>;
  breaker: BreakerState;
  quotas: readonly Quota[];
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** Of the last `spanSec` seconds. */
export interface Traffic {
  spanSec: number;
  count: number;
  errors: number;
  /** How many answers took up to each of `trafficSteps`; one more than it has. */
  steps: readonly number[];
  lastAt: Instant | null;
  lastErrorAt: Instant | null;
}

/** Upper ends of the steps in which answers are counted, in milliseconds; the last one has none. */
export const trafficSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 350, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000, 30_000,
] as const;

/** What is left of something that a system gives a limited number of. */
export interface Quota {
  /** As the system calls it: `QueryRequest`. */
  name: string;
  used: number;
  limit: number;
  /** `minute`, `hour`, `day`. */
  per: string;
}

/** What waits for one dialer, and when it will be through. */
export interface BacklogForecast {
  dialer: string;
  aspect: Aspect;
  waiting: number;
  submitted: number;
  /** When a window opens before which nothing is taken; null: it is taken now. */
  opensAt: Instant | null;
  /** Null when it can't be told: nothing was delivered lately, or a pause holds it back. */
  throughAt: Instant | null;
  /** Held back by people: all of it, or what is of some campaigns; nothing of it where this is not told. */
  paused?: 'all' | 'some';
}

/** What a process tells of itself, kept in the store. */
export interface ProcessReport {
  id: string;
  /** Machine and process number, for people. */
  name: string;
  startedAt: Instant;
  version: string;
  links: readonly LinkReport[];
  backlog: readonly BacklogForecast[];
  /** Facts that wait on its disk for the store. */
  spooled: number;
  /** Tool calls of agents in the last minute. An earlier release tells of none. */
  tools?: { calls: number; failures: number };
  /** (Default: an earlier release, which takes up none while it runs) */
  configuration?: RunningConfiguration;
}

/** A process as the store knows it. */
export interface SeenProcess extends ProcessReport {
  /** Since it told last, by the database's clock. */
  silentSec: number;
}

/** A process that tells nothing for so long is taken for gone. */
export const goneAfterSec = 60;

export type LinkState = 'ok' | 'silent' | 'slow' | 'errors' | 'broken';

/** From the best to the worst. */
export const linkStates: readonly LinkState[] = ['ok', 'silent', 'slow', 'errors', 'broken'];

const slowAskedMs = 2000;
const slowAskingMs = 10_000;
/** A single failure heals by itself; above this share it does not. */
const errorShare = 0.1;
const leastErrors = 3;

/** How a link does, in one word. `silent`: there was no traffic, which says nothing about either side. */
export function linkState({ asked, asking, breaker }: Pick<LinkReport, 'asked' | 'asking' | 'breaker'>): LinkState {
  if (breaker !== 'closed') return 'broken';
  const isFailing = ({ count, errors }: Traffic) =>
    (errors >= leastErrors && errors > count * errorShare) || (errors > 0 && errors === count);
  if (isFailing(asked) || isFailing(asking)) return 'errors';
  if ((latencyMs(asked, 0.95) ?? 0) > slowAskedMs || (latencyMs(asking, 0.95) ?? 0) > slowAskingMs) return 'slow';
  return asked.count + asking.count === 0 ? 'silent' : 'ok';
}

/** The links of several processes as one list, in the order in which they come first. */
export function sumLinks(links: readonly LinkReport[]): LinkReport[] {
  return [...Map.groupBy(links, ({ id }) => id).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    return {
      ...first,
      asked: sumTraffic(same.map(({ asked }) => asked)),
      asking: sumTraffic(same.map(({ asking }) => asking)),
      delivered: sumDelivered(same.map(({ delivered }) => delivered)),
      breaker:
        (['open', 'half-open'] as const).find((state) => same.some(({ breaker }) => breaker === state)) ?? 'closed',
      quotas: mostUsed(same.flatMap(({ quotas }) => quotas)),
    };
  });
}

export const noTraffic: Traffic = {
  spanSec: 0,
  count: 0,
  errors: 0,
  steps: [0, ...trafficSteps.map(() => 0)],
  lastAt: null,
  lastErrorAt: null,
};

export function sumTraffic(traffics: readonly Traffic[]): Traffic {
  return traffics.reduce(
    (sum, each) => ({
      spanSec: Math.max(sum.spanSec, each.spanSec),
      count: sum.count + each.count,
      errors: sum.errors + each.errors,
      steps: sum.steps.map((count, step) => count + (each.steps[step] ?? 0)),
      lastAt: latest(sum.lastAt, each.lastAt),
      lastErrorAt: latest(sum.lastErrorAt, each.lastErrorAt),
    }),
    noTraffic,
  );
}

/**
 * Up to how many milliseconds this share of the answers took (0.5: the median), within its step by proportion; null while
 * there was nothing.
 */
export function latencyMs({ steps }: Pick<Traffic, 'steps'>, share: number): number | null {
  const total = steps.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [step, count] of steps.entries()) {
    if (count === 0 || below + count < total * share) {
      below += count;
      continue;
    }
    const from = trafficSteps[step - 1] ?? 0;
    const to = trafficSteps[step] ?? from;
    return from + (to - from) * Math.min(1, Math.max(0, (total * share - below) / count));
  }
  return trafficSteps.at(-1) ?? null;
}

export function perMinute({ count, spanSec }: Pick<Traffic, 'count' | 'spanSec'>): number {
  return spanSec === 0 ? 0 : (count * 60) / spanSec;
}

function sumDelivered(all: readonly LinkReport['delivered'][]): LinkReport['delivered'] {
  const sum: Partial<Record<Aspect, number>> = {};
  for (const each of all) {
    for (const [aspect, count] of Object.entries(each) as [Aspect, number][]) sum[aspect] = (sum[aspect] ?? 0) + count;
  }
  return sum;
}

/** Each process knows only what it has heard of a limit that they share: the highest is the nearest to the truth. */
function mostUsed(quotas: readonly Quota[]): Quota[] {
  const same = Map.groupBy(quotas, ({ name, per }) => `${name} ${per}`);
  return [...same.values()].flatMap((each) => each.reduce((most, quota) => (quota.used > most.used ? quota : most)));
}

function latest(a: Instant | null, b: Instant | null): Instant | null {
  return a === null || (b !== null && b > a) ? b : a;
}

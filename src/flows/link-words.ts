import { type BacklogForecast, latencyMs, perMinute, type Quota } from '../domain/link-report.ts';
import type { LinkNow } from './site-state.ts';

/** How a link does, in the fewest words that say it: the same on a page and on a terminal. */
export interface LinkWords {
  state: string;
  /** `12.4 a minute`. */
  traffic: string;
  errors: string;
  /** What it waits for us, and we for it: `median 12 ms, 95 % within 40 ms`. */
  asked: string;
  asking: string;
  /** Of the limit that is nearest to its end; empty where there is none. */
  quota: string;
}

const stateWords = {
  ok: 'ok',
  silent: 'silent',
  slow: 'slow',
  errors: 'errors',
  broken: 'breaker open',
  unknown: 'not known',
} as const;

export function linkWords({ state, breaker, asked, asking, quotas }: LinkNow): LinkWords {
  const count = asked.count + asking.count;
  const errors = asked.errors + asking.errors;
  const tightest = tightestQuota(quotas);
  return {
    state: breaker === 'half-open' ? 'breaker half open' : stateWords[state],
    traffic: `${rate(perMinute(asked) + perMinute(asking))}/min`,
    errors: count === 0 ? 'no errors' : errors === 0 ? 'no errors' : `${percent(errors / count)} errors`,
    asked: latencyWords(asked),
    asking: latencyWords(asking),
    quota: tightest ? quotaWords(tightest) : '',
  };
}

export function tightestQuota(quotas: readonly Quota[]): Quota | undefined {
  return quotas.reduce<Quota | undefined>(
    (least, quota) => (least === undefined || leftOf(quota) < leftOf(least) ? quota : least),
    undefined,
  );
}

export function quotaWords(quota: Quota): string {
  return `${quota.name}/${quota.per}: ${percent(leftOf(quota))} left`;
}

/** What waits in all, and when the last of it will be through. */
export function backlogWords(rows: readonly BacklogForecast[], when: (at: string) => string): string {
  const waiting = rows.reduce((sum, row) => sum + row.waiting + row.submitted, 0);
  if (waiting === 0) return 'nothing waits';
  const open = rows.filter((row) => row.waiting > 0);
  const through = open.map(({ throughAt }) => throughAt);
  const opens = open.flatMap(({ opensAt }) => opensAt ?? []).sort();
  const words = `${waiting.toLocaleString('en-US')} ${waiting === 1 ? 'waits' : 'wait'}`;
  if (open.length === 0) return `${words} for confirmation`;
  if (open.some(({ paused }) => paused)) {
    return `${words}, ${open.every(({ paused }) => paused === 'all') ? 'paused' : 'some of it paused'}`;
  }
  const known = through.flatMap((at) => at ?? []).sort();
  if (known.length === through.length) return `${words}, through ${when(known.at(-1) ?? '')}`;
  return opens[0] ? `${words}, taken from ${when(opens[0])}` : `${words}, end not in sight`;
}

export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function latencyWords(traffic: LinkNow['asked']): string {
  const median = latencyMs(traffic, 0.5);
  const most = latencyMs(traffic, 0.95);
  if (median === null || most === null) return '';
  return `median ${milliseconds(median)}, 95 % within ${milliseconds(most)}`;
}

function milliseconds(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function rate(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
}

function leftOf({ used, limit }: Quota): number {
  return limit > 0 ? Math.max(0, limit - used) / limit : 0;
}

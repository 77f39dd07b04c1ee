import type { Backlog } from '../../../src/domain/delivery.ts';
import type { Five9 } from '../five9.ts';
import { dataCentreTimeZone, nextOpening } from '../times.ts';
import type { QuotaLine } from './governor.ts';
import { windowEnd } from './windows.ts';

/** How the rows of one aspect will go, as far as can be told. */
export interface Forecast extends Backlog {
  category: string;
  /** Requests that the waiting rows need. */
  requests: number;
  /** When the last of them can be sent (epoch ms); null: not within a year. */
  throughAt: number | null;
}

/**
 * When the backlog will be through, if nothing is added, nobody else uses the limits, no row is tried twice, and requests
 * carry as many rows as they may. Aspects that need the same limit come one after the other.
 */
export function forecast(
  { config, api, deps }: Pick<Five9, 'config' | 'api' | 'deps'>,
  rows: readonly Backlog[],
): Forecast[] {
  const lines = api.quota();
  const now = deps.clock.now();
  const planned = new Map<string, number>();
  return rows.map((row) => {
    const { category, perRequest } = wayOf(config.batch, row);
    const requests = Math.ceil(row.waiting / perRequest);
    const before = planned.get(category) ?? 0;
    planned.set(category, before + requests);
    const from = row.aspect === 'dnc' ? nextOpening(config.dncWindow, now) || now : now;
    const zone = dataCentreTimeZone(config.soap);
    const share = (limit: number) => api.quotaShare(limit, 'write');
    const windows = lines.filter((line) => line.category === category && line.limit > 0);
    const throughAt = requests === 0 ? now : spentAt(windows, before + requests, from, share, zone);
    return { ...row, category, requests, throughAt };
  });
}

/** The operation that so many rows go by; see `deliver`. */
function wayOf(
  batch: Five9['config']['batch'],
  { aspect, waiting }: Backlog,
): { category: string; perRequest: number } {
  if (aspect === 'dnc') return { category: 'Upload', perRequest: batch.bulkRows };
  if (aspect !== 'callback' && waiting >= batch.bulkFrom) return { category: 'Upload', perRequest: batch.bulkRows };
  if (aspect === 'fields' && waiting <= batch.singlesUpTo) return { category: 'SingleUpload', perRequest: 1 };
  return { category: 'AsynchronousUpload', perRequest: batch.rows };
}

const yearMs = 366 * 86_400_000;

/** Goes from window to window, spending what each allows, until all requests are sent. */
function spentAt(
  lines: readonly QuotaLine[],
  requests: number,
  from: number,
  share: (limit: number) => number,
  timeZone: string,
): number | null {
  const windows = lines.map((line) => ({ ...line, cap: share(line.limit) }));
  let left = requests;
  let now = from;
  while (now < from + yearMs) {
    for (const window of windows) {
      if (now < window.endsAt) continue;
      window.used = 0;
      window.endsAt = windowEnd(now, window.windowSec, timeZone);
    }
    const room = Math.max(0, Math.min(left, ...windows.map(({ cap, used }) => cap - used)));
    for (const window of windows) window.used += room;
    left -= room;
    if (left === 0) return now;
    now = Math.max(...windows.filter(({ cap, used }) => used >= cap).map(({ endsAt }) => endsAt));
  }
  return null;
}

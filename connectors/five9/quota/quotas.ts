import type { Backlog } from '../../../src/domain/delivery.ts';
import type { Quota } from '../../../src/domain/link-report.ts';
import type { Aspect } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { forecast } from './forecast.ts';
import { windowNames } from './windows.ts';

/** Every limit of the domain, as far as this process knows. */
export function quotas({ api }: Pick<Five9, 'api'>): Quota[] {
  return api.quota().flatMap(({ category, windowSec, limit, used }) => {
    const per = windowNames.get(windowSec) ?? `${windowSec} s`;
    return limit > 0 ? { name: category, used: Math.min(used, limit), limit, per } : [];
  });
}

/** The same that the command `quota` says of a backlog. */
export function throughAt(
  five9: Pick<Five9, 'config' | 'api' | 'deps'>,
  rows: readonly Backlog[],
): ReadonlyMap<Aspect, number | null> {
  return new Map(forecast(five9, rows).map((row) => [row.aspect, row.throughAt]));
}

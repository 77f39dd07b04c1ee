import { forecastBacklog } from '../domain/backlog-forecast.ts';
import type { BacklogForecast, LinkReport } from '../domain/link-report.ts';
import type { OpenWriteBacks } from '../store/reads/open-write-backs.ts';
import type { Deps } from './deps.ts';

/** What waits for each dialer by aspect, and when it will be through; what holds nothing is left out. */
export function forecastBacklogs(
  { dialers, clock }: Pick<Deps, 'dialers' | 'clock'>,
  open: readonly OpenWriteBacks[],
  links: readonly LinkReport[],
): BacklogForecast[] {
  const now = clock.now();
  return [...Map.groupBy(open, ({ dialer }) => dialer)].flatMap(([id, rows]) => {
    const dialer = dialers.get(id);
    const link = links.find((each) => each.id === id);
    const waiting = [...Map.groupBy(rows, ({ aspect }) => aspect)].flatMap(([aspect, same]) => {
      const countOf = (states: readonly string[]) =>
        same.reduce((sum, { state, count }) => sum + (states.includes(state) ? count : 0), 0);
      const due = same.reduce((sum, each) => sum + (each.state === 'pending' ? each.due : 0), 0);
      const backlog = { aspect, waiting: countOf(['pending', 'claimed']), due, submitted: countOf(['submitted']) };
      return backlog.waiting + backlog.submitted > 0 ? [{ ...backlog, firstAt: firstAtOf(same, backlog) }] : [];
    });
    const byLimits = dialer?.throughAt?.(waiting);
    return waiting.map(({ aspect, waiting: count, submitted, firstAt }) => {
      const limit = byLimits?.get(aspect);
      return forecastBacklog({
        dialer: id,
        aspect,
        waiting: count,
        submitted,
        now,
        pausedUntil: Math.max(firstAt, dialer?.pausedUntil?.(aspect) ?? 0),
        breaker: link?.breaker ?? 'closed',
        delivered: link?.delivered[aspect] ?? 0,
        spanSec: link?.asking.spanSec ?? 0,
        ...(limit !== undefined && { byLimits: limit }),
      });
    });
  });
}

/** When the time of the first row comes (epoch ms), such as a dialer's window; 0 when that of some has come. */
function firstAtOf(rows: readonly OpenWriteBacks[], { waiting, due }: { waiting: number; due: number }): number {
  const pending = rows.find(({ state }) => state === 'pending');
  return pending && due === 0 && pending.count === waiting ? Date.parse(pending.oldestDueAt) : 0;
}

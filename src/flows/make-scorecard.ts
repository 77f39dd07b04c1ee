import type { CallCount } from '../domain/call-marks.ts';
import { addDays, type Day, type DaySpan, dayOf } from '../domain/day-span.ts';
import { groupOf, type OutcomeGroup, outcomeGroups } from '../domain/outcome-groups.ts';
import { makeScorecard, type Scorecard } from '../domain/scorecard.ts';
import type { Deps } from './deps.ts';

type ScoreDeps = Pick<Deps, 'store' | 'settings'>;

/** How campaigns and agents did within some days, compared with the days before. */
export async function scorecardOf(deps: ScoreDeps, span: DaySpan): Promise<Scorecard> {
  const by = ['dialer', 'campaign', 'agent', 'agentVersion', 'outcome'] as const;
  const [counts, before] = await Promise.all([
    deps.store.countHours({ from: span.from, before: span.before, by: [...by] }),
    deps.store.countHours({ from: span.previous.from, before: span.previous.before, by: [...by] }),
  ]);
  return makeScorecard(counts, before, deps.settings.console.score);
}

/** How many calls each day of a span had, by what became of them. */
export interface DayGroups {
  day: Day;
  groups: Readonly<Record<OutcomeGroup, number>>;
}

/** Every day of a span, those without a call too. */
export async function callsByDay(deps: ScoreDeps, { firstDay, days, from, before }: DaySpan): Promise<DayGroups[]> {
  const { timeZone: zone, score: rules } = deps.settings.console;
  const counts = await deps.store.countHours({ from, before, by: ['day', 'outcome'] });
  const countsOf = Map.groupBy(counts, ({ hour }) => dayOf(zone, hour));
  return Array.from({ length: days }, (_, index) => {
    const day = addDays(firstDay, index);
    return { day, groups: groupCalls(countsOf.get(day) ?? [], rules) };
  });
}

function groupCalls(
  counts: readonly CallCount[],
  rules: Deps['settings']['console']['score'],
): Record<OutcomeGroup, number> {
  const groups = Object.fromEntries(outcomeGroups.map((group) => [group, 0])) as Record<OutcomeGroup, number>;
  for (const { outcome, calls } of counts) groups[groupOf(outcome, rules)] += calls;
  return groups;
}

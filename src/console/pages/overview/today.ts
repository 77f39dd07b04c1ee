import { type FirstWordTimes, stepWords } from '../../../domain/first-word-steps.ts';
import { groupTitles, outcomeGroups } from '../../../domain/outcome-groups.ts';
import { pointsChanged, type Share, shareWords } from '../../../domain/shares.ts';
import type { DayCounts } from '../../../flows/count-calls.ts';
import { address } from '../../address.ts';
import { barChart, shown } from '../../charts/bar-chart.ts';
import { panel, stats } from '../../components/panel.ts';
import { emptyState, table } from '../../components/table.ts';
import { type Html, html } from '../../html.ts';
import { medianWords, signed } from '../scorecard/score-table.ts';

/** Today's calls: how many, how they ended, hour by hour, and how soon the AI spoke. */
export async function today(data: DayCounts): Promise<Html> {
  const { now, dialers } = data;
  const beside = html`<a href="${address('scorecard', { period: 'today' })}">Scorecard of today</a>`;
  if (now.calls === 0) return panel("Today's calls", html`${figures(data)}${nothingYet}`, { id: 'today', beside });
  const charts = html`<div class="columns">${await byHour(data)}${await byOutcome(data)}</div>`;
  return panel("Today's calls", html`${figures(data)}${charts}${dialers.length > 1 && byDialer(data)}`, {
    id: 'today',
    beside,
  });
}

const nothingYet = emptyState(
  'No call was registered today. The first one shows here some seconds after its dialer asked for it.',
);

function figures({ now, weekBefore, day }: DayCounts): Html {
  const then = `${weekdayOf(day)} a week ago`;
  const until = `${then} until ${hourText(weekBefore.untilHour)}: ${shown(weekBefore.calls)}`;
  return stats([
    { label: 'Calls', value: shown(now.calls), note: weekBefore.untilHour > 0 ? until : 'the first hour of the day' },
    {
      label: 'Spoken with',
      value: shareWords(now.contactShare),
      note: changeWords(now.contactShare, weekBefore.contactShare, then),
    },
    { label: 'Qualified', value: shown(now.qualified), note: `${shareWords(now.qualifiedShare)} of those spoken with` },
    {
      label: "AI's first word",
      value: medianWords(now.firstWord),
      note: firstWordNote(now.firstWord, weekBefore.firstWord),
    },
  ]);
}

function firstWordNote({ calls, p95 }: FirstWordTimes, { median }: FirstWordTimes): string {
  if (!p95) return calls === 0 ? 'measured of no call yet' : `measured of ${calls} calls: too few to say`;
  const then = median ? `; half of those a week ago: ${stepWords(median)}` : '';
  return `half of ${shown(calls)} calls; 95 of 100: ${stepWords(p95)}${then}`;
}

function changeWords(now: Share, before: Share, then: string): string {
  const points = pointsChanged(now, before);
  if (points === null) return now.share === null ? 'too few calls for a share' : `${then}: too few calls to compare`;
  return `${signed(points)} points against ${then}`;
}

function byHour({ hours, now, weekBefore }: DayCounts): Promise<Html> {
  const groups = outcomeGroups.filter((group) => hours.some((hour) => hour.groups[group] > 0));
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const parts = groups.map((group) => ({
    title: groupTitles[group],
    ink: group,
    values: hours.map((hour) => hour.groups[group]),
  }));
  const before = {
    title: 'A week ago',
    ink: 'before' as const,
    values: hours.map((hour) => hour.weekBefore),
    isLine: true,
  };
  const busiest = hours.reduce((most, hour) =>
    sum(Object.values(hour.groups)) > sum(Object.values(most.groups)) ? hour : most,
  );
  return barChart({
    id: 'today-hours',
    title: 'Calls by hour',
    description: `${shown(now.calls)} calls today, the most of them from ${hourText(busiest.hour)} on. The dashed line is the same weekday a week ago, until now ${shown(weekBefore.calls)}.`,
    categoryTitle: 'Hour',
    categories: hours.map(({ hour }) => hourText(hour).slice(0, 2)),
    series: [...parts, before],
    legend: [
      ...parts.map(({ title, ink, values }) => ({ title, ink, count: sum(values) })),
      { title: before.title, ink: before.ink, count: null },
    ],
  });
}

/** More bars than that would not be read. */
const mostOutcomes = 12;

function byOutcome({ outcomes, now }: DayCounts): Promise<Html> {
  const most = outcomes.slice(0, mostOutcomes);
  const rest = outcomes.slice(mostOutcomes).reduce((sum, { calls }) => sum + calls, 0);
  const bars = [
    ...most.map(({ outcome, group, calls }) => ({ name: outcomeWords(outcome), ink: group, calls })),
    ...(rest > 0 ? [{ name: 'others', ink: 'no-contact' as const, calls: rest }] : []),
  ];
  const [first] = bars;
  return barChart({
    id: 'today-outcomes',
    title: 'Calls by outcome',
    description: `Of ${shown(now.calls)} calls today the most, ${shown(first?.calls ?? 0)}, have the outcome ${first?.name ?? ''}.`,
    categoryTitle: 'Outcome',
    categories: bars.map(({ name }) => name),
    series: [{ title: 'Calls', ink: bars.map(({ ink }) => ink), values: bars.map(({ calls }) => calls) }],
    isLying: true,
    legend: [],
  });
}

function byDialer({ dialers }: DayCounts): Html {
  const number = (title: string) => ({ title, isNumber: true });
  return table({
    caption: "Today's calls by dialer",
    head: [
      'Dialer',
      number('Calls'),
      number('Spoken with'),
      number('Qualified'),
      number('No outcome yet'),
      number('First word'),
    ],
    rows: dialers.map((each) => [
      each.dialer,
      shown(each.calls),
      shareWords(each.contactShare),
      shown(each.qualified),
      shown(each.open),
      medianWords(each.firstWord),
    ]),
    empty: '',
  });
}

/** The code as people read it. */
export function outcomeWords(code: string): string {
  return code === '' ? 'no outcome yet' : code.replaceAll('_', ' ');
}

function hourText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

function weekdayOf(day: string): string {
  return new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone: 'UTC' }).format(new Date(day));
}

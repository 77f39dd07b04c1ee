import type { DaySpan } from '../../../domain/day-span.ts';
import { groupTitles, outcomeGroups } from '../../../domain/outcome-groups.ts';
import { isAtLeast, type Role } from '../../../domain/roles.ts';
import type { Scorecard, ScoreRules } from '../../../domain/scorecard.ts';
import { leastSample, pointsChanged, shareWords } from '../../../domain/shares.ts';
import { callsByDay, type DayGroups, scorecardOf } from '../../../flows/make-scorecard.ts';
import { address } from '../../address.ts';
import { barChart, shown } from '../../charts/bar-chart.ts';
import { button, field } from '../../components/field.ts';
import { notice } from '../../components/notice.ts';
import { panel, stats } from '../../components/panel.ts';
import { tabs } from '../../components/tabs.ts';
import { type Html, html, live } from '../../html.ts';
import type { Page, Question, View } from '../../page.ts';
import { type Period, periodOf, periodTitles } from './period.ts';
import { medianWords, money, scoreTable, signed } from './score-table.ts';

/** How campaigns and AI agents did within some days. Calls are counted every few seconds, so it is looked at seldom. */
export const scorecardPage: Page = { path: 'scorecard', least: 'viewer', live: { everyMs: 15_000 }, render };

/** More bars than that would be too thin to read. */
const mostDaysDrawn = 62;

async function render(question: Question): Promise<View> {
  const { deps, user } = question;
  const period = periodOf(question);
  const { span } = period;
  const [card, days] = await Promise.all([
    scorecardOf(deps, span),
    span.days > 1 && span.days <= mostDaysDrawn ? callsByDay(deps, span) : Promise.resolve([]),
  ]);
  return {
    title: 'Scorecard',
    body: html`${choice(period)}
${live('score-totals', panel(daysOf(span), html`${totals(card, span)}${days.length > 1 && card.total.calls > 0 && (await byDay(days, span))}`, { beside: downloads(period, user.role) }))}
${live('score-lines', panel('By campaign and version', scoreTable(card), { id: 'scores' }))}
${explained(card, span, deps.settings.console.score)}`,
  };
}

function choice({ name, span, fault }: Period): Html {
  const items = Object.entries(periodTitles).map(([period, title]) => ({
    title,
    href: address('scorecard', { period }),
    isCurrent: period === name,
  }));
  return html`${tabs('Days', items)}
<form class="filters" method="get" action="${address('scorecard')}">
${field({ name: 'from', label: 'From', type: 'date', value: span.firstDay })}
${field({ name: 'to', label: 'To', type: 'date', value: span.lastDay })}
${button('Show these days')}
</form>
${fault && notice(fault, 'warn', `Shown are the last 7 whole days.`)}`;
}

function downloads({ query }: Period, role: Role): Html {
  const link = (file: string, text: string, more = {}) =>
    html`<a href="${address(file, { ...query, ...more })}" download>${text}</a> `;
  return html`<span class="row">Download: ${link('scorecard.csv', 'CSV')}${link('scorecard.json', 'JSON')}
${isAtLeast(role, 'operator') && html`${link('calls.csv', 'Calls as CSV')}${link('calls.json', 'Calls as JSON')}`}
${role === 'admin' && link('calls.csv', 'Calls with whole numbers (is noted)', { numbers: 'whole' })}</span>`;
}

function totals({ total, hasCosts, currency }: Scorecard, { previous }: DaySpan): Html {
  const { before } = total;
  const against = `against ${previous.words}`;
  const points = pointsChanged(total.contactShare, before?.contactShare);
  const qualifiedPoints = pointsChanged(total.qualifiedShare, before?.qualifiedShare);
  return stats([
    { label: 'Calls', value: shown(total.calls), note: `${previous.words}: ${shown(before?.calls ?? 0)}` },
    {
      label: 'Spoken with',
      value: shareWords(total.contactShare),
      note: points === null ? `${shown(total.contacts)} calls` : `${signed(points)} points ${against}`,
    },
    {
      label: 'Qualified',
      value: shown(total.qualified),
      note: `${shareWords(total.qualifiedShare)} of those spoken with${qualifiedPoints === null ? '' : `, ${signed(qualifiedPoints)} points`}`,
    },
    { label: 'Transfers', value: shown(total.transfers), note: 'handed to people' },
    { label: 'AI minutes', value: shown(Math.round(total.aiMinutes)) },
    ...(hasCosts
      ? [
          {
            label: 'Cost per qualified',
            value: money(total.costPerQualified, currency),
            note: `${money(total.cost, currency)} in all`,
          },
        ]
      : []),
    {
      label: "AI's first word",
      value: medianWords(total.firstWord),
      note: `half of ${shown(total.firstWord.calls)} calls`,
    },
  ]);
}

function byDay(days: readonly DayGroups[], span: DaySpan): Promise<Html> {
  const groups = outcomeGroups.filter((group) => days.some((day) => day.groups[group] > 0));
  const parts = groups.map((group) => ({
    title: groupTitles[group],
    ink: group,
    values: days.map((day) => day.groups[group]),
  }));
  const count = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const all = count(parts.map(({ values }) => count(values)));
  return barChart({
    id: 'calls-by-day',
    title: 'Calls by day',
    description: `${shown(all)} calls from ${span.firstDay} to ${span.lastDay}, each day by what became of them.`,
    categoryTitle: 'Day',
    categories: days.map(({ day }) => dayText(day)),
    series: parts,
    legend: parts.map(({ title, ink, values }) => ({ title, ink, count: count(values) })),
  });
}

function explained(
  { hasCosts, currency }: Scorecard,
  { previous }: DaySpan,
  { qualified, noContact, costs }: ScoreRules,
): Html {
  const cost = html`; a call costs ${money(costs.perCall, currency)} and a minute of the AI ${money(costs.perMinute, currency)} (<code>console.costs</code>), for all calls, qualified or not`;
  return html`<p class="quiet">The small figure beside a share says by how many points it changed against ${previous.words}; the share of qualified is that of the calls in which a person was spoken with.
A share of fewer than ${leastSample} calls says nothing, so only the numbers stand there. Shares leave out calls without an outcome yet.
Qualified are the outcomes ${qualified.join(', ')}; nobody was spoken with in ${noContact.join(', ')}; in every other one somebody was (<code>console.scorecard</code>). AI minutes are those that the AI spoke${hasCosts ? cost : html`; with the rates in <code>console.costs</code> the cost per qualified is shown`}.</p>`;
}

function daysOf({ firstDay, lastDay, days }: DaySpan): string {
  return days === 1 ? longDay(firstDay) : `${longDay(firstDay)} to ${longDay(lastDay)}`;
}

function longDay(day: string): string {
  return dayFormat({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }, day);
}

function dayText(day: string): string {
  return dayFormat({ day: 'numeric', month: 'short' }, day);
}

function dayFormat(options: Intl.DateTimeFormatOptions, day: string): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(new Date(day));
}

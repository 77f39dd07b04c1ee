import { type Alert, natureOf } from '../../../domain/alert.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { address } from '../../address.ts';
import { badge } from '../../components/badge.ts';
import { button } from '../../components/field.ts';
import { notice } from '../../components/notice.ts';
import { panel } from '../../components/panel.ts';
import { emptyState, table } from '../../components/table.ts';
import { twoTabs } from '../../components/tabs.ts';
import { ago, clockOf, duration, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live, type Renderable } from '../../html.ts';
import type { Page, Question } from '../../page.ts';
import { channelsPanel } from './channels-panel.ts';

const mostShown = 100;
const statesOfDays = 7;

/** What holds now, or what is over; and the channels by which it is told. */
export const alertsPage: Page = {
  path: 'alerts',
  least: 'viewer',
  live: { everyMs: 5000 },
  async render(question) {
    const { deps, query, user } = question;
    const isOpen = query.tab !== 'past';
    const clock = clockOf(question);
    const since = new Date(Date.parse(question.now) - statesOfDays * 86_400_000).toISOString();
    const [alerts, states] = await Promise.all([
      deps.store.alertPage({ isOpen, limit: mostShown }),
      deps.store.letterStates(since),
    ]);
    const list = isOpen ? openTable(alerts, question, clock) : pastTable(alerts, clock);
    const body = html`${deps.alertChannels.size === 0 && nobodyIsTold()}
${twoTabs('Now or before', { path: 'alerts', isFirst: isOpen }, { title: 'Now' }, { title: 'Over', tab: 'past' })}
${live('alerts-list', panel(isOpen ? 'What holds now' : 'What is over', list))}
${live('alerts-channels', channelsPanel({ deps, states, clock, mayTest: isAtLeast(user.role, 'operator') }))}`;
    return { title: 'Alerts', body };
  },
};

function nobodyIsTold(): Html {
  return notice(
    'No channel is configured, so nothing is looked for.',
    'info',
    html`Add mail, Slack or a webhook under <code>alerts.channels</code> in the configuration.`,
  );
}

function openTable(alerts: readonly Alert[], { user }: Question, clock: PageClock): Html {
  const mayTake = isAtLeast(user.role, 'operator');
  return table({
    caption: 'Alerts that hold now',
    head: ['What', 'Level', 'Since', 'Told', { title: 'Taken', isTitleHidden: !mayTake }],
    rows: alerts.map((alert) => [...cellsOf(alert, clock), toldTo(alert), taken(alert, mayTake)]),
    empty: 'No alert holds.',
  });
}

function pastTable(alerts: readonly Alert[], clock: PageClock): Html {
  if (alerts.length === 0) return emptyState('Nothing is over yet. What was, stays here for 90 days.');
  return table({
    caption: 'Alerts that are over',
    head: ['What', 'Level', 'Since', 'Held for', 'Taken by'],
    rows: alerts.map((alert) => [
      ...cellsOf(alert, clock),
      duration(Date.parse(alert.endedAt ?? alert.lastAt) - Date.parse(alert.firstAt)),
      alert.ackedBy || '–',
    ]),
    empty: '',
  });
}

function cellsOf({ kind, words, level, firstAt, endedAt }: Alert, clock: PageClock): Renderable[] {
  const { path, meaning, advice } = natureOf(kind);
  const [page = '', query] = path.split('?');
  const parts = Object.fromEntries(new URLSearchParams(query));
  const more = html`<p class="quiet">${meaning} ${advice}</p>`;
  return [
    html`<a href="${address(page, parts)}">${words}</a>${endedAt === null && more}`,
    level === 'urgent' ? badge('urgent', 'bad') : badge('normal', 'warn'),
    html`${time(firstAt, clock)} (${ago(firstAt, clock)})`,
  ];
}

function toldTo({ told }: Alert): string {
  return Object.keys(told).join(', ') || 'nobody yet';
}

function taken({ id, words, ackedBy }: Alert, mayTake: boolean): Renderable {
  if (ackedBy) return `by ${ackedBy}`;
  if (!mayTake) return 'by nobody';
  const inside = html`<input type="hidden" name="alert" value="${id}">${button(html`I take it<span class="heard">: ${words}</span>`)}`;
  return form('alerts/take', inside);
}

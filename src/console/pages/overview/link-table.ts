import type { BacklogForecast } from '../../../domain/link-report.ts';
import { shortTime } from '../../../domain/short-time.ts';
import { linkWords, percent } from '../../../flows/link-words.ts';
import type { SiteState } from '../../../flows/site-state.ts';
import { badge } from '../../components/badge.ts';
import { disclosure } from '../../components/disclosure.ts';
import { table } from '../../components/table.ts';
import { ago, type PageClock, time } from '../../components/time.ts';
import { type Html, html, type Renderable } from '../../html.ts';
import { linkHref, stateTones } from './link-marks.ts';

/** The same as the picture in figures, for who can't see it or wants to know more. */
export function linkTables(state: SiteState, clock: PageClock): Html {
  return html`${disclosure({ id: 'link-figures', summary: 'The links in figures', content: linkTable(state, clock) })}
${state.backlog.length > 0 && disclosure({ id: 'backlog-figures', summary: 'What waits, by dialer and aspect', content: backlogTable(state, clock) })}
${quotaCount(state) > 0 && disclosure({ id: 'quota-figures', summary: 'What is left of the limits', content: quotaTable(state) })}
${state.processes.length > 0 && disclosure({ id: 'process-figures', summary: 'Processes of the service', content: processTable(state, clock) })}`;
}

function linkTable({ links, backlog }: SiteState, clock: PageClock): Html {
  return table({
    caption: 'Links of this site',
    head: ['Link', 'State', 'Traffic', 'Errors', 'It waits for us', 'We wait for it', 'Last heard', 'Last error'],
    rows: links.map((link) => {
      const words = linkWords(link);
      const waits = backlog.filter(({ dialer }) => dialer === link.id);
      return [
        html`<a href="${linkHref(link, waits)}">${link.id}</a>`,
        badge(words.state, stateTones[link.state]),
        words.traffic,
        words.errors,
        words.asked || '–',
        words.asking || '–',
        ago(latest(link.asked.lastAt, link.asking.lastAt), clock),
        time(latest(link.asked.lastErrorAt, link.asking.lastErrorAt), clock, { seconds: true }),
      ];
    }),
    empty: 'No dialer and no platform is configured. See the set-up.',
  });
}

function backlogTable({ backlog }: SiteState, clock: PageClock): Html {
  return table({
    caption: 'What waits for each dialer',
    head: [
      'Dialer',
      'Aspect',
      { title: 'Waiting', isNumber: true },
      { title: 'Not confirmed', isNumber: true },
      'Taken',
      'Through',
    ],
    rows: backlog.map((row) => [
      row.dialer,
      row.aspect,
      row.waiting.toLocaleString('en-US'),
      row.submitted.toLocaleString('en-US'),
      takenWords(row, clock),
      throughWords(row, clock),
    ]),
    empty: 'Nothing waits.',
  });
}

function takenWords({ opensAt, paused }: BacklogForecast, clock: PageClock): Renderable {
  if (paused === 'all') return 'paused';
  return opensAt ? html`from ${time(opensAt, clock)}` : 'now';
}

function throughWords({ waiting, throughAt, paused }: BacklogForecast, clock: PageClock): string {
  if (waiting === 0) return 'all sent';
  if (paused) return 'once the pause is lifted';
  return throughAt ? shortTime(throughAt, clock) : 'not in sight: nothing was taken lately';
}

function quotaTable({ links }: SiteState): Html {
  return table({
    caption: 'What is left of the limits',
    head: [
      'System',
      'Limit',
      'Per',
      { title: 'Used', isNumber: true },
      { title: 'Allowed', isNumber: true },
      { title: 'Left', isNumber: true },
    ],
    rows: links.flatMap(({ id, quotas }) =>
      quotas.map(({ name, per, used, limit }) => [
        id,
        name,
        per,
        used.toLocaleString('en-US'),
        limit.toLocaleString('en-US'),
        percent(Math.max(0, limit - used) / limit),
      ]),
    ),
    empty: 'No system tells of limits.',
  });
}

function processTable({ processes }: SiteState, clock: PageClock): Html {
  return table({
    caption: 'Processes of the service',
    head: ['Process', 'State', 'Version', 'Configuration', 'Since', { title: 'On its disk', isNumber: true }],
    rows: processes.map(({ name, version, startedAt, silentSec, spooled, configuration }) => [
      name,
      silentSec < 60
        ? badge('running', 'good', `told ${Math.round(silentSec)} s ago`)
        : badge(`gone, silent for ${Math.round(silentSec / 60)} min`, 'off'),
      version,
      configuration?.version ?? '',
      time(startedAt, clock),
      String(spooled),
    ]),
    empty: 'No process told of itself.',
  });
}

function quotaCount({ links }: SiteState): number {
  return links.reduce((sum, { quotas }) => sum + quotas.length, 0);
}

function latest(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}

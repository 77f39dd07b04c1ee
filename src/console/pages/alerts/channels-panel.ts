import type { AlertSettings } from '../../../flows/deps.ts';
import type { LetterStates } from '../../../store/reads/alerts.ts';
import { badge } from '../../components/badge.ts';
import { definitions } from '../../components/definitions.ts';
import { button } from '../../components/field.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { ago, type PageClock } from '../../components/time.ts';
import type { ConsoleDeps } from '../../console-deps.ts';
import { form } from '../../form.ts';
import { type Html, html, type Renderable } from '../../html.ts';

export interface ChannelsInput {
  deps: Pick<ConsoleDeps, 'alertChannels' | 'settings'>;
  states: readonly LetterStates[];
  clock: PageClock;
  mayTest: boolean;
}

const kindWords = { email: 'mail', slack: 'Slack', webhook: 'signed webhook' } as const;

/** Each channel with how it does, and by which rules people are told. */
export function channelsPanel({ deps, states, clock, mayTest }: ChannelsInput): Html {
  const { alerts } = deps.settings;
  const rows = [...deps.alertChannels.values()].map(({ id, kind, leadsTo }): Renderable[] => {
    const state = states.find(({ channel }) => channel === id);
    return [
      id,
      html`${kindWords[kind]} <span class="quiet">${leadsTo}</span>`,
      html`${stateBadge(state)}${state?.why && html` <span class="quiet">${state.why}</span>`}`,
      ago(state?.lastSentAt, clock),
      ...(mayTest ? [testForm(id)] : []),
    ];
  });
  return panel(
    'Channels',
    html`${table({
      caption: 'Channels for alerts',
      head: [
        'Channel',
        'By',
        'Of the last week',
        'Last sent',
        ...(mayTest ? [{ title: 'Test', isTitleHidden: true }] : []),
      ],
      rows,
      empty: 'None is configured.',
    })}
${rows.length > 0 && rulesOf(alerts)}`,
  );
}

function stateBadge(state: LetterStates | undefined): Html {
  if (!state) return badge('nothing sent', 'info');
  if (state.dead > 0) return badge(`${state.dead} given up`, 'bad');
  if (state.waiting > 0) return state.mostAttempts > 1 ? badge('trying again', 'warn') : badge('on its way', 'busy');
  return badge('delivered', 'good');
}

function testForm(id: string): Html {
  return form(
    'alerts/test',
    html`<input type="hidden" name="channel" value="${id}">${button(html`Send a test<span class="heard"> by ${id}</span>`)}`,
  );
}

function rulesOf({ rules, digest }: AlertSettings): Html {
  const { quiet, escalate, groupSec, repeatHours, routes } = rules;
  return definitions([
    [
      'Quiet hours',
      quiet
        ? `${clockTime(quiet.fromMinute)} to ${clockTime(quiet.untilMinute)} ${quiet.timeZone}, but for what is urgent`
        : 'none',
    ],
    ['Told together', `what comes within ${groupSec} s`],
    ['Told again', repeatHours === 0 ? 'never' : `after ${repeatHours} h, unless somebody has taken it`],
    [
      'Passed on',
      escalate ? `to ${escalate.to.join(', ')} when nobody has taken it for ${escalate.afterMin} min` : 'never',
    ],
    ['Rules', routes.length === 0 ? 'everything to every channel' : `${routes.length} in the configuration`],
    ['Digest', digest ? `at ${clockTime(digest.minute)} ${digest.timeZone}, to ${digest.to.join(', ')}` : 'none'],
  ]);
}

function clockTime(minute: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

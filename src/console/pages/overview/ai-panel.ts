import type { AutopilotView } from '../../../flows/autopilot/describe-autopilot.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { type PageClock, time } from '../../components/time.ts';
import { type Html, html } from '../../html.ts';

/** How the AI is for each dialer, and how many calls go to it. Nothing where nobody steers. */
export function aiPanel(views: readonly AutopilotView[], isOn: boolean, clock: PageClock): Html {
  if (!isOn && views.every(({ control }) => control === null)) return html``;
  return panel(
    'The AI',
    table({
      caption: 'How the AI is for each dialer',
      head: ['Dialer', { title: 'Calls to the AI', isNumber: true }, 'How it is', 'Share set by', 'Lines'],
      rows: views.map((view) => ({
        cells: [view.dialer, `${view.share}\u00A0%`, wordsOf(view), setBy(view, clock), linesOf(view)],
        ...(view.share < 100 && { tone: 'warn' }),
      })),
      empty: 'No dialer is configured.',
    }),
  );
}

function wordsOf({ lookedAt, verdict, why }: AutopilotView): string {
  return lookedAt === 0 ? 'not looked at' : `${verdict}: ${why}`;
}

function setBy({ control }: AutopilotView, clock: PageClock): Html | string {
  return control ? html`${control.by}, ${time(control.at, clock)}: ${control.note}` : '';
}

function linesOf({ lines }: AutopilotView): string {
  return lines
    .map(({ key, was, now, isLeft }) => (isLeft ? `${key}: set by hand` : `${key}: ${now} of ${was}`))
    .join(', ');
}

import type { DialerClock, OptOutClock } from '../../../domain/opt-out-clock.ts';
import type { SiteState } from '../../../flows/site-state.ts';
import { address } from '../../address.ts';
import { badge } from '../../components/badge.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { ago, type PageClock } from '../../components/time.ts';
import { type Html, html } from '../../html.ts';

const mostShown = 6;

/** Opt-outs that a dialer does not hold yet, with the time that is left. */
export function optOutPanel({ optOuts, isStoreAway }: SiteState, clock: PageClock): Html {
  if (isStoreAway)
    return panel('Opt-outs', html`<p class="quiet">The store does not answer: it can’t be told now.</p>`);
  const more = optOuts.length - mostShown;
  return panel(
    'Opt-outs on their way',
    html`${table({
      caption: 'Opt-outs that a dialer does not hold yet',
      head: ['Told', 'State', 'Waits for', 'Alarm', 'Legal limit'],
      rows: optOuts
        .slice(0, mostShown)
        .map((optOut) => [
          html`<a href="${address(`opt-outs/${encodeURIComponent(optOut.correlationId)}`)}">${ago(optOut.toldAt, clock)}</a>`,
          stateOf(optOut),
          html`${waitingOf(optOut).map(({ dialer, waitsFor }) => html`<div><strong>${dialer}</strong> ${waitsFor}</div>`)}`,
          ago(optOut.alarmAt, clock),
          ago(optOut.legalBy, clock),
        ]),
      empty: 'Every dialer holds every opt-out. A new one is shown here until it is proven.',
    })}${more > 0 && html`<p><a href="${address('opt-outs')}">${more.toLocaleString('en-US')} more</a></p>`}`,
    { beside: html`<a href="${address('opt-outs')}">All opt-outs</a>` },
  );
}

function stateOf(optOut: OptOutClock): Html {
  if (optOut.isPastLegal) return badge('past the legal limit', 'bad');
  if (optOut.isOverdue) return badge('overdue', 'bad');
  const waiting = waitingOf(optOut);
  if (waiting.some(({ state }) => state === 'failed')) return badge('failed', 'bad');
  return waiting.some(({ isOnTime }) => !isOnTime) ? badge('target missed', 'warn') : badge('in time', 'wait');
}

function waitingOf({ dialers }: OptOutClock): DialerClock[] {
  return dialers.filter(({ state }) => state === 'waiting' || state === 'failed');
}

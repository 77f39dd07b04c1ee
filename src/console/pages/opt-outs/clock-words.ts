import type { DialerClock, OptOutClock } from '../../../domain/opt-out-clock.ts';
import { badge } from '../../components/badge.ts';
import { ago, duration, type PageClock, time } from '../../components/time.ts';
import { type Html, html } from '../../html.ts';

/** How an opt-out as a whole stands. */
export function optOutBadge({ isUndone, isOpen, isOverdue, isPastLegal, dialers }: OptOutClock): Html {
  if (isUndone) return badge('undone', 'off');
  if (isPastLegal) return badge('past the legal limit', 'bad');
  if (isOverdue) return badge('overdue', 'bad');
  if (dialers.some(({ state }) => state === 'shown')) return badge('shown only', 'warn');
  return isOpen ? badge('on its way', 'wait') : badge('held everywhere', 'good');
}

/** How one dialer stands to it, in a word. */
export function dialerBadge({ state, isOnTime }: DialerClock): Html {
  if (state === 'confirmed') return badge(isOnTime ? 'held' : 'held, late', isOnTime ? 'good' : 'warn');
  if (state === 'undone') return badge('taken off', 'off');
  if (state === 'shown') return badge('shown only', 'warn');
  return state === 'failed' ? badge('failed', 'bad') : badge('waits', isOnTime ? 'wait' : 'warn');
}

/** The same on one line, with how long it took, or what is waited for. */
export function dialerLine(each: DialerClock, clock: PageClock): Html {
  const { dialer, state, tookSec, waitsFor, waitsUntil, targetAt } = each;
  const took = tookSec !== undefined && state === 'confirmed' && html` after ${duration(tookSec * 1000)}`;
  const waits = state === 'waiting' || state === 'failed' || state === 'shown';
  return html`<li>${dialer} ${dialerBadge(each)}${took}${waits && html` <span class="quiet">${waitsFor}${waitsUntil && waitsUntil > clock.now && html`, until ${time(waitsUntil, clock)}`}; target ${ago(targetAt, clock)}</span>`}</li>`;
}

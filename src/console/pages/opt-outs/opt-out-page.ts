import type { DialerClock, OptOutClock } from '../../../domain/opt-out-clock.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { readOptOuts } from '../../../flows/watch-opt-outs.ts';
import { definitions } from '../../components/definitions.ts';
import { button } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { panel } from '../../components/panel.ts';
import { maskedPhone, spacedPhone } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { ago, clockOf, duration, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import type { Page, Question } from '../../page.ts';
import { dialerBadge, optOutBadge } from './clock-words.ts';

/** What one call told, and how far each dialer is. */
export const optOutPage: Page = {
  path: 'opt-outs/:id',
  least: 'viewer',
  live: { everyMs: 5000, callsOf: ({ params }) => [params.id ?? ''] },
  async render(question) {
    const told = await readOne(question, question.params.id ?? '');
    if (!told) return null;
    const mayReveal = isAtLeast(question.user.role, 'operator') && told.phones.length > 0;
    const body = html`${live('opt-out', optOutBody(told, clockOf(question), false))}
${
  mayReveal &&
  form(
    'opt-outs/number',
    html`<input type="hidden" name="call" value="${told.correlationId}">${button('Show the number', { look: 'link' })}`,
  )
}`;
    return { title: 'Opt-out', body };
  },
};

export async function readOne({ deps }: Question, correlationId: string): Promise<OptOutClock | undefined> {
  const [told] = await readOptOuts(deps, { calls: [correlationId], limit: 1 });
  return told;
}

export function optOutBody(told: OptOutClock, clock: PageClock, isRevealed: boolean): Html {
  const show = isRevealed ? spacedPhone : maskedPhone;
  return html`${panel(
    'What was told',
    definitions([
      ['State', optOutBadge(told)],
      ['Told', html`${time(told.toldAt, clock, { seconds: true })} by ${told.source}`],
      ['Numbers', told.phones.map(show).join(', ') || 'not known: see what needs a person'],
      ['Call', callLink(told.correlationId)],
      ['Alarm', html`${time(told.alarmAt, clock)} (${ago(told.alarmAt, clock)})`],
      ['Legal limit', html`${time(told.legalBy, clock)} (${ago(told.legalBy, clock)})`],
    ]),
  )}
${panel('The dialers', dialerTable(told.dialers, clock))}
<p class="hint">An opt-out is undone on the page of its call, by an admin and on the word of the person. The evidence for a regulator is written by <code>npx patchbay evidence</code>.</p>`;
}

function dialerTable(dialers: readonly DialerClock[], clock: PageClock): Html {
  return table({
    caption: 'How far each dialer is',
    head: ['Dialer', 'State', 'Target', 'Held since', 'Took', 'Proof, or what is waited for'],
    rows: dialers.map((each) => [
      each.dialer,
      dialerBadge(each),
      time(each.targetAt, clock),
      time(each.confirmedAt, clock),
      each.tookSec === undefined ? '' : duration(each.tookSec * 1000),
      each.state === 'confirmed' || each.state === 'undone'
        ? each.proof
        : html`${each.waitsFor}${each.waitsUntil && each.waitsUntil > clock.now && html`, until ${time(each.waitsUntil, clock)}`}`,
    ]),
    empty: 'No dialer with a do-not-call list is configured.',
  });
}

import type { OptOutClock } from '../../../domain/opt-out-clock.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { latestOptOuts, mostOpen, openOptOuts } from '../../../flows/list-opt-outs.ts';
import { address } from '../../address.ts';
import { button, field } from '../../components/field.ts';
import { pager } from '../../components/pager.ts';
import { maskedPhone } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { twoTabs } from '../../components/tabs.ts';
import { ago, clockOf, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import type { Page } from '../../page.ts';
import { dialerLine, optOutBadge } from './clock-words.ts';

const rowsShown = 50;

/** Opt-outs that a dialer does not hold yet, and all of them by time. */
export const listPage: Page = {
  path: 'opt-outs',
  least: 'viewer',
  live: { everyMs: 5000 },
  async render(question) {
    const { deps, query, user } = question;
    const isOpen = query.tab !== 'all';
    const clock = clockOf(question);
    const { clocks, next, isCut } = isOpen
      ? { ...(await openOptOuts(deps)), next: null }
      : { ...(await latestOptOuts(deps, { limit: rowsShown, after: query.after })), isCut: false };
    const rows = optOutTable(clocks, clock, isOpen);
    const place = { path: 'opt-outs', isFirst: isOpen };
    const body = html`${twoTabs('Which opt-outs', place, { title: 'Not held yet' }, { title: 'All', tab: 'all' })}
<p class="quiet">One opt-out goes to every dialer and every lead with one of the person’s numbers. The target is the dialer’s own next window; the legal limit counts business days.</p>
${isAtLeast(user.role, 'operator') && finder('')}
${live('opt-out-list', rows)}
${isCut && html`<p class="quiet">More than ${mostOpen} are open; these are those that were told first.</p>`}
${pager({ path: 'opt-outs', query: { tab: isOpen ? null : 'all', after: query.after }, next })}`;
    return { title: 'Opt-outs', body };
  },
};

/** Looks for one person's opt-outs; a number in an address would stay in the browser's history. */
export function finder(number: string): Html {
  return form(
    'opt-outs/find',
    html`${field({ name: 'number', label: 'Number', type: 'tel', value: number, hint: 'With + and its country code, or as a dialer has it.', isRequired: true, more: { autocomplete: 'off' } })}
${button('Find its opt-outs')}`,
    'filters',
  );
}

export function optOutTable(clocks: readonly OptOutClock[], clock: PageClock, isOpen: boolean): Html {
  return table({
    caption: isOpen ? 'Opt-outs that a dialer does not hold yet' : 'Opt-outs, the latest first',
    head: ['Opt-out', 'Number', 'State', 'Dialers', 'Legal limit'],
    rows: clocks.map((each) => ({
      ...(each.isOverdue && { tone: 'bad' }),
      cells: [
        html`<a href="${address(`opt-outs/${encodeURIComponent(each.correlationId)}`)}">told ${time(each.toldAt, clock)}</a> <span class="quiet">by ${each.source}</span>`,
        each.phones.map(maskedPhone).join(', ') || 'not known',
        optOutBadge(each),
        html`<ul class="plain">${each.dialers.map((dialer) => dialerLine(dialer, clock))}</ul>`,
        each.isOpen ? ago(each.legalBy, clock) : time(each.legalBy, clock),
      ],
    })),
    empty: isOpen
      ? 'Every dialer holds every opt-out.'
      : 'Nobody has opted out yet. Whoever does stands here with the proof of each dialer.',
  });
}

import type { MarkedCall } from '../../../domain/call-marks.ts';
import type { Lead } from '../../../domain/lead.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import { searchCalls } from '../../../flows/search-calls.ts';
import { address } from '../../address.ts';
import { outcomeBadge } from '../../components/badge.ts';
import { definitions } from '../../components/definitions.ts';
import { button } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { panel } from '../../components/panel.ts';
import { maskedKey, maskedPhone, spacedPhone } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { clockOf, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';
import type { Page, Question } from '../../page.ts';

const callsShown = 20;

/** A lead as Patchbay holds it, and its calls. */
export const leadPage: Page = {
  path: 'leads/:dialer/:key',
  least: 'viewer',
  live: { everyMs: 10_000 },
  async render(question) {
    const lead = await leadIn(question);
    if (!lead) return null;
    const isOperator = isAtLeast(question.user.role, 'operator');
    const body = html`${await leadBody(question, lead, false)}
${
  isOperator && lead.phones.length > 0 && form(`${leadPath(lead)}/number`, button('Show the numbers', { look: 'link' }))
}`;
    return { title: titleOf(lead), body };
  },
};

export function leadIn({ deps, params }: Question): Promise<Lead | null> {
  return deps.store.leadByKey(params.dialer ?? '', params.key ?? '');
}

export function leadPath({ dialer, key }: Pick<Lead, 'dialer' | 'key'>): string {
  return `leads/${encodeURIComponent(dialer)}/${encodeURIComponent(key)}`;
}

/** By its key, which some dialers make of its number. */
export function titleOf({ key, phones }: Lead): string {
  return `Lead ${maskedKey(key, ...phones)}`;
}

export async function leadBody(question: Question, lead: Lead, isRevealed: boolean): Promise<Html> {
  const { deps, user } = question;
  const clock = clockOf(question);
  const asked = { lead: lead.key, dialer: lead.dialer, limit: callsShown };
  const { calls } = await searchCalls(deps, asked);
  const show = isRevealed ? spacedPhone : maskedPhone;
  return html`${live(
    'lead',
    panel(
      'The lead as it is held',
      definitions([
        ['Dialer', lead.dialer],
        ['List', lead.list],
        ['Campaign', lead.campaign],
        ['Numbers', lead.phones.map(show).join(', ')],
        ['Changed', Date.parse(lead.changedAt) > 0 && time(lead.changedAt, clock)],
      ]),
    ),
  )}
${panel('Fields', isAtLeast(user.role, 'operator') ? fieldsOf(lead) : html`<p class="quiet">What the fields hold is shown to operators. There are ${Object.keys(lead.fields).length}.</p>`)}
${live('lead-calls', panel('Its calls', callsOf(calls, clock), { beside: calls.length === callsShown && html`<a href="${address('calls', { lead: lead.key, dialer: lead.dialer })}">All its calls</a>` }))}`;
}

function fieldsOf({ fields }: Lead): Html {
  return table({
    caption: 'Fields of the lead',
    head: ['Field', 'Value'],
    rows: Object.entries(fields).map(([name, value]) => [name, maskNumbers(value)]),
    empty: 'The dialer told no fields of it.',
  });
}

function callsOf(calls: readonly MarkedCall[], clock: PageClock): Html {
  return table({
    caption: 'Calls of the lead, the latest first',
    head: ['Call', 'When', 'Campaign', 'Outcome'],
    rows: calls.map((call) => [
      callLink(call.correlationId),
      time(call.registeredAt, clock),
      call.campaign,
      outcomeBadge(call.outcome?.code),
    ]),
    empty: 'It was not called by the AI yet.',
  });
}

import type { MarkedCall } from '../../../domain/call-marks.ts';
import type { CallChoices } from '../../../domain/call-search.ts';
import { addDays, isDay, startOfDay } from '../../../domain/day-span.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import { type CallsAnswer, searchCalls } from '../../../flows/search-calls.ts';
import { outcomeBadge } from '../../components/badge.ts';
import { button, field, select } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { notice } from '../../components/notice.ts';
import { pager } from '../../components/pager.ts';
import { maskedKey, maskedPhone } from '../../components/phone.ts';
import { table } from '../../components/table.ts';
import { clockOf, duration, type PageClock, time } from '../../components/time.ts';
import { type Html, html, live } from '../../html.ts';
import type { Page, Question, View } from '../../page.ts';

const callsOnPage = 50;
const choiceDays = 30;
const choicesMs = 30_000;
const filters = ['text', 'dialer', 'campaign', 'outcome', 'agent', 'person', 'from', 'to'] as const;

/** Calls looked for by one box and some filters, the newest first. */
export const searchPage: Page = { path: 'calls', least: 'viewer', render, live: { everyMs: 5000 } };

async function render(question: Question): Promise<View> {
  const { deps, query } = question;
  const asked = Object.fromEntries(filters.map((name) => [name, query[name]?.trim() ?? '']));
  const span = spanOf(question);
  const { from: _from, to: _to, ...conditions } = asked;
  const answer = await searchCalls(deps, { ...conditions, ...span, after: query.after, limit: callsOnPage });
  const [only] = answer.calls;
  if (answer.readAs === 'name' && only && answer.calls.length === 1) {
    return { title: 'Calls', body: html``, see: `calls/${only.correlationId}` };
  }

  const choices = await recentChoices(question);
  const list = html`${notesOf(asked.text ?? '', answer, question)}${callTable(answer.calls, clockOf(question), !isEmpty(asked))}
${pager({ path: 'calls', query: { ...asked, after: query.after }, next: answer.next })}`;
  const body = html`${searchForm(question, choices, asked)}${query.after ? list : live('calls', list)}`;
  return { title: 'Calls', body };
}

/** Looked up now and then: a page that many look at asks every few seconds. */
async function recentChoices({ deps, now }: Question): Promise<CallChoices> {
  const known = choicesOf.get(deps.store);
  if (known && known.until > performance.now()) return known.choices;
  const from = new Date(Date.parse(now) - choiceDays * 86_400_000).toISOString();
  const choices = await deps.store.callChoices({ from });
  choicesOf.set(deps.store, { choices, until: performance.now() + choicesMs });
  return choices;
}

const choicesOf = new WeakMap<object, { choices: CallChoices; until: number }>();

function searchForm({ deps }: Question, choices: CallChoices, asked: Readonly<Record<string, string>>): Html {
  const dialers = [...deps.dialers.keys()];
  const configured = [...deps.dialers.values()].flatMap(({ settings }) => Object.keys(settings.campaigns));
  const campaigns = [...new Set([...configured, ...choices.campaigns])].filter((name) => name !== '*').sort();
  const outcomes = [
    { value: 'none', text: 'no outcome yet' },
    ...[...new Set([...deps.settings.outcomeCodes, ...choices.outcomes])]
      .filter(Boolean)
      .map((code) => ({ value: code, text: code.replaceAll('_', ' ') })),
  ];
  return html`<search><form method="get" action="/console/calls" class="filters">
<div class="wide">${field({
    ...{ name: 'text', label: 'Find', type: 'search', value: asked.text ?? '' },
    hint: 'A number in any writing, a lead, a caller code or call ID, a correlation ID, an agent.',
    more: { autocomplete: 'off', maxlength: 200 },
  })}</div>
${select({ name: 'dialer', label: 'Dialer', options: dialers, value: asked.dialer ?? '', none: 'All' })}
${select({ name: 'campaign', label: 'Campaign', options: campaigns, value: asked.campaign ?? '', none: 'All' })}
${select({ name: 'outcome', label: 'Outcome', options: outcomes, value: asked.outcome ?? '', none: 'All' })}
${select({ name: 'agent', label: 'AI agent', options: choices.agents.filter(Boolean), value: asked.agent ?? '', none: 'All' })}
${field({ name: 'person', label: 'Person', value: asked.person ?? '', more: { autocomplete: 'off' } })}
${field({ name: 'from', label: 'From', type: 'date', value: asked.from ?? '' })}
${field({ name: 'to', label: 'To', type: 'date', value: asked.to ?? '' })}
<div class="actions">${button('Search', { look: 'primary' })} <a class="button" href="/console/calls">Clear</a></div>
</form></search>`;
}

/** Days by the site's clock: from the first moment of one to the last of the other. */
function spanOf({ deps, query: { from = '', to = '' } }: Question): { from?: string; before?: string } {
  const zone = deps.console.timeZone;
  return {
    ...(isDay(from) && { from: startOfDay(zone, from) }),
    ...(isDay(to) && { before: startOfDay(zone, addDays(to, 1)) }),
  };
}

function notesOf(text: string, { calls, readAs, lookedBackTo }: CallsAnswer, question: Question): Html {
  const words = { phone: 'as a number', lead: "as a lead's key", agent: 'as an AI agent', person: 'as a person' };
  const isRead = readAs !== '' && readAs !== 'name';
  return html`${text && isRead && html`<p class="quiet">“${text}” was read ${words[readAs]}.</p>`}
${text && calls.length > 1 && readAs === 'name' && html`<p class="quiet">Several calls have this name.</p>`}
${
  lookedBackTo &&
  notice(
    html`Looked back to ${time(lookedBackTo, clockOf(question))}.`,
    'info',
    'Calls like these are rare: go on with “Older”, or narrow the days.',
  )
}`;
}

/** Calls as a list. Numbers are masked for everybody here. */
export function callTable(calls: readonly MarkedCall[], clock: PageClock, isFiltered: boolean): Html {
  return table({
    caption: 'Calls, the newest first',
    head: [
      'Registered',
      'Number',
      'Outcome',
      'Campaign',
      'Lead',
      'AI agent',
      { title: 'Spoke', isNumber: true },
      { title: 'First word', isNumber: true },
      'Person',
    ],
    rows: calls.map(({ marks, ...call }) => [
      callLink(call.correlationId, time(call.registeredAt, clock, { seconds: true })),
      call.phone
        ? html`<span class="nowrap">${maskedPhone(call.phone)}</span>`
        : html`<span class="quiet">not known</span>`,
      html`${outcomeBadge(call.outcome?.code)} <span class="quiet">${call.outcome && (basisNotes[call.outcome.basis] ?? '')}</span>`,
      html`${call.campaign} <span class="quiet">${call.dialer}</span>`,
      maskedKey(call.leadKey, call.phone),
      html`${marks.agent}${marks.agentVersion && html` <span class="quiet">${marks.agentVersion}</span>`}`,
      marks.talkSec > 0 ? duration(marks.talkSec * 1000) : '',
      marks.firstWordMs === null ? '' : duration(marks.firstWordMs),
      marks.person || (marks.isTransferred ? 'transferred' : ''),
    ]),
    empty: isFiltered
      ? html`<p>No call fits.</p><p class="quiet">Take a filter away, or write the number with its country code.</p>`
      : html`<p>No call has been registered yet.</p><p class="quiet">They appear here as soon as a dialer registers its first one: the Doctor shows whether it can.</p>`,
  });
}

/** Where it is not the AI's own word. */
const basisNotes: Partial<Record<Outcome['basis'], string>> = {
  operator: 'by hand',
  human: 'by a person',
  analysis: 'by analysis',
  silence: 'nobody told',
};

function isEmpty(asked: Readonly<Record<string, string>>): boolean {
  return Object.values(asked).every((value) => value === '');
}

import type { AuditEntry } from '../../../domain/audit.ts';
import { isCorrelationId } from '../../../domain/correlation-id.ts';
import { addDays, isDay, startOfDay } from '../../../domain/day-span.ts';
import { exportAudit } from '../../../flows/export-audit.ts';
import type { AuditPlace, AuditQuery } from '../../../store/reads/audit.ts';
import { address } from '../../address.ts';
import { button, field, select } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { pager } from '../../components/pager.ts';
import { table } from '../../components/table.ts';
import { clockOf, type PageClock, time } from '../../components/time.ts';
import { type Html, html, live } from '../../html.ts';
import type { Download, Page, Question, Room } from '../../page.ts';

const rowsShown = 50;
const mostShown = 160;

const listPage: Page = {
  path: 'audit',
  least: 'admin',
  live: { everyMs: 5000 },
  async render(question) {
    const { deps, query } = question;
    const [page, choices] = await Promise.all([
      deps.store.auditPage({
        ...askedBy(question),
        limit: rowsShown,
        ...(query.after && { after: placeIn(query.after) }),
      }),
      deps.store.auditChoices(),
    ]);
    const { after: _after, ...asked } = query;
    const body = html`${filters(query, choices)}
${live('audit-list', entries(page.entries, clockOf(question)))}
${pager({ path: 'audit', query, next: page.next && `${page.next.at}~${page.next.id}` })}
<p><a class="button" href="${address('audit.csv', asked)}">Download as CSV</a> <span class="quiet">the latest 50,000 of these</span></p>`;
    return { title: 'Audit', body };
  },
};

const csv: Download = {
  path: 'audit.csv',
  least: 'admin',
  async send(question) {
    const day = question.now.slice(0, 10);
    return {
      contentType: 'text/csv; charset=utf-8',
      fileName: `audit-${day}.csv`,
      body: exportAudit(question.deps, askedBy(question)),
    };
  },
};

/** Who did what. */
export const auditRoom: Room = {
  nav: { title: 'Audit', path: 'audit' },
  pages: [listPage],
  downloads: [csv],
};

function askedBy({ query, deps }: Question): Omit<AuditQuery, 'limit' | 'after'> {
  const { by, act, subject, from, to } = query;
  const { timeZone } = deps.console;
  return {
    ...(by && { by }),
    ...(act && { act }),
    ...(subject && { subject }),
    ...(from && isDay(from) && { from: startOfDay(timeZone, from) }),
    ...(to && isDay(to) && { before: startOfDay(timeZone, addDays(to, 1)) }),
  };
}

function filters(query: Question['query'], choices: { by: string[]; acts: string[] }): Html {
  return html`<form class="filters" method="get" action="${address('audit')}">
${select({ name: 'by', label: 'Who', options: choices.by, value: query.by, none: 'everybody' })}
${select({ name: 'act', label: 'What', options: choices.acts, value: query.act, none: 'everything' })}
${field({ name: 'subject', label: 'To what', type: 'search', value: query.subject, more: { autocomplete: 'off', maxlength: 191 } })}
${field({ name: 'from', label: 'From', type: 'date', value: query.from })}
${field({ name: 'to', label: 'To', type: 'date', value: query.to })}
${button('Show')}
</form>`;
}

function entries(list: readonly AuditEntry[], clock: PageClock): Html {
  return table({
    caption: 'Who did what, the latest first',
    head: ['When', 'Who', 'What', 'To what', 'Details'],
    rows: list.map(({ at, by, act, subject, details }) => [
      time(at, clock, { seconds: true }),
      by,
      act,
      isCorrelationId(subject) ? callLink(subject) : subject,
      detailsOf(details),
    ]),
    empty: 'Nobody did such a thing. Each number shown, replay, correction and log-in is written down here.',
  });
}

function detailsOf(details: AuditEntry['details']): Html {
  const lines = Object.entries(details).map(
    ([name, value]) => html`<li><span class="quiet">${name}:</span> ${inShort(value)}</li>`,
  );
  return html`<ul class="plain">${lines}</ul>`;
}

/** A list of a hundred ids is whole in the download. */
function inShort(value: string): string {
  return value.length > mostShown ? `${value.slice(0, mostShown)} …` : value;
}

function placeIn(text: string): AuditPlace {
  const [at = '', id = ''] = text.split('~');
  return { at, id };
}

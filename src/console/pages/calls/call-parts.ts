import { writeBackWords } from '../../../domain/call-timeline.ts';
import { isAtLeast } from '../../../domain/roles.ts';
import type { WriteBack } from '../../../domain/write-back.ts';
import type { CallPage } from '../../../flows/call-page.ts';
import { badge, outcomeBadge, writeBackBadge } from '../../components/badge.ts';
import { definitions } from '../../components/definitions.ts';
import { disclosure } from '../../components/disclosure.ts';
import { callLink } from '../../components/links.ts';
import { panel } from '../../components/panel.ts';
import { table } from '../../components/table.ts';
import { ago, time } from '../../components/time.ts';
import { type Html, html, type Renderable } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';
import { redactFact } from './redact-fact.ts';
import { leadFor, phoneFor, type Sight, seesWords, toldFor, withTimes, wordsFor } from './sight.ts';

/** What the dialers should hold, with the proof that they do; the last wish of each aspect first. */
export function writeBackPanel({ writeBacks }: CallPage, sight: Sight): Html {
  const last = writeBacks.filter((row) => !isOutdone(row, writeBacks));
  const earlier = writeBacks.filter((row) => isOutdone(row, writeBacks));
  return panel(
    'Write-backs',
    html`${writeBackTable('What the dialers should hold', last, sight)}
${earlier.length > 0 && disclosure({ id: 'earlier-write-backs', summary: `Earlier revisions (${earlier.length})`, content: writeBackTable('Earlier revisions', earlier, sight) })}`,
  );
}

function isOutdone(row: WriteBack, all: readonly WriteBack[]): boolean {
  return all.some(
    ({ dialer, aspect, revision }) => dialer === row.dialer && aspect === row.aspect && revision > row.revision,
  );
}

function writeBackTable(caption: string, rows: readonly WriteBack[], sight: Sight): Html {
  return table({
    caption,
    head: ['What', 'Value', 'State', 'Proof', { title: 'Tries', isNumber: true }],
    rows: rows.map((row) => [
      html`<a href="/console/write-backs/${row.id}">${row.dialer} ${row.aspect === 'dnc' ? 'DNC' : row.aspect}</a>`,
      withTimes(writeBackWords(row), sight.clock),
      html`${writeBackBadge(row)} ${row.inDoubt && badge('in doubt', 'warn', 'A try may have taken effect: the dialer is read first')}`,
      proofOf(row, sight),
      row.attempts,
    ]),
    empty: 'Nothing is wanted of the dialers yet: that follows from an outcome.',
  });
}

function proofOf({ state, why, hint, dueAt, settledAt, receipt }: WriteBack, sight: Sight): Renderable {
  const { clock } = sight;
  const isWaiting = state === 'pending' || state === 'submitted';
  return html`${toldFor(sight, why)}${why && hint && html`. `}${hint && html`<span class="hint">${toldFor(sight, hint)}</span>`}
${isWaiting && html`<span class="quiet">${state === 'submitted' ? 'asked about again' : 'due'} ${ago(dueAt, clock)}, at ${time(dueAt, clock, { seconds: true })}</span>`}
${settledAt && html`<span class="quiet">${time(settledAt, clock, { seconds: true })}</span>`}
${receipt && html`<span class="quiet">receipt <code>${receipt}</code></span>`}`;
}

/** What needs a person, or needed one. */
export function attentionPanel({ attention }: CallPage, sight: Sight): Html {
  if (attention.length === 0) return html``;
  return panel(
    'Needs a person',
    html`<ul class="stack">${attention.map(
      (
        item,
      ) => html`<li>${item.settledAt ? badge('settled', 'off') : badge('open', 'warn')} <strong>${item.kind.replaceAll('-', ' ')}</strong> ${time(item.lastAt, sight.clock)}
${item.settledAt && html`<p class="quiet">${item.settledBy}: ${seesWords(sight) && wordsFor(sight, item.settlement)}</p>`}
${seesWords(sight) && definitions(Object.entries(item.details).map(([name, value]) => [name, wordsFor(sight, value)]))}</li>`,
    )}</ul>
<p><a href="/console/attention">All that needs a person</a></p>`,
    attention.some(({ settledAt }) => settledAt === null) ? { tone: 'warn' } : {},
  );
}

/** The lead as it is held: of the last sync, not of the time of the call. */
export function leadPanel({ lead }: CallPage, sight: Sight): Html | null {
  if (!seesWords(sight)) return null;
  if (!lead)
    return panel(
      'Lead',
      html`<p class="quiet">No lead of this call is held: it was not synced, or several have its number.</p>`,
    );
  const fields = Object.entries(lead.fields).map(([name, value]): [string, Renderable] => [
    name,
    wordsFor(sight, value),
  ]);
  const numbers = lead.phones.map((phone) => phoneFor(sight, phone)).join(', ');
  return panel(
    'Lead',
    html`${definitions([
      ['Key', leadFor(sight, lead, [...lead.phones])],
      ['List', lead.list],
      ['Numbers', numbers],
      // A dialer that does not tell it has its leads changed at the beginning of time.
      ['Changed', Date.parse(lead.changedAt) > 0 && time(lead.changedAt, sight.clock)],
    ])}${disclosure({ id: 'lead-fields', summary: `Fields (${fields.length})`, content: definitions(fields) })}`,
  );
}

/** Other calls of the number, or of a number of the lead. */
export function othersPanel({ others }: CallPage, sight: Sight): Html {
  return panel(
    'Other calls of this customer',
    table({
      caption: 'Other calls of the number or the lead',
      head: ['Registered', 'Outcome', 'Campaign'],
      rows: others.map((call) => [
        callLink(call.correlationId, time(call.registeredAt, sight.clock)),
        outcomeBadge(call.outcome?.code),
        html`${call.campaign} <span class="quiet">${call.dialer}</span>`,
      ]),
      empty: 'None is known.',
    }),
  );
}

/** Under which names systems know the call. */
export function namesPanel({ refs }: CallPage): Html {
  const content = table({
    caption: 'Names of the call',
    head: ['System', 'Kind', 'Name'],
    rows: refs.map(({ instance, kind, key }) => [instance, kind, html`<code>${key}</code>`]),
    empty: 'It has none.',
  });
  return panel('Names', disclosure({ id: 'call-names-list', summary: `${refs.length} names`, content }));
}

/** Who did what to this call. */
export function auditPanel({ audit }: CallPage, sight: Sight): Html {
  if (!isAtLeast(sight.role, 'operator') || audit.length === 0) return html``;
  return panel(
    'Who did what',
    table({
      caption: 'What people did to this call',
      head: ['When', 'Who', 'What', 'Details'],
      rows: audit.map(({ at, by, act, details }) => [
        time(at, sight.clock),
        by,
        act.replaceAll('-', ' '),
        Object.entries(details)
          .filter(([, value]) => value !== '')
          .map(([name, value]) => html`<span class="pair">${name}: ${wordsFor(sight, value)}</span> `),
      ]),
      empty: 'Nobody did anything.',
    }),
  );
}

/** Every fact as it is kept, as far as its looker may see it; whole only with the numbers shown, which is on the record. */
export function rawPanel({ facts }: CallPage, sight: Sight): Html {
  const role = sight.role === 'admin' && !sight.isRevealed ? 'operator' : sight.role;
  const items = facts.map((fact) => {
    const summary = html`${fact.body.kind} <span class="quiet">${fact.source}, ${time(fact.at, sight.clock, { seconds: true })}</span>`;
    const text = JSON.stringify(redactFact(fact, role), null, 2);
    return disclosure({
      id: `fact-${idOf(fact.source, maskNumbers(fact.key))}`,
      summary,
      content: html`<pre class="raw" tabindex="0"><code>${text}</code></pre>`,
    });
  });
  const content = html`${sight.role === 'admin' && !sight.isRevealed && html`<p class="quiet">Numbers are masked. “Show the number” shows the facts whole.</p>`}${items}`;
  return panel(
    'Raw events',
    disclosure({ id: 'raw-events', summary: `${facts.length} facts, as they are kept`, content }),
  );
}

function idOf(source: string, key: string): string {
  return `${source}-${key}`.replace(/[^a-zA-Z0-9]+/g, '-');
}

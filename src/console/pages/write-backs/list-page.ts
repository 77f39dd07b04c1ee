import { isAtLeast } from '../../../domain/roles.ts';
import { aspects, type WriteBack } from '../../../domain/write-back.ts';
import { openStates } from '../../../store/reads/open-write-backs.ts';
import type { WriteBackPlace } from '../../../store/reads/write-back-pages.ts';
import { address } from '../../address.ts';
import { writeBackBadge } from '../../components/badge.ts';
import { button, checkbox, select } from '../../components/field.ts';
import { callLink } from '../../components/links.ts';
import { notice } from '../../components/notice.ts';
import { pager } from '../../components/pager.ts';
import { table } from '../../components/table.ts';
import { tabs } from '../../components/tabs.ts';
import { ago, clockOf, type PageClock, time } from '../../components/time.ts';
import { form } from '../../form.ts';
import { type Html, html, live } from '../../html.ts';
import { maskNumbers } from '../../mask-numbers.ts';
import type { Page, Question } from '../../page.ts';
import { aspectOf, viewOf, views, type WriteBackView } from './views.ts';
import { wantedInShort } from './wanted.ts';

const rowsShown = 50;
/** Of one state; a count that is longer says no more to a person. */
const mostCounted = 1000;

/** The write-backs of one state, with what each waits for. */
export const listPage: Page = {
  path: 'write-backs',
  least: 'viewer',
  live: { everyMs: 4000 },
  async render(question) {
    const { deps, query, user } = question;
    const view = viewOf(query.view);
    const aspect = aspectOf(query.aspect, aspects);
    const { dialer } = query;
    const [page, counts] = await Promise.all([
      deps.store.writeBackPage({
        state: view.state,
        order: view.order,
        limit: rowsShown,
        ...(dialer && { dialer }),
        ...(aspect && { aspect }),
        ...(view.isTriedBefore && { isTriedBefore: true }),
        ...(view.why && { why: view.why }),
        ...(query.after && { after: placeIn(query.after) }),
      }),
      deps.store.countWriteBacksUpTo({
        states: openStates,
        most: mostCounted,
        ...(dialer && { dialer }),
        ...(aspect && { aspect }),
      }),
    ]);
    const clock = clockOf(question);
    const acts = isAtLeast(user.role, 'operator') ? view.acts : [];
    const ticks = acts.length === 0 ? 'none' : query.all === 'yes' ? 'all' : 'open';
    const rows = rowsOf(page.rows, view, clock, ticks);
    const asked = { view: view.id, dialer, aspect, after: query.after };
    const body = html`${live('write-back-tabs', tabsOf(view, counts, asked))}
${filters(question, view, counts)}
<p class="quiet">${view.meaning}</p>
${live('write-back-windows', windows(question, view, clock))}
${acts.length === 0 ? live('write-back-list', rows) : form('write-backs/chosen', html`${live('write-back-list', rows)}${buttons(acts, view, asked)}`)}
${page.isCutShort && html`<p class="quiet">Looked through a thousand write-backs for these; go on for more.</p>`}
${pager({ path: 'write-backs', query: asked, next: page.next && placeText(page.next), word: view.order === 'oldest' ? 'Later' : 'Older' })}`;
    return { title: 'Write-backs', body };
  },
};

interface Asked {
  view: string;
  dialer: string | undefined;
  aspect: string | undefined;
  after: string | undefined;
}

type Counts = Awaited<ReturnType<Question['deps']['store']['countWriteBacksUpTo']>>;

function tabsOf(current: WriteBackView, counts: Counts, { dialer, aspect }: Asked): Html {
  const countOf = ({ state, isTriedBefore, why }: WriteBackView) => {
    if (isTriedBefore || why || ['cancelled', 'confirmed', 'superseded', 'shadow'].includes(state)) return undefined;
    const own = counts.filter((each) => each.state === state);
    const count = own.reduce((sum, each) => sum + each.count, 0);
    return `${count.toLocaleString('en')}${count >= mostCounted ? '+' : ''}`;
  };
  return tabs(
    'States',
    views.map((view) => ({
      title: view.title,
      href: address('write-backs', { view: view.id, dialer, aspect }),
      isCurrent: view.id === current.id,
      count: countOf(view),
    })),
  );
}

function filters({ deps, query }: Question, view: WriteBackView, counts: Counts): Html {
  const dialers = [...new Set([...deps.dialers.keys(), ...counts.map(({ dialer }) => dialer)])].sort();
  return html`<form class="filters" method="get" action="${address('write-backs')}">
<input type="hidden" name="view" value="${view.id}">
${select({ name: 'dialer', label: 'Dialer', options: dialers, value: query.dialer, none: 'all' })}
${select({ name: 'aspect', label: 'Aspect', options: [...aspects], value: query.aspect, none: 'all' })}
${button('Show')}
</form>`;
}

/** Aspects that a dialer takes only in a window of time, and when it opens. */
function windows({ deps }: Question, view: WriteBackView, clock: PageClock): Html {
  if (view.state !== 'pending') return html``;
  const closed = [...deps.dialers.values()].flatMap(({ id, aspects: own, pausedUntil }) =>
    own.flatMap((aspect) => {
      const until = pausedUntil?.(aspect) ?? 0;
      if (until <= deps.clock.now() || !Number.isFinite(until)) return [];
      return html`<li>${id} takes ${aspect} again ${time(new Date(until).toISOString(), clock)}</li>`;
    }),
  );
  return closed.length === 0 ? html`` : notice(html`Closed windows: <ul class="plain">${closed}</ul>`, 'info');
}

type Ticks = 'none' | 'open' | 'all';

function rowsOf(rows: readonly WriteBack[], view: WriteBackView, clock: PageClock, ticks: Ticks): Html {
  return table({
    caption: `Write-backs: ${view.title}`,
    head: ['What', 'Call', 'Wanted', 'State', 'Why', view.order === 'oldest' ? 'Due' : 'Ended'],
    rows: rows.map((row) => ({
      id: `row-${row.id}`,
      cells: [
        ticks === 'none' ? linkTo(row) : html`${tick(row, ticks === 'all')} ${linkTo(row)}`,
        callLink(row.correlationId),
        wantedInShort(row.desired, clock),
        html`${writeBackBadge(row)}${row.attempts > 0 && html` <span class="quiet">${tries(row.attempts)}</span>`}`,
        reasonOf(row, clock),
        view.order === 'oldest' ? ago(row.dueAt, clock) : time(row.settledAt ?? row.dueAt, clock),
      ],
    })),
    empty: view.empty,
  });
}

function tick(row: WriteBack, isChecked: boolean): Html {
  const label = `Choose ${nameOf(row)}, call ${row.correlationId}`;
  return checkbox({ name: 'id', value: row.id, label, isLabelHidden: true, isChecked });
}

export function linkTo({ id, aspect, dialer }: WriteBack): Html {
  return html`<a href="${address(`write-backs/${encodeURIComponent(id)}`)}">${nameOf({ aspect, dialer })}</a>`;
}

/** As people say it. */
export function nameOf({ aspect, dialer }: Pick<WriteBack, 'aspect' | 'dialer'>): string {
  return `${aspect === 'dnc' ? 'DNC' : aspect} on ${dialer}`;
}

/** What the dialer last said, what can be done, and what is waited for. */
export function reasonOf(row: WriteBack, clock: PageClock): Html {
  const { state, dueAt, receipt, cancelledBy, inDoubt } = row;
  // A dialer's own words: numbers can stand in them.
  const [why, hint] = [maskNumbers(row.why), maskNumbers(row.hint)];
  const waits = state === 'pending' && dueAt > clock.now;
  const parts = [
    cancelledBy && html`<p>taken back by ${cancelledBy}: ${why}</p>`,
    !cancelledBy && why && html`<p>${why}</p>`,
    waits && html`<p class="quiet">${why ? 'until' : 'waits until'} ${time(dueAt, clock)}</p>`,
    receipt && html`<p class="quiet">receipt <code>${receipt}</code></p>`,
    inDoubt &&
      state !== 'confirmed' &&
      html`<p class="quiet">an earlier try may have taken effect: the dialer is read first</p>`,
    hint && html`<p class="hint">${hint}</p>`,
  ].filter(Boolean);
  return parts.length > 0 ? html`${parts}` : html`<span class="quiet">–</span>`;
}

export function tries(count: number): string {
  return count === 1 ? '1 try' : `${count} tries`;
}

function buttons(acts: WriteBackView['acts'], view: WriteBackView, asked: Asked): Html {
  const { dialer } = asked;
  const canReplay = acts.includes('replay');
  const hasFailed = canReplay && (view.state === 'dead' || view.state === 'refused');
  const all = hasFailed && dialer;
  return html`<div class="actions">
<a class="button" href="${address('write-backs', { ...asked, all: 'yes' })}">Choose all on this page</a>
${canReplay && button('See the difference, then replay', { look: 'primary', name: 'do', value: 'replay' })}
${acts.includes('cancel') && button('Cancel …', { name: 'do', value: 'cancel' })}
${all && button(`All dead and refused of ${dialer} …`, { name: 'all', value: dialer })}
</div>
${hasFailed && !dialer && html`<p class="hint">Choose a dialer above to replay all that failed there.</p>`}`;
}

/** As it stands in an address: `2026-03-02T15:30:00.000Z~row`. */
export function placeText({ dueAt, row }: WriteBackPlace): string {
  return `${dueAt}~${row}`;
}

/** The place that such a text names. */
export function placeIn(text: string): WriteBackPlace {
  const [dueAt = '', ...row] = text.split('~');
  return { dueAt, row: row.join('~') };
}

import { type Complaint, judgeSite, worstOf } from '../../../flows/judge-site.ts';
import { needWords } from '../../../flows/need-words.ts';
import type { WaitingKind } from '../../../flows/needs-a-person.ts';
import type { SiteState } from '../../../flows/site-state.ts';
import { address } from '../../address.ts';
import { shape } from '../../components/badge.ts';
import { stats } from '../../components/panel.ts';
import { ago, type PageClock } from '../../components/time.ts';
import { type Html, html } from '../../html.ts';

/** The worst of all in large letters, for who looks from across the room; then the rest, and what needs a person. */
export function verdict(state: SiteState, clock: PageClock): Html {
  const complaints = judgeSite(state);
  const level = worstOf(complaints);
  const faults = complaints.filter(({ about }) => about.kind !== 'need');
  const worst = complaints.find((each) => each.level === 'bad') ?? faults[0] ?? complaints[0];
  const others = faults.filter((each) => each !== worst);
  const headline = !worst
    ? html`<p class="verdict-words">All is well. Nothing needs a person.</p>`
    : html`<p class="verdict-words">${worst.about.kind === 'need' && level === 'warn' ? needsWords(state.needs) : worst.words}</p>
${worst.hint && html`<p>${worst.hint} ${whereTo(worst)}</p>`}`;
  return html`<section class="verdict ${level}" aria-label="How the site does">
<span class="verdict-mark">${shape(level)}</span><div>${headline}
${others.length > 0 && html`<ul>${others.map((each) => html`<li>${shape(each.level)} ${each.words}. ${each.hint} ${whereTo(each)}</li>`)}</ul>`}</div></section>
${state.needs.length > 0 && needs(state, clock)}`;
}

function needsWords(needs: readonly WaitingKind[]): string {
  const count = needs.reduce((sum, need) => sum + need.count, 0);
  return count === 1 ? 'One thing needs a person' : `${count.toLocaleString('en-US')} things need a person`;
}

function needs({ needs: kinds, open }: SiteState, clock: PageClock): Html {
  const failed = open.some(({ state }) => state === 'dead') ? 'dead' : 'refused';
  const tiles = kinds.map(({ kind, count, oldestAt }) => ({
    label: needWords[kind][count === 1 ? 0 : 1],
    value: count.toLocaleString('en-US'),
    note: oldestAt && html`oldest ${ago(oldestAt, clock)}`,
    tone: kind.endsWith('opt-out') ? ('bad' as const) : ('warn' as const),
    href: needHref(kind, failed),
  }));
  return html`<section aria-label="What needs a person"><h2 class="heard">What needs a person</h2>${stats(tiles)}</section>`;
}

function needHref(kind: WaitingKind['kind'], failed: 'dead' | 'refused'): string {
  if (kind === 'failed-write-back') return address('write-backs', { view: failed });
  if (kind === 'held-write-back') return address('write-backs', { view: 'held' });
  return address('attention', { kind });
}

function whereTo({ about }: Complaint): Html | null {
  if (about.kind === 'sync') return html`<a href="${address('leads')}">Leads</a>`;
  if (about.kind === 'need') return html`<a href="${needHref(about.need.kind, 'dead')}">Attention</a>`;
  if (about.kind === 'controls') return html`<a href="${address('controls')}">Controls</a>`;
  if (about.kind === 'opt-outs') return html`<a href="${address('opt-outs')}">Opt-outs</a>`;
  return about.kind === 'link' ? html`<a href="${address('doctor', { instance: about.id })}">Doctor</a>` : null;
}

import { goneAfterSec } from '../../../domain/link-report.ts';
import { shortTime } from '../../../domain/short-time.ts';
import { backlogWords, linkWords } from '../../../flows/link-words.ts';
import type { LinkNow, SiteState } from '../../../flows/site-state.ts';
import { address } from '../../address.ts';
import { shape } from '../../components/badge.ts';
import type { PageClock } from '../../components/time.ts';
import { type Html, html } from '../../html.ts';
import { logo } from '../../logo.ts';
import { linkHref, stateTones } from './link-marks.ts';

interface Spot {
  link: LinkNow;
  x: number;
  y: number;
}

const height = 156;
const step = height + 24;
const wide = { width: 1200, box: 372, middle: 216 };
const narrow = { width: 360, box: 330, left: 30, middle: 104, gap: 14 };

/** The dialers, Patchbay and the platforms with a line for each link: side by side, and stacked where it is narrow. */
export function linkPicture(state: SiteState, clock: PageClock): Html {
  return html`<div class="links-picture">${widePicture(state, clock)}${narrowPicture(state, clock)}</div>`;
}

function widePicture(state: SiteState, clock: PageClock): Html {
  const sides = (['dialer', 'platform'] as const).map((kind) => state.links.filter((link) => link.kind === kind));
  const tall = Math.max(1, ...sides.map((links) => links.length)) * step - 24;
  const spots = sides.flatMap((links, side) =>
    links.map((link, index): Spot => {
      const top = (tall - (links.length * step - 24)) / 2;
      return { link, x: side === 0 ? 0 : wide.width - wide.box, y: top + index * step };
    }),
  );
  const left = (wide.width - wide.middle) / 2;
  return html`<svg class="links-wide" viewBox="-4 -4 ${wide.width + 8} ${tall + 8}" role="group" aria-label="Links of this site">
${spots.map((spot) => wideCord(spot, left, tall))}
${middle(state, { x: left, y: Math.max(0, tall / 2 - 130), width: wide.middle, height: Math.min(tall, 260) })}
${spots.map((spot) => box(spot, wide.box, state, clock))}
${sides.map((links, side) => links.length === 0 && missing(side === 0 ? 'dialer' : 'platform', { x: side === 0 ? 0 : wide.width - wide.box, y: (tall - height) / 2, width: wide.box }))}
</svg>`;
}

/** In the place of a side that has nothing yet. */
function missing(kind: LinkNow['kind'], { x, y, width }: { x: number; y: number; width: number }): Html {
  const words = kind === 'dialer' ? 'No dialer yet' : 'No AI platform yet';
  return html`<a href="${address('setup')}" aria-label="${words}: see the set-up"><g class="box off" transform="translate(${x} ${y})">
<rect width="${width}" height="${height}" rx="14"/>
<text class="box-name" x="${width / 2}" y="${height / 2}" text-anchor="middle">${words}</text>
<text x="${width / 2}" y="${height / 2 + 30}" text-anchor="middle">See the set-up</text>
</g></a>`;
}

/** From a box to the middle, with the state's mark where the cord hangs. */
function wideCord({ link, x, y }: Spot, left: number, tall: number): Html {
  const isLeft = x === 0;
  const [from, to] = isLeft ? [wide.box, left] : [wide.width - wide.box, left + wide.middle];
  const fromY = y + height / 2;
  const reach = Math.min(tall, 260) / 2 - 34;
  const toY = tall / 2 + Math.max(-reach, Math.min(reach, (fromY - tall / 2) / 2));
  const bend = (from + to) / 2;
  return html`<path class="cord ${link.state}" pathLength="100" d="M${from} ${fromY}C${bend} ${fromY} ${bend} ${toY} ${to} ${toY}"/>${mark(link, bend, (fromY + toY) / 2)}`;
}

function narrowPicture(state: SiteState, clock: PageClock): Html {
  const dialers = state.links.filter(({ kind }) => kind === 'dialer');
  const platforms = state.links.filter(({ kind }) => kind === 'platform');
  const row = height + narrow.gap;
  const middleY = Math.max(1, dialers.length) * row;
  const below = middleY + narrow.middle + narrow.gap;
  const spots = [
    ...dialers.map((link, index): Spot => ({ link, x: narrow.left, y: index * row })),
    ...platforms.map((link, index): Spot => ({ link, x: narrow.left, y: below + index * row })),
  ];
  const tall = below + Math.max(1, platforms.length) * row - narrow.gap;
  return html`<svg class="links-narrow" viewBox="-4 -4 ${narrow.width + 8} ${tall + 8}" role="group" aria-label="Links of this site">
<path class="trunk" d="M14 ${height / 2}V${tall - height / 2}"/>
${middle(state, { x: 0, y: middleY, width: narrow.width, height: narrow.middle })}
${spots.map((spot) => box(spot, narrow.box, state, clock))}
${dialers.length === 0 && missing('dialer', { x: narrow.left, y: 0, width: narrow.box })}
${platforms.length === 0 && missing('platform', { x: narrow.left, y: below, width: narrow.box })}
${spots.map(({ link, y }) => mark(link, 14, y + height / 2))}
</svg>`;
}

function mark({ state }: LinkNow, x: number, y: number): Html {
  const tone = stateTones[state];
  return html`<g class="mark ${tone}" transform="translate(${x} ${y})"><circle r="15"/><svg x="-9" y="-9" width="18" height="18" viewBox="0 0 12 12">${shape(tone)}</svg></g>`;
}

function box({ link, x, y }: Spot, width: number, state: SiteState, clock: PageClock): Html {
  const words = linkWords(link);
  const rows = state.backlog.filter(({ dialer }) => dialer === link.id);
  const backlog = link.kind === 'dialer' ? backlogWords(rows, (at) => shortTime(at, clock)) : '';
  const latency = words.asked || words.asking || 'no answers to measure';
  const lines = [`${words.traffic} · ${words.errors}`, latency, words.quota].filter(Boolean);
  const room = Math.floor((width - 32) / 8.4);
  return html`<a href="${linkHref(link, rows)}"><g class="box ${stateTones[link.state]}" transform="translate(${x} ${y})">
<rect width="${width}" height="${height}" rx="14"/>
<text class="box-name" x="16" y="33">${cut(link.id, Math.floor((width - 160) / 12))}</text>
<text class="box-state" x="${width - 16}" y="33" text-anchor="end">${words.state}</text>
${lines.map((line, index) => html`<text x="16" y="${63 + index * 25}">${cut(line, room)}</text>`)}
<text class="box-backlog" x="16" y="${63 + lines.length * 25}">${cut(backlog, room)}</text>
</g></a>`;
}

function middle(
  { processes, isServing, isStoreAway, spooled }: SiteState,
  at: { x: number; y: number; width: number; height: number },
): Html {
  const living = processes.filter(({ silentSec }) => silentSec < goneAfterSec).length;
  const running =
    living > 0 ? `${living} ${living === 1 ? 'process' : 'processes'}` : isServing ? 'running' : 'not running';
  const store = isStoreAway ? 'store away' : spooled > 0 ? `${spooled} on disk` : 'store ok';
  const centre = at.width / 2;
  const isFlat = at.width > at.height * 2;
  const lines = [running, store];
  const top = isFlat ? 44 : at.height / 2 + 8;
  return html`<g class="box middle ${isStoreAway || !isServing ? 'bad' : spooled > 0 ? 'warn' : 'good'}" transform="translate(${at.x} ${at.y})">
<rect width="${at.width}" height="${at.height}" rx="18"/>
<svg x="${isFlat ? 56 : centre - 24}" y="${isFlat ? 28 : Math.max(6, top - 80)}" width="48" height="48" viewBox="0 0 32 32">${logo()}</svg>
<text class="box-name" x="${isFlat ? centre + 26 : centre}" y="${top}" text-anchor="middle">Patchbay</text>
${lines.map((line, index) => html`<text x="${isFlat ? centre + 26 : centre}" y="${top + 24 + index * 22}" text-anchor="middle">${line}</text>`)}
</g>`;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

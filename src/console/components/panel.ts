import { attributes } from '../attributes.ts';
import { type Html, html, type Renderable } from '../html.ts';
import { shape, type Tone } from './badge.ts';

/** A part of a page under its own heading. */
export function panel(
  title: string,
  content: Renderable,
  { id, beside, tone }: { id?: string; beside?: Renderable; tone?: Tone } = {},
): Html {
  return html`<section ${attributes({ id, class: tone ? `panel ${tone}` : 'panel' })}>
<header class="panel-head"><h2>${title}</h2>${beside && html`<div class="beside">${beside}</div>`}</header>
${content}</section>`;
}

export interface Stat {
  label: string;
  value: Renderable;
  note?: Renderable;
  tone?: Tone;
  href?: string;
}

/** Figures that are read from afar. */
export function stats(items: readonly Stat[]): Html {
  return html`<ul class="stats">${items.map(stat)}</ul>`;
}

function stat({ label, value, note, tone, href }: Stat): Html {
  const words = html`<span class="stat-label">${label}</span><span class="stat-value">${tone && shape(tone)}${value}</span>${note && html`<span class="stat-note">${note}</span>`}`;
  return html`<li ${attributes({ class: tone ? `stat ${tone}` : 'stat' })}>${href ? html`<a href="${href}">${words}</a>` : words}</li>`;
}

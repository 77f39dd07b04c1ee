import { type Html, html, type Renderable } from '../html.ts';
import { shape, type Tone } from './badge.ts';

/** Something to be read first: what happened, and what to do. */
export function notice(words: Renderable, tone: Tone = 'info', hint: Renderable = null): Html {
  return html`<div class="notice ${tone}">${shape(tone)}<div><p>${words}</p>${hint && html`<p class="hint">${hint}</p>`}</div></div>`;
}

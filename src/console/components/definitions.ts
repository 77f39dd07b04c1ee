import { type Html, html, type Renderable } from '../html.ts';

/** Names with their values. A value that is not there is left out. */
export function definitions(entries: readonly (readonly [term: Renderable, value: Renderable])[]): Html {
  const given = entries.filter(([, value]) => value !== '' && value !== null && value !== undefined && value !== false);
  return html`<dl class="definitions">${given.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

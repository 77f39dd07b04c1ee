import { attributes } from '../attributes.ts';
import { type Html, html } from '../html.ts';

export interface Tab {
  title: string;
  href: string;
  isCurrent: boolean;
  /** How many things are there; not shown when it is not known. */
  count?: number | string | undefined;
}

/** Links to the parts of a page, of which one is open. */
export function tabs(label: string, items: readonly Tab[]): Html {
  return html`<nav class="tabs" aria-label="${label}">${items.map(
    ({ title, href, isCurrent, count }) =>
      html`<a ${attributes({ href, 'aria-current': isCurrent ? 'page' : null })}>${title}${count !== undefined && html` <span class="count">${count}</span>`}</a>`,
  )}</nav>`;
}

import { address } from '../address.ts';
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

/** Two parts of a page: what is looked for first, at its own address, and the rest. */
export function twoTabs(
  label: string,
  { path, isFirst }: { path: string; isFirst: boolean },
  first: Pick<Tab, 'title' | 'count'>,
  second: { title: string; tab: string },
): Html {
  return tabs(label, [
    { ...first, href: address(path), isCurrent: isFirst },
    { title: second.title, href: address(path, { tab: second.tab }), isCurrent: !isFirst },
  ]);
}

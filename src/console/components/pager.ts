import { address, type Query } from '../address.ts';
import { type Html, html } from '../html.ts';

/** Links between the pages of a list that is read by key: to its start, and on to what is older. */
export function pager({
  path,
  query,
  next,
  word = 'Older',
}: {
  path: string;
  /** What is asked for, with `after` on all pages but the first. */
  query: Query;
  /** Key of the next page; null on the last. */
  next: string | null;
  word?: string;
}): Html | null {
  if (!next && !query.after) return null;
  return html`<nav class="pager" aria-label="Pages">
${query.after ? html`<a class="button" rel="first" href="${address(path, { ...query, after: null })}">Back to the start</a>` : null}
${next ? html`<a class="button" rel="next" href="${address(path, { ...query, after: next })}">${word}</a>` : html`<span class="quiet">That is all.</span>`}
</nav>`;
}

import { attributes } from '../attributes.ts';
import { type Html, html, type Renderable } from '../html.ts';

/** Something to open. Its id is unique on the page: by it a live page keeps it open. */
export function disclosure({
  id,
  summary,
  content,
  isOpen = false,
}: {
  id: string;
  summary: Renderable;
  content: Renderable;
  isOpen?: boolean;
}): Html {
  return html`<details ${attributes({ id, class: 'disclosure', open: isOpen })}>
<summary>${summary}</summary>
<div class="disclosed">${content}</div></details>`;
}

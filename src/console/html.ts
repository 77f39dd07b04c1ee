import { escapeHtml } from '../domain/escape-html.ts';

/** Markup that is safe to send: only `html` makes it, and what calls itself trusted by name. */
export interface Html {
  readonly markup: string;
  /** The live parts in it, by their ids. */
  readonly parts: ReadonlyMap<string, string>;
}

export type Renderable = Html | string | number | null | undefined | false | readonly Renderable[];

/** A template whose values are escaped, but for markup. A value that stands in an attribute must stand in quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Renderable[]): Html {
  const parts = new Map<string, string>();
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) markup += textOf(value, parts) + (strings[index + 1] ?? '');
  return { markup, parts };
}

/** Markup that was not made here: of a library that we call, never anything that came from outside. */
export function trusted(markup: string): Html {
  return { markup, parts: new Map() };
}

/** A part of a live page that is sent anew whenever it changed. Its id is unique on the page. */
export function live(id: string, content: Html): Html {
  const { markup } = html`<div id="${id}" data-live>${content}</div>`;
  return { markup, parts: new Map([...content.parts, [id, markup]]) };
}

function textOf(value: Renderable, parts: Map<string, string>): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  if ('markup' in value) {
    for (const [id, markup] of value.parts) parts.set(id, markup);
    return value.markup;
  }
  return value.map((each) => textOf(each, parts)).join('');
}

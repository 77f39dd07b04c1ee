import { attributes } from '../attributes.ts';
import { type Html, html, type Renderable } from '../html.ts';

export interface Table {
  /** What the table is about; a screen reader says it first. */
  caption: string;
  /** True: the caption is only heard. (Default: true) */
  isCaptionHidden?: boolean;
  head: readonly (string | Column)[];
  rows: readonly TableRow[];
  /** What would be here, and what to do. Shown instead of a table without rows. */
  empty: Renderable;
  foot?: readonly Renderable[];
}

export interface Column {
  title: string;
  /** Numbers stand to the right. */
  isNumber?: boolean;
  /** The title is only heard: a column of buttons or ticks. */
  isTitleHidden?: boolean;
}

export type TableRow = readonly Renderable[] | { cells: readonly Renderable[]; id?: string; tone?: string };

/** A table that scrolls in its own box, and whose rows fold into cards on a phone. The first cell names its row. */
export function table({ caption, isCaptionHidden = true, head, rows, empty, foot }: Table): Html {
  if (rows.length === 0) return emptyState(empty);
  const columns = head.map((column): Column => (typeof column === 'string' ? { title: column } : column));
  return html`<div class="table-box" role="group" aria-label="${caption}" tabindex="0">
<table class="folds">
<caption ${attributes({ class: isCaptionHidden && 'heard' })}>${caption}</caption>
<thead><tr>${columns.map(headCell)}</tr></thead>
<tbody>${rows.map((row) => bodyRow(row, columns))}</tbody>
${foot && html`<tfoot>${bodyRow(foot, columns)}</tfoot>`}
</table></div>`;
}

/** What stands where there is nothing: what would be here, and what to do. */
export function emptyState(words: Renderable): Html {
  return html`<div class="empty">${words}</div>`;
}

function headCell({ title, isNumber, isTitleHidden }: Column): Html {
  const text = isTitleHidden ? html`<span class="heard">${title}</span>` : title;
  return html`<th scope="col" ${attributes({ class: isNumber && 'number' })}>${text}</th>`;
}

function bodyRow(row: TableRow, columns: readonly Column[]): Html {
  const { cells, id, tone } = 'cells' in row ? row : { cells: row, id: undefined, tone: undefined };
  return html`<tr ${attributes({ id, class: tone })}>${cells.map((cell, index) => bodyCell(cell, index, columns[index]))}</tr>`;
}

function bodyCell(cell: Renderable, index: number, column: Column | undefined): Html {
  const marks = {
    class: column?.isNumber && 'number',
    'data-label': column && !column.isTitleHidden ? column.title : null,
  };
  if (index === 0) return html`<th scope="row" ${attributes(marks)}>${cell}</th>`;
  return html`<td ${attributes(marks)}>${cell}</td>`;
}

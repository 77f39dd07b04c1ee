import { stripVTControlCharacters, styleText } from 'node:util';
import CliTable from 'cli-table3';

/** Rows under heads, as a command shows them to a person. */
export interface TerminalTable {
  head: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** A number is set to the right. */
export type Cell = string | number | { text: string | number; colour?: Colour };
export type Colour = 'red' | 'yellow' | 'green' | 'magenta' | 'cyan' | 'gray' | 'bold';

/** Where a command writes to. */
export interface Screen {
  isTerminal: boolean;
  columns: number;
  hasColours: boolean;
}

/** The standard output: colours on a terminal only, and not where NO_COLOR says so. */
export function screenOf(stream: Partial<NodeJS.WriteStream> = process.stdout): Screen {
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    columns: stream.columns ?? 80,
    hasColours: isTerminal && stream.hasColors?.() === true,
  };
}

/**
 * A table in lines. On a terminal it fits the width: long cells go on below, and where columns would get too narrow each
 * row is a card. Elsewhere the cells stand between tabs, for other programs.
 */
export function tableLines({ head, rows }: TerminalTable, screen: Screen = screenOf()): string[] {
  if (!screen.isTerminal) return [head, ...rows].map((row) => row.map(textOf).join('\t'));
  const widths = fittingWidths(
    head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(widthOf))),
    screen.columns - gap * (head.length - 1),
  );
  if (!widths) return rows.flatMap((row, index) => cardLines(head, row, screen, index > 0));
  const isNumber = (column: number) =>
    rows.length > 0 && rows.every((row) => typeof contentOf(row[column] ?? '') === 'number');
  const table = new CliTable({
    head: head.map((title) => coloured(title, 'bold', screen)),
    colWidths: widths.map((width) => width + gap),
    colAligns: head.map((_title, column) => (isNumber(column) ? 'right' : 'left')),
    wordWrap: true,
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap, compact: true },
  });
  table.push(...rows.map((row) => row.map((cell, column) => shown(cell, screen, widths[column]))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** A word in colour, where there are colours. */
export function coloured(text: string, colour: Colour | undefined, screen: Screen = screenOf()): string {
  const clean = textOf(text);
  return colour && screen.hasColours ? styleText(colour, clean, { validateStream: false }) : clean;
}

const gap = 2;
/** What people still read in a column. */
const leastWidth = 9;
const noBorders = Object.fromEntries(
  (
    [
      ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
      ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
    ] as const
  ).map((name) => [name, '']),
);

/** Takes from the widest columns until all fit; null when they can't. */
function fittingWidths(natural: readonly number[], room: number): number[] | null {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const widest = Math.max(...widths);
    if (widest <= leastWidth) return null;
    widths[widths.indexOf(widest)] = widest - 1;
    over -= 1;
  }
  return widths;
}

function cardLines(head: readonly string[], row: readonly Cell[], screen: Screen, isNext: boolean): string[] {
  const width = Math.max(...head.map((title) => title.length));
  const lines = row.flatMap((cell, column) =>
    textOf(cell) === '' ? [] : `${(head[column] ?? '').padEnd(width)}  ${shown(cell, screen)}`,
  );
  return isNext ? ['', ...lines] : lines;
}

function contentOf(cell: Cell): string | number {
  return typeof cell === 'object' ? cell.text : cell;
}

/** Foreign text must not steer the terminal, nor break a row. */
function textOf(cell: Cell): string {
  const text = stripVTControlCharacters(String(contentOf(cell)));
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

/** A word that is wider than its column is broken, or the table would cut it off. */
function shown(cell: Cell, screen: Screen, width = Number.POSITIVE_INFINITY): string {
  const words = textOf(cell)
    .split(' ')
    .map((word) => (widthOf(word) > width ? brokenWord(word, width) : word));
  return coloured(words.join(' '), typeof cell === 'object' ? cell.colour : undefined, screen);
}

function brokenWord(word: string, width: number): string {
  const pieces = [''];
  for (const letter of word) {
    const last = pieces.at(-1) ?? '';
    if (widthOf(last + letter) > width) pieces.push(letter);
    else pieces[pieces.length - 1] = last + letter;
  }
  return pieces.join(' ');
}

/** In columns: some letters take two. */
function widthOf(cell: Cell): number {
  const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u;
  return [...textOf(cell)].reduce((width, letter) => width + (wide.test(letter) ? 2 : 1), 0);
}

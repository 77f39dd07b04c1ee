import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Screen, tableLines } from '../../../src/cli/terminal-table.ts';

const piped: Screen = { isTerminal: false, columns: 80, hasColours: false };
const table = {
  head: ['state', 'dialer', 'tries', 'why'],
  rows: [
    [{ text: 'dead', colour: 'red' }, 'carousel', 3, 'the dialer said 東京 for a reason that is rather long'],
    ['pending', 'merry-go-round', 12, ''],
  ],
} as const;

describe('a table on a terminal', () => {
  it.each([200, 80, 60, 45, 30, 12])('fits %d columns, and holds every word', (columns) => {
    const lines = tableLines(table, { isTerminal: true, columns, hasColours: true }).map(stripVTControlCharacters);

    const words = lines.join(' ').split(/\s+/);
    expect(words).toEqual(expect.arrayContaining(['dead', 'carousel', '3', '12', '東京', 'long']));
    if (columns >= 45) for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    if (columns < 30) expect(lines.filter((line) => line.startsWith('state'))).toHaveLength(2);
  });

  it('has colours only where the terminal has', () => {
    const coloured = tableLines(table, { isTerminal: true, columns: 80, hasColours: true }).join('\n');
    const plain = tableLines(table, { isTerminal: true, columns: 80, hasColours: false }).join('\n');

    expect(coloured).toContain('\x1b[31mdead');
    expect(plain).toBe(stripVTControlCharacters(plain));
  });
});

it('stands between tabs for other programs, a row in a line', () => {
  const lines = tableLines({ ...table, rows: [['a\tb', 'c\nd', 1, '']] }, piped);

  expect(lines).toEqual(['state\tdialer\ttries\twhy', 'a b\tc d\t1\t']);
});

it('lets no foreign text steer the terminal', () => {
  const evil = 'Ada\x1b]0;owned\x07\x1b[2J\u202e\r\x00';

  for (const screen of [piped, { isTerminal: true, columns: 80, hasColours: true }]) {
    const [, row = ''] = tableLines({ head: ['who'], rows: [[evil]] }, screen);

    expect(row.trim()).toBe('Ada');
  }
});

function widthOf(line: string): number {
  return [...line].reduce((sum, letter) => sum + (/\p{Script=Han}/u.test(letter) ? 2 : 1), 0);
}

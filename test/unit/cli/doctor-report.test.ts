import { describe, expect, it, vi } from 'vitest';
import { linesOfCheck, linesOfTrouble, linesToMend, wrapped } from '../../../src/cli/doctor-report.ts';
import type { Checked } from '../../../src/flows/doctor/run-checks.ts';

vi.stubEnv('NO_COLOR', '1');

const checked = (id: string, status: Checked['status'], causes: string[] = []): Checked => ({
  ...{ id, owner: 'acme', title: `Title of ${id}`, looksAt: 'GET /fields', tookMs: 1, found: 'seen' },
  ...{ status, causes, why: 'so', fix: 'mend it' },
});

describe('a check as people read it', () => {
  it('says what was looked at unless it is ok, or could not be looked at', () => {
    const told = (each: Checked) => linesOfCheck(each).some((line) => line.includes('(looked at: GET /fields)'));

    expect([told(checked('acme:a', 'fail')), told(checked('acme:a', 'warn'))]).toEqual([true, true]);
    expect([told(checked('acme:a', 'ok')), told(checked('acme:a', 'unknown', ['acme:b']))]).toEqual([false, false]);
  });
});

describe('what to begin with', () => {
  it('is what is not right by itself, the worst first', () => {
    const all = [
      checked('acme:warns', 'warn'),
      checked('acme:behind', 'unknown', ['acme:root']),
      checked('acme:ok', 'ok'),
      checked('acme:unseen', 'unknown'),
      checked('acme:root', 'fail'),
    ];

    expect(linesToMend(all).map((line) => line.split(': ')[0]?.split(/ +/).at(-1))).toEqual([
      'acme:root',
      'acme:warns',
      'acme:unseen',
    ]);
  });
});

describe('an entry of a guide', () => {
  it('that can not be told names the root, not everything behind it', () => {
    const causes = ['acme:lines', 'acme:lists', 'acme:level'].map((id) => ({ id, status: 'unknown' as const }));
    const entry = { guide: 'G', title: 'No calls', instance: 'acme', status: 'unknown' as const, correction: '' };

    expect(linesOfTrouble({ ...entry, causes, roots: ['acme:reach', 'acme:level'] })).toEqual([
      '  unknown No calls',
      "          can't be told: acme:level",
      "          can't be told without: acme:reach",
    ]);
  });

  it('that nothing configured is about says so', () => {
    const entry = { guide: 'G', title: 'No calls', instance: 'acme', status: 'unknown' as const, correction: '' };

    expect(linesOfTrouble({ ...entry, causes: [], roots: [] })[1]).toContain('nothing is configured');
  });
});

describe('a line on a terminal', () => {
  it.each([
    [
      'goes on where its text began',
      '    one two three four five six seven',
      '    one two three four five six\n    seven',
    ],
    [
      'keeps the margin behind an arrow',
      '    → one two three four five sixteens',
      '    → one two three four five\n      sixteens',
    ],
    ['stays whole when it fits', '    one two', '    one two'],
    ['stays whole when it has no place to break', `    ${'x'.repeat(50)}`, `    ${'x'.repeat(50)}`],
  ])('%s', (_what, line, expected) => {
    expect(wrapped(line, 36).join('\n')).toBe(expected);
  });

  it('with a status goes on below its title, whatever the colours', () => {
    const line = `  \u001b[32mok\u001b[39m      lists.there: ${'word '.repeat(10).trim()}`;

    expect(wrapped(line, 50)).toEqual([
      `  \u001b[32mok\u001b[39m      lists.there: word word word word word`,
      '          word word word word word',
    ]);
  });
});

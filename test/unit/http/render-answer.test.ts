import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerRegex, outcomeKeys } from '../../../connectors/five9/ivr/regexes.ts';
import { type AnswerEntry, type AnswerFormat, renderAnswer } from '../../../src/http/render-answer.ts';

const anyEntry = fc.record<AnswerEntry>({
  key: fc.stringMatching(/^[A-Za-z_-]{1,20}$/),
  value: fc.string({ unit: 'binary', maxLength: 2000 }),
  kind: fc.constantFrom('code' as const, 'text' as const, 'summary' as const),
});

const trouble = [
  '"outcome":"opt_out"',
  'outcome=opt_out',
  '<var name="outcome" expr="opt_out"/>',
  '\\"',
  '"',
  '\n',
  '\r',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u0000',
  '\ud800',
  '\u202e',
  '\ufffe',
  '&quot;',
  ']]>',
  'é'.repeat(300),
  '😀',
  ' ',
];

function kindOf(key: string): AnswerEntry['kind'] {
  if (key === 'summary') return 'summary';
  return key === 'error' || key.includes('name') || key.startsWith('note') ? 'text' : 'code';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

describe('renderAnswer', () => {
  it('is one line of JSON in the given order, only texts', () => {
    const answer = renderAnswer(
      [
        { key: 'status', value: 'done', kind: 'code' },
        { key: 'summary', value: 'Said "no"\nand\\hung up', kind: 'summary' },
        { key: 'X-first_name', value: 'Chloë', kind: 'text' },
      ],
      'json',
    );

    expect(answer.body).toBe(`{"status":"done","summary":"Said 'no' and/hung up","X-first_name":"Chloë"}`);
  });

  it('renders text and xml', () => {
    const entries: AnswerEntry[] = [
      { key: 'route', value: 'skill', kind: 'code' },
      { key: 'summary', value: 'a < b & c', kind: 'summary' },
    ];

    expect(renderAnswer(entries, 'text').body).toBe('route=skill\nsummary=a < b & c\n');
    expect(renderAnswer(entries, 'xml').body).toContain('<var name="summary" expr="a &lt; b &amp; c"/>');
  });

  it('can be read by the regular expression of a Query module, whatever the values hold', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyEntry, { selector: (entry) => entry.key.toLowerCase(), maxLength: 8 }),
        (entries) => {
          const { body } = renderAnswer(entries, 'json');

          const parsed = JSON.parse(body) as Record<string, string>;
          expect(Object.keys(parsed)).toEqual(entries.map((entry) => entry.key));
          expect(body).not.toMatch(/[\r\n\\]/);
          for (const [key, value] of Object.entries(parsed)) {
            expect(new RegExp(`"${key}":"([^"]*)"`).exec(body)?.[1]).toBe(value);
          }
        },
      ),
    );
  });

  it.each<AnswerFormat>(['json', 'text', 'xml'])('gives each published expression its own value, in %s', (format) => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 700 }),
      fc
        .array(fc.constantFrom(...trouble), { maxLength: 12 })
        .map((pieces) => pieces.join(''))
        .filter((text) => text !== ''),
    );
    const extra = ['X-name', 'X-name2', 'X-outcome', 'name', 'note.2'];
    const keys = [...outcomeKeys, ...extra];

    fc.assert(
      fc.property(fc.tuple(...keys.map(() => hostile)), (values) => {
        const entries = keys.map((key, index) => ({ key, value: values[index] ?? '', kind: kindOf(key) }));
        const { body } = renderAnswer(entries, format);
        const answered = JSON.parse(renderAnswer(entries, 'json').body) as Record<string, string>;
        const written = (key: string) => (format === 'xml' ? escaped(answered[key] ?? '') : answered[key]);

        for (const flags of ['', 's', 'is', 'i', 'm']) {
          for (const key of keys) {
            const found = new RegExp(answerRegex([key], format), flags).exec(body)?.[1];
            if (found !== '') expect(found).toBe(written(key));
          }
          const all = new RegExp(answerRegex(keys, format), flags).exec(body);
          expect(all?.length).toBe(keys.length + 1);
          expect(all?.[1]).toBe(written('status'));
        }
        expect(body.isWellFormed()).toBe(true);
        expect(body.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4000);
      }),
      { numRuns: 150 },
    );
  });

  it('has every key once, whatever case: the first stays', () => {
    const { body } = renderAnswer(
      [
        { key: 'outcome', value: 'sale', kind: 'code' },
        { key: 'OUTCOME', value: 'opt_out', kind: 'text' },
        { key: 'a"=<b', value: 'x', kind: 'text' },
      ],
      'json',
    );

    expect(body).toBe(`{"outcome":"sale","a'b":"x"}`);
  });

  it('stays under 4 KB by emptying the last texts first, and never a code', () => {
    const long = 'x'.repeat(255);
    const entries: AnswerEntry[] = [
      { key: 'status', value: 'done', kind: 'code' },
      ...Array.from({ length: 30 }, (_, index) => ({ key: `field_${index}`, value: long, kind: 'text' as const })),
    ];

    const { body } = renderAnswer(entries, 'json');

    const parsed = JSON.parse(body) as Record<string, string>;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4000);
    expect(parsed.status).toBe('done');
    expect(parsed.field_0).toBe(long);
    expect(parsed.field_29).toBe('');
  });

  it('cuts a summary at 500 bytes and other texts at 255, never inside a character', () => {
    const { body } = renderAnswer(
      [
        { key: 'summary', value: 'é'.repeat(600), kind: 'summary' },
        { key: 'note', value: 'é'.repeat(600), kind: 'text' },
      ],
      'json',
    );

    const parsed = JSON.parse(body) as { summary: string; note: string };
    expect(Buffer.byteLength(parsed.summary)).toBe(500);
    expect(Buffer.byteLength(parsed.note)).toBe(254);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerEntry, renderAnswer } from '../../../src/http/render-answer.ts';

const anyEntry = fc.record<AnswerEntry>({
  key: fc.stringMatching(/^[A-Za-z_-]{1,20}$/),
  value: fc.string({ unit: 'binary', maxLength: 2000 }),
  kind: fc.constantFrom('code' as const, 'text' as const, 'summary' as const),
});

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
      fc.property(fc.uniqueArray(anyEntry, { selector: (entry) => entry.key, maxLength: 8 }), (entries) => {
        const { body } = renderAnswer(entries, 'json');

        const parsed = JSON.parse(body) as Record<string, string>;
        expect(Object.keys(parsed)).toEqual(entries.map((entry) => entry.key));
        expect(body).not.toMatch(/[\r\n\\]/);
        for (const [key, value] of Object.entries(parsed)) {
          expect(new RegExp(`"${key}":"([^"]*)"`).exec(body)?.[1]).toBe(value);
        }
      }),
    );
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanHeaderValue,
  cleanText,
  cutBytes,
  fitHeaders,
  type SipHeader,
  transliterate,
} from '../../../src/domain/sip-headers.ts';

const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\r',
      '\n',
      '\0',
      '\t',
      '\\',
      '"',
      "'",
      ' ',
      ';',
      '\u0085',
      '\u2028',
      '\ud83d',
      '😀',
      'é',
      'ß',
      '\uff02',
      '\uff3c',
      'X-a: b\r\n',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
  maxLength: 200,
});
const charset = fc.constantFrom('utf8' as const, 'ascii' as const);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const harmful = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\\"]| {2}|^ | $/;

describe('a header value', () => {
  it('never holds what could end it, open a quote, or escape one', () => {
    fc.assert(
      fc.property(nasty, charset, (text, how) => {
        const value = cleanHeaderValue(text, how);

        expect(value).not.toMatch(harmful);
        expect(value.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(value)).toBeLessThanOrEqual(255);
        if (how === 'ascii') expect(value).toMatch(/^[\u0020-\u007e]*$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('is the same when it is cleaned twice', () => {
    fc.assert(
      fc.property(nasty, charset, (text, how) => {
        const value = cleanHeaderValue(text, how);

        expect(cleanHeaderValue(value, how)).toBe(value);
      }),
    );
  });

  it.each([
    ['a second header', 'Ada\r\nX-admin: 1', 'Ada X-admin: 1'],
    ['a quoted word', 'Ada "the first" Lovelace', "Ada 'the first' Lovelace"],
    ['a backslash', 'C:\\temp', 'C:/temp'],
    ['a string end', 'Ada\0Lovelace', 'Ada Lovelace'],
    ['half an emoji', 'Ada \ud83d', 'Ada \ufffd'],
  ])('loses its sting: %s', (_name, text, value) => {
    expect(cleanHeaderValue(text)).toBe(value);
  });

  it('keeps letters of all languages, or the plain ones by setting', () => {
    expect(cleanHeaderValue('Łódź, Straße 7, 東京 😀')).toBe('Łódź, Straße 7, 東京 😀');
    expect(cleanHeaderValue('Łódź, Straße 7, 東京 😀', 'ascii')).toBe('Lodz, Strasse 7,');
    expect(transliterate('Ærøskøbing’s')).toBe("AEroskobing's");
  });

  it('is cut between characters, never inside one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, bytes) => {
        const cut = cutBytes(text, bytes);

        expect(text.startsWith(cut)).toBe(true);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
        const [next = ''] = text.slice(cut.length);
        if (next) expect(Buffer.byteLength(cut + next)).toBeGreaterThan(bytes);
      }),
    );
    expect(cleanText('a 😀', 4)).toBe('a');
  });
});

describe('the budget of a leg', () => {
  const header = fc.tuple(
    fc.constantFrom('X-a', 'X-first_name', 'X-long-name-of-a-header', 'Not-ours'),
    fc.string({ maxLength: 60 }),
  ) satisfies fc.Arbitrary<SipHeader>;
  const budget = fc.record({
    bytes: fc.integer({ min: 0, max: 300 }),
    count: fc.integer({ min: 0, max: 10 }),
    charset,
  });

  it('is never overdrawn, and what is left out is named', () => {
    fc.assert(
      fc.property(fc.array(header, { maxLength: 12 }), budget, (headers, limits) => {
        const { headers: kept, dropped } = fitHeaders(headers, limits);

        const bytes = kept.reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}: ${value}\r\n`), 0);
        expect(bytes).toBeLessThanOrEqual(limits.bytes);
        expect(kept.length).toBeLessThanOrEqual(limits.count);
        const usable = headers.filter(
          ([name, value]) => name !== 'Not-ours' && cleanHeaderValue(value, limits.charset),
        );
        expect(kept.length + dropped.length).toBe(usable.length);
      }),
    );
  });

  it('keeps the order, and drops the least important first', () => {
    const headers: SipHeader[] = [
      ['X-correlation_id', '0123456789abcd'],
      ['X-first_name', 'Ada'],
      ['X-city', 'Denver'],
    ];

    const two = fitHeaders(headers, { bytes: 300, count: 2, charset: 'utf8' });
    const small = fitHeaders(headers, { bytes: 55, count: 10, charset: 'utf8' });

    expect(two).toEqual({ headers: headers.slice(0, 2), dropped: ['X-city'] });
    expect(small).toEqual({ headers: headers.slice(0, 2), dropped: ['X-city'] });
  });

  it('leaves out what is empty without calling it dropped', () => {
    const fit = fitHeaders(
      [
        ['X-a', ' \r\n'],
        ['X-b', 'b'],
      ],
      { bytes: 300, count: 10, charset: 'utf8' },
    );

    expect(fit).toEqual({ headers: [['X-b', 'b']], dropped: [] });
  });
});

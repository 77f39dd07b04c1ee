import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadPhone, nationalDigits } from '../../../connectors/vicidial/phones.ts';
import { decodeBytes } from '../../../connectors/vicidial/tables/texts.ts';
import { customText, freeText, nameText } from '../../../connectors/vicidial/write/safe-text.ts';
import { breaksSql, filters } from '../../simulators/vicidial/filters.ts';

describe('texts that VICIdial keeps as they are', () => {
  it.each(['Plain', 'a+b; "c" #d & e\\', 'two\r\nlines', 'Ångström – 5€ 🙂', 'x'.repeat(400)])('%s', (text) => {
    const bytes = (value: string) => Buffer.from(value, 'utf8').toString('latin1');
    const [free, name, custom] = [freeText(text, 255), nameText(text, 30), customText(text, 5000)];

    expect(filters.free(bytes(free))).toBe(bytes(free));
    expect(filters.name(bytes(name))).toBe(bytes(name));
    expect(filters.custom(bytes(custom))).toBe(bytes(custom));
    expect(Buffer.byteLength(free)).toBeLessThanOrEqual(255);
    expect(name.length).toBeLessThanOrEqual(30);
  });

  it('whatever is said: VICIdial changes nothing of it, no SQL breaks, and no shell finds a command', () => {
    const risky = fc.constantFrom(
      '`',
      '$(',
      '$x',
      '"',
      "'",
      ';',
      '#',
      '+',
      '\\',
      '|',
      '<',
      '\r\n',
      '\u0000',
      '🙂',
      'é',
    );
    const said = fc.array(fc.oneof(risky, fc.string({ unit: 'grapheme' })), { maxLength: 120 });
    const bytes = (value: string) => Buffer.from(value, 'utf8').toString('latin1');

    fc.assert(
      fc.property(said, fc.integer({ min: 1, max: 255 }), (parts, max) => {
        const text = parts.join('');
        const kept = { free: freeText(text, max), name: nameText(text, max), custom: customText(text, max) };

        for (const [kind, value] of Object.entries(kept)) {
          expect(filters[kind as keyof typeof kept](bytes(value))).toBe(bytes(value));
          expect(Buffer.byteLength(value)).toBeLessThanOrEqual(max);
          expect(breaksSql(value)).toBe(false);
          expect(value).not.toMatch(/`|\$(?!\d|\s)./);
          expect(value.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

it.each([
  [Buffer.from('Chloë', 'utf8'), 'Chloë'],
  [Buffer.from('Chloë', 'latin1'), 'Chloë'],
  [Buffer.from([0x80]), '€'],
  [Buffer.from('José', 'latin1'), 'José'],
  [Buffer.from('Санкт-Петербург', 'utf8').subarray(0, 28), 'Санкт-Петербур'],
  [Buffer.from('café 🙂', 'utf8').subarray(0, -1), 'café '],
  [null, null],
])('decodes what lies in a latin1 table: %o', (bytes, text) => {
  expect(decodeBytes(bytes)).toBe(text);
});

describe('phones', () => {
  it.each([
    ['1', '3035551000', '+13035551000'],
    ['', '3035551000', '+13035551000'],
    ['1', '13035551000', '+13035551000'],
    ['44', '2079460000', '+442079460000'],
    ['44', '02079460000', '+442079460000'],
    ['011', '3035551000', '+13035551000'],
    ['1', '', ''],
    ['1', 'unknown', ''],
  ])('code "%s" and number "%s" are %s', (code, number, phone) => {
    expect(leadPhone(code, number, 'US')).toBe(phone);
  });

  it.each([
    ['+13035551000', '3035551000'],
    ['+442079460000', '2079460000'],
  ])('%s lies in the tables as %s', (phone, digits) => {
    expect(nationalDigits(phone)).toBe(digits);
  });
});

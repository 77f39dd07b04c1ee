import { describe, expect, it } from 'vitest';
import { leadPhone, nationalDigits } from '../../../connectors/vicidial/phones.ts';
import { fromServerText, toServerText } from '../../../connectors/vicidial/server-time.ts';
import { decodeBytes } from '../../../connectors/vicidial/tables/database.ts';
import { customText, freeText, nameText } from '../../../connectors/vicidial/write/safe-text.ts';
import { filters } from '../../simulators/vicidial/filters.ts';

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
});

it.each([
  [Buffer.from('Chloë', 'utf8'), 'Chloë'],
  [Buffer.from('Chloë', 'latin1'), 'Chloë'],
  [Buffer.from([0x80]), '€'],
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

describe('server time', () => {
  it.each([
    ['2026-11-30T16:30:00Z', '2026-11-30 09:30:00'],
    ['2026-07-30T16:30:00Z', '2026-07-30 10:30:00'],
  ])('%s is %s in Denver, and back', (instant, wall) => {
    expect(toServerText(Date.parse(instant), 'America/Denver')).toBe(wall);
    expect(fromServerText(wall, 'America/Denver')).toBe(Date.parse(instant));
  });

  it.each(['0000-00-00 00:00:00', '', '2026-13-01 00:00:00'])('"%s" is no time', (text) => {
    expect(fromServerText(text, 'America/Denver')).toBeNull();
  });
});

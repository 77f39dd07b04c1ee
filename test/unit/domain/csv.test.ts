import { expect, it } from 'vitest';
import { csvRow } from '../../../src/domain/csv.ts';

it.each([
  ['plain words', 'plain words'],
  ['a, b', '"a, b"'],
  ['says "no"', '"says ""no"""'],
  ['two\nlines', '"two\nlines"'],
  [' blanks ', '" blanks "'],
  ['=HYPERLINK("http://x.example")', '"\'=HYPERLINK(""http://x.example"")"'],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['-1+2', "'-1+2"],
  ['\t=1', "'\t=1"],
  ['+13035550101', '+13035550101'],
  ['+13035550101 +13035550102', "'+13035550101 +13035550102"],
  ['', ''],
])('writes %j so that no spreadsheet runs it or tears it apart', (value, cell) => {
  expect(csvRow([value, 'next'])).toBe(`${cell},next\r\n`);
});

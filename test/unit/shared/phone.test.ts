import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseE164, toE164 } from '../../../connectors/shared/phone.ts';

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });

it('knows a number as the library does', () => {
  fc.assert(
    fc.property(
      fc.oneof(digits(10, 10), digits(0, 18), fc.constantFrom('+13035551000', ' 3035551000', '011443035551000')),
      fc.constantFrom('US', 'CA', 'AG', 'GB', 'MX', 'DE'),
      (number, country) => {
        expect(toE164(number, country)).toBe(parseE164(number, country));
      },
    ),
    { numRuns: 5000 },
  );
});

it('gives nothing for what can be no number', () => {
  expect(['', '12', 'unknown', '+'].map((number) => toE164(number, 'US'))).toEqual(['', '', '', '']);
});

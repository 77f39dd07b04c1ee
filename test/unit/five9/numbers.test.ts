import { describe, expect, it } from 'vitest';
import { numberOf, toFive9Number } from '../../../connectors/five9/numbers.ts';

describe('toFive9Number', () => {
  it.each([
    ['+12125550101', 'national', '2125550101'],
    ['+442075550101', 'national', '011442075550101'],
    ['+49305550101', 'national', '01149305550101'],
    ['+493055501234567', 'national', ''],
    ['+12125550101', 'e164', '+12125550101'],
    ['+442075550101', 'e164', '+442075550101'],
    ['2125550101', 'national', ''],
    ['', 'e164', ''],
  ] as const)('writes %s on a domain of %s numbers as %j', (phone, format, expected) => {
    expect(toFive9Number(phone, format)).toBe(expected);
  });
});

describe('numberOf', () => {
  it('falls back on the number as the dialer said it, digits only', () => {
    expect(numberOf({ phone: '', number: '(212) 555-0101' }, 'national')).toBe('2125550101');
    expect(numberOf({ phone: '+12125550101', number: 'x' }, 'national')).toBe('2125550101');
  });
});

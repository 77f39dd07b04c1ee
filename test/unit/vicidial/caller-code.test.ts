import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainCode, parseCallerCode } from '../../../connectors/vicidial/caller-code.ts';

const denver = 'America/Denver';
const november = Date.parse('2026-11-20T17:00:00Z');

describe('parseCallerCode', () => {
  it.each([
    ['V1200959590000001001', 'auto'],
    ['M1200959590000001001', 'manual'],
    ['Y1200959590000001001', 'inbound'],
    ['J1200959590000001001', 'transfer'],
  ])('reads %s as an %s call', (text, kind) => {
    expect(parseCallerCode(text, november, denver)).toEqual({
      code: text,
      kind,
      leadId: '1001',
      key: `${text}@2026-11-20`,
      calledAt: Date.parse('2026-11-20T16:59:59Z'),
    });
  });

  it.each(['DC095959W0000001001W', 'DV095959W0000001001W'])('reads the three-way code %s as of today', (text) => {
    expect(parseCallerCode(`${text} 5565`, november, denver)).toMatchObject({
      code: text,
      kind: 'three-way',
      leadId: '1001',
      key: `${text}@2026-11-20`,
    });
  });

  it.each(['V1200959590000001001 5565 CAMP', ' V1200959590000001001', 'V1200959590000001001CAMP'])(
    'takes the first 20 characters of "%s"',
    (text) => {
      expect(parseCallerCode(text, november, denver)?.code).toBe('V1200959590000001001');
    },
  );

  it.each([
    ['V1200959590000001001', '2026-11-20T17:00:00Z', '2026-11-20'],
    ['V1200959590000001001', '2027-01-20T18:00:00Z', '2027-01-20'],
    ['V1200959590000001001', '2027-01-20T10:00:00Z', '2026-11-20'],
    ['V2200959590000001001', '2027-01-20T18:00:00Z', '2026-12-20'],
    ['V2200959590000001001', '2027-03-01T18:00:00Z', '2027-02-20'],
    ['V0200959590000001001', '2026-11-20T17:00:00Z', '2026-10-20'],
    ['V9200959590000001001', '2026-03-20T17:00:00Z', '2025-09-20'],
    // The dialer's clock is a little ahead of ours.
    ['V1200010000000001001', '2026-11-20T06:59:00Z', '2026-11-20'],
    // 31 February is none, so it was 31 December.
    ['V2310959590000001001', '2027-03-01T18:00:00Z', '2026-12-31'],
  ])('dates %s, seen at %s, to %s', (text, seenAt, date) => {
    expect(parseCallerCode(text, Date.parse(seenAt), denver)?.key).toBe(`${text}@${date}`);
  });

  it.each([
    '',
    'Unknown',
    'V120095959000000100',
    'V1200959590000000000',
    'V1200999590000001001',
    'V1990959590000001001',
    'T1200959590000001001',
    'v1200959590000001001',
    'DC095959X0000001001W',
    'HAPI1200959590001001',
  ])('takes "%s" for no code', (text) => {
    expect(parseCallerCode(text, november, denver)).toBeNull();
  });

  it('reads back what a dialer writes, at any time and for any lead', () => {
    const recently = fc.integer({ min: november - 60 * 86_400_000, max: november });
    fc.assert(
      fc.property(recently, fc.integer({ min: 1, max: 4_294_967_295 }), (ms, leadId) => {
        const stamp = new Date(ms).toISOString().replace(/\D/g, '').slice(5, 14);
        const code = `V${stamp}${String(leadId).padStart(10, '0')}`;

        const read = parseCallerCode(code, november, 'UTC');

        expect(read).toMatchObject({ leadId: String(leadId), calledAt: Math.floor(ms / 1000) * 1000 });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseCallerCode(text, november, denver)));
  });
});

it('isPlainCode knows the codes that VICIdial itself reads a lead from', () => {
  expect(['V1200959590000001001', 'DC095959W0000001001W'].map(isPlainCode)).toEqual([true, false]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInboundCode, isPlainCode, parseCallerCode } from '../../../connectors/vicidial/caller-code.ts';
import { toServerText } from '../../../connectors/vicidial/server-time.ts';

const denver = 'America/Denver';
const november = Date.parse('2026-11-20T17:00:00Z');
const code = 'V1200959590000001001';
/** 2026-11-20T09:59:59-07:00 in seconds, its last six digits. */
const seconds = String(Date.parse('2026-11-20T16:59:59Z') / 1000).slice(-6);

describe('parseCallerCode', () => {
  it.each([
    ['V1200959590000001001', 'auto'],
    ['M1200959590000001001', 'manual'],
    ['Y1200959590000001001', 'inbound'],
    ['J1200959590000001001', 'transfer'],
    [`DC${seconds}W0000001001W`, 'three-way'],
    [`DV${seconds}W0000001001W`, 'three-way'],
  ])('reads %s as an %s call', (text, kind) => {
    expect(parseCallerCode(text, november, denver)).toEqual({
      code: text,
      kind,
      leadId: '1001',
      key: `${text}@2026-11-20`,
      calledAt: Date.parse('2026-11-20T16:59:59Z'),
    });
  });

  it.each([
    `${code} 5565 CAMP`,
    ` ${code}`,
    `${code}CAMP`,
    `"${code}" <3035551000>`,
    `"${code} 5565" <sip:3035551000@10.10.10.15>`,
    `'${code}'`,
    `${code}+5565+CAMP`,
    `+${code}`,
    code.toLowerCase(),
  ])('finds the code in %s', (text) => {
    expect(parseCallerCode(text, november, denver)?.code).toBe(code);
  });

  it.each([
    [code, '2026-11-20T17:00:00Z', '2026-11-20'],
    [code, '2027-01-20T18:00:00Z', '2027-01-20'],
    [code, '2027-01-20T10:00:00Z', '2026-11-20'],
    ['V2200959590000001001', '2027-01-20T18:00:00Z', '2026-12-20'],
    ['V2200959590000001001', '2027-03-01T18:00:00Z', '2027-02-20'],
    ['V0200959590000001001', '2026-11-20T17:00:00Z', '2026-10-20'],
    ['V9200959590000001001', '2026-03-20T17:00:00Z', '2025-09-20'],
    // The dialer's clock is a little ahead of ours.
    ['V1200010000000001001', '2026-11-20T06:59:00Z', '2026-11-20'],
    // The year has just begun here, and the call before it.
    ['V2312359580000001001', '2027-01-01T07:00:05Z', '2026-12-31'],
    ['V1010000010000001001', '2027-01-01T07:00:05Z', '2027-01-01'],
    // 31 February is none, so it was 31 December; 29 February is one in a leap year only.
    ['V2310959590000001001', '2027-03-01T18:00:00Z', '2026-12-31'],
    ['V2290959590000001001', '2028-03-01T18:00:00Z', '2028-02-29'],
    ['V2290959590000001001', '2027-03-01T18:00:00Z', '2026-12-29'],
  ])('dates %s, seen at %s, to %s', (text, seenAt, date) => {
    expect(parseCallerCode(text, Date.parse(seenAt), denver)?.key).toBe(`${text}@${date}`);
  });

  it.each([
    ['in the first of two equal hours', '2026-11-01T07:30:10Z', '2026-11-01T07:30:05.000Z'],
    ['in the second', '2026-11-01T08:30:10Z', '2026-11-01T08:30:05.000Z'],
  ])('knows a call that was just made %s', (_case, seenAt, calledAt) => {
    const read = parseCallerCode('V1010130050000001001', Date.parse(seenAt), denver);

    expect(read?.key).toBe('V1010130050000001001@2026-11-01');
    expect(new Date(read?.calledAt ?? 0).toISOString()).toBe(calledAt);
  });

  it('gives a three-way code one key for as long as the call can last, over midnight too', () => {
    const made = Date.parse('2026-11-21T06:59:30Z');
    const text = `DC${String(made / 1000).slice(-6)}W0000001001W`;

    const keys = [0, 60_000, 4 * 3_600_000].map((later) => parseCallerCode(text, made + later, denver)?.key);

    expect(new Set(keys)).toEqual(new Set([`${text}@2026-11-20`]));
  });

  it.each([
    '',
    'Unknown',
    'V120095959000000100',
    'V1200959590000000000',
    'V1200999590000001001',
    'V1990959590000001001',
    'T1200959590000001001',
    'G1200959590000001001',
    'DC095959X0000001001W',
    'DC095959W0000000000W',
    'HAPI1200959590001001',
    'XAPI1200959590001001',
    '30355510001200959590',
  ])('takes "%s" for no code', (text) => {
    expect(parseCallerCode(text, november, denver)).toBeNull();
  });

  it('reads back what a dialer writes, wherever it stands, whenever it was and for any lead', () => {
    const zone = fc.constantFrom(
      denver,
      'America/New_York',
      'Europe/London',
      'Asia/Kathmandu',
      'Pacific/Auckland',
      'UTC',
    );
    const madeAt = fc.date({ min: new Date('2014-01-01'), max: new Date('2034-01-01'), noInvalidDate: true });
    const seenLaterMs = fc.oneof(fc.integer({ min: 0, max: 7_200_000 }), fc.integer({ min: 0, max: 50 * 86_400_000 }));
    fc.assert(
      fc.property(
        madeAt,
        zone,
        seenLaterMs,
        fc.integer({ min: 1, max: 4_294_967_295 }),
        (date, timeZone, later, lead) => {
          const wall = toServerText(date.getTime(), timeZone);
          const text = `V${wall.replace(/\D/g, '').slice(5)}${String(lead).padStart(10, '0')}`;

          const read = parseCallerCode(text, date.getTime() + later, timeZone);

          expect(read).toMatchObject({ leadId: String(lead), key: `${text}@${wall.slice(0, 10)}` });
          // The hour that comes twice can be told apart only while the call is fresh.
          expect(toServerText(read?.calledAt ?? 0, timeZone)).toBe(wall);
          if (later < 3_000_000) expect(read?.calledAt).toBe(Math.floor(date.getTime() / 1000) * 1000);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes no code for one of another month that a dialer makes whose clock is ahead, as the hour comes twice', () => {
    const now = Date.parse('2026-11-01T07:37:22.000Z');

    const read = parseCallerCode('V1010137360000001058', now, denver);

    expect(read?.calledAt).toBe(Date.parse('2026-11-01T07:37:36.000Z'));
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseCallerCode(text, november, denver)));
  });
});

it.each([
  [code, true, false],
  ['Y1200959590000001001', true, true],
  ['J1200959590000001001', true, true],
  ['DC095959W0000001001W', false, false],
  ['', false, false],
])('%s: a plain code %s, an inbound one %s', (text, isPlain, isInbound) => {
  expect([isPlainCode(text), isInboundCode(text)]).toEqual([isPlain, isInbound]);
});

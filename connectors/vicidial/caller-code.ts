import { fromServerText, toServerText } from './server-time.ts';

export interface CallerCode {
  /** The bare 20 characters. */
  code: string;
  kind: 'auto' | 'manual' | 'inbound' | 'transfer' | 'three-way';
  /** Without leading zeros. */
  leadId: string;
  /** `CODE@YYYY-MM-DD`, the date in the server's zone: the code alone comes again after some months. */
  key: string;
  /** When the dialer made the code, ms since 1970. A three-way code does not tell; then it is the present. */
  calledAt: number;
}

const plainCode = /^([VMYJ])(\d)(\d{2})(\d{2})(\d{2})(\d{2})(\d{10})$/;
const threeWayCode = /^D[CV]\d{6}W(\d{10})W$/;
const kinds = { V: 'auto', M: 'manual', Y: 'inbound', J: 'transfer' } as const;

/** The dialer's clock may be that much ahead of ours. */
const aheadMs = 3_600_000;

/**
 * Reads a caller code: a letter, month-day-hour-minute-second without the month's first digit, and the lead id in 10
 * digits; three-way calls have `DC` or `DV`, 6 digits, `W`, the lead id, `W`. VICIdial may append words. Null when the
 * text is none. Of the dates that it can mean, the latest that is not in the future counts.
 */
export function parseCallerCode(text: string, now: number, timeZone: string): CallerCode | null {
  const code = text.trim().slice(0, 20);
  const threeWay = threeWayCode.exec(code);
  if (threeWay) {
    const leadId = withoutZeros(threeWay[1] ?? '');
    return leadId ? { code, kind: 'three-way', leadId, ...dated(code, toServerText(now, timeZone), now) } : null;
  }

  const plain = plainCode.exec(code);
  if (!plain) return null;
  const [, letter = '', month = '', day = '', hour = '', minute = '', second = '', lead = ''] = plain;
  const leadId = withoutZeros(lead);
  const wall = latestWall(month, `${day} ${hour}:${minute}:${second}`, toServerText(now + aheadMs, timeZone));
  const calledAt = wall && fromServerText(wall, timeZone);
  if (!leadId || !wall || calledAt === null || calledAt === '') return null;
  return { code, kind: kinds[letter as keyof typeof kinds], leadId, ...dated(code, wall, calledAt) };
}

/** True for the codes whose last 10 digits VICIdial's own APIs read as the lead id. */
export function isPlainCode(code: string): boolean {
  return plainCode.test(code);
}

function dated(code: string, wall: string, calledAt: number): Pick<CallerCode, 'key' | 'calledAt'> {
  return { key: `${code}@${wall.slice(0, 10)}`, calledAt };
}

/** Month `1` is January or November, `2` February or December, `0` October; wall times sort as text. */
function latestWall(monthDigit: string, rest: string, limit: string): string {
  const months =
    monthDigit === '0' ? ['10'] : Number(monthDigit) < 3 ? [`0${monthDigit}`, `1${monthDigit}`] : [`0${monthDigit}`];
  const year = Number(limit.slice(0, 4));
  let best = '';
  for (const candidate of [year, year - 1]) {
    for (const month of months) {
      const wall = `${candidate}-${month}-${rest}`;
      if (wall <= limit && wall > best && isWallTime(wall)) best = wall;
    }
  }
  return best;
}

function isWallTime(wall: string): boolean {
  const iso = `${wall.replace(' ', 'T')}.000Z`;
  const ms = Date.parse(iso);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === iso;
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}

import { instantsOfWall, toServerText, wallMsOf } from './server-time.ts';

export interface CallerCode {
  /** The bare 20 characters. */
  code: string;
  kind: 'auto' | 'manual' | 'inbound' | 'transfer' | 'three-way';
  /** Without leading zeros. */
  leadId: string;
  /** `CODE@YYYY-MM-DD`, the date in the server's zone: the code alone comes again after some time. */
  key: string;
  /** When the dialer made the code, ms since 1970. */
  calledAt: number;
}

const plainCode = /^([VMYJ])(\d)(\d{2})(\d{2})(\d{2})(\d{2})(\d{10})$/;
const threeWayCode = /^D[CV](\d{6})W(\d{10})W$/;
const kinds = { V: 'auto', M: 'manual', Y: 'inbound', J: 'transfer' } as const;

/** The dialer's clock may be that much ahead of ours. */
const aheadMs = 3_600_000;
/** In the hour that comes twice, a code is not from so far ahead of us. */
const skewMs = 120_000;

/**
 * Reads a caller code: a letter, month-day-hour-minute-second without the month's first digit, and the lead id in 10
 * digits; three-way calls have `DC` or `DV`, the last 6 digits of the agent screen's epoch seconds, `W`, the lead id, `W`.
 * VICIdial may append words, and a From header quotes it. Null when the text is none (`HAPI…` and the like are commands,
 * `T…` and `G…` don't tell the lead). Of the times that it can mean, the latest that is not in the future counts.
 */
export function parseCallerCode(text: string, now: number, timeZone: string): CallerCode | null {
  const code = bareCode(text);
  const threeWay = threeWayCode.exec(code);
  if (threeWay) {
    const [, seconds = '', lead = ''] = threeWay;
    return codeOf(code, 'three-way', lead, latestWithSeconds(Number(seconds), now), timeZone);
  }

  const plain = plainCode.exec(code);
  if (!plain) return null;
  const [, letter = '', month = '', day, hour, minute, second, lead = ''] = plain;
  const rest = { day: Number(day), hour: Number(hour), minute: Number(minute), second: Number(second) };
  // Where the clocks are set back within that time, the wall shows no later hour than now.
  const latestMs = Math.max(wallMsOf(now + aheadMs, timeZone), wallMsOf(now, timeZone) + aheadMs);
  const wallMs = latestWall(Number(month), rest, latestMs);
  if (wallMs === null) return null;
  const instants = instantsOfWall(wallMs, timeZone);
  const calledAt = instants.findLast((each) => each <= now + skewMs) ?? instants[0];
  if (calledAt === undefined) return null;
  return codeOf(code, kinds[letter as keyof typeof kinds], lead, calledAt, timeZone);
}

/** True for the codes whose last 10 digits VICIdial's own APIs read as the lead id. */
export function isPlainCode(code: string): boolean {
  return plainCode.test(code);
}

/** True for a code of VICIdial's inbound side, whose log is vicidial_closer_log. */
export function isInboundCode(code: string): boolean {
  return isPlainCode(code) && /^[YJ]/.test(code);
}

/** `"V… 5565" <3035551000>`, `v…`, `V…+5565` → the bare code. */
function bareCode(text: string): string {
  return text
    .replace(/^[\s"'+]+/, '')
    .slice(0, 20)
    .toUpperCase();
}

function codeOf(
  code: string,
  kind: CallerCode['kind'],
  paddedLead: string,
  calledAt: number,
  timeZone: string,
): CallerCode | null {
  const leadId = paddedLead.replace(/^0+/, '');
  if (!leadId) return null;
  return { code, kind, leadId, key: datedKey(code, calledAt, timeZone), calledAt };
}

/** The key of a call's code, with the date on the server's clock. */
export function datedKey(code: string, calledAt: number, timeZone: string): string {
  return `${code}@${toServerText(calledAt, timeZone).slice(0, 10)}`;
}

/** The agent's screen counts on the server's clock, in UTC seconds; six digits of them last for 11 days. */
function latestWithSeconds(digits: number, now: number): number {
  const limit = Math.floor((now + aheadMs) / 1000);
  return (limit - ((limit - digits) % 1_000_000)) * 1000;
}

interface WallTime {
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Month `1` is January or November, `2` February or December, `0` October. Wall times as `wallMsOf` gives them. */
function latestWall(monthDigit: number, rest: WallTime, limit: number): number | null {
  const months = monthDigit === 0 ? [10] : monthDigit < 3 ? [monthDigit + 10, monthDigit] : [monthDigit];
  const year = new Date(limit).getUTCFullYear();
  for (const candidate of [year, year - 1]) {
    for (const month of months) {
      const wallMs = wallTime(candidate, month, rest);
      if (wallMs !== null && wallMs <= limit) return wallMs;
    }
  }
  return null;
}

/** Null when no clock shows this: the 30th of February, 24 o'clock. */
function wallTime(year: number, month: number, { day, hour, minute, second }: WallTime): number | null {
  if (hour > 23 || minute > 59 || second > 59) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(ms).getUTCDate() === day ? ms : null;
}

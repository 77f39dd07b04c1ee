import type { Clock } from '../../../src/domain/clock.ts';

/** The wall clock of a VICIdial server: DATETIME columns hold local time without a zone. */
export interface ServerTime {
  epochSec(): number;
  /** `YYYY-MM-DD HH:MM:SS` now, or at an instant in ms. */
  local(atMs?: number): string;
  /** `-05:00` now. */
  offset(): string;
  /** Hours from UTC: now, and in winter. */
  offsetHours(): { now: number; standard: number };
  /** `mmddHHMMSS` without its first digit, as caller codes carry it. */
  codeStamp(): string;
}

export function serverTime(clock: Clock, zone: string): ServerTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });

  function local(atMs = clock.now()): string {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
  }

  function offsetMinutes(atMs: number): number {
    const wholeSecond = Math.floor(atMs / 1000) * 1000;
    return (Date.parse(`${local(wholeSecond).replace(' ', 'T')}Z`) - wholeSecond) / 60_000;
  }

  return {
    epochSec: () => Math.floor(clock.now() / 1000),
    local,
    offset() {
      const minutes = offsetMinutes(clock.now());
      const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
      return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
    },
    offsetHours() {
      const year = new Date(clock.now()).getUTCFullYear();
      const offsets = [0, 6].map((month) => offsetMinutes(Date.UTC(year, month, 15)));
      return { now: offsetMinutes(clock.now()) / 60, standard: Math.min(...offsets) / 60 };
    },
    codeStamp: () => local().slice(5).replace(/\D/g, '').slice(1),
  };
}

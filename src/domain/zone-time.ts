const dayMs = 86_400_000;

/** Wall-clock time in a zone. */
export interface LocalTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  /** Minutes since midnight. */
  minute: number;
}

/** What the clocks of a zone show at a moment. Fast: zones are asked once a day, and for each moment on a day of change. */
export function localTime(zone: string, epochMs: number): LocalTime {
  const shown = new Date(epochMs + offsetMinutes(zone, epochMs) * 60_000);
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    weekday: shown.getUTCDay(),
    minute: shown.getUTCHours() * 60 + shown.getUTCMinutes(),
  };
}

/** Minutes east of UTC. @throws RangeError for a zone that is none */
export function offsetMinutes(zone: string, epochMs: number): number {
  const known = knownZone(zone);
  const day = Math.floor(epochMs / dayMs);
  let offset = known.days.get(day);
  if (offset === undefined) {
    const start = known.ask(day * dayMs);
    offset = start === known.ask((day + 1) * dayMs) ? start : 'changes';
    if (known.days.size >= 1000) known.days.clear();
    known.days.set(day, offset);
  }
  return offset === 'changes' ? known.ask(epochMs) : offset;
}

/** When the clocks of a zone show this: the first of two such times; of one that is left out, as far into the next hour. */
export function instantAt(
  zone: string,
  { year, month, day }: Pick<LocalTime, 'year' | 'month' | 'day'>,
  minute: number,
): number {
  const shown = Date.UTC(year, month - 1, day) + minute * 60_000;
  const [before, after] = [offsetMinutes(zone, shown - dayMs), offsetMinutes(zone, shown + dayMs)];
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    const at = shown - offset * 60_000;
    if (offsetMinutes(zone, at) === offset) return at;
  }
  return shown - before * 60_000;
}

/** Every offset that the zone has in a year around now: one, or those of winter and summer. */
export function offsetsOf(zone: string): readonly number[] {
  return knownZone(zone).offsets;
}

/** A zone that is nothing but an offset: `UTC-05:00`. */
export function zoneOfOffset(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (number: number) => String(number).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

interface KnownZone {
  ask(epochMs: number): number;
  days: Map<number, number | 'changes'>;
  readonly offsets: readonly number[];
}

const knownZones = new Map<string, KnownZone>();

function knownZone(zone: string): KnownZone {
  let known = knownZones.get(zone);
  if (!known) {
    const ask = askerOf(zone);
    known = { ask, days: new Map(), offsets: [...new Set([0, 6].map((month) => ask(Date.UTC(2026, month, 15))))] };
    knownZones.set(zone, known);
  }
  return known;
}

function askerOf(zone: string): (epochMs: number) => number {
  const fixed = /^UTC([+-])(\d\d):(\d\d)$/.exec(zone);
  if (fixed) {
    const minutes = (Number(fixed[2]) * 60 + Number(fixed[3])) * (fixed[1] === '-' ? -1 : 1);
    return () => minutes;
  }
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  return (epochMs) => {
    const text = format.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(text) ?? [];
    return (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
  };
}

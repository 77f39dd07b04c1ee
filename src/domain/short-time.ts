import type { Instant } from './call.ts';

/** Kept, because making one is slow. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment in a line of text: `14:20`, with the day where it is not today. */
export function shortTime(instant: Instant, { zone, now }: { zone: string; now: Instant }): string {
  const [day, at] = partsOf(instant, zone);
  return day === partsOf(now, zone)[0] ? at : `${day}, ${at}`;
}

function partsOf(instant: Instant, zone: string): [day: string, at: string] {
  let format = formats.get(zone);
  if (!format) {
    const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...parts });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return [`${parts.get('day')} ${parts.get('month')}`, `${parts.get('hour')}:${parts.get('minute')}`];
}

import { LRUCache } from 'lru-cache';
import { Temporal } from 'temporal-polyfill';

/** No zone changes its clock but at a full quarter of an hour. */
const quarterMs = 900_000;
const known = new LRUCache<string, number>({ max: 10_000 });

/**
 * How far a zone's clock is ahead of UTC at an instant, in ms. Kept, because each call asks for its time several times and
 * a customer waits meanwhile: a calendar's answer costs a hundred times as much.
 */
export function zoneOffsetMs(ms: number, timeZone: string): number {
  const quarter = Math.floor(ms / quarterMs);
  const key = `${timeZone} ${quarter}`;
  const kept = known.get(key);
  if (kept !== undefined) return kept;
  const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * quarterMs).toZonedDateTimeISO(timeZone);
  const offset = zoned.offsetNanoseconds / 1e6;
  known.set(key, offset);
  return offset;
}

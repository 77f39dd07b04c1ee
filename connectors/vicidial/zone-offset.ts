import { Temporal } from 'temporal-polyfill';

/** No zone changes its clock but at a full quarter of an hour. */
const quarterMs = 900_000;
/** Quarters of an hour for each zone. */
const maxKept = 10_000;
const known = new Map<string, Map<number, number>>();

/**
 * How far a zone's clock is ahead of UTC at an instant, in ms. Kept, because each call asks for its time several times and
 * a customer waits meanwhile: a calendar's answer costs a hundred times as much.
 */
export function zoneOffsetMs(ms: number, timeZone: string): number {
  const quarter = Math.floor(ms / quarterMs);
  let offsets = known.get(timeZone);
  if (!offsets) {
    offsets = new Map();
    known.set(timeZone, offsets);
  }
  const kept = offsets.get(quarter);
  if (kept !== undefined) return kept;
  if (offsets.size >= maxKept) offsets.clear();
  const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * quarterMs).toZonedDateTimeISO(timeZone);
  const offset = zoned.offsetNanoseconds / 1e6;
  offsets.set(quarter, offset);
  return offset;
}

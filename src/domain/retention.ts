import type { Instant } from './call.ts';

/**
 * Whether the record of a call may be purged. Every purge has to ask: the law wants evidence kept for years, and an
 * opt-out that stands must be obeyed for as long as it does.
 *
 * @param record when the call was, and whether an opt-out that it told stands
 */
export function mayPurge(record: { at: Instant; isOptedOut: boolean }, now: Instant, keepYears: number): boolean {
  if (record.isOptedOut) return false;
  const until = new Date(record.at);
  until.setUTCFullYear(until.getUTCFullYear() + keepYears);
  return until.toISOString() < now;
}

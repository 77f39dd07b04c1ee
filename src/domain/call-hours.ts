import type { Instant } from './call.ts';
import { offsetMinutes } from './zone-time.ts';

export const hourMs = 3_600_000;

/** When the hour of a moment began by the clocks of a zone: some zones are half an hour off. */
export function hourOf(zone: string, at: Instant): Instant {
  const ms = Date.parse(at);
  const offset = offsetMinutes(zone, ms) * 60_000;
  return new Date(Math.floor((ms + offset) / hourMs) * hourMs - offset).toISOString();
}

/** When the hour ends that begins then. */
export function hourAfter(hour: Instant): Instant {
  return new Date(Date.parse(hour) + hourMs).toISOString();
}

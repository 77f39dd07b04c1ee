import { zoneOffsetMinutes } from '../../server-time.ts';

/** Where most VICIdial servers stand; the first that fits is proposed. */
const zones: readonly string[] = [
  ...['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'America/Los_Angeles'],
  ...['America/Anchorage', 'Pacific/Honolulu', 'America/Halifax', 'America/Puerto_Rico', 'America/Bogota'],
  ...['America/Mexico_City', 'America/Sao_Paulo', 'UTC', 'Europe/London', 'Europe/Berlin', 'Europe/Athens'],
  ...['Africa/Johannesburg', 'Asia/Dubai', 'Asia/Karachi', 'Asia/Kolkata', 'Asia/Manila', 'Australia/Sydney'],
];

/**
 * The zone of a dialer by its offset from UTC in winter and now, in minutes; empty when none of the usual ones has both.
 *
 * @param now ms since 1970
 */
export function proposeZone(offsets: { winter: number | null; now: number | null }, now: number): string {
  if (offsets.winter === null && offsets.now === null) return '';
  const year = new Date(now).getUTCFullYear();
  const winterOf = (zone: string) =>
    Math.min(...[0, 6].map((month) => zoneOffsetMinutes(Date.UTC(year, month, 15), zone)));
  return (
    zones.find((zone) => {
      if (offsets.winter !== null && winterOf(zone) !== offsets.winter) return false;
      return offsets.now === null || zoneOffsetMinutes(now, zone) === offsets.now;
    }) ?? ''
  );
}

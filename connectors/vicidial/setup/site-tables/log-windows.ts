import { toServerText } from '../../server-time.ts';
import type { VicidialDatabase } from '../../tables/database.ts';
import { CountRow } from './rows.ts';

/** What one stretch of the log holds, of every campaign. */
interface LogWindow {
  fromMs: number;
  rows: CountRow[];
}

const minuteMs = 60_000;
const firstSpanMs = 15 * minuteMs;
const dayMs = 24 * 60 * minuteMs;
/** One read counts so many rows at most or so, in some hundredths of a second: the dialer waits meanwhile. */
const rowsAtOnce = 4000;
/** All reads together, in rows and in time. */
const mostRows = 100_000;
const mostMs = 3000;

/**
 * Counts vicidial_log by campaign and status, newest first, in stretches short enough for a table that is locked while it
 * is read. A very busy site is not read back to the end.
 */
export async function readLogWindows(
  database: VicidialDatabase,
  { nowMs, backMs, timeZone }: { nowMs: number; backMs: number; timeZone: string },
): Promise<LogWindow[]> {
  const windows: LogWindow[] = [];
  let [untilMs, spanMs, total] = [nowMs + minuteMs, firstSpanMs, 0];
  const beganAt = performance.now();
  while (untilMs > nowMs - backMs && total < mostRows && performance.now() - beganAt < mostMs) {
    // None reaches over the end of the last day, which is asked for by itself.
    const endMs = untilMs > nowMs - dayMs ? Math.max(nowMs - backMs, nowMs - dayMs) : nowMs - backMs;
    const fromMs = Math.max(endMs, untilMs - spanMs);
    const rows = await database.select(
      CountRow,
      'SELECT campaign_id, status, COUNT(*) AS calls FROM vicidial_log WHERE call_date >= ? AND call_date < ? GROUP BY campaign_id, status',
      [toServerText(fromMs, timeZone), toServerText(untilMs, timeZone)],
    );
    windows.push({ fromMs, rows });
    const count = rows.reduce((sum, { calls }) => sum + calls, 0);
    total += count;
    if (count > rowsAtOnce) spanMs = Math.max(minuteMs, spanMs / 2);
    else if (count < rowsAtOnce / 8) spanMs = Math.min(dayMs, spanMs * 4);
    untilMs = fromMs;
  }
  return windows;
}

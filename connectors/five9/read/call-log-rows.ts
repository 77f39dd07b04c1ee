import type { Instant } from '../../../src/domain/call.ts';
import type { Five9Config } from '../config.ts';
import { dataCentreTimeZone, skewMs } from '../times.ts';
import { findColumns, type ReportTable } from './report-table.ts';
import { readTimes } from './time-patterns.ts';

/** One call as the call log has it. */
export interface LogRow {
  callId: string;
  /** When it began; in the hour that comes twice the second time, and `firstAt` the first. */
  at: Instant;
  firstAt?: Instant;
  /** When it was over; empty where the report does not tell. */
  endedAt: Instant | '';
  campaign: string;
  /** Who had it; empty when no person had. */
  agent: string;
  disposition: string;
}

/** Rows of the call log, found by their headers; those that can't be used are counted by reason. */
export function readLogRows(
  table: ReportTable,
  config: Pick<Five9Config, 'callLog' | 'soap'>,
  now: number,
): { rows: LogRow[]; rejects: Record<string, number> } {
  const { callLog, soap } = config;
  const rejects: Record<string, number> = {};
  if (table.broken > 0) rejects['not a row of the report'] = table.broken;
  const rows: LogRow[] = [];
  if (table.rows.length === 0) return { rows, rejects };

  const place = findColumns(table, callLog.columns, ['callTime'], 'callLog.columns');
  const zone = callLog.timeZone ?? dataCentreTimeZone(soap);
  for (const cells of table.rows) {
    const cell = (name: keyof typeof place) => cells[place[name]]?.trim() ?? '';
    const times = readTimes(cell('timestamp'), callLog.timePatterns, zone, now);
    const [firstAt, at = firstAt] = times;
    const callId = cell('callId');
    if (!callId || !firstAt || !at) {
      const reason = callId ? 'a time that no pattern of `callLog.timePatterns` fits' : 'no call id';
      rejects[reason] = (rejects[reason] ?? 0) + 1;
      continue;
    }
    const seconds = durationSec(cell('callTime'));
    rows.push({
      callId,
      at,
      ...(firstAt !== at && { firstAt }),
      endedAt: seconds === null ? '' : new Date(Date.parse(at) + seconds * 1000).toISOString(),
      campaign: cell('campaign'),
      agent: callLog.noAgent.includes(cell('agent')) ? '' : cell('agent'),
      disposition: cell('disposition'),
    });
  }
  return { rows, rejects };
}

/** The row at the time that was meant: a call begins in the log before it is registered with us. */
export function fitLogRow(row: LogRow, registeredAt: Instant | undefined): LogRow {
  const { firstAt, at, endedAt } = row;
  const isFirst =
    firstAt !== undefined && registeredAt !== undefined && Date.parse(at) > Date.parse(registeredAt) + skewMs;
  if (!isFirst) return row;
  const hourMs = Date.parse(at) - Date.parse(firstAt);
  return { ...row, at: firstAt, endedAt: endedAt && new Date(Date.parse(endedAt) - hourMs).toISOString() };
}

/** `HH:MM:SS`; null for anything else. */
function durationSec(text: string): number | null {
  const match = /^(\d{1,3}):(\d{2}):(\d{2})$/.exec(text);
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : null;
}

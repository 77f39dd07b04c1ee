import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import type { CallLogFinding } from '../reads.ts';
import { toServerText } from '../server-time.ts';
import { LogRow, UniqueId } from './schema.ts';
import type { TableReading } from './table-reads.ts';

const minuteMs = 60_000;
/** A caller code is made at the dial, the log row at the answer. */
const answerWithinSec = 180;

/**
 * Finds the log row of a call by its caller code, and whether the lead has no newer one. The row is found over
 * vicidial_log_extended, else the remote-agent log, else (both are archived within a day) by the time of the call.
 */
export async function findCallLog(
  vicidial: TableReading,
  target: WriteBackTarget,
  leadId: string,
): Promise<CallLogFinding> {
  const rows = await vicidial.database.select(
    LogRow,
    `SELECT uniqueid, campaign_id, status, user, start_epoch, end_epoch FROM vicidial_log
     WHERE lead_id = ? ORDER BY call_date DESC LIMIT 50`,
    [Number(leadId)],
  );
  const calledSec = Math.floor(Date.parse(target.calledAt) / 1000);
  if (!target.callKey) {
    // A mirrored write: the call was another dialer's, so any call of this one after it is newer.
    return { log: null, isNewest: !rows.some((row) => row.start_epoch > calledSec) };
  }

  const ours = await ownRow(vicidial, target, rows, calledSec);
  const since = ours ? ours.start_epoch : calledSec + answerWithinSec;
  const isNewest = !rows.some((row) => row.uniqueid !== ours?.uniqueid && row.start_epoch > since);
  if (!ours) return { log: null, isNewest };
  const { uniqueid, campaign_id: campaign, status, end_epoch } = ours;
  return { log: { uniqueid, campaign, status, isEnded: end_epoch > 0 }, isNewest };
}

async function ownRow(
  vicidial: TableReading,
  target: WriteBackTarget,
  rows: readonly LogRow[],
  calledSec: number,
): Promise<LogRow | undefined> {
  if (rows.length === 0) return undefined;
  const uniqueids = await uniqueidsOf(vicidial, target);
  const byCode = rows.find((row) => uniqueids.includes(row.uniqueid));
  if (byCode || uniqueids.length > 0) return byCode;
  const near = rows.filter((row) => row.start_epoch >= calledSec - 5 && row.start_epoch <= calledSec + answerWithinSec);
  return near.length === 1 ? near[0] : undefined;
}

async function uniqueidsOf({ database, config }: TableReading, target: WriteBackTarget): Promise<string[]> {
  const calledAt = Date.parse(target.calledAt);
  const text = (ms: number) => toServerText(ms, config.timeZone);
  // The code comes again after some months, so the date counts too; the hour covers clocks that differ.
  const extended = await database.select(
    UniqueId,
    'SELECT uniqueid FROM vicidial_log_extended WHERE caller_code = ? AND call_date BETWEEN ? AND ?',
    [target.callKey, text(calledAt - 60 * minuteMs), text(calledAt + 720 * minuteMs)],
  );
  if (extended.length > 0) return extended.map((row) => row.uniqueid);
  const handedOver = await database.select(
    UniqueId,
    'SELECT uniqueid FROM vicidial_remote_agent_log WHERE call_time BETWEEN ? AND ? AND callerid = ?',
    [text(calledAt - 10 * minuteMs), text(calledAt + 60 * minuteMs), target.callKey],
  );
  return handedOver.map((row) => row.uniqueid);
}

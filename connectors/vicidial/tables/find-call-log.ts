import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { isInboundCode, isPlainCode } from '../caller-code.ts';
import type { CallLogFinding } from '../reads.ts';
import { instantsOf, toServerRange, toServerText } from '../server-time.ts';
import type { ArchiveTables } from './archive-tables.ts';
import { LogRow, UniqueId } from './schema.ts';
import type { TableReading, TimedReading } from './table-reads.ts';

const minuteMs = 60_000;
/** A caller code is made at the dial, the log row at the answer. */
const answerWithinSec = 180;
/** Servers of a cluster whose clocks differ. */
const skewSec = 30;
/** The nightly job moves no row that is younger than a day; a night is what clocks and zones may be wrong by. */
const archivedAfterMs = 12 * 60 * minuteMs;

interface FoundRow extends LogRow {
  isInbound: boolean;
  isArchived: boolean;
}

/**
 * Finds the log row of a call by its caller code, and whether the lead has no newer call. The uniqueid is found over
 * vicidial_log_extended, else the remote-agent log, else (both are archived within a day) the row by the time of the
 * call. Rows are asked for by lead: servers of a cluster may give the same uniqueid to calls of different leads.
 */
export async function findCallLog(
  reading: TimedReading,
  archives: ArchiveTables,
  target: WriteBackTarget,
  leadId: string,
): Promise<CallLogFinding> {
  const calledSec = secondsOf(target.calledAt, reading.config.timeZone);
  const rows = await logRows(reading, leadId);
  if (!target.callKey) {
    // A mirrored write: the call was another dialer's, so any call of this one after it is newer.
    const since = Date.parse(target.calledAt) / 1000;
    return { log: null, isNewest: !rows.some((row) => row.start_epoch > since) };
  }

  let ours = await ownRow(reading, target, rows, calledSec, '');
  if (!ours && reading.clock.now() - Date.parse(target.calledAt) > archivedAfterMs) {
    const tables = await archives();
    rows.push(...(await logRows(reading, leadId, tables)));
    const extended = tables.has('vicidial_log_extended_archive') ? '_archive' : '';
    ours = await ownRow(reading, target, rows, calledSec, extended);
  }
  return { log: ours ? logOf(ours) : null, isNewest: !hasNewerCall(rows, ours, calledSec) };
}

function logOf(row: FoundRow) {
  const { uniqueid, campaign_id: campaign, status, isInbound, isArchived } = row;
  // Of an inbound call that ra_call_control lets go the row gets its length, and never an end.
  const isEnded = row.end_epoch > 0 || (isInbound && row.length_in_sec > 0);
  const startedSec = row.start_epoch;
  const endedSec = row.end_epoch || (isEnded ? startedSec + row.length_in_sec : 0);
  return { uniqueid, campaign, status, isEnded, isInbound, isArchived, startedSec, endedSec };
}

/** Another in-group of the same channel is the same call going on. */
function hasNewerCall(rows: readonly FoundRow[], ours: FoundRow | undefined, calledSec: readonly number[]): boolean {
  const since = ours ? ours.start_epoch : Math.max(...calledSec) + answerWithinSec;
  return rows.some((row) => row.uniqueid !== ours?.uniqueid && row.start_epoch > since);
}

/** Every second at which the server's clock showed this wall time: the hour that comes twice in autumn has two. */
function secondsOf(calledAt: string, timeZone: string): number[] {
  const ms = Date.parse(calledAt);
  return [...new Set([ms, ...instantsOf(toServerText(ms, timeZone), timeZone)])].map((each) => Math.floor(each / 1000));
}

const logColumns = 'uniqueid, campaign_id, status, user, start_epoch, end_epoch, length_in_sec';

/** The newest log rows of a lead, outbound and inbound: the live ones, or those of the archives that exist. */
async function logRows(
  { database }: TableReading,
  leadId: string,
  archives?: ReadonlySet<string>,
): Promise<FoundRow[]> {
  const suffix = archives ? '_archive' : '';
  const read = async (name: string, isInbound: boolean): Promise<FoundRow[]> => {
    const table = `${name}${suffix}`;
    if (archives && !archives.has(table)) return [];
    const sql = `SELECT ${logColumns} FROM ${table} WHERE lead_id = ? ORDER BY call_date DESC LIMIT 50`;
    const rows = await database.select(LogRow, sql, [Number(leadId)]);
    return rows.map((row) => ({ ...row, isInbound, isArchived: archives !== undefined }));
  };
  return (await Promise.all([read('vicidial_log', false), read('vicidial_closer_log', true)])).flat();
}

async function ownRow(
  reading: TableReading,
  target: WriteBackTarget,
  rows: readonly FoundRow[],
  calledSec: readonly number[],
  extendedSuffix: '' | '_archive',
): Promise<FoundRow | undefined> {
  const isInbound = isInboundCode(target.callKey);
  const ownSide = rows.filter((row) => !isPlainCode(target.callKey) || row.isInbound === isInbound);
  if (ownSide.length === 0) return undefined;
  const uniqueids = await uniqueidsOf(reading, target, extendedSuffix);
  if (uniqueids.length > 0) {
    return nearest(
      ownSide.filter((row) => uniqueids.includes(row.uniqueid)),
      target,
      calledSec,
    );
  }
  // A three-way code is made in the middle of a call that has a row of its own.
  if (!isPlainCode(target.callKey)) return undefined;
  const isNear = ({ start_epoch }: FoundRow) =>
    calledSec.some((sec) => start_epoch >= sec - skewSec && start_epoch <= sec + answerWithinSec);
  const near = ownSide.filter(isNear);
  return near.length === 1 ? near[0] : undefined;
}

/** A call that goes through several in-groups has a row in each, of one uniqueid: its code was made for the nearest. */
function nearest(
  rows: readonly FoundRow[],
  { campaign }: WriteBackTarget,
  calledSec: readonly number[],
): FoundRow | undefined {
  const distance = (row: FoundRow) => Math.min(...calledSec.map((sec) => Math.abs(row.start_epoch - sec)));
  const inGroup = rows.filter((row) => row.campaign_id === campaign);
  return (inGroup.length > 0 ? inGroup : [...rows]).sort((a, b) => distance(a) - distance(b))[0];
}

async function uniqueidsOf(
  { database, config }: TableReading,
  target: WriteBackTarget,
  suffix: '' | '_archive',
): Promise<string[]> {
  const calledAt = Date.parse(target.calledAt);
  const span = (beforeMs: number, afterMs: number) =>
    toServerRange(calledAt - beforeMs, calledAt + afterMs, config.timeZone);
  // The code comes again after some months, so the date counts too; the hour covers clocks that differ.
  const extended = await database.select(
    UniqueId,
    `SELECT uniqueid FROM vicidial_log_extended${suffix} WHERE caller_code = ? AND call_date BETWEEN ? AND ?`,
    [target.callKey, ...span(60 * minuteMs, 720 * minuteMs)],
  );
  if (extended.length > 0) return extended.map((row) => row.uniqueid);
  // An inbound caller may wait an hour for a line; a customer who was dialled is dropped within seconds.
  const handedOver = await database.select(
    UniqueId,
    'SELECT uniqueid FROM vicidial_remote_agent_log WHERE call_time BETWEEN ? AND ? AND callerid = ?',
    [...span(5 * minuteMs, (isInboundCode(target.callKey) ? 90 : 15) * minuteMs), target.callKey],
  );
  return handedOver.map((row) => row.uniqueid);
}

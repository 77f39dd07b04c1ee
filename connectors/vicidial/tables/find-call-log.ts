import { z } from 'zod';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { isInboundCode, isPlainCode } from '../caller-code.ts';
import type { CallLogFinding } from '../reads.ts';
import { instantsOf, toServerRange, toServerText } from '../server-time.ts';
import type { ArchiveTables } from './archive-tables.ts';
import { askedTogether } from './asked-together.ts';
import { LogRow, UniqueId } from './schema.ts';
import type { TableReading, TimedReading } from './table-reads.ts';

const minuteMs = 60_000;
/** A caller code is made at the dial, the log row at the answer. */
const answerWithinSec = 180;
/** Servers of a cluster whose clocks differ. */
const skewSec = 30;
/** The nightly job moves no row that is younger than a day; a night is what clocks and zones may be wrong by. */
const archivedAfterMs = 12 * 60 * minuteMs;

const SideLogRow = LogRow.extend({ lead_id: z.string(), side: z.string() });
/** A channel of the server, and the code of its call. Times are the server's wall time. */
const Channel = UniqueId.extend({ caller_code: z.string(), call_date: z.string() });
type Channel = z.infer<typeof Channel>;

interface FoundRow extends LogRow {
  isInbound: boolean;
  isArchived: boolean;
}

/**
 * Finds the log row of a call by its caller code, and whether the lead has no newer call. The uniqueid is found over
 * vicidial_log_extended, else the remote-agent log, else (both are archived within a day) the row by the time of the
 * call. Rows are asked for by lead: servers of a cluster may give the same uniqueid to calls of different leads.
 */
export function callLogFinder(
  reading: TimedReading,
  archives: ArchiveTables,
): (target: WriteBackTarget, leadId: string) => Promise<CallLogFinding> {
  const logRowsOf = askedTogether((leadIds: readonly string[]) => logRowsOfSome(reading, leadIds));
  const channelsOf = askedTogether((codes: readonly string[]) => readChannels(reading, codes, ''));
  return async (target, leadId) => {
    // The channel is found by the code alone, whatever the rows say.
    const [rows, channels] = await Promise.all([
      logRowsOf(leadId, true),
      target.callKey ? channelsOf(target.callKey, true) : [],
    ]);
    return await judgeRows({ reading, archives, target, leadId, rows, channels });
  };
}

interface Found {
  reading: TimedReading;
  archives: ArchiveTables;
  target: WriteBackTarget;
  leadId: string;
  rows: FoundRow[];
  channels: readonly Channel[];
}

async function judgeRows({ reading, archives, target, leadId, rows, channels }: Found): Promise<CallLogFinding> {
  const calledSec = secondsOf(target.calledAt, reading.config.timeZone);
  if (!target.callKey) {
    // A mirrored write: the call was another dialer's, so any call of this one after it is newer.
    const since = Date.parse(target.calledAt) / 1000;
    return { log: null, isNewest: !rows.some((row) => row.start_epoch > since) };
  }

  let ours = await ownRow(reading, target, rows, calledSec, channels);
  if (!ours && reading.clock.now() - Date.parse(target.calledAt) > archivedAfterMs) {
    const tables = await archives();
    rows.push(...(await logRows(reading, leadId, tables)));
    const isKept = tables.has('vicidial_log_extended_archive');
    const [archived = []] = isKept ? await readChannels(reading, [target.callKey], '_archive') : [channels];
    ours = await ownRow(reading, target, rows, calledSec, archived);
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

/** So many of a lead are looked at. */
const mostRows = 50;
const logColumns = 'uniqueid, campaign_id, status, user, start_epoch, end_epoch, length_in_sec';

/** The same of several leads at once; should they have very many, of each by itself. */
async function logRowsOfSome(reading: TableReading, leadIds: readonly string[]): Promise<FoundRow[][]> {
  const most = mostRows * leadIds.length;
  const part = (table: string, side: string) =>
    `(SELECT '${side}' AS side, lead_id, ${logColumns} FROM ${table} WHERE lead_id IN (?) LIMIT ${most + 1})`;
  const sql = `${part('vicidial_log', 'out')} UNION ALL ${part('vicidial_closer_log', 'in')}`;
  const numbers = leadIds.map(Number);
  const { rows, count } = await reading.database.selectAll(SideLogRow, sql, [numbers, numbers]);
  if (count > most) return await Promise.all(leadIds.map((leadId) => logRows(reading, leadId)));
  const byLead = Map.groupBy(rows, (row) => row.lead_id);
  return leadIds.map((leadId) =>
    (byLead.get(leadId) ?? []).map((row) => ({ ...row, isInbound: row.side === 'in', isArchived: false })),
  );
}

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
    const sql = `SELECT ${logColumns} FROM ${table} WHERE lead_id = ? ORDER BY call_date DESC LIMIT ${mostRows}`;
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
  channels: readonly Channel[],
): Promise<FoundRow | undefined> {
  const isInbound = isInboundCode(target.callKey);
  const ownSide = rows.filter((row) => !isPlainCode(target.callKey) || row.isInbound === isInbound);
  if (ownSide.length === 0) return undefined;
  const uniqueids = await uniqueidsOf(reading, target, channels);
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

/** By caller code, of each code in the order of the question. */
async function readChannels(
  { database }: TableReading,
  codes: readonly string[],
  suffix: '' | '_archive',
): Promise<Channel[][]> {
  const rows = await database.select(
    Channel,
    `SELECT caller_code, uniqueid, call_date FROM vicidial_log_extended${suffix} WHERE caller_code IN (?)`,
    [codes],
  );
  const byCode = Map.groupBy(rows, (row) => row.caller_code);
  return codes.map((code) => byCode.get(code) ?? []);
}

async function uniqueidsOf(
  { database, config }: TableReading,
  target: WriteBackTarget,
  channels: readonly Channel[],
): Promise<string[]> {
  const calledAt = Date.parse(target.calledAt);
  const span = (beforeMs: number, afterMs: number) =>
    toServerRange(calledAt - beforeMs, calledAt + afterMs, config.timeZone);
  // The code comes again after some months, so the date counts too; the hour covers clocks that differ.
  const [from, to] = span(60 * minuteMs, 720 * minuteMs);
  const extended = channels.filter(({ call_date }) => call_date >= from && call_date <= to);
  if (extended.length > 0) return extended.map((row) => row.uniqueid);
  // An inbound caller may wait an hour for a line; a customer who was dialled is dropped within seconds.
  const handedOver = await database.select(
    UniqueId,
    'SELECT uniqueid FROM vicidial_remote_agent_log WHERE call_time BETWEEN ? AND ? AND callerid = ?',
    [...span(5 * minuteMs, (isInboundCode(target.callKey) ? 90 : 15) * minuteMs), target.callKey],
  );
  return handedOver.map((row) => row.uniqueid);
}

import { z } from 'zod';
import type { TableReading } from '../tables/table-reads.ts';
import type { ChangeStage, ChangesCursor } from './cursor.ts';
import type { Indexes } from './indexes.ts';
import { mergeWindows, offsetWindow, overlapMs, serverWindow, type Window } from './windows.ts';

export type TimeStage = Exclude<ChangeStage, 'new'>;

/** Where it is written that a lead was called, and when. */
const sources: Record<TimeStage, { table: string; column: string; hasEpochs: boolean }> = {
  called: { table: 'vicidial_list', column: 'last_local_call_time', hasEpochs: false },
  logged: { table: 'vicidial_log', column: 'call_date', hasEpochs: true },
  closed: { table: 'vicidial_closer_log', column: 'call_date', hasEpochs: true },
  handed: { table: 'vicidial_remote_agent_log', column: 'call_time', hasEpochs: false },
};

/** The tables whose indexes a run wants to know. */
export const indexedTables = [...Object.values(sources).map(({ table }) => table), 'vicidial_list_alt_phones'];

/** A call that went on for longer without an end was cut off, and never gets one. */
const longestCallMs = 4 * 3_600_000;
const maxOffsets = 60;

const Offset = z.object({ hours: z.string().nullable() });

export interface ChangedIds {
  ids: string[];
  /** The place after these, or null when the stage is through. */
  next: Pick<ChangesCursor, 'at' | 'skip'> | null;
  open: number;
}

/**
 * Reads which leads one source names next, by the index of its time column, at most a page of rows. Times repeat, so the
 * place within one and the same time is counted. A source that lacks the index, or the table, is passed over.
 */
export async function readChangedIds(
  { config, database }: TableReading,
  indexes: Indexes,
  cursor: ChangesCursor & { stage: TimeStage },
  windows: readonly Window[],
  signal: AbortSignal,
): Promise<ChangedIds> {
  const { table, column, hasEpochs } = sources[cursor.stage];
  const index = indexes.get(`${table}.${column}`);
  const window = windows.find(({ to }) => to > cursor.at);
  if (!index || !window) return { ids: [], next: null, open: cursor.open };

  const from = cursor.at > window.from ? cursor.at : window.from;
  const skip = cursor.at >= window.from ? cursor.skip : 0;
  // Half a page: these rows lie all over the table, so each costs more than in a page of leads.
  const limit = Math.ceil(config.sync.pageSize / 2);
  const epochs = hasEpochs ? ', start_epoch, end_epoch' : '';
  const rows = await database.selectCells(
    `SELECT lead_id, ${column}${epochs} FROM ${table} FORCE INDEX (\`${index}\`)
     WHERE ${column} >= ? AND ${column} < ? ORDER BY ${column} LIMIT ${limit} OFFSET ${skip}`,
    [from, window.to],
    signal,
  );

  let { open } = cursor;
  for (const [, , start, end] of hasEpochs ? rows : []) {
    open = Math.min(open, openSince(Number(start), Number(end), cursor.upTo) ?? open);
  }
  const ids = [...new Set(rows.map(([leadId]) => leadId ?? ''))].filter((id) => /^[1-9]\d*$/.test(id));
  if (rows.length < limit) return { ids, next: { at: window.to, skip: 0 }, open };
  const last = rows.at(-1)?.[1] ?? window.to;
  const ofLast = rows.filter((row) => row[1] === last).length;
  return { ids, next: { at: last, skip: last === from ? skip + ofLast : ofLast }, open };
}

/**
 * In which spans of the source's times the changes lie. VICIdial keeps `last_local_call_time` in the lead's own time, by
 * its `gmt_offset_now`: there is a span for each offset that occurs, and one for the server's.
 */
export async function windowsOf(
  vicidial: TableReading,
  indexes: Indexes,
  cursor: ChangesCursor & { stage: TimeStage },
  signal: AbortSignal,
): Promise<Window[]> {
  const { since, upTo } = cursor;
  const atServer = serverWindow(since, upTo, vicidial.config.timeZone);
  if (cursor.stage !== 'called' || !indexes.has('vicidial_list.gmt_offset_now')) return [atServer];
  const offsets = await readOffsets(vicidial, signal);
  return mergeWindows([atServer, ...offsets.map((hours) => offsetWindow(since, upTo, hours))]);
}

/** The offsets that occur, hopped through in their index: a DISTINCT would walk all of it. */
async function readOffsets({ database }: TableReading, signal: AbortSignal): Promise<number[]> {
  const offsets: number[] = [];
  for (let last = -99; offsets.length < maxOffsets; ) {
    const [row] = await database.select(
      Offset,
      'SELECT MIN(gmt_offset_now) AS hours FROM vicidial_list WHERE gmt_offset_now > ?',
      [last],
      signal,
    );
    if (!row?.hours) return offsets;
    last = Number(row.hours);
    offsets.push(last);
  }
  return offsets;
}

/** A call that goes on, or has just ended, will still change its lead: the next read begins with it. */
function openSince(startSec: number, endSec: number, upTo: number): number | null {
  const startedAt = startSec * 1000;
  if (startedAt < upTo - longestCallMs) return null;
  return endSec > 0 && endSec * 1000 < upTo - overlapMs ? null : startedAt;
}

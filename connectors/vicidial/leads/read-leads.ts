import type { LeadPage, ReadPace } from '../../../src/domain/lead.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { TableReading } from '../tables/table-reads.ts';
import type { Vicidial } from '../vicidial.ts';
import { indexedTables, readChangedIds, type TimeStage, windowsOf } from './changed-leads.ts';
import {
  type ChangesCursor,
  changeStages,
  type FullCursor,
  type IdleCursor,
  type LeadCursor,
  readCursor,
  writeCursor,
} from './cursor.ts';
import { type ListsAndIndexes, readLeadsAfter, readLeadsByIds, readMaxLeadId } from './every-lead.ts';
import { readIndexes } from './indexes.ts';
import { readLists } from './lists.ts';
import { fullPace, gentlePace, pacedDatabase } from './pace.ts';
import { readUpTo } from './replica-lag.ts';
import type { Window } from './windows.ts';

export type LeadReading = Pick<Vicidial, 'id' | 'config' | 'deps'> & {
  database: VicidialDatabase;
  /** Where the long reads go: a replica where there is one, else the same. */
  bulk: VicidialDatabase;
};

/** Ids that are inserted at the same time may become visible in another order. */
const idOverlap = 100;
const hourMs = 3_600_000;
const maxSeen = 200_000;

/** What is kept from one page of a run to the next, besides the cursor: nothing that a page can't be read without. */
interface Run extends ListsAndIndexes {
  /** The cursor that the last page gave. */
  expected: string;
  windows: Map<string, Window[]>;
  /** Leads that this run has given. A source that names one of them again needs not read it again. */
  seen: Set<string>;
}

/**
 * Reads leads page by page: every one first, then what changed since, and every one again after `sync.fullEveryHours`,
 * for the sake of what was edited by hand. Each query is short and goes by an index: MyISAM locks the table while it runs.
 */
export function createLeadReader(reading: LeadReading) {
  const { config, deps } = reading;
  const gentle = gentlePace(config.sync.maxShare);
  let run: Run | undefined;

  async function readPage(text: string, signal: AbortSignal, wanted: ReadPace = 'gentle'): Promise<LeadPage> {
    const pace = wanted === 'full' ? fullPace : gentle;
    if (text) pace.rest(config.sync.pauseMs);
    const vicidial = { id: reading.id, config, database: pacedDatabase(reading.bulk, pace) };

    // Only in an unbroken row of pages is it sure that what was given was saved: else nothing counts as seen.
    const current = run && text && run.expected === text ? run : await beginRun(vicidial, signal);
    run = undefined;
    const cursor = await placeOf(readCursor(text), vicidial, current, signal);
    const page =
      cursor.kind === 'full'
        ? await readFull(vicidial, current, cursor, signal)
        : await readChanges(vicidial, current, cursor, signal);
    if (page.cursor) run = { ...current, expected: page.cursor };
    return page;
  }

  /** Where this page begins: a run that was cut off goes on, else what is due begins. */
  async function placeOf(cursor: LeadCursor | null, vicidial: TableReading, { lists }: Run, signal: AbortSignal) {
    if (cursor?.kind === 'changes' || cursor?.kind === 'full') return cursor;
    const upTo = await readUpTo(reading, signal);
    const until = await readMaxLeadId(vicidial, signal);
    if (!cursor || cursor.lists !== lists.mark || isFullDue(cursor)) {
      return { kind: 'full', after: 0, until, upTo, lists: lists.mark } satisfies FullCursor;
    }
    const at = String(Math.max(0, cursor.maxLead - idOverlap));
    return { ...cursor, kind: 'changes', until, upTo, stage: 'new', at, skip: 0, open: upTo } satisfies ChangesCursor;
  }

  function isFullDue({ fullAt }: IdleCursor): boolean {
    const { fullEveryHours } = config.sync;
    return fullEveryHours > 0 && deps.clock.now() - fullAt >= fullEveryHours * hourMs;
  }

  return readPage;
}

async function beginRun(vicidial: TableReading, signal: AbortSignal): Promise<Run> {
  return {
    expected: '',
    lists: await readLists(vicidial, signal),
    indexes: await readIndexes(vicidial.database, indexedTables, signal),
    windows: new Map(),
    seen: new Set(),
  };
}

async function readFull(vicidial: TableReading, run: Run, cursor: FullCursor, signal: AbortSignal): Promise<LeadPage> {
  const { upTo, until, lists } = cursor;
  const { leads, rejects, after } = await readLeadsAfter(vicidial, run, cursor, signal);
  if (after < until) return { leads, rejects, cursor: writeCursor({ ...cursor, after }), share: after / until };
  const since = writeCursor({ kind: 'idle', fullAt: upTo, since: upTo, maxLead: until, lists });
  return { leads, rejects, cursor: '', since, share: 1 };
}

async function readChanges(
  vicidial: TableReading,
  run: Run,
  cursor: ChangesCursor,
  signal: AbortSignal,
): Promise<LeadPage> {
  if (cursor.stage === 'new') {
    const span = { after: Number(cursor.at), until: cursor.until };
    const { leads, rejects, after } = await readLeadsAfter(vicidial, run, span, signal);
    remember(run, leads);
    const next: ChangesCursor =
      after < span.until ? { ...cursor, at: String(after) } : { ...cursor, stage: 'called', at: '', skip: 0 };
    return { leads, rejects, cursor: writeCursor(next) };
  }

  const place = cursor as ChangesCursor & { stage: TimeStage };
  const windows = run.windows.get(cursor.stage) ?? (await windowsOf(vicidial, run.indexes, place, signal));
  run.windows.set(cursor.stage, windows);
  const { ids, next, open } = await readChangedIds(vicidial, run.indexes, place, windows, signal);
  const unseen = ids.filter((id) => !run.seen.has(id));
  const { leads, rejects } = await readLeadsByIds(vicidial, run, unseen, signal);
  remember(run, leads);

  const wanted = new Set(run.lists.wanted.map(String));
  const page = {
    leads: leads.filter((lead) => wanted.has(lead.list)),
    strays: leads.filter((lead) => !wanted.has(lead.list)),
    rejects,
  };
  const following = next ? { ...cursor, ...next, open } : afterStage({ ...cursor, open });
  if (following) return { ...page, cursor: writeCursor(following) };
  const { fullAt, until, lists } = cursor;
  return { ...page, cursor: '', since: writeCursor({ kind: 'idle', fullAt, since: open, maxLead: until, lists }) };
}

/** Null when that was the last one. */
function afterStage(cursor: ChangesCursor): ChangesCursor | null {
  const stage = changeStages[changeStages.indexOf(cursor.stage) + 1];
  return stage ? { ...cursor, stage, at: '', skip: 0 } : null;
}

function remember(run: Run, leads: readonly { key: string }[]): void {
  if (run.seen.size > maxSeen) run.seen.clear();
  for (const { key } of leads) run.seen.add(key);
}

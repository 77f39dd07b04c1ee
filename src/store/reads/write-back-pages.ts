import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import type { Aspect, WriteBack, WriteBackState } from '../../domain/write-back.ts';
import { writeBackOf } from '../rows.ts';
import type { Session } from '../session.ts';
import type { WriteBackRow } from '../tables.ts';

/** One page of the write-backs of a state. */
export interface WriteBackPageQuery {
  state: WriteBackState;
  dialer?: string;
  aspect?: Aspect;
  /** Only those that failed before. */
  isTriedBefore?: true;
  /** Only those with these words as their reason. */
  why?: string;
  /** Only those of a campaign. */
  campaign?: string;
  order: 'oldest' | 'newest';
  after?: WriteBackPlace;
  limit: number;
}

/** Where a page ended. */
export interface WriteBackPlace {
  dueAt: Instant;
  /** Of rows that are due at the same time: what the database's indexes order them by. */
  row: string;
}

export interface WriteBackPage {
  rows: WriteBack[];
  next: WriteBackPlace | null;
  /** True when so many rows were looked through that the page ends early: there may be more after `next`. */
  isCutShort: boolean;
}

/** What no index knows is looked for in so many rows at most. */
const mostLookedAt = 1000;

/** Write-backs of a state in the order of when they are, or were, due: by the indexes of due rows. */
export async function writeBackPage(session: Session, query: WriteBackPageQuery): Promise<WriteBackPage> {
  const dialers = query.dialer ? [query.dialer] : await dialersWith(session, query.state);
  const isFiltered = query.isTriedBefore === true || query.why !== undefined || query.campaign !== undefined;
  const most = isFiltered ? mostLookedAt : query.limit;
  const found: PlacedRow[] = [];
  for (const dialer of dialers) found.push(...(await rowsOf(session, { ...query, dialer, limit: most + 1 })));
  const sign = query.order === 'oldest' ? 1 : -1;
  const read = found.sort((a, b) => sign * compare(a, b)).slice(0, most);
  const fitting = isFiltered ? read.filter((row) => fits(row, query)) : read;
  const rows = fitting.slice(0, query.limit);
  // The page ends with its last row, or where the look ended.
  const last = fitting.length > query.limit ? rows.at(-1) : found.length > most ? read.at(-1) : undefined;
  return {
    rows: rows.map(writeBackOf),
    next: last ? { dueAt: last.due_at, row: String(last.place) } : null,
    isCutShort: isFiltered && last !== undefined && rows.length < query.limit,
  };
}

/** Those of the ids that there are, in their order. */
export async function writeBacksById(session: Session, ids: readonly string[]): Promise<WriteBack[]> {
  if (ids.length === 0) return [];
  const rows = await session.db
    .selectFrom('write_backs')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, writeBackOf(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Why rows are held, by dialer and reason, each with one of them as an example. Looks at so many rows at most. */
export async function heldReasons(
  session: Session,
  input: { most: number },
): Promise<{ example: WriteBack; count: number }[]> {
  const held = session.db
    .selectFrom('write_backs')
    .select(['id', 'dialer', 'aspect', 'why'])
    .where('state', '=', 'held')
    .limit(input.most)
    .as('held');
  const groups = await session.db
    .selectFrom(held)
    .select(({ fn }) => [fn.min('id').as('id'), fn.countAll().as('count')])
    .groupBy(['dialer', 'aspect', 'why'])
    .execute();
  const counts = new Map(groups.map(({ id, count }) => [id, Number(count)]));
  const examples = await writeBacksById(session, [...counts.keys()]);
  return examples.map((example) => ({ example, count: counts.get(example.id) ?? 0 })).sort((a, b) => b.count - a.count);
}

/** Every dialer that has rows of a state, found by leaps through the index. */
async function dialersWith(session: Session, state: WriteBackState): Promise<string[]> {
  const dialers: string[] = [];
  for (let last = ''; ; ) {
    const row = await session.db
      .selectFrom('write_backs')
      .select('dialer')
      .where('state', '=', state)
      .where('dialer', '>', last)
      .orderBy('dialer')
      .limit(1)
      .executeTakeFirst();
    if (!row) return dialers;
    dialers.push(row.dialer);
    last = row.dialer;
  }
}

type PlacedRow = WriteBackRow & { place: string | number };

async function rowsOf(
  session: Session,
  { state, dialer, aspect, order, after, limit }: WriteBackPageQuery & { dialer: string },
): Promise<PlacedRow[]> {
  const direction = order === 'oldest' ? 'asc' : 'desc';
  const place = placeOf(session);
  let query = session.db
    .selectFrom('write_backs')
    .selectAll()
    .select(place.as('place'))
    .where('state', '=', state)
    .where('dialer', '=', dialer);
  if (aspect) query = query.where('aspect', '=', aspect);
  if (after) {
    const [from, past] = order === 'oldest' ? (['>=', '>'] as const) : (['<=', '<'] as const);
    const row = session.kind === 'sqlite' ? Number(after.row) || 0 : after.row;
    query = query
      .where('due_at', from, after.dueAt)
      .where((expression) => expression.or([expression('due_at', past, after.dueAt), expression(place, past, row)]));
  }
  return query.orderBy('due_at', direction).orderBy(place, direction).limit(limit).execute();
}

/** What stands behind an index's own columns, so that rows that are due at the same time need no sorting. */
function placeOf({ kind }: Session): RawBuilder<string | number> {
  return kind === 'sqlite' ? sql<number>`rowid` : sql<string>`id`;
}

function fits(row: WriteBackRow, { isTriedBefore, why, campaign }: WriteBackPageQuery): boolean {
  if (isTriedBefore && row.attempts === 0) return false;
  if (campaign !== undefined && writeBackOf(row).target.campaign !== campaign) return false;
  return why === undefined || row.why === why;
}

function compare(a: PlacedRow, b: PlacedRow): number {
  if (a.due_at !== b.due_at) return a.due_at < b.due_at ? -1 : 1;
  return a.place < b.place ? -1 : 1;
}

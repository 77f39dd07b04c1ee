import type { Kysely } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import { type AgedKind, purgedOwner } from '../../domain/purged.ts';
import type { Session } from '../session.ts';

export type OldRow = Record<string, string | number | null>;

interface AgedTable {
  key: readonly string[];
  /** What a row is as old as: the youngest of these. An index leads to it by the first, but for those in the key's order. */
  age: readonly string[];
  isInKeyOrder?: true;
}

/** A lead that is in no sync any more is not told apart from one that never changes: both count. */
const agedTables: Readonly<Record<AgedKind, AgedTable>> = {
  transcripts: { age: ['kept_at'], key: ['correlation_id', 'platform'] },
  attention: { age: ['settled_at'], key: ['kind', 'item_key'] },
  audit_log: { age: ['at'], key: ['id'] },
  leads: { age: ['saved_at', 'changed_at'], key: ['dialer', 'lead_key'], isInKeyOrder: true },
  call_refs: { age: ['correlation_id'], key: ['instance', 'kind', 'ref_key'] },
};

/** What finds a row by its key. */
export function keyOfOld(kind: AgedKind): readonly string[] {
  return agedTables[kind].key;
}

export interface OldRowsQuery {
  kind: AgedKind;
  before: Instant;
  /** Those after this one. (Default: from the first) */
  after?: OldRow;
  limit: number;
}

export interface OldRowsPage {
  rows: OldRow[];
  /** Behind which the next page begins. Null: there is none. */
  next: OldRow | null;
}

/** Of rows that no index finds by their age so many are looked at for each that is wanted. */
const looksPerRow = 10;

/** Rows whose time is over, at most so many. One page costs the same wherever it lies, and however large the table is. */
export async function oldRows(session: Session, query: OldRowsQuery): Promise<OldRowsPage> {
  const { kind, before, limit } = query;
  if (!agedTables[kind].isInKeyOrder) {
    const rows = await pageOf(session, query);
    return { rows, next: rows.length < limit ? null : (rows.at(-1) ?? null) };
  }
  const seen = await pageOf(session, { ...query, limit: limit * looksPerRow });
  const old = seen.filter((row) => isOld(kind, row, before));
  if (old.length > limit) return { rows: old.slice(0, limit), next: old[limit - 1] ?? null };
  return { rows: old, next: seen.length < limit * looksPerRow ? null : (seen.at(-1) ?? null) };
}

/** Rows in their order: by age where an index has it, else by the key, the young ones too. */
async function pageOf(session: Session, { kind, before, after, limit }: OldRowsQuery): Promise<OldRow[]> {
  const { age, key, isInKeyOrder } = agedTables[kind];
  const order = isInKeyOrder ? key : [...age, ...key];
  const db = session.db as unknown as Kysely<Record<string, OldRow>>;
  const page: OldRow[] = [];
  // First what begins as `after` does, column by column less: each part is one stretch of the index, in both databases.
  for (let same = after ? order.length - 1 : 0; same >= 0 && page.length < limit; same -= 1) {
    let query = db.selectFrom(kind as string).selectAll();
    for (const column of order.slice(0, same)) query = query.where(column, '=', after?.[column] as string);
    if (after) query = query.where(order[same] ?? '', '>', after[order[same] ?? ''] as string);
    if (!isInKeyOrder && same === 0) query = query.where(age[0] ?? '', '<', limitOf(kind, before));
    if (kind === 'call_refs' && same === 0) query = query.where('correlation_id', '>=', purgedOwner(''));
    for (const column of order.slice(same)) query = query.orderBy(column);
    page.push(...((await query.limit(limit - page.length).execute()) as OldRow[]));
  }
  return page;
}

/** Whether a row is one of those: asked again of each before it goes. */
export function isOld(kind: AgedKind, row: OldRow, before: Instant): boolean {
  return agedTables[kind].age.every((column) => {
    const value = row[column];
    if (typeof value !== 'string' || value >= limitOf(kind, before)) return false;
    return kind !== 'call_refs' || value >= purgedOwner('');
  });
}

function limitOf(kind: AgedKind, before: Instant): string {
  return kind === 'call_refs' ? purgedOwner(before) : before;
}

import type { Expression, Kysely, SqlBool } from 'kysely';
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

/** Rows whose time is over, at most so many. */
export async function oldRows(session: Session, { kind, before, after, limit }: OldRowsQuery): Promise<OldRow[]> {
  const { age, key, isInKeyOrder } = agedTables[kind];
  const order = isInKeyOrder ? key : [...age, ...key];
  const db = session.db as unknown as Kysely<Record<string, OldRow>>;
  let query = db.selectFrom(kind as string).selectAll();
  for (const column of age) query = query.where(column, '<', limitOf(kind, before));
  if (kind === 'call_refs') query = query.where('correlation_id', '>=', purgedOwner(''));
  if (after) {
    const [first = ''] = order;
    query = query.where(first, '>=', after[first] as string).where((row) =>
      row.or(
        order.map((column, index): Expression<SqlBool> => {
          const same = order.slice(0, index).map((each) => row(each, '=', after[each] as string));
          return row.and([...same, row(column, '>', after[column] as string)]);
        }),
      ),
    );
  }
  for (const column of order) query = query.orderBy(column);
  return (await query.limit(limit).execute()) as OldRow[];
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

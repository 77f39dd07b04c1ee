import { type Attention, type AttentionKind, attentionKinds } from '../../domain/attention.ts';
import type { Instant } from '../../domain/call.ts';
import { fitKey } from '../fit-key.ts';
import type { Session } from '../session.ts';
import type { AttentionRow } from '../tables.ts';

export interface AttentionPageQuery {
  isOpen: boolean;
  kind?: AttentionKind;
  after?: AttentionPlace;
  limit: number;
}

/** Where a page ended: when the item was told last, or settled. */
export interface AttentionPlace {
  at: Instant;
  kind: string;
  key: string;
}

export interface AttentionPage {
  items: Attention[];
  next: AttentionPlace | null;
}

/** What is open, the most pressing kind first and of each the last told; or what is settled, the last settled first. */
export async function attentionPage(session: Session, query: AttentionPageQuery): Promise<AttentionPage> {
  const { isOpen, kind, limit } = query;
  const rows = isOpen && !kind ? await pressingFirst(session, query) : await rowsOf(session, query);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const at = (isOpen ? last?.last_at : last?.settled_at) ?? '';
  return { items: page.map(attentionItemOf), next: last ? { at, kind: last.kind, key: last.item_key } : null };
}

/** Kind after kind, from where the page before ended. */
async function pressingFirst(session: Session, { after, limit }: AttentionPageQuery): Promise<AttentionRow[]> {
  const rows: AttentionRow[] = [];
  const begun = Math.max(0, (attentionKinds as readonly string[]).indexOf(after?.kind ?? ''));
  for (const kind of attentionKinds.slice(begun)) {
    const place = after?.kind === kind && { after };
    rows.push(...(await rowsOf(session, { isOpen: true, kind, limit: limit - rows.length, ...place })));
    if (rows.length > limit) break;
  }
  return rows;
}

/** One more than the page has, to know whether there is another. */
async function rowsOf(session: Session, { isOpen, kind, after, limit }: AttentionPageQuery): Promise<AttentionRow[]> {
  const column = isOpen ? 'last_at' : 'settled_at';
  let select = session.db
    .selectFrom('attention')
    .selectAll()
    .where('settled_at', isOpen ? 'is' : 'is not', null);
  if (kind) select = select.where('kind', '=', kind);
  if (after) {
    select = select
      .where(column, '<=', after.at)
      .where((expression) =>
        expression.or([
          expression(column, '<', after.at),
          expression('kind', '<', after.kind),
          expression.and([expression('kind', '=', after.kind), expression('item_key', '<', after.key)]),
        ]),
      );
  }
  return select
    .orderBy(column, 'desc')
    .orderBy('kind', 'desc')
    .orderBy('item_key', 'desc')
    .limit(limit + 1)
    .execute();
}

/** The things of this name, of whatever kind. */
export async function attentionNamed(
  session: Session,
  input: { key: string; kind?: AttentionKind },
): Promise<Attention[]> {
  const rows = await session.db
    .selectFrom('attention')
    .selectAll()
    .where('kind', 'in', input.kind ? [input.kind] : [...attentionKinds])
    .where('item_key', '=', fitKey(input.key))
    .execute();
  return rows.map(attentionItemOf);
}

/** How many things of each kind are open, and since when. Looks at so many at most. */
export async function countAttention(
  session: Session,
  input: { most: number },
): Promise<{ kind: AttentionKind; count: number; oldestAt: Instant }[]> {
  const open = session.db
    .selectFrom('attention')
    .select(['kind', 'first_at'])
    .where('settled_at', 'is', null)
    .limit(input.most)
    .as('open');
  const rows = await session.db
    .selectFrom(open)
    .select(({ fn }) => ['kind', fn.countAll().as('count'), fn.min('first_at').as('oldest')])
    .groupBy('kind')
    .execute();
  return rows.map(({ kind, count, oldest }) => ({
    kind: kind as AttentionKind,
    count: Number(count),
    oldestAt: oldest,
  }));
}

export function attentionItemOf(row: AttentionRow): Attention {
  return {
    kind: row.kind as AttentionKind,
    key: row.item_key,
    correlationId: row.correlation_id,
    details: JSON.parse(row.details) as Record<string, string>,
    count: row.told,
    firstAt: row.first_at,
    lastAt: row.last_at,
    settledBy: row.settled_by,
    settlement: row.settlement,
    settledAt: row.settled_at,
  };
}

import type { Attention, AttentionKind } from '../../domain/attention.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Session } from '../session.ts';

/** What needs a person, the latest first. */
export async function attention(
  session: Session,
  filter: { kind?: AttentionKind; isOpen?: boolean; limit: number },
): Promise<Attention[]> {
  let query = session.db.selectFrom('attention').selectAll();
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  if (filter.isOpen !== undefined) query = query.where('settled_at', filter.isOpen ? 'is' : 'is not', null);
  const rows = await query.orderBy('last_at', 'desc').orderBy('kind').orderBy('item_key').limit(filter.limit).execute();
  return rows.map((row) => ({
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
  }));
}

/** Who did what, the latest first. */
export async function auditLog(session: Session, input: { limit: number }): Promise<AuditEntry[]> {
  const rows = await session.db
    .selectFrom('audit_log')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(input.limit)
    .execute();
  return rows.map(({ at, who, act, subject, details }) => ({
    at,
    by: who,
    act,
    subject,
    details: JSON.parse(details) as Record<string, string>,
  }));
}

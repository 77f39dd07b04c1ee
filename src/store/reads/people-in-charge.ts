import type { Attention, AttentionKind } from '../../domain/attention.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import type { Session } from '../session.ts';
import { attentionItemOf } from './attention-pages.ts';
import { auditEntryOf } from './audit.ts';

/** What needs a person, the latest first. */
export async function attention(
  session: Session,
  filter: { kind?: AttentionKind; isOpen?: boolean; limit: number },
): Promise<Attention[]> {
  let query = session.db.selectFrom('attention').selectAll();
  if (filter.kind) query = query.where('kind', '=', filter.kind);
  if (filter.isOpen !== undefined) query = query.where('settled_at', filter.isOpen ? 'is' : 'is not', null);
  const rows = await query.orderBy('last_at', 'desc').orderBy('kind').orderBy('item_key').limit(filter.limit).execute();
  return rows.map(attentionItemOf);
}

/** Who did what, the latest first. */
export async function auditLog(session: Session, input: { limit: number }): Promise<AuditEntry[]> {
  const rows = await session.db
    .selectFrom('audit_log')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(input.limit)
    .execute();
  return rows.map(auditEntryOf);
}

import type { Attention } from '../../domain/attention.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { Session } from '../session.ts';
import { attentionItemOf } from './attention-pages.ts';
import { auditEntryOf } from './audit.ts';

/** What a call gave people to do, the latest first. More than these nobody reads. */
const mostItems = 50;

export async function attentionOf(session: Session, correlationId: string): Promise<Attention[]> {
  const rows = await session.db
    .selectFrom('attention')
    .selectAll()
    .where('correlation_id', '=', fitKey(correlationId, keyLengths.name))
    .orderBy('last_at', 'desc')
    .limit(mostItems)
    .execute();
  return rows.map(attentionItemOf);
}

/** Who did what to one thing, the latest first. */
export async function auditOf(session: Session, input: { subject: string; limit: number }): Promise<AuditEntry[]> {
  const rows = await session.db
    .selectFrom('audit_log')
    .selectAll()
    .where('subject', '=', fitKey(input.subject))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(input.limit)
    .execute();
  return rows.map(auditEntryOf);
}

import type { AuditEntry } from '../../domain/audit.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { OperationContext, Session } from '../session.ts';

/** Writes down who did what. Nothing here is ever changed or deleted by the service itself. */
export async function appendAudit(trx: Session, entry: AuditEntry, context: OperationContext): Promise<void> {
  await trx.db
    .insertInto('audit_log')
    .values({
      id: `${String(written++).padStart(12, '0')}-${context.newId()}`,
      at: entry.at,
      who: fitKey(entry.by, keyLengths.name),
      act: fitKey(entry.act, keyLengths.name),
      subject: fitKey(entry.subject),
      details: JSON.stringify(entry.details),
    })
    .execute();
}

/** What this thread has written: entries of one millisecond are shown in the order in which they came. */
let written = 0;

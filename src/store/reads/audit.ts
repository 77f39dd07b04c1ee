import type { AuditEntry } from '../../domain/audit.ts';
import type { Instant } from '../../domain/call.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { Session } from '../session.ts';
import type { AuditRow } from '../tables.ts';

export interface AuditQuery {
  by?: string;
  act?: string;
  subject?: string;
  /** From one instant on, and before another. */
  from?: Instant;
  before?: Instant;
  after?: AuditPlace;
  limit: number;
}

/** Where a page ended. */
export interface AuditPlace {
  at: Instant;
  id: string;
}

export interface AuditPage {
  entries: AuditEntry[];
  next: AuditPlace | null;
}

/** Who did what, the latest first. */
export async function auditPage(session: Session, query: AuditQuery): Promise<AuditPage> {
  const { by, act, subject, from, before, after, limit } = query;
  let select = session.db.selectFrom('audit_log').selectAll();
  if (by) select = select.where('who', '=', fitKey(by, keyLengths.name));
  if (act) select = select.where('act', '=', fitKey(act, keyLengths.name));
  if (subject) select = select.where('subject', '=', fitKey(subject));
  if (from) select = select.where('at', '>=', from);
  if (before) select = select.where('at', '<', before);
  if (after) {
    select = select
      .where('at', '<=', after.at)
      .where((expression) => expression.or([expression('at', '<', after.at), expression('id', '<', after.id)]));
  }
  const rows = await select
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    entries: page.map(auditEntryOf),
    next: last ? { at: last.at, id: last.id } : null,
  };
}

/** Everybody who did something, and every kind of act, found by leaps through the indexes. */
export async function auditChoices(session: Session): Promise<{ by: string[]; acts: string[] }> {
  return { by: await leap(session, 'who'), acts: await leap(session, 'act') };
}

const mostChoices = 200;

async function leap(session: Session, column: 'who' | 'act'): Promise<string[]> {
  const values: string[] = [];
  while (values.length < mostChoices) {
    const row = await session.db
      .selectFrom('audit_log')
      .select(`${column} as value`)
      .where(column, '>', values.at(-1) ?? '')
      .orderBy(column)
      .limit(1)
      .executeTakeFirst();
    if (!row) break;
    values.push(row.value);
  }
  return values;
}

export function auditEntryOf({ at, who, act, subject, details }: AuditRow): AuditEntry {
  return { at, by: who, act, subject, details: JSON.parse(details) as Record<string, string> };
}

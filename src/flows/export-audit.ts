import { csvRow } from '../domain/csv.ts';
import type { AuditPlace, AuditQuery } from '../store/reads/audit.ts';
import type { Deps } from './deps.ts';

const pageSize = 500;
/** A file that a spreadsheet opens. */
const mostRows = 50_000;

/** Who did what as CSV with a head line, the latest first, a page in memory at a time. */
export async function* exportAudit(
  { store }: Pick<Deps, 'store'>,
  query: Omit<AuditQuery, 'after' | 'limit'>,
): AsyncGenerator<string> {
  yield `\uFEFF${csvRow(['at', 'by', 'act', 'subject', 'details'])}`;
  let after: AuditPlace | null = null;
  for (let written = 0; written < mostRows; written += pageSize) {
    const page = await store.auditPage({ ...query, limit: pageSize, ...(after && { after }) });
    const rows = page.entries.map(({ at, by, act, subject, details }) =>
      csvRow([at, by, act, subject, wordsOf(details)]),
    );
    if (rows.length > 0) yield rows.join('');
    after = page.next;
    if (!after) return;
  }
}

function wordsOf(details: Readonly<Record<string, string>>): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../../src/store/migrations/migrate.ts';
import { claimBetweenPauses } from '../../../src/store/operations/claim-between-pauses.ts';
import { claimReceipts, claimWriteBacks } from '../../../src/store/operations/claim-write-backs.ts';
import { settleSoon } from '../../../src/store/operations/settle-soon.ts';
import type { Session } from '../../../src/store/session.ts';
import { openForWriting, sqliteSession } from '../../../src/store/sqlite/sqlite-database.ts';
import { noon } from './store-cast.ts';

const later = '2026-11-20T18:00:00.000Z';
const batch = 128;
const input = { dialer: 'five9', now: noon, limit: batch, leaseMs: 1000 };
const context = { rules: {} as never, newId: () => 'claim', ignoresIdempotency: false };

const folder = mkdtempSync(join(tmpdir(), 'patchbay-plans-'));
let database: DatabaseSync;
let session: Session;

beforeAll(async () => {
  database = openForWriting(join(folder, 'patchbay.sqlite'), 1000);
  session = sqliteSession(database);
  await migrate(session);
});

afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

describe.each([
  ['rows that wait', 'pending', '', claimWriteBacks],
  ['rows whose worker is gone', 'claimed', '2026-01-01T00:00:00.000Z', claimWriteBacks],
  ['rows that wait beside a pause', 'pending', '', claimBetweenPauses],
  ['receipts', 'submitted', '', claimReceipts],
] as const)('SQLite, claiming %s', (_what, state, claimedUntil, claim) => {
  it('reads no backlog for a batch', async () => {
    addRows(state, claimedUntil || null);

    const seen = await searchesOf((trx) => claim(trx, input, context), 'update');

    expect(seen).not.toEqual([]);
    for (const search of seen) expect(search).toMatch(/\(id=\?\)$/);
  });
});

describe('SQLite, told of an import', () => {
  it('looks only among the receipts that are not due yet', async () => {
    addRows('submitted', null);

    const seen = await searchesOf((trx) => settleSoon(trx, { ...input, receipt: 'import:1', now: later }), 'update');

    expect(seen).toEqual([expect.stringMatching(/\(state=\? AND dialer=\? AND due_at>\?\)$/)]);
  });
});

function addRows(state: string, claimedUntil: string | null): void {
  database.exec('delete from write_backs');
  const columns = 'id, correlation_id, dialer, aspect, revision, target, desired, state, due_at, attempts, in_doubt';
  const values = `?, ?, 'five9', 'disposition', 1, '{"campaign":""}', '{}', ?, ?, 0, 0, 'import:1', '', '', ?, '', ?`;
  const insert = database.prepare(
    `insert into write_backs (${columns}, receipt, why, hint, created_at, claim, claimed_until) values (${values})`,
  );
  for (let index = 0; index < 2 * batch; index += 1) {
    insert.run(`id-${index}`, `call-${index}`, state, noon, noon, claimedUntil);
  }
}

/** How SQLite finds the rows of the statements that begin so, in the words of its own plans. */
async function searchesOf(work: (trx: Session) => Promise<unknown>, begin: string): Promise<string[]> {
  const asked = new Set<string>();
  await work({
    ...session,
    run(sql, values) {
      asked.add(sql);
      return session.run(sql, values);
    },
  });
  return [...asked]
    .filter((sql) => sql.startsWith(begin))
    .flatMap((sql) => database.prepare(`explain query plan ${sql}`).all())
    .map(({ detail }) => String(detail));
}

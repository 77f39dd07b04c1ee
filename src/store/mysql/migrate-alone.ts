import { setTimeout as wait } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { migrate } from '../migrations/migrate.ts';
import { tableSuffix } from '../migrations/migration.ts';
import { releaseLease, takeLease } from '../operations/leases.ts';
import { storeAway } from '../store-errors.ts';
import type { Tables } from '../tables.ts';
import { mysqlSession, runTransaction } from './run-transaction.ts';

const leaseName = 'migrate';
const ttlMs = 9_000;
const patienceMs = 25_000;
const againMs = 200;

/**
 * Brings the tables up to date while no other process does: by a lease, which holds on every node of a cluster, where a lock
 * of the server would hold on one.
 *
 * @param patient on its one connection a change may take its time
 * @param quick for the lease, which is renewed meanwhile
 */
export async function migrateAlone(patient: Kysely<Tables>, quick: Kysely<Tables>, holder: string): Promise<void> {
  await makeLeases(quick);
  const lease = { name: leaseName, holder, ttlMs };
  const take = () => runTransaction(quick, (trx) => takeLease(trx, lease));
  const end = performance.now() + patienceMs;
  while (!(await take())) {
    if (performance.now() > end) throw storeAway('another process is changing its tables');
    await wait(againMs);
  }
  const done = new AbortController();
  const renewing = renew();
  try {
    await patient.connection().execute((connection) => migrate(mysqlSession(connection)));
  } finally {
    done.abort();
    await renewing;
    // It ends by itself.
    await runTransaction(quick, (trx) => releaseLease(trx, lease)).catch(() => undefined);
  }

  async function renew(): Promise<void> {
    while (!done.signal.aborted) {
      await wait(ttlMs / 3, undefined, { signal: done.signal }).catch(() => undefined);
      if (!done.signal.aborted) await take().catch(() => undefined);
    }
  }
}

/** As the first migration makes it, which finds it there. */
async function makeLeases(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('leases')
    .ifNotExists()
    .addColumn('name', 'varchar(191)', (column) => column.notNull().primaryKey())
    .addColumn('holder', 'varchar(191)', (column) => column.notNull())
    .addColumn('fence', 'integer', (column) => column.notNull())
    .addColumn('expires_at', 'varchar(32)', (column) => column.notNull())
    .modifyEnd(tableSuffix('mysql', 'by-key'))
    .execute();
}

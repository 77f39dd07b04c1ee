import { Kysely, MysqlDialect, sql } from 'kysely';
import { createPool, type Pool } from 'mysql2';
import { fitKey, keyLengths } from '../fit-key.ts';
import { migrate, missingMigrations, notMigrated } from '../migrations/migrate.ts';
import { operations } from '../operations/index.ts';
import { hotReads, longReads } from '../reads/index.ts';
import { idsFrom, type OperationContext, type Session } from '../session.ts';
import type { StoreConfig, StoreOptions } from '../store.ts';
import { storeAway, translateStoreError } from '../store-errors.ts';
import type { StoreParts } from '../store-parts.ts';
import type { Tables } from '../tables.ts';
import { guardPool } from './guarded-pool.ts';
import { mysqlSession, runTransaction } from './run-transaction.ts';

type MysqlConfig = Extract<StoreConfig, { kind: 'mysql' }>;

const hotMs = 3000;
const longMs = 15_000;
const longPoolSize = 2;
const maxQueue = 2000;
/** Reads that may go through a whole table; the other long reads are those of one call or one page. */
const scans: ReadonlySet<keyof typeof longReads> = new Set([
  'backlog',
  'callsRegistered',
  'searchCalls',
  'countHours',
  'callChoices',
  'changedMinutes',
  'countCallsOf',
  'writeBacks',
  'countWriteBacks',
  'countLeads',
  'measure',
  'heldCalls',
  'replayable',
]);
const migrationLockSec = 25;
/** A change to a table of millions of rows takes its time; nobody is served before it is through. */
const migrationMs = 30 * 60_000;

const setup = [
  'set session transaction isolation level read committed',
  "set session innodb_lock_wait_timeout = 2, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'",
];

/** MariaDB or MySQL by mysql2: one pool for live calls and work, a small one for reads that may take long. */
export async function openMysqlStore(config: MysqlConfig, options: StoreOptions): Promise<StoreParts> {
  const hot = openPool(config, config.poolSize, hotMs);
  const long = openPool(config, longPoolSize, longMs);
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  /** Each of them has its own end in time, so this one has, too. */
  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    await Promise.allSettled(running);
    await Promise.all([hot.close(), long.close()]);
  }
  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    if (isClosed) throw storeAway('it is closed');
    const run = work();
    running.add(run);
    try {
      return await run;
    } catch (error) {
      throw translateStoreError(error);
    } finally {
      running.delete(run);
    }
  }

  try {
    await guarded(() => prepareTables(config, long.db, options.migrate ?? true));
  } catch (error) {
    await close();
    throw error;
  }

  const { rules, ignoresIdempotency } = options;
  const hotSession = mysqlSession(hot.db);
  const longSession = mysqlSession(long.db);
  const parts = {
    kind: 'mysql' as const,
    write(name: keyof typeof operations, input: unknown) {
      const operation = operations[name] as (t: Session, given: unknown, c: OperationContext) => Promise<unknown>;
      const seed = options.newId();
      return guarded(() =>
        runTransaction(hot.db, (trx) => operation(trx, input, { rules, newId: idsFrom(seed), ignoresIdempotency })),
      );
    },
    read(name: keyof typeof hotReads, input: unknown) {
      const read = hotReads[name] as (session: Session, given: unknown) => Promise<unknown>;
      return guarded(() => read(hotSession, input));
    },
    readLong(name: keyof typeof longReads, input?: unknown) {
      const read = longReads[name] as (session: Session, given: unknown) => Promise<unknown>;
      return guarded(() => read(scans.has(name) ? longSession : hotSession, input));
    },
    close,
  };
  return parts as StoreParts;
}

function openPool(config: MysqlConfig, size: number, statementMs: number) {
  const pool = createPool({
    host: config.host,
    port: config.port,
    user: config.user,
    password: config.password,
    database: config.database,
    charset: 'utf8mb4',
    connectionLimit: size,
    queueLimit: maxQueue,
    connectTimeout: hotMs,
  });
  const guard = guardPool(pool, { acquireMs: hotMs, statementMs, setup });
  const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool: guard }) });
  return { db, close: () => endPool(pool) };
}

/** A server that does not answer the farewell must not keep us. */
function endPool(pool: Pool): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, hotMs);
    pool.end(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function prepareTables(config: MysqlConfig, db: Kysely<Tables>, mayMigrate: boolean): Promise<void> {
  const missing = await missingMigrations(mysqlSession(db));
  if (missing.length === 0) return;
  if (!mayMigrate) throw notMigrated(missing);

  const patient = openPool(config, 1, migrationMs);
  try {
    await patient.db.connection().execute((connection) => migrateAlone(connection, config.database));
  } finally {
    await patient.close();
  }
}

async function migrateAlone(connection: Kysely<Tables>, database: string): Promise<void> {
  const lock = fitKey(`patchbay migrate ${database}`, keyLengths.name);
  const answer = await sql<{
    locked: number | null;
  }>`select get_lock(${lock}, ${migrationLockSec}) as locked`.execute(connection);
  if (answer.rows[0]?.locked !== 1) throw storeAway('another process is changing its tables');
  try {
    await migrate(mysqlSession(connection));
  } finally {
    await sql`do release_lock(${lock})`.execute(connection);
  }
}

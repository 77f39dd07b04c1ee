import { Kysely, MysqlDialect, sql } from 'kysely';
import { createPool, type Pool } from 'mysql2';
import type { Call, CallRef } from '../../domain/call.ts';
import { correlationRef } from '../../domain/connector.ts';
import type { Lead } from '../../domain/lead.ts';
import { gather } from '../gather.ts';
import { gatherFacts } from '../gather-facts.ts';
import { missingMigrations, notMigrated } from '../migrations/migrate.ts';
import { operations } from '../operations/index.ts';
import { callsByRefs } from '../reads/calls.ts';
import { hotReads, longReads } from '../reads/index.ts';
import { type LeadsOfPhone, leadsByPhones } from '../reads/leads.ts';
import { areOptedOut } from '../reads/opt-outs.ts';
import { contextOf, createRuleBook } from '../rule-book.ts';
import { idsFrom, type OperationContext, type Session } from '../session.ts';
import type { RecordedFact, RecordInput, StoreConfig, StoreOptions } from '../store.ts';
import { storeAway, translateStoreError } from '../store-errors.ts';
import type { StoreParts } from '../store-parts.ts';
import type { Tables } from '../tables.ts';
import { guardPool } from './guarded-pool.ts';
import { migrateAlone } from './migrate-alone.ts';
import { mysqlSession, runTransaction } from './run-transaction.ts';

type MysqlConfig = Extract<StoreConfig, { kind: 'mysql' }>;

const hotMs = 3000;
const longMs = 15_000;
const longPoolSize = 2;
const maxQueue = 2000;
/** Scripts that ask at one moment are answered by one query. */
const askedTogether = 64;
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
  'oldRows',
]);
/** A change to a table of millions of rows takes its time; nobody is served before it is through. */
const patient = { size: 1, statementMs: 30 * 60_000 };

/** MariaDB gives back what a process that stands still has locked; MySQL reads a comment. */
const idleEndsSec = 5;

/** What each connection is told first. */
export const usualSetup = [
  'set session transaction isolation level read committed',
  `set session innodb_lock_wait_timeout = 2, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00' /*M!100300 , idle_transaction_timeout = ${idleEndsSec} */`,
];
/** What one node of a cluster took is seen by who asks another right after. A MariaDB that was made for no cluster refuses it. */
const causalReads = 'set session wsrep_sync_wait = 1';

/** MariaDB or MySQL by mysql2: one pool for live calls and work, a small one for reads that may take long. */
export async function openMysqlStore(config: MysqlConfig, options: StoreOptions): Promise<StoreParts> {
  const setup = [...usualSetup];
  const hot = openPool(config, { size: config.poolSize, statementMs: hotMs, setup });
  const long = openPool(config, { size: longPoolSize, statementMs: longMs, setup });
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

  let isCluster = false;
  try {
    isCluster = await guarded(() => isOneOfMany(long.db));
    if (isCluster) {
      setup.push(causalReads);
      // The one connection that there is by now.
      await guarded(() => sql.raw(causalReads).execute(long.db));
    }
    await guarded(() => prepareTables(long.db, options, () => openPool(config, { ...patient, setup })));
  } catch (error) {
    await close();
    throw error;
  }

  const { ignoresIdempotency } = options;
  const book = createRuleBook(options.rules);
  const hotSession = mysqlSession(hot.db);
  const longSession = mysqlSession(long.db);
  function write(name: keyof typeof operations, input: unknown): Promise<unknown> {
    const operation = operations[name] as (t: Session, given: unknown, c: OperationContext) => Promise<unknown>;
    const seed = options.newId();
    return guarded(() =>
      runTransaction(
        hot.db,
        (trx) => operation(trx, input, contextOf(book, { newId: idsFrom(seed), ignoresIdempotency })),
        isCluster,
      ),
    );
  }
  const record = gatherFacts((input) => write('recordFacts', input) as Promise<RecordedFact[]>);
  const findCall = together<CallRef, Call | null>(callsByRefs);
  const findLeads = together<LeadsOfPhone, Lead[]>(leadsByPhones);
  const isOptedOut = together<string, boolean>(areOptedOut);

  /** Who asks in the same moment shares one query, begun after the last of them asked. */
  function together<Input, Result>(read: (session: Session, inputs: readonly Input[]) => Promise<Result[]>) {
    return gather<Input, Result>((inputs) => guarded(() => read(hotSession, inputs)), askedTogether);
  }
  const parts = {
    kind: 'mysql' as const,
    write: (name: keyof typeof operations, input: unknown) =>
      name === 'recordFacts' ? record(input as RecordInput) : write(name, input),
    read(name: keyof typeof hotReads, input: unknown) {
      if (name === 'callByRef') return findCall(input as CallRef);
      if (name === 'callById') return findCall(correlationRef(input as string));
      if (name === 'leadsByPhone') return findLeads(input as LeadsOfPhone);
      if (name === 'isOptedOut') return isOptedOut(input as string);
      const read = hotReads[name] as (session: Session, given: unknown) => Promise<unknown>;
      return guarded(() => read(hotSession, input));
    },
    readLong(name: keyof typeof longReads, input?: unknown) {
      const read = longReads[name] as (session: Session, given: unknown) => Promise<unknown>;
      return guarded(() => read(scans.has(name) ? longSession : hotSession, input));
    },
    useRules: book.use,
    close,
  };
  return parts as StoreParts;
}

/** @param limits `setup` may grow: each new connection runs what it has by then */
function openPool(config: MysqlConfig, limits: { size: number; statementMs: number; setup: readonly string[] }) {
  const { size, statementMs, setup } = limits;
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

/** Whether the server is a node of a Galera cluster. MySQL does not know the word, and gives no row. */
async function isOneOfMany(db: Kysely<Tables>): Promise<boolean> {
  const query = sql<{ Value: string }>`show variables like 'wsrep_on'`;
  const [row] = (await query.execute(db)).rows;
  return row?.Value === 'ON';
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

async function prepareTables(
  db: Kysely<Tables>,
  { migrate = true, newId }: StoreOptions,
  openPatient: () => ReturnType<typeof openPool>,
): Promise<void> {
  const missing = await missingMigrations(mysqlSession(db));
  if (missing.length === 0) return;
  if (!migrate) throw notMigrated(missing);

  const pool = openPatient();
  try {
    await migrateAlone(pool.db, db, newId());
  } finally {
    await pool.close();
  }
}

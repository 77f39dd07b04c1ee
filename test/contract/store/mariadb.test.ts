import { setTimeout as wait } from 'node:timers/promises';
import { Kysely, MysqlDialect } from 'kysely';
import { createPool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorError } from '../../../src/domain/errors.ts';
import { usualSetup } from '../../../src/store/mysql/open-mysql-store.ts';
import { runTransaction } from '../../../src/store/mysql/run-transaction.ts';
import { lockOnEachNode } from '../../../src/store/operations/lock-on-each-node.ts';
import type { StoreConfig } from '../../../src/store/store.ts';
import type { Tables } from '../../../src/store/tables.ts';
import { eventually } from '../../support/eventually.ts';
import { freeze } from '../../support/freeze.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';
import { readyMysql } from './ready-databases.ts';
import {
  adasNumber,
  callerCode,
  callWithOutcome,
  committed,
  entry,
  later,
  noon,
  openTestStore,
  ours,
  record,
  registered,
} from './store-cast.ts';
import { describeStoreContract } from './store-contract.ts';

let server: PrivateMariaDb;
let count = 0;

beforeAll(async () => {
  server = await startPrivateMariaDb();
}, 120_000);
afterAll(async () => {
  process.kill(server.pid, 'SIGCONT');
  await server.stop();
});

async function newDatabase(): Promise<Extract<StoreConfig, { kind: 'mysql' }>> {
  count += 1;
  const database = `store_${count}`;
  await server.createDatabase(database);
  const { host, port, user, password } = server;
  return { kind: 'mysql', host, port, user, password, database, poolSize: 4 };
}

const readyDatabase = readyMysql(newDatabase);

describeStoreContract('MariaDB', { create: newDatabase, ready: readyDatabase });

describe('MariaDB, frozen', () => {
  it('lets every promise end, and is used again when it goes on', async () => {
    const store = await openTestStore(await readyDatabase());
    await record(store, registered('V1'));

    await freeze(server.pid);
    const startedAt = performance.now();
    const answers = await Promise.all(
      [
        ...Array.from({ length: 12 }, (_, index) => record(store, registered(`F${index}`))),
        store.callByRef(callerCode('V1')),
        store.factsOf('x'),
        store.ping(),
      ].map((answer) =>
        answer.then(
          () => 'answered',
          (error: ConnectorError) => error,
        ),
      ),
    );
    const tookMs = performance.now() - startedAt;
    process.kill(server.pid, 'SIGCONT');

    for (const answer of answers) expect(answer).toMatchObject({ code: 'store_away', retryable: true });
    expect(tookMs).toBeLessThan(9000);
    const result = await eventually(() => record(store, registered('F1')), 10_000);
    expect(result.call.isRegistered).toBe(true);
    await store.close();
  }, 40_000);
});

describe('MariaDB, with many writers', () => {
  it('takes back what a process that stands still in the middle of its work has locked', async () => {
    const config = await readyDatabase();
    const store = await openTestStore(config);
    const id = await callWithOutcome(store, 'V1', 'sale');
    const standing = await createConnection({ ...login(), database: config.database });
    standing.on('error', () => undefined);
    for (const statement of usualSetup) await standing.query(statement);
    await standing.query('begin');
    await standing.query('select * from calls where correlation_id = ? for update', [id]);

    const recorded = await eventually(() => record(store, registered('V1')), 15_000);

    expect(recorded.call.correlationId).toBe(id);
    standing.destroy();
    await store.close();
  }, 40_000);

  it('covers a lead that is being saved in the moment in which its number is opted out', async () => {
    const config = await readyDatabase();
    const store = await openTestStore(config);
    const { host, port, user, password } = server;
    const sync = await createConnection({ host, port, user, password, database: config.database });
    await sync.beginTransaction();
    await sync.query(
      "INSERT INTO leads (dialer, lead_key, list, campaign, phones, fields, changed_at, saved_at) VALUES ('vicidial', '8', '101', 'SPRING', '[]', '{}', ?, ?)",
      [noon, noon],
    );
    await sync.query("INSERT INTO lead_phones VALUES (?, 'vicidial', '8')", [adasNumber]);

    const id = await callWithOutcome(store, 'V1', 'opt_out');
    await sync.commit();
    const atOnce = await store.replan({ now: noon });
    const later = await store.replan({ now: '2026-11-21T12:02:00.000Z' });

    const wishes = (await store.writeBacksOf(id)).filter(
      ({ aspect, dialer }) => `${aspect} ${dialer}` === 'dnc vicidial',
    );
    expect([atOnce, later]).toEqual([0, 1]);
    expect(wishes.at(-1)?.desired).toMatchObject({ leads: ['8'] });
    await sync.end();
    await store.close();
  });

  it('loses no fact and no wish when many processes write about the same calls', async () => {
    const config = await newDatabase();
    const stores = await Promise.all([openTestStore(config), openTestStore(config), openTestStore(config)]);
    const ids = await Promise.all(['V1', 'V2'].map((key) => callWithOutcome(stores[0], key, 'sale')));

    await Promise.all(
      stores.flatMap((store, index) =>
        ids.flatMap((id) => [
          record(store, entry([ours(id)], `note:${index}`, { kind: 'started' })),
          record(store, entry([ours(id)], `commit:${index}`, committed('not_interested'), { at: later })),
        ]),
      ),
    );

    for (const id of ids) {
      expect(await stores[0].factsOf(id)).toHaveLength(8);
      const dispositions = (await stores[0].writeBacksOf(id)).filter((row) => row.aspect === 'disposition');
      expect(dispositions.map((row) => row.state)).toEqual(['superseded', 'pending']);
    }
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe('a cluster of several servers', () => {
  it('can hold each table: a primary key, no numbering of its own, and InnoDB', async () => {
    const config = await readyDatabase();
    const connection = await createConnection({ ...login(), database: 'information_schema' });
    const { database } = config;

    const [tables] = await connection.query(
      `select table_name as name, engine, (select count(*) from table_constraints as keys_
         where keys_.table_schema = tables.table_schema and keys_.table_name = tables.table_name
           and keys_.constraint_type = 'PRIMARY KEY') as primary_keys,
        (select count(*) from columns where columns.table_schema = tables.table_schema
           and columns.table_name = tables.table_name and columns.extra like '%auto_increment%') as numbered
       from tables where table_schema = ?`,
      [database],
    );
    await connection.end();

    const odd = (tables as { name: string; engine: string; primary_keys: number; numbered: number }[]).filter(
      ({ engine, primary_keys, numbered }) => engine !== 'InnoDB' || primary_keys !== 1 || numbered !== 0,
    );
    expect(odd).toEqual([]);
    expect((tables as unknown[]).length).toBeGreaterThan(10);
  });

  it('is not asked to wait for other servers where it is alone: not each one knows the word', async () => {
    const connection = await createConnection({ ...login(), database: 'mysql' });
    await connection.query("set global log_output = 'TABLE', general_log = 1");

    const store = await openTestStore(await newDatabase());
    await Promise.all([record(store, registered('V1')), store.countLeads()]);
    await store.close();

    await connection.query('set global general_log = 0');
    const [told] = await connection.query("select argument from general_log where argument like 'set session %'");
    await connection.end();
    const statements = (told as { argument: Buffer | string }[]).map(({ argument }) => String(argument));
    expect(statements.some((text) => text.includes('sql_mode'))).toBe(true);
    expect(statements.filter((text) => text.includes('wsrep'))).toEqual([]);
  });

  it('keeps others off a name until the transaction is through, and leaves nothing behind', async () => {
    const config = await readyDatabase();
    await openTestStore(config);
    const pool = createPool({ ...login(), database: config.database });
    const db = new Kysely<Tables>({ dialect: new MysqlDialect({ pool }) });
    const order: string[] = [];
    const isHeld = Promise.withResolvers<void>();

    const first = runTransaction(db, async (trx) => {
      await lockOnEachNode(trx, ['call:a', 'call:b']);
      isHeld.resolve();
      // Long enough that the other one would be through, if it did not wait.
      await wait(300);
      order.push('first');
    });
    await isHeld.promise;
    await runTransaction(db, async (trx) => {
      await lockOnEachNode(trx, ['call:b']);
      order.push('second');
    });
    await first;
    const left = await db.selectFrom('leases').selectAll().execute();
    await db.destroy();

    expect(order).toEqual(['first', 'second']);
    expect(left.filter(({ name }) => name.startsWith('call:'))).toEqual([]);
  });
});

function login() {
  const { host, port, user, password } = server;
  return { host, port, user, password };
}

import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { StoreConfig } from '../../../src/store/store.ts';
import { openTestStore } from './store-cast.ts';

// Databases with the tables of this release and nothing in them, for the many tests to which their making is all the same.

type Sqlite = Extract<StoreConfig, { kind: 'sqlite' }>;
type Mysql = Extract<StoreConfig, { kind: 'mysql' }>;

/** @param newFile gives a file that is not there yet. Each call of the answer makes another one ready. */
export function readySqlite(newFile: () => Sqlite): () => Promise<Sqlite> {
  let made: Promise<Sqlite> | undefined;

  return async () => {
    made ??= makeTables(newFile());
    const template = await made;
    const config = newFile();
    mkdirSync(dirname(config.file), { recursive: true });
    copyFileSync(template.file, config.file);
    return config;
  };
}

/** One and the same each time, emptied: its some forty tables take the server a second. @param newDatabase gives a bare one */
export function readyMysql(newDatabase: () => Promise<Mysql>): () => Promise<Mysql> {
  let made: Promise<Mysql> | undefined;

  return async () => {
    made ??= newDatabase().then(makeTables);
    const config = await made;
    await empty(config);
    return config;
  };
}

async function makeTables<C extends StoreConfig>(config: C): Promise<C> {
  await (await openTestStore(config)).close();
  return config;
}

async function empty({ host, port, user, password, database }: Mysql): Promise<void> {
  const connection = await createConnection({ host, port, user, password, database, multipleStatements: true });
  const [tables] = await connection.query<RowDataPacket[]>(
    "select table_name as name from information_schema.tables where table_schema = ? and table_name <> 'schema_migrations'",
    [database],
  );
  await connection.query(tables.map(({ name }) => connection.format('delete from ??', [name])).join(';'));
  await connection.end();
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { startPrivateMariaDb } from '../../support/private-mariadb.ts';

export type StoreKind = 'sqlite' | 'mysql';

/** The service's database, which can be made to refuse what it is told, and to say so in full. */
export interface PlantedStore {
  /** Of a server; undefined for a file. */
  port?: number;
  /** From now on every fact is refused, with the row in the words of the refusal. */
  refuseRows(): Promise<void>;
  /** From now on the service's log-in is refused; a file can not do that. */
  denyLogIn(): Promise<void>;
  /** All that is in it, as it lies. */
  read(): Promise<string>;
  stop(): Promise<void>;
}

export function startPlantedStore(kind: StoreKind, folder: string, password: string): Promise<PlantedStore> {
  return kind === 'mysql' ? startServer(password) : startFile(folder);
}

async function startFile(folder: string): Promise<PlantedStore> {
  return {
    async refuseRows() {
      const database = new DatabaseSync(join(folder, 'patchbay.sqlite'), { timeout: 10_000 });
      const quoted = "json_extract('no json: ' || new.body, '$.' || new.body)";
      database.exec(`create trigger gossip before insert on facts begin select ${quoted}; end`);
      database.close();
    },
    denyLogIn: async () => {},
    async read() {
      const files = ['patchbay.sqlite', 'patchbay.sqlite-wal'].map((name) =>
        readFileSync(join(folder, name), 'latin1'),
      );
      return files.join('\n');
    },
    stop: async () => {},
  };
}

async function startServer(password: string): Promise<PlantedStore> {
  const server = await startPrivateMariaDb();
  await server.createDatabase('planted');
  const connected = () => {
    const { host, port, user } = server;
    return createConnection({ host, port, user, password: server.password, database: 'planted' });
  };
  const ask = async (...statements: string[]) => {
    const connection = await connected();
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };
  await ask(
    `create user keeper@'127.0.0.1' identified by '${password}'`,
    "grant all on planted.* to keeper@'127.0.0.1'",
  ).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    port: server.port,
    refuseRows: () =>
      ask(`create trigger gossip before insert on facts for each row begin
        declare told varchar(128) default left(new.body, 128);
        signal sqlstate '45000' set message_text = told;
      end`),
    denyLogIn: () => ask("alter user keeper@'127.0.0.1' identified by 'another'", 'kill hard user keeper'),
    async read() {
      const connection = await connected();
      const [tables] = await connection.query<RowDataPacket[]>('show tables');
      const rows: unknown[] = [];
      for (const table of tables.flatMap((row) => Object.values(row))) {
        rows.push((await connection.query('select * from ??', [table]))[0]);
      }
      await connection.end();
      return JSON.stringify(rows);
    },
    stop: server.stop,
  };
}

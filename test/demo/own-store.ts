import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';

/** Patchbay's own database in the world. */
export interface OwnStore {
  /** The section `store` of the configuration. */
  section: { kind: 'sqlite'; file: string } | MysqlSection;
  /** Its server, to be stopped or frozen without VICIdial's; null with SQLite. */
  server: PrivateMariaDb | null;
  /** Rows of a query, for a look from outside. */
  read(sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

interface MysqlSection {
  kind: 'mysql';
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export async function startOwnStore(kind: 'sqlite' | 'mysql', folder: string): Promise<OwnStore> {
  return kind === 'sqlite' ? ownFile(`${folder}/patchbay.sqlite`) : await ownServer();
}

function ownFile(file: string): OwnStore {
  return {
    section: { kind: 'sqlite', file },
    server: null,
    async read(sql) {
      const database = new DatabaseSync(file, { readOnly: true });
      try {
        return database.prepare(sql).all();
      } finally {
        database.close();
      }
    },
    stop: async () => undefined,
  };
}

async function ownServer(): Promise<OwnStore> {
  const server = await startPrivateMariaDb();
  const { host, port, user, password } = server;
  const section: MysqlSection = { kind: 'mysql', host, port, user, password, database: 'patchbay' };
  await server.createDatabase(section.database);
  return {
    section,
    server,
    async read(sql) {
      const connection = await createConnection({ host, port, user, password, database: section.database });
      try {
        const [rows] = await connection.query(sql);
        return rows as Record<string, unknown>[];
      } finally {
        await connection.end();
      }
    },
    stop: () => server.stop(),
  };
}

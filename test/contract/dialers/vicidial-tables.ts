import { readFileSync } from 'node:fs';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { VicidialConfig, vicidial } from '../../../connectors/vicidial/index.ts';
import type { VicidialReads } from '../../../connectors/vicidial/reads.ts';
import { openDatabase, type VicidialDatabase } from '../../../connectors/vicidial/tables/database.ts';
import { tableReads } from '../../../connectors/vicidial/tables/table-reads.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import { noDialling } from '../../support/no-dialling.ts';
import { startPrivateMariaDb } from '../../support/private-mariadb.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { startTcpGate } from './tcp-gate.ts';

const reader = { user: 'patchbay_read', password: 'readerPass77' };

type Cell = string | number | null;

/** VICIdial's tables alone, filled by hand: what the connector reads out of them, without a dialer that runs. */
export interface VicidialTables {
  clock: HandClock;
  config: VicidialConfig;
  dialer: Dialer;
  database: VicidialDatabase;
  reads: VicidialReads;
  /** The name of the connector's user in the database. */
  reader: string;
  insert(table: string, ...rows: Readonly<Record<string, Cell>>[]): Promise<void>;
  sql(statement: string, values?: readonly Cell[]): Promise<Record<string, string | null>[]>;
  empty(...tables: string[]): Promise<void>;
  /** Cuts the connector off from the database, and lets it in again. */
  shut(): void;
  open(): void;
  stop(): Promise<void>;
}

/** @param at the connector's time, by a clock moved by hand */
export async function startVicidialTables(at: string): Promise<VicidialTables> {
  const clock = handClock(at);
  const server = await startPrivateMariaDb();
  await server.createDatabase('asterisk');
  const { host, port, user, password } = server;
  const side = await createConnection({
    ...{ host, port, user, password, database: 'asterisk' },
    multipleStatements: true,
    typeCast: (field) => field.string(),
  });
  await side.query("SET sql_mode = ''");
  await side.query(readFileSync(new URL('../../simulators/vicidial/schema.sql', import.meta.url), 'utf8'));
  await side.query('CREATE USER ?@? IDENTIFIED BY ?', [reader.user, '127.0.0.1', reader.password]);
  await side.query('GRANT SELECT ON asterisk.* TO ?@?', [reader.user, '127.0.0.1']);

  const gate = await startTcpGate(port);
  const place = { host, port: gate.port, ...reader, name: 'asterisk', timeoutMs: 5000 };
  const config = VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'patchbay', pass: 'apiPass77' },
    database: place,
    timeZone: 'America/Denver',
    customFields: ['plan'],
  });
  const dialer = vicidial.create('vicidial', config, depsWith(clock));
  const database = openDatabase(place);

  return {
    clock,
    config,
    dialer,
    database,
    reads: tableReads({ id: 'vicidial', config, database, clock }),
    reader: reader.user,
    async insert(table, ...rows) {
      for (const row of rows) await side.query('INSERT INTO ?? SET ?', [table, row]);
    },
    async sql(statement, values = []) {
      const [rows] = await side.query<RowDataPacket[]>(statement, [...values]);
      return Array.isArray(rows) ? (rows as Record<string, string | null>[]) : [];
    },
    async empty(...tables) {
      for (const table of tables) await side.query('DELETE FROM ??', [table]);
    },
    shut: () => gate.shut(),
    open: () => gate.open(),
    async stop() {
      await dialer.close();
      await database.close();
      await side.end();
      await gate.stop();
      await server.stop();
    },
  };
}

/** Silent, and without a store: these tests only read. */
function depsWith(clock: HandClock): ConnectorDeps {
  const silent = () => undefined;
  const unused = () => Promise.reject(new Error('not used by these tests'));
  return {
    clock,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    newId: () => 'id',
    random: () => 0.5,
    hashNumber: () => 'hashed',
    publicUrl: 'https://patchbay.example.com',
    ignoresIdempotency: false,
    failAt: () => undefined,
    recordFacts: unused,
    registerCall: unused,
    readCursor: unused,
    writeCursor: unused,
    withLease: unused,
    nudge: silent,
    settleSoon: unused,
    describeCalls: unused,
    backlog: unused,
    isOptedOut: unused,
    mayCall: unused,
    dialling: noDialling,
    takenBackAt: () => null,
    inboundCallUrls: () => [],
    promptWords: () => ({ headers: [], outcomes: [] }),
  };
}

import { createServer } from 'node:http';
import { createConnection } from 'mysql2/promise';
import type { Clock } from '../../../../src/domain/clock.ts';
import { madeUpApiUser } from '../../../simulators/vicidial/made-up-site.ts';
import {
  startVicidialSimulator,
  type VicidialOptions,
  type VicidialSimulator,
} from '../../../simulators/vicidial/vicidial-simulator.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../../support/private-mariadb.ts';
import { startFastClock } from './fast-clock.ts';

export interface TestSite {
  simulator: VicidialSimulator;
  /** The server of VICIdial's tables, to be killed. */
  database: PrivateMariaDb;
  clock: Clock;
  /** Asks the tables, as VICIdial's own scripts do. */
  sql(statement: string, values?: readonly (string | number)[]): Promise<Record<string, unknown>[]>;
  /** Posts one API function with the made-up site's account; gives the answer's text. */
  api(parameters: Record<string, string>, path?: string): Promise<string>;
  stop(): Promise<void>;
}

/** A simulated VICIdial on a private MariaDB, with a clock that runs a hundred times as fast unless one is given. */
export async function startSite(options: Partial<VicidialOptions> = {}): Promise<TestSite> {
  const database = await startPrivateMariaDb();
  await database.createDatabase('asterisk');
  const { host, port, user, password } = database;
  const clock = options.clock ?? startFastClock(Date.parse('2026-01-14T15:00:00.000Z'), 100);
  const simulator = await startVicidialSimulator({
    clock,
    database: { host, port, user, password, name: 'asterisk' },
    serverZone: 'America/New_York',
    ...options,
  });
  return {
    simulator,
    database,
    clock,
    async sql(statement, values = []) {
      const connection = await createConnection({ host, port, user, password, database: 'asterisk' });
      const [rows] = await connection.query(statement, [...values]);
      await connection.end();
      return rows as Record<string, unknown>[];
    },
    async api(parameters, path = '/vicidial/non_agent_api.php') {
      const response = await fetch(`${simulator.url}${path}`, {
        method: 'POST',
        body: new URLSearchParams({ source: 'test', ...madeUpApiUser, ...parameters }),
        signal: AbortSignal.timeout(1000),
      });
      return `${response.status === 200 ? '' : `${response.status} `}${(await response.text()).trim()}`;
    },
    async stop() {
      await simulator.stop();
      await database.stop();
    },
  };
}

export interface StandIn {
  url: string;
  requests: { path: string; query: URLSearchParams; authorization: string; body: string }[];
  stop(): Promise<void>;
}

/** A tiny HTTP server in place of the connector and of the AI platform. */
export async function startStandIn(reply: (path: string) => { status?: number; body: string }): Promise<StandIn> {
  const requests: StandIn['requests'] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({
      path: url.pathname,
      query: url.searchParams,
      authorization: request.headers.authorization ?? '',
      body: Buffer.concat(chunks).toString(),
    });
    const { status = 200, body } = reply(url.pathname);
    response.writeHead(status).end(body);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

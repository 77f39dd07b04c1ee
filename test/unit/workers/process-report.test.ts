import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import { type App, createApp } from '../../../src/app.ts';
import { createProcessReporter } from '../../../src/workers/process-report.ts';
import { eventually } from '../../support/eventually.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';

let folder: string;
let mariadb: PrivateMariaDb;
let app: App;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-report-'));
  mariadb = await startPrivateMariaDb();
  await mariadb.createDatabase('patchbay');
  const { host, port, user, password } = mariadb;
  const registry = { dialers: [], platforms: [] };
  const config = configSchema(registry).parse({
    store: { kind: 'mysql', host, port, user, password, database: 'patchbay' },
    spool: { folder: join(folder, 'spool') },
    secret: 'a-secret-of-this-test',
  });
  app = await createApp({ config, registry, logger: pino({ level: 'silent' }) });
}, 120_000);
afterAll(async () => {
  await app.stop(0);
  await mariadb.stop();
  rmSync(folder, { recursive: true });
}, 30_000);

it('shows that the store is away, and that it is back, though no call asks it', { timeout: 60_000 }, async () => {
  const { deps } = app;
  const reporter = createProcessReporter(() => deps, { pauseMs: 50 });
  const told = async () => (await deps.store.processes()).map(({ id }) => id);

  reporter.start();
  await eventually(async () => expect(await told()).toEqual([deps.ownProcess.id]));
  await mariadb.kill();
  await eventually(() => expect(deps.gate.isAway()).toBe(true), 20_000);
  await mariadb.bringBack();
  await eventually(() => expect(deps.gate.isAway()).toBe(false), 20_000);
  await reporter.stop();

  expect(await told()).toEqual([]);
});

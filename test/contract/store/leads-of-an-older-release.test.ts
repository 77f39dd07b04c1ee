import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import type { StoreConfig } from '../../../src/store/store.ts';
import { startPrivateMariaDb } from '../../support/private-mariadb.ts';
import { ada, noon, openTestStore } from './store-cast.ts';

/** Of the reads of a page or an export. */
const longestStatementMs = 15_000;

/** What takes a store back to before leads were found by their place. */
const older = [
  'drop index leads_by_postal_code',
  'alter table leads drop column postal_code',
  "delete from schema_migrations where id = '0004-people-in-charge'",
];
const leads = [
  ada({ fields: { last_name: 'Lovelace', postal_code: '80202-1234' } }),
  ada({ key: '8', fields: { last_name: 'Lovelace', postal_code: 'k1a 0b1' } }),
  ada({ key: '9', fields: { last_name: 'Lovelace' } }),
];

async function findsAfter(config: StoreConfig, goBack: () => Promise<void>): Promise<string[][]> {
  const before = await openTestStore(config);
  await before.saveLeads(leads, noon);
  await before.close();
  await goBack();

  const store = await openTestStore(config);
  const found = await Promise.all(
    ['80202', 'K1A0B1', '80203'].map((postalCode) => store.leadsByPlace({ postalCode, lastName: 'lovelace' })),
  );
  await store.close();
  return found.map((each) => each.leads.map(({ key }) => key));
}

it('are found by their place after the upgrade, on SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-older-'));
  const file = join(folder, 'store.sqlite');
  try {
    const found = await findsAfter({ kind: 'sqlite', file }, async () => {
      const database = new DatabaseSync(file);
      for (const statement of older) database.exec(statement);
      database.close();
    });

    expect(found).toEqual([['7'], ['8'], []]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('are upgraded also where a change to their table takes longer than a statement may otherwise', async () => {
  const server = await startPrivateMariaDb();
  try {
    await server.createDatabase('older');
    const { host, port, user, password } = server;
    const place = { host, port, user, password, database: 'older' };
    const holder = await createConnection(place);
    const found = await findsAfter({ kind: 'mysql', ...place, poolSize: 2 }, async () => {
      const [dropIndex, ...others] = older;
      for (const statement of [`${dropIndex} on leads`, ...others]) await holder.query(statement);
      // As a table of millions would: the change waits for whoever still reads.
      await holder.query('begin');
      await holder.query('select count(*) from leads');
      setTimeout(() => void holder.query('commit'), longestStatementMs + 500);
    });
    await holder.end();

    expect(found).toEqual([['7'], ['8'], []]);
  } finally {
    await server.stop();
  }
}, 60_000);

it('are found by their place after the upgrade, on MariaDB', async () => {
  const server = await startPrivateMariaDb();
  try {
    await server.createDatabase('older');
    const { host, port, user, password } = server;
    const place = { host, port, user, password, database: 'older' };
    const found = await findsAfter({ kind: 'mysql', ...place, poolSize: 2 }, async () => {
      const connection = await createConnection(place);
      const [dropIndex, ...others] = older;
      for (const statement of [`${dropIndex} on leads`, ...others]) await connection.query(statement);
      await connection.end();
    });

    expect(found).toEqual([['7'], ['8'], []]);
  } finally {
    await server.stop();
  }
}, 60_000);

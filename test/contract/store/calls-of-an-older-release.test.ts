import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import type { CallSearch } from '../../../src/domain/call-search.ts';
import type { StoreConfig } from '../../../src/store/store.ts';
import { startPrivateMariaDb } from '../../support/private-mariadb.ts';
import { keepCounts } from './counting.ts';
import { callWithOutcome, entry, later, noon, openTestStore, ours, record, registered } from './store-cast.ts';

/** What takes a store back to before calls could be searched by their outcome. */
const older = [
  "update calls set person = ''",
  'alter table calls drop column outcome_code',
  'alter table calls drop column changed_at',
  'drop table call_hours',
  "delete from schema_migrations where id = '0005-console'",
];

async function foundAfter(config: StoreConfig, goBack: () => Promise<void>) {
  const before = await openTestStore(config);
  const sold = await callWithOutcome(before, 'V1', 'sale');
  const human = { kind: 'dispositioned', dialer: 'vicidial', disposition: 'SALE', by: 'grace' } as const;
  await record(before, entry([ours(sold)], 'grace', human, { source: 'vicidial' }));
  const open = (await record(before, registered('V2'))).call.correlationId;
  await before.close();
  await goBack();

  const store = await openTestStore(config);
  try {
    const found = async (search: Pick<CallSearch, 'outcome' | 'person'>) =>
      (await store.searchCalls({ ...search, limit: 10 })).calls.map(({ correlationId }) => correlationId);
    await keepCounts(store, later);
    const searched = { none: await found({ outcome: '' }), grace: await found({ person: 'grace' }) };
    const counted = await store.countHours({ from: noon, before: later, by: ['outcome'] });
    return { wanted: { none: [open], grace: [sold] }, searched, counted: counted.map(({ calls }) => calls) };
  } finally {
    await store.close();
  }
}

it('are searched and counted after the upgrade by what was told of them, on SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-older-'));
  const file = join(folder, 'store.sqlite');
  try {
    const { wanted, searched, counted } = await foundAfter({ kind: 'sqlite', file }, async () => {
      const database = new DatabaseSync(file);
      for (const statement of ['drop index calls_changed', 'drop index calls_by_time_and_marks', ...older])
        database.exec(statement);
      database.close();
    });

    expect(searched).toEqual(wanted);
    expect(counted).toEqual([1, 1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

it('are searched and counted after the upgrade by what was told of them, on MariaDB', async () => {
  const server = await startPrivateMariaDb();
  try {
    await server.createDatabase('older');
    const { host, port, user, password } = server;
    const place = { host, port, user, password, database: 'older' };
    const { wanted, searched, counted } = await foundAfter({ kind: 'mysql', ...place, poolSize: 2 }, async () => {
      const connection = await createConnection(place);
      for (const statement of [
        'drop index calls_changed on calls',
        'drop index calls_by_time_and_marks on calls',
        ...older,
      ])
        await connection.query(statement);
      await connection.end();
    });

    expect(searched).toEqual(wanted);
    expect(counted).toEqual([1, 1]);
  } finally {
    await server.stop();
  }
}, 60_000);

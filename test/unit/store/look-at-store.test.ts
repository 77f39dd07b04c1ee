import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAtStore } from '../../../src/store/look-at-store.ts';
import type { StoreConfig } from '../../../src/store/store.ts';
import { openTestStore } from '../../contract/store/store-cast.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-look-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a look at a store that is a file', () => {
  it('finds none, and makes none', async () => {
    expect(await lookAtStore({ kind: 'sqlite', file: join(folder, 'not', 'there.sqlite') })).toEqual({ kind: 'new' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('finds one that is ready, one of an earlier version, and one of a later one', async () => {
    const file = join(folder, 'store.sqlite');
    await (await openTestStore({ kind: 'sqlite', file })).close();
    const ready = await lookAtStore({ kind: 'sqlite', file });
    const database = new DatabaseSync(file);
    database.exec('delete from schema_migrations where id = (select max(id) from schema_migrations)');
    const old = await lookAtStore({ kind: 'sqlite', file });
    database.exec("insert into schema_migrations (id, applied_at) values ('9999-of-the-future', '')");
    database.close();
    const newer = await lookAtStore({ kind: 'sqlite', file });

    expect(ready).toEqual({ kind: 'ready' });
    expect(old).toMatchObject({ kind: 'old', missing: [expect.any(String)] });
    expect(newer).toMatchObject({ kind: 'broken', hint: expect.stringContaining('Run that version or a later one') });
  });

  it('finds a file that is something else', async () => {
    const file = join(folder, 'letter.txt');
    writeFileSync(file, 'Dear Ada, this is a letter. '.repeat(40));

    expect(await lookAtStore({ kind: 'sqlite', file })).toMatchObject({ kind: 'broken', hint: expect.any(String) });
  });
});

describe('a look at a store that is a server', () => {
  let mariadb: PrivateMariaDb;
  let config: Extract<StoreConfig, { kind: 'mysql' }>;
  beforeAll(async () => {
    mariadb = await startPrivateMariaDb();
    await mariadb.createDatabase('patchbay_look');
    const { host, port, user, password } = mariadb;
    config = { kind: 'mysql', host, port, user, password, database: 'patchbay_look', poolSize: 2 };
  }, 180_000);
  afterAll(() => mariadb?.stop());

  it('finds it empty, and then ready, and changes nothing', async () => {
    const first = await lookAtStore(config);
    const again = await lookAtStore(config);
    await (await openTestStore(config)).close();

    expect([first, again, await lookAtStore(config)]).toEqual([{ kind: 'new' }, { kind: 'new' }, { kind: 'ready' }]);
  });

  it.each([
    ['the password is wrong', { password: 'of somebody else' }],
    ['the database is not there', { database: 'patchbay_nowhere' }],
    ['nobody listens', { port: 1 }],
  ])('says that it is broken when %s', async (_what, change) => {
    const state = await lookAtStore({ ...config, ...change });

    expect(state).toMatchObject({ kind: 'broken', hint: expect.any(String) });
    expect(JSON.stringify(state)).not.toContain(config.password);
  });

  it('waits for a frozen server for a few seconds only', async () => {
    process.kill(mariadb.pid, 'SIGSTOP');
    const startedAt = performance.now();
    const state = await lookAtStore(config).finally(() => process.kill(mariadb.pid, 'SIGCONT'));

    expect(state.kind).toBe('broken');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

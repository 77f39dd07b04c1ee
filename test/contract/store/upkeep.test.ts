import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lookAtStore } from '../../../src/store/look-at-store.ts';
import { copySpool } from '../../../src/store/spool/copy-spool.ts';
import type { Store, StoreConfig } from '../../../src/store/store.ts';
import { backUpSqlite, checkBackup } from '../../../src/store/upkeep/back-up.ts';
import { checkDump, isDump } from '../../../src/store/upkeep/check-dump.ts';
import { moveStore } from '../../../src/store/upkeep/move-store.ts';
import { openMysqlTarget } from '../../../src/store/upkeep/mysql-target.ts';
import { putBack } from '../../../src/store/upkeep/put-back.ts';
import { mustNotRun } from '../../../src/store/upkeep/sqlite-source.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';
import { ada, callerCode, callWithOutcome, claim, noon, openTestStore, record, registered } from './store-cast.ts';

/** 100000 take some minutes. */
const movedCalls = Number(process.env.PATCHBAY_MOVED_CALLS ?? 300);
const callsAtOnce = 100;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-upkeep-'));
  file = join(folder, 'store.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a backup of a file', () => {
  it('is taken while calls come in: whole, with all that was acknowledged before it and what lay in the spool', async () => {
    const store = await openTestStore({ kind: 'sqlite', file });
    const spool = join(folder, 'spool');
    mkdirSync(spool);
    writeFileSync(join(spool, 'entry'), 'kept');
    const acknowledged: string[] = [];
    let isOver = false;
    const writing = (async () => {
      for (let count = 0; !isOver; count += 1) {
        await record(store, registered(`V${count}`));
        acknowledged.push(`V${count}`);
      }
    })();
    while (acknowledged.length < 20) await new Promise(setImmediate);
    const before = [...acknowledged];

    await backUpSqlite({ file, spool, to: join(folder, 'backup') });
    isOver = true;
    await writing;
    await store.close();

    const state = await checkBackup(join(folder, 'backup'));
    const copy = await openTestStore({ kind: 'sqlite', file: join(folder, 'backup') });
    const found = await Promise.all(before.map((key) => copy.callByRef(callerCode(key))));
    await copy.close();
    expect([state.faults, state.missing, found.filter((call) => call === null)]).toEqual([[], [], []]);
    expect(await readFile(join(folder, 'backup.spool', 'entry'), 'utf8')).toBe('kept');
    await expect(backUpSqlite({ file, spool, to: join(folder, 'backup') })).rejects.toThrow(/there already/);
  });

  it('has what lay in the spool though files of it are taken up, renamed and drained meanwhile', async () => {
    const store = await openTestStore({ kind: 'sqlite', file });
    await record(store, registered('V1'));
    const [spool, copies] = [join(folder, 'spool'), join(folder, 'backup.spool')];
    mkdirSync(spool);
    const bases = Array.from({ length: 200 }, (_, index) => `${index}-abc`);
    for (const base of bases) writeFileSync(join(spool, `${base}.ready`), base);
    let isOver = false;
    const draining = (async () => {
      while (!isOver && !existsSync(copies)) await new Promise(setImmediate);
      for (const [index, base] of bases.entries()) {
        if (index % 2 === 0) await rm(join(spool, `${base}.ready`));
        else await rename(join(spool, `${base}.ready`), join(spool, `${base}.taken.somebody_1_a`));
      }
    })();

    await backUpSqlite({ file, spool, to: join(folder, 'backup') });
    isOver = true;
    await draining;
    await store.close();

    const kept = bases.filter((_, index) => index % 2 === 1).map((base) => `${base}.ready`);
    expect(readdirSync(copies)).toEqual(expect.arrayContaining(kept));
  });

  it('has a spool whole whose copy was cut off before, by whatever path it is named', async () => {
    const [spool, copies] = [join(folder, 'spool'), join(folder, 'copies')];
    for (const each of [spool, copies]) mkdirSync(each);
    writeFileSync(join(spool, '1-abc.ready'), 'two lines');
    writeFileSync(join(copies, '1-abc.ready.part'), 'two li');

    await copySpool(`${relative(process.cwd(), spool)}/`, copies);

    expect(await readFile(join(copies, '1-abc.ready'), 'utf8')).toBe('two lines');
    expect(readdirSync(copies)).toEqual(['1-abc.ready']);
  });

  it('is told from a file that is cut off, and from one that is not ours', async () => {
    const store = await openTestStore({ kind: 'sqlite', file });
    await callWithOutcome(store, 'V1');
    await store.close();
    await backUpSqlite({ file, spool: join(folder, 'none'), to: join(folder, 'backup') });
    const whole = await readFile(join(folder, 'backup'));
    writeFileSync(join(folder, 'cut'), whole.subarray(0, whole.length / 2));
    writeFileSync(join(folder, 'other'), 'a shopping list');

    const cut = await checkBackup(join(folder, 'cut')).then(
      ({ faults }) => faults.length,
      () => 'refused',
    );

    expect(cut).not.toBe(0);
    await expect(checkBackup(join(folder, 'other'))).rejects.toThrow();
    expect(await isDump(join(folder, 'other'))).toBe(true);
    expect((await checkDump(join(folder, 'other'))).missing).toContain('its end: it was cut off');
  });

  it('takes the place of the database, which is kept beside it', async () => {
    const store = await openTestStore({ kind: 'sqlite', file });
    await record(store, registered('V1'));
    await backUpSqlite({ file, spool: join(folder, 'none'), to: join(folder, 'backup') });
    await record(store, registered('V2'));
    await store.close();

    const old = await putBack({ file, from: join(folder, 'backup'), at: noon });

    const back = await openTestStore({ kind: 'sqlite', file });
    const kept = await openTestStore({ kind: 'sqlite', file: old });
    expect([await back.callByRef(callerCode('V1')), await back.callByRef(callerCode('V2'))]).toEqual([
      expect.anything(),
      null,
    ]);
    expect(await kept.callByRef(callerCode('V2'))).not.toBeNull();
    await Promise.all([back.close(), kept.close()]);
  });

  it('is in doubt when it comes there, so that nothing is sent without a look where the command was cut off', async () => {
    const store = await openTestStore({ kind: 'sqlite', file });
    await callWithOutcome(store, 'V1', 'sale');
    await backUpSqlite({ file, spool: join(folder, 'none'), to: join(folder, 'backup') });
    await store.close();

    await putBack({ file, from: join(folder, 'backup'), at: noon });

    const back = await openTestStore({ kind: 'sqlite', file });
    const rows = await claim(back);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter(({ inDoubt }) => !inDoubt)).toEqual([]);
    expect(await back.readCursor('restored-at')).toBe(noon);
    await back.close();
  });

  it('lets nothing start on an empty database where it was cut off between the old one and the backup', async () => {
    const store = await openTestStore({ kind: 'sqlite', file });
    await record(store, registered('V1'));
    await store.close();
    await backUpSqlite({ file, spool: join(folder, 'none'), to: join(folder, 'backup') });
    // As a kill leaves it, and one in the copying before.
    await rename(file, `${file}.before-first`);
    writeFileSync(`${file}.restoring`, await readFile(join(folder, 'backup')));
    writeFileSync(`${file}.restoring.part`, 'half');

    await expect(openTestStore({ kind: 'sqlite', file })).rejects.toThrow(/a restore of the database .+ was cut off/);
    expect(await lookAtStore({ kind: 'sqlite', file })).toMatchObject({ kind: 'broken' });
    await putBack({ file, from: join(folder, 'backup'), at: noon });

    const back = await openTestStore({ kind: 'sqlite', file });
    expect(await back.callByRef(callerCode('V1'))).not.toBeNull();
    await back.close();
  });

  it('takes the place of one that is broken, but not while a service works on it, and leaves it when it can not be read', async () => {
    writeFileSync(file, 'no database at all');

    expect(() => mustNotRun(file)).not.toThrow();
    await expect(putBack({ file, from: join(folder, 'none'), at: noon })).rejects.toThrow();

    expect(await readFile(file, 'utf8')).toBe('no database at all');
    rmSync(file);
    const store = await openTestStore({ kind: 'sqlite', file });
    await store.reportProcess({
      id: 'one',
      name: 'one 1',
      startedAt: noon,
      version: '0',
      links: [],
      backlog: [],
      spooled: 0,
    });
    expect(() => mustNotRun(file)).toThrow(/in use/);
    await store.close();
  });
});

describe('a move from a file to a server', () => {
  let server: PrivateMariaDb;
  let store: Store | undefined;
  let count = 0;
  beforeAll(async () => {
    server = await startPrivateMariaDb();
  }, 120_000);
  afterAll(() => server.stop());
  afterEach(async () => {
    await store?.close();
    store = undefined;
  });

  async function newTarget(): Promise<Extract<StoreConfig, { kind: 'mysql' }>> {
    count += 1;
    const database = `move${count}`;
    await server.createDatabase(database);
    const { host, port, user, password } = server;
    return { kind: 'mysql', host, port, user, password, database, poolSize: 2 };
  }

  it('brings every row, the same to the last letter, and goes on where it was cut off', {
    timeout: 1_800_000,
  }, async () => {
    const source = await openTestStore({ kind: 'sqlite', file });
    for (let start = 0; start < movedCalls; start += callsAtOnce) {
      const keys = Array.from({ length: Math.min(callsAtOnce, movedCalls - start) }, (_, index) => `V${start + index}`);
      await source.recordFacts({ facts: keys.map((key) => registered(key)), now: noon });
    }
    await callWithOutcome(source, 'VX', 'callback', '2026-11-22T09:00:00.000Z');
    await source.saveLeads([ada({ fields: { first_name: 'Ädä 😀', note: 'it\'s \\ "quoted"' } })], noon);
    const before = await source.measure();
    await source.close();
    const to = await newTarget();

    await moveStore({ kind: 'sqlite', file }, to);
    // As it is when the move ends in the middle.
    const target = openMysqlTarget(to);
    const { db } = target.session;
    await db.insertInto('schema_migrations').values({ id: 'move-under-way', applied_at: noon }).execute();
    await db.deleteFrom('facts').where('correlation_id', '>', 'm').execute();
    await db.deleteFrom('write_backs').execute();
    await target.close();
    const refused = await openTestStore(to).catch((error: Error) => error.message);
    const moved = await moveStore({ kind: 'sqlite', file }, to);

    store = await openTestStore(to);
    const after = await store.measure();
    const compared = (tables: typeof before.tables) =>
      tables.filter(({ table }) => !['leases', 'processes', 'schema_migrations'].includes(table));
    expect(refused).toContain('a move into it was cut off');
    expect(compared(after.tables)).toEqual(compared(before.tables));
    expect(moved.find(({ table }) => table === 'calls')?.rows).toBe(movedCalls + 1);
    expect((await store.callByRef(callerCode('VX')))?.outcome?.code).toBe('callback');
    expect((await store.leadByKey('vicidial', '7'))?.fields.first_name).toBe('Ädä 😀');
  });

  it('is refused into a database with rows, and from a file that a service works on', async () => {
    const to = await newTarget();
    store = await openTestStore(to);
    await record(store, registered('V1'));
    const source = await openTestStore({ kind: 'sqlite', file });

    const intoFull = await moveStore({ kind: 'sqlite', file }, to).catch((error: Error) => error.message);
    const told = { startedAt: noon, version: '0', links: [], backlog: [], spooled: 0 };
    await source.reportProcess({ id: 'one', name: 'one 1', ...told });
    const inUse = await moveStore({ kind: 'sqlite', file }, to).catch((error: Error) => error.message);
    await source.close();

    expect(intoFull).toContain('is not empty');
    expect(inUse).toContain('in use');
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorError } from '../../../src/domain/errors.ts';
import type { StoreConfig } from '../../../src/store/store.ts';
import { readySqlite } from './ready-databases.ts';
import { callerCode, openTestStore, record, registered } from './store-cast.ts';
import { describeStoreContract } from './store-contract.ts';

let folder: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-store-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function newFile(): Extract<StoreConfig, { kind: 'sqlite' }> {
  count += 1;
  return { kind: 'sqlite', file: join(folder, `${count}`, 'store.sqlite') };
}

describeStoreContract('SQLite', { create: async () => newFile(), ready: readySqlite(newFile) });

describe('a SQLite file that another process has locked', () => {
  it('holds up writes and nothing else: reads answer and the event loop goes on', async () => {
    const config = newFile();
    await using store = closing(await openTestStore(config));
    const before = await record(store, registered('V1'));
    const locker = await lock(config.file);
    const beat = watchEventLoop();

    const write = record(store, registered('V2'));
    const end = performance.now() + 2000;
    let reads = 0;
    while (performance.now() < end) {
      expect(await store.callByRef(callerCode('V1'))).toEqual(before.call);
      reads += 1;
      await wait(5);
    }
    const longest = beat.stop();
    await unlock(locker);

    expect(reads).toBeGreaterThan(50);
    // Far below the lock's 2 s, and above what a busy machine adds by itself.
    expect(longest).toBeLessThan(200);
    expect((await write).isAdded).toBe(true);
    expect((await store.callByRef(callerCode('V2')))?.isRegistered).toBe(true);
  });

  it('refuses a write that waited too long, retryable, and takes the next one when the lock is gone', async () => {
    const config = newFile();
    await using store = closing(await openTestStore(config));
    const locker = await lock(config.file);

    const refusals = await Promise.all(
      ['V1', 'V2', 'V3'].map((key) => record(store, registered(key)).catch((error: ConnectorError) => error)),
    );
    const ping = await store.ping().catch((error: ConnectorError) => error);
    await unlock(locker);

    for (const refusal of [...refusals, ping]) expect(refusal).toMatchObject({ code: 'store_away', retryable: true });
    expect(await store.callByRef(callerCode('V1'))).toBeNull();
    expect((await record(store, registered('V1'))).isAdded).toBe(true);
  });

  it('is opened all the same when its tables are up to date', async () => {
    const config = newFile();
    await (await openTestStore(config)).close();
    const locker = await lock(config.file);

    await using store = closing(await openTestStore(config));

    expect(await store.callByRef(callerCode('V1'))).toBeNull();
    await unlock(locker);
  });
});

it('takes no other unit with it when one of a group fails', async () => {
  await using store = closing(await openTestStore(newFile()));
  const broken = registered('V2');
  Object.assign(broken.fact, { at: null });

  const results = await Promise.allSettled([
    record(store, registered('V1')),
    record(store, broken),
    record(store, registered('V3')),
  ]);

  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { code: 'bad_request', retryable: false } });
  expect(await store.callByRef(callerCode('V2'))).toBeNull();
  expect((await store.callByRef(callerCode('V3')))?.isRegistered).toBe(true);
});

function closing<T extends { close(): Promise<void> }>(store: T): T & AsyncDisposable {
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}

async function lock(file: string): Promise<ChildProcess> {
  const script = new URL('./lock-file.ts', import.meta.url).pathname;
  const child = spawn('node', [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

async function unlock(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Longest time in ms that the event loop stood still. */
function watchEventLoop(): { stop(): number } {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { withLease } from '../../../src/workers/lease.ts';
import { openTestStore } from '../../contract/store/store-cast.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

let folder: string;
let ours: Store;
let theirs: Store;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-lease-'));
  const config = { kind: 'sqlite', file: join(folder, 'store.sqlite') } as const;
  ours = await openTestStore(config);
  theirs = await openTestStore(config);
});

afterAll(async () => {
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
});

const us = () => ({ store: ours, newId: () => 'us', log });
const them = () => ({ store: theirs, newId: () => 'them', log });

describe('work under a lease', () => {
  it('is done by one holder at a time: the other gets null, and its work is not run', async () => {
    let ran = 0;

    const answer = await withLease(us(), 'sync:one', async (signal) => {
      const other = await withLease(them(), 'sync:one', async () => {
        ran += 1;
      });
      return { other, isLost: signal.aborted };
    });

    expect(answer).toEqual({ other: null, isLost: false });
    expect(ran).toBe(0);
  });

  it('does not keep others from work of another name', async () => {
    const answer = await withLease(us(), 'sync:two', () => withLease(them(), 'sync:three', async () => 'done'));

    expect(answer).toBe('done');
  });

  it('gives the lease back at once when it is through', async () => {
    await withLease(us(), 'sync:four', async () => 'ours');

    expect(await withLease(them(), 'sync:four', async () => 'theirs')).toBe('theirs');
  });

  it('gives it back when the work fails, and hands the error on', async () => {
    const failing = withLease(us(), 'sync:five', () => Promise.reject(new Error('the dialer is away')));

    await expect(failing).rejects.toThrow('the dialer is away');
    expect(await withLease(them(), 'sync:five', async () => 'theirs')).toBe('theirs');
  });

  it('is told by its signal that the lease was lost, and leaves it to the new holder', async () => {
    const startedAt = performance.now();
    await withLease(us(), 'sync:six', async (signal) => {
      // Only a lease that has run out goes to another holder: a process that slept too long would see this.
      await theirs.releaseLease('sync:six', 'us');
      await theirs.takeLease('sync:six', 'them', 60_000);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    });

    // At the first renewal, long before its own time would have run out.
    expect(performance.now() - startedAt).toBeLessThan(6000);
    expect(await withLease(us(), 'sync:six', async () => 'ours')).toBeNull();
  });

  it('counts as lost when somebody had it meanwhile, though it was given back', async () => {
    const isOurs = await withLease(
      us(),
      'sync:seven',
      async (signal, lease) => {
        const before = lease.isOurs();
        await theirs.releaseLease('sync:seven', 'us');
        await withLease(them(), 'sync:seven', async () => undefined);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        return [before, lease.isOurs()];
      },
      300,
    );

    expect(isOurs).toEqual([true, false]);
  });
});

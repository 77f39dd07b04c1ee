import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { Deps } from '../../../src/flows/deps.ts';
import { createLeadSync, type LeadSync } from '../../../src/workers/lead-sync.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import { eventually } from '../../support/eventually.ts';
import { type OpenDeps, openDeps } from '../flows/open-deps.ts';

const people = ['Ada', 'Ben', 'Cleo'].map((name, index) => ({
  key: `r${index + 1}`,
  number: `303555011${index + 1}`,
  name,
  values: {},
}));
const everySecond = { cron: '* * * * * *', timeZone: 'UTC' };

let folder: string;
let server: MadeUpServer;
let ours: OpenDeps;
let theirs: OpenDeps;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-sync-'));
  server = await startMadeUpServer(people);
  ours = await openDeps({ url: server.url, folder });
  theirs = await openDeps({ url: server.url, folder });
});

afterEach(async () => {
  await ours.close();
  await theirs.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the sync of leads', () => {
  it('reads everybody once at the start, when that is wanted', async () => {
    const sync = createLeadSync(ours.deps, { cron: '0 0 1 1 *', timeZone: 'UTC', isOnStart: true });

    sync.start();
    await eventually(async () =>
      expect(await ours.deps.store.countLeads()).toEqual([{ dialer: 'carousel', count: 3 }]),
    );
    await sync.stop();
  });

  it('never overlaps, neither in one process nor in two', async () => {
    const gate = slowReads(ours, theirs);
    const takes = vi.spyOn(ours.deps.store, 'takeLease');
    const syncs = [ours, theirs].map(({ deps }) => createLeadSync(deps, { ...everySecond, isOnStart: true }));

    for (const sync of syncs) sync.start();
    await eventually(() => {
      expect(takes.mock.calls.length).toBeGreaterThanOrEqual(2);
      expect(gate.most()).toBeGreaterThan(0);
    });
    await Promise.all(takes.mock.results.map(({ value }) => value));
    const most = gate.most();
    gate.open();
    await Promise.all(syncs.map((sync) => sync.stop()));

    expect(most).toBe(1);
  });

  it('waits at its stop for the run that began at the start', async () => {
    const gate = slowReads(ours);
    const takes = vi.spyOn(ours.deps.store, 'takeLease');
    const sync: LeadSync = createLeadSync(ours.deps, { ...everySecond, isOnStart: true });
    sync.start();
    // A run by cron has come and gone meanwhile: the first one still holds the lease.
    await eventually(() => {
      expect(takes.mock.calls.length).toBeGreaterThanOrEqual(2);
      expect(gate.most()).toBe(1);
    });
    await Promise.all(takes.mock.results.map(({ value }) => value));

    let isStopped = false;
    const stopping = sync.stop().then(() => {
      isStopped = true;
    });
    await ours.deps.store.ping();
    const wasStoppedEarly = isStopped;
    gate.open();
    await stopping;

    expect(wasStoppedEarly).toBe(false);
    expect(gate.running()).toBe(0);
  });
});

/** Lets the dialers' reads wait, and counts how many go on at once. */
function slowReads(...all: OpenDeps[]) {
  const gate = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  for (const { deps, dialer } of all) {
    const slow: Dialer = {
      ...dialer,
      async readLeads(cursor, signal) {
        running += 1;
        most = Math.max(most, running);
        await gate.promise;
        running -= 1;
        return (await dialer.readLeads?.(cursor, signal)) ?? { leads: [], rejects: {}, cursor: '' };
      },
    };
    (deps.dialers as Map<string, Dialer> satisfies Deps['dialers']).set(dialer.id, slow);
  }
  return { open: gate.resolve, most: () => most, running: () => running };
}

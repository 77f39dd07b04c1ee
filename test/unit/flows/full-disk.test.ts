import { mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RegisteredVia } from '../../../src/domain/fact.ts';
import { drainSpool } from '../../../src/flows/drain-spool.ts';
import { reconcile } from '../../../src/flows/reconcile.ts';
import { registerCall } from '../../../src/flows/register-call.ts';
import { eventually } from '../../support/eventually.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const at = '2026-03-02T16:00:00.000Z';
const dayMs = 86_400_000;
const phone = '+13125550142';
const budgetMs = 300;

let folder: string;
let open: OpenDeps;
let now: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-full-disk-'));
  now = Date.parse(at);
  // It ticks: what is told later is later.
  const tick = () => {
    now += 1;
    return now;
  };
  open = await openDeps({ folder, clock: { now: tick, sleep: async () => undefined } });
});
afterEach(async () => {
  await open.close();
});

/** Neither the store nor the spool takes anything: another holds the file, and the folder is not where it was. */
function fillDisk(): () => void {
  const database = new DatabaseSync(join(folder, 'store.sqlite'));
  database.exec('begin immediate');
  const spool = open.spoolFolder;
  renameSync(spool, `${spool}-away`);
  return () => {
    renameSync(`${spool}-away`, spool);
    database.exec('rollback');
    database.close();
  };
}

/** All that waited in memory or lies in the spool is in the store. */
async function settle(): Promise<void> {
  await open.deps.registrations.flush();
  await drainSpool(open.deps);
}

function register(callKey: string, via: RegisteredVia) {
  const leg = {
    dialer: 'carousel',
    callKey,
    campaign: 'Autumn',
    list: '',
    leadKey: '42',
    agent: '',
    number: '',
    phone,
  };
  const refs = [{ instance: 'carousel', kind: 'call-id', key: callKey }];
  return registerCall(open.deps, open.dialer, { refs, leg: { ...leg, calledAt: at }, fields: {} }, via, budgetMs);
}

async function storedRoutes(id: string): Promise<string[]> {
  const facts = await open.deps.store.factsOf(id);
  return facts.flatMap(({ body }) => (body.kind === 'registered' ? `${body.route} ${body.reason}`.trim() : [])).sort();
}

it('a call of which nothing can be kept is not handed to the AI, and its record says so once there is room', async () => {
  const makeRoom = fillDisk();

  const turnedAway = await register('mu-1', 'register');
  makeRoom();
  await settle();

  expect(turnedAway).toMatchObject({ status: 'degraded', route: 'skill', reason: 'store_away' });
  // The store may have taken the first word after all, too late for the answer.
  expect(await storedRoutes(turnedAway.correlationId)).toContain('skill store_away');
});

it('and nobody waits for its outcome, though the store took it for the AI a moment too late', async () => {
  const makeRoom = fillDisk();
  const { correlationId } = await register('mu-1', 'register');
  makeRoom();
  await settle();
  await eventually(async () => expect(await storedRoutes(correlationId)).toEqual(['ai', 'skill store_away']));

  now += dayMs / 2;
  // Who can't be asked what people said of a call says nothing of it.
  const { look: _, ...dialer } = open.dialer;
  const deps = { ...open.deps, dialers: new Map([[dialer.id, dialer]]) };
  const report = await reconcile(deps, { signal: new AbortController().signal });

  expect(report.silent).toBe(0);
  const [call] = await open.deps.store.callsWithOutcome([correlationId]);
  expect(call?.outcome ?? null).toBeNull();
});

it('a call that is with the AI already is kept once there is room', async () => {
  const makeRoom = fillDisk();
  const told = await register('mu-1', 'start');
  const asked = await register('mu-2', 'headers');
  await eventually(() => expect(open.deps.registrations.size()).toBe(2));

  makeRoom();
  await settle();

  expect([told.route, asked.route]).toEqual(['ai', 'ai']);
  for (const { correlationId } of [told, asked]) expect(await storedRoutes(correlationId)).toContain('ai');
});

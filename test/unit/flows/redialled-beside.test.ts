import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import { createBreaker } from '../../../src/flows/breaker.ts';
import { deliverWriteBacks } from '../../../src/flows/deliver-write-backs.ts';
import { recordFacts } from '../../../src/flows/record-facts.ts';
import { committed, legOf, registration } from '../../contract/store/store-cast.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../../support/private-mariadb.ts';
import { createTestClock } from '../simulators/five9/test-clock.ts';
import { type OpenDeps, openDeps } from './open-deps.ts';

const noon = '2026-11-21T12:00:00.000Z';
const oneOClock = '2026-11-21T13:00:00.000Z';
const clock = createTestClock(noon);

let folder: string;
/** Two instances of Patchbay over one store. */
let instances: OpenDeps[] = [];
/** Started by the test that needs one. */
let server: PrivateMariaDb | undefined;

afterEach(async () => {
  for (const { close } of instances) await close();
  instances = [];
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => server?.stop());

describe('a later call of a record, with another process than the first', () => {
  it.each([
    ['SQLite', async () => ({ kind: 'sqlite', file: join(folder, 'store.sqlite') })],
    ['MariaDB', newDatabase],
  ])(
    'comes after what the other process has of the first call, and each once, on %s',
    async (_, makeStore) => {
      folder = mkdtempSync(join(tmpdir(), 'patchbay-beside-'));
      const store = await makeStore();
      const one = await openInstance(store);
      const other = await openInstance(store);
      const sent: string[] = [];
      const firstAnswer = Promise.withResolvers<DeliveryAnswer>();
      const firstSent = Promise.withResolvers<void>();

      await call(one, 'mu-1', noon, 'sale');
      const first = round(one, sent, async () => {
        firstSent.resolve();
        return firstAnswer.promise;
      });
      await firstSent.promise;
      await call(other, 'mu-2', oneOClock, 'not_interested');
      clock.advance(3_700_000);
      await round(other, sent);
      const meanwhile = [...sent];
      firstAnswer.resolve({ kind: 'done' });
      await first;
      clock.advance(3_700_000);
      await round(other, sent);
      await round(one, sent);

      expect(meanwhile).toEqual(['mu-1 sold']);
      expect(sent).toEqual(['mu-1 sold', 'mu-2 gone']);
      const rows = await one.deps.store.writeBacks({ limit: 9 });
      expect(rows.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(['confirmed 0', 'confirmed 0']);
    },
    60_000,
  );
});

async function openInstance(store: object): Promise<OpenDeps> {
  const instance = await openDeps({ clock, folder, store });
  instances.push(instance);
  return instance;
}

async function newDatabase(): Promise<object> {
  server ??= await startPrivateMariaDb();
  await server.createDatabase('beside');
  const { host, port, user, password } = server;
  return { kind: 'mysql', host, port, user, password, database: 'beside' };
}

async function call({ deps }: OpenDeps, key: string, calledAt: string, outcome: string): Promise<void> {
  const refs = [{ instance: 'carousel', kind: 'call-id', key }];
  const leg = legOf(key, { dialer: 'carousel', campaign: 'Autumn', leadKey: 'ada', calledAt });
  const facts = [
    { refs, at: calledAt, source: 'carousel', key: 'registered', body: registration(leg) },
    { refs, at: calledAt, source: 'sigmamind', key: 'commit', body: committed(outcome) },
  ];
  await recordFacts(deps, facts, { budgetMs: 5000 });
}

/** One round of one instance. */
async function round(
  { deps, dialer }: OpenDeps,
  sent: string[],
  answer: () => Promise<DeliveryAnswer> = async () => ({ kind: 'done' }),
): Promise<void> {
  const breaker = () => createBreaker(clock, { failures: 1, waitMs: 1000 });
  const deliver = async (rows: readonly WriteBack[]) => {
    for (const { target, desired } of rows) {
      sent.push(`${target.callKey} ${desired.aspect === 'disposition' ? desired.disposition : desired.aspect}`);
    }
    const told = await answer();
    return new Map(rows.map(({ id }) => [id, told]));
  };
  const state = { breaker: breaker(), confirmBreaker: breaker(), holds: [] };
  await deliverWriteBacks(deps, { ...dialer, deliver }, state);
}

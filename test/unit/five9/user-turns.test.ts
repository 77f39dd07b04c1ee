import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi, type Five9Api } from '../../../connectors/five9/soap/api.ts';
import type { Store } from '../../../src/store/store.ts';
import { withLease } from '../../../src/workers/lease.ts';
import { openTestStore } from '../../contract/store/store-cast.ts';
import { eventually } from '../../support/eventually.ts';
import { realClock } from '../../support/real-clock.ts';
import { configOf, silentLog } from './cast.ts';
import { answerXml, startSoapStub } from './soap-stub.ts';

const ada = { user: 'ada@example', password: 'engine' };

let folder: string;
let stub: Awaited<ReturnType<typeof startSoapStub>>;
const open: { api: Five9Api; store: Store }[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-turns-'));
  stub = await startSoapStub((operation) => ({ body: answerXml(operation, ''), delayMs: 15 }));
});

afterEach(async () => {
  for (const { api, store } of open.splice(0)) {
    await api.close();
    await store.close();
  }
  await stub.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The Five9 part of one process, with a connection of its own to the store that both share. */
async function startProcess(log = silentLog): Promise<Five9Api> {
  const store = await openTestStore({ kind: 'sqlite', file: join(folder, 'store.sqlite') });
  const config = configOf({ soap: { host: stub.url, users: [ada], timeoutMs: 2000 } });
  const api = createApi(
    {
      clock: realClock,
      log,
      newId: randomUUID,
      random: () => 0,
      withLease: (name, work) => withLease({ store, newId: randomUUID, log }, name, work),
      readCursor: (name) => store.readCursor(name),
      writeCursor: (name, value) => store.writeCursor(name, value),
    },
    'five9',
    config,
  );
  open.push({ api, store });
  return api;
}

/** Calls without a pause, as a service with a backlog does, until it is stopped. */
function keepBusy(api: Five9Api) {
  let isOver = false;
  let calls = 0;
  const failures: unknown[] = [];
  const running = (async () => {
    while (!isOver) {
      await api.campaigns().then(
        () => {
          calls += 1;
        },
        (error: unknown) => failures.push(error),
      );
    }
  })();
  return {
    failures,
    calls: () => calls,
    async stop() {
      isOver = true;
      await running;
    },
  };
}

describe('a command beside a busy service with one API user', () => {
  it('gets its turn soon, one call at a time for both, and the service goes on', async () => {
    const warnings: string[] = [];
    const service = await startProcess();
    const command = await startProcess({ ...silentLog, warn: (_fields, message) => void warnings.push(message) });
    const busy = keepBusy(service);
    await eventually(() => expect(busy.calls()).toBeGreaterThan(5));

    // Without a turn it would wait until it is refused, longer than this test lasts.
    await command.dispositions();
    await command.contactFields();
    await command.close();
    const before = busy.calls();
    await eventually(() => expect(busy.calls()).toBeGreaterThan(before + 5));
    await busy.stop();

    expect(busy.failures).toEqual([]);
    expect(stub.mostAtOnce()).toBe(1);
    // Five9 allows a user one session: it is closed before the other process begins.
    const order = stub.requests.map(({ operation }) => operation);
    const handed = order.indexOf('getDispositions');
    expect(order.slice(0, handed)).toContain('closeSession');
    expect(warnings.every((message) => message.includes('waiting for a turn'))).toBe(true);
  });

  it('shares it with a third: nobody starves', async () => {
    const busy = [keepBusy(await startProcess()), keepBusy(await startProcess()), keepBusy(await startProcess())];

    await eventually(() => expect(Math.min(...busy.map((one) => one.calls()))).toBeGreaterThan(5), 15_000);
    await Promise.all(busy.map((one) => one.stop()));

    expect(busy.map((one) => one.failures)).toEqual([[], [], []]);
    expect(stub.mostAtOnce()).toBe(1);
  }, 30_000);
});

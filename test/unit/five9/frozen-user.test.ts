import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { createApi } from '../../../connectors/five9/soap/api.ts';
import { withLease } from '../../../src/workers/lease.ts';
import { openTestStore } from '../../contract/store/store-cast.ts';
import { eventually } from '../../support/eventually.ts';
import { realClock } from '../../support/real-clock.ts';
import { configOf, silentLog } from './cast.ts';
import { answerXml, startSoapStub } from './soap-stub.ts';

const ttlMs = 1500;

it('a process that was frozen for longer than its lease does not go on with the Five9 user that another has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-frozen-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'store.sqlite');
  const store = await openTestStore({ kind: 'sqlite', file });
  onTestFinished(() => store.close());
  const look = new DatabaseSync(file, { readOnly: true });
  onTestFinished(() => look.close());
  const lease = look.prepare("select holder, expires_at <= strftime('%Y-%m-%dT%H:%M:%fZ', 'now') as ended from leases");
  const holder = () => String(lease.get()?.holder ?? '').split('-')[0];
  /** Who called, and who had the user by then. */
  const calls: [by: string, held: string | undefined][] = [];
  const stub = await startSoapStub((operation) => {
    if (operation === 'getCampaigns') calls.push(['frozen', holder()]);
    if (operation === 'getDispositions') calls.push(['ours', holder()]);
    return { body: answerXml(operation, ''), delayMs: 15 };
  });
  onTestFinished(() => stub.stop());
  const frozen = spawn(
    process.execPath,
    [fileURLToPath(new URL('./frozen-process.ts', import.meta.url)), file, stub.url, String(ttlMs)],
    { stdio: 'inherit' },
  );
  onTestFinished(() => void frozen.kill('SIGKILL'));
  const count = (by: string) => calls.filter(([name]) => name === by).length;
  await eventually(() => expect(count('frozen')).toBeGreaterThan(5), 20_000);

  frozen.kill('SIGSTOP');
  // Nobody waits by then, so that nothing but its lease tells it.
  await eventually(() => expect(lease.get()?.ended).toBe(1), 10_000);
  const newId = () => `ours-${randomUUID()}`;
  const api = createApi(
    {
      clock: realClock,
      log: silentLog,
      newId,
      random: () => 0,
      withLease: (name, work) => withLease({ store, newId, log: silentLog }, name, work, ttlMs),
      readCursor: (name) => store.readCursor(name),
      writeCursor: (name, value) => store.writeCursor(name, value),
    },
    'five9',
    configOf({ soap: { host: stub.url, users: [{ user: 'ada@example', password: 'engine' }], timeoutMs: 2000 } }),
  );
  onTestFinished(() => api.close());
  const asBefore = count('frozen');
  await api.dispositions();
  frozen.kill('SIGCONT');
  let isOver = false;
  const busy = (async () => {
    while (!isOver) await api.dispositions();
  })();
  // It gets its turn again, by the lease.
  await eventually(() => expect(count('frozen')).toBeGreaterThan(asBefore + 3), 15_000);
  isOver = true;
  await busy;

  expect(calls.filter(([by, held]) => by !== held)).toEqual([]);
}, 60_000);

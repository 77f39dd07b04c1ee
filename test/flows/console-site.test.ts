import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { createConsoleSite } from '../../src/cli/console-site.ts';
import type { CliContext } from '../../src/cli/context.ts';
import type { ConsoleSite } from '../../src/console/console-deps.ts';
import type { SeenCheck } from '../../src/flows/doctor/doctor-desk.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { oracle } from '../contract/made-up/made-up-platform.ts';
import { eventually } from '../support/eventually.ts';
import { startTestApp, type TestApp } from '../support/start-app.ts';

const registry = { dialers: [madeUp], platforms: [oracle] };
const secret = 'a-secret-that-nobody-may-read';

let folder: string;
let file: string;
let patchbay: TestApp;
let site: ConsoleSite;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-console-site-'));
  file = join(folder, 'patchbay.yaml');
  patchbay = await startTestApp({ store: { kind: 'sqlite', file: join(folder, 'store.sqlite') } });
}, 60_000);
beforeEach(async () => {
  write({});
  site = await openSite();
});
afterEach(() => site.doctor.stop());
afterAll(async () => {
  await patchbay?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function write(more: object): void {
  const config = {
    server: { port: 8080, publicUrl: 'http://127.0.0.1:1' },
    store: { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: join(folder, 'spool') },
    setup: { journal: join(folder, 'journal.jsonl') },
    secret,
    clients: { script: { keys: ['0'.repeat(64)], may: ['dialer', 'tools'] } },
    dialers: { carousel: { type: 'made-up', url: 'http://127.0.0.1:1', campaigns: { Autumn: { dispositions: {} } } } },
    platforms: { oracle: { type: 'oracle', url: 'http://127.0.0.1:1' } },
    ...more,
  };
  writeFileSync(file, JSON.stringify(config));
}

/** As the service opens it at its start, with the configuration as it is then. */
async function openSite(): Promise<ConsoleSite> {
  const context: CliContext = {
    registry,
    environment: { variables: {}, configFile: undefined, clockFile: undefined },
    version: '0.0.0',
    configFile: () => file,
    out: () => {},
    err: () => {},
    exit: () => {},
  };
  const loaded = await loadConfig({ file, env: {}, registry });
  if (loaded.kind === 'faults') throw new Error(loaded.report);
  const service = { deps: patchbay.app.deps, config: loaded.config };
  return createConsoleSite(context, pino({ level: 'silent' }), () => service);
}

async function found(only: string): Promise<SeenCheck['last']> {
  await site.doctor.start({ only, by: 'ada' });
  await eventually(async () => expect((await site.doctor.picture()).run?.endedAt).toBeTruthy(), 15_000);
  return (await site.doctor.picture()).checks.find(({ id }) => id === only)?.last ?? null;
}

it('looks at the configuration as it lies there now, and says that the service runs with another', async () => {
  const before = await found('patchbay:configuration.loaded');
  write({ outcomes: { humanWaitSec: 60 } });
  const after = await found('patchbay:configuration.loaded');

  expect(before?.checked.found ?? '').not.toContain('patchbay reload');
  expect(after?.checked.found).toContain('patchbay reload');
});

it('keeps what it knows of the site where the configuration was broken meanwhile', async () => {
  await found('patchbay:store.ready');
  writeFileSync(file, 'dialers: [');
  await site.doctor.start({ only: '', by: 'ada' });
  await eventually(async () => expect((await site.doctor.picture()).run?.fault).toBeTruthy());

  const { checks, run } = await site.doctor.picture();
  expect(run?.fault).toContain('Mend it, and run this again.');
  expect(checks.find(({ id }) => id === 'patchbay:store.ready')?.last?.checked.status).toBe('ok');
});

it('does not run beside another process of the service', async (test) => {
  test.onTestFinished(() => patchbay.app.deps.store.releaseLease('doctor', 'another process'));
  await patchbay.app.deps.store.takeLease('doctor', 'another process', 60_000);

  await found('patchbay:store.ready');

  const { run } = await site.doctor.picture();
  expect(run?.fault).toContain('Another process');
});

it('writes the runbook without a secret', async () => {
  site.runbook.make();
  await eventually(() => expect(site.runbook.look().made).toBeTruthy(), 15_000);

  const { made } = site.runbook.look();
  const text = JSON.stringify(made?.runbook);
  expect(text).toContain('carousel');
  expect(text).not.toContain(secret);
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import type { ConnectorRegistry } from '../../config/registry.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { type App, createApp } from '../../src/app.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { type CallingSite, callingDialer, callingSite } from '../support/calling-dialer.ts';
import { freePort } from '../support/free-port.ts';
import { type HealthySigmamind, sigmamindCast, startHealthySigmamind } from '../support/healthy/sigmamind.ts';
import { keys } from '../support/start-app.ts';
import { linesOf, runMain } from '../unit/cli/run-main.ts';
import { startFastClock } from '../unit/simulators/vicidial/fast-clock.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };

let folder: string;
let carousel: MadeUpServer;
let platform: HealthySigmamind;
let site: CallingSite;
let registry: ConnectorRegistry;
let serve: App;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-call-'));
  carousel = await startMadeUpServer([ada]);
  carousel.fields.set('patchbay_key', { name: 'patchbay_key', note: '' });
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const commitUrl = `${publicUrl}/v1/platforms/sigmamind/tools/commit-outcome`;
  platform = await startHealthySigmamind({
    ...{ publicUrl, toolsKey: keys.tools },
    simulator: { tools: { commitUrl, token: keys.tools } },
  });
  const commit = { outcome: 'sale', summary: 'Wants two' };
  platform.simulator.setBehaviours({ [ada.number]: { talkSec: 1, analysis: null, commit } });
  site = callingSite({
    // The dialer's own pauses are short, so that a person's part of the test is.
    clock: startFastClock(Date.now(), 20),
    ...{ publicUrl, key: keys.script, platform: platform.simulator, aiNumber: sigmamindCast.numbers.spring },
  });
  registry = { dialers: [callingDialer(site)], platforms: [sigmamind] };
  const hash = (key: string) => createHash('sha256').update(key).digest('hex');
  const config = {
    server: { port, publicUrl },
    store: { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: join(folder, 'spool') },
    secret: 'a-secret-of-the-test',
    clients: {
      script: { keys: [hash(keys.script)], may: ['dialer'] },
      agent: { keys: [hash(keys.tools)], may: ['tools'] },
    },
    gate: { hours: { enabled: false } },
    sync: { onStart: false },
    outbox: { pollMs: 20 },
    dialers: {
      carousel: {
        ...{ type: 'made-up', url: carousel.url },
        headers: [
          { name: 'X-correlation_id', from: 'correlation_id' },
          { name: 'X-first_name', from: 'first_name' },
        ],
        campaigns: { Autumn: { dispositions: { sale: 'sold' } } },
      },
    },
    platforms: { sigmamind: platform.section },
  };
  writeFileSync(join(folder, 'patchbay.json'), JSON.stringify(config));
  const loaded = await loadConfig({ file: join(folder, 'patchbay.json'), env: {}, registry });
  if (loaded.kind === 'faults') throw new Error(loaded.report);
  serve = await createApp({ config: loaded.config, registry, logger: pino({ level: 'silent' }) });
  await serve.start();
});

afterEach(async () => {
  site.isStopped = true;
  await serve.stop(2000);
  await platform.stop();
  await carousel.stop();
  rmSync(folder, { recursive: true, force: true });
});

function callTest(...more: string[]) {
  return runMain(['-c', join(folder, 'patchbay.json'), 'call', 'test', '--campaign', 'Autumn', ...more], registry);
}

const phone = ['--phone', ada.number];

it('watches a call beside the running service, and ends with its timeline and times', { timeout: 60_000 }, async () => {
  const run = await callTest(...phone, '--yes');

  expect(run.err).not.toMatch(/fail /);
  expect(run.exitCode).toBe(0);
  expect(run.out).toContain('+13035550111 is put up to be called next');
  const stages = [...run.out.matchAll(/^ {2}✓ +[\d.]+ s {2}(.{15})/gm)].map(([, title = '']) => title.trim());
  expect([...stages].sort()).toEqual(
    [
      ...['dialled', 'answered', 'registered', 'headers sent', 'AI picked up', 'variables seen'],
      ...['outcome', 'hand-back', 'disposition'],
    ].sort(),
  );
  expect(run.out).toMatch(/^ {2}Answer to first word {2}[\d.]+ s/m);
  expect(run.out).toMatch(/^ {2}Outcome to written {4}[\d.]+ s/m);
  expect(run.out).toContain('noted outcome-read');
  expect(run.out).toContain('The outcome is written back.');
  expect(site.lists).toEqual([]);
});

it('tells programs the same in JSON lines', { timeout: 60_000 }, async () => {
  const run = await callTest(...phone, '--yes', '--json', '--skip-doctor', '--dialer', 'carousel');

  const lines = linesOf(run);
  expect(lines.filter(({ kind }) => kind === 'stage')).toHaveLength(9);
  expect(lines.at(-1)).toMatchObject({
    kind: 'test',
    isWritten: true,
    failed: null,
    times: { firstWord: { kind: 'measured' }, outcomeToWrittenSec: expect.any(Number) },
  });
});

it('names the stage, its fix and what the doctor finds, and fails', { timeout: 60_000 }, async () => {
  site.isOn = false;

  const run = await callTest(...phone, '--yes', '--timeout', '2');

  expect(run.exitCode).toBe(1);
  expect(run.out).toContain('The first stage that did not come: dialled. the record is next');
  expect(run.out).toContain('→ Switch the dialler on.');
  expect(run.out).toMatch(/What the doctor finds|The doctor finds nothing wrong/);
  expect(run.out).toContain('The outcome is not written back.');
  expect(site.lists).toEqual([]);
});

it('calls nobody while a check of the dialer fails', { timeout: 60_000 }, async () => {
  carousel.failNext('down', 99);

  const run = await callTest(...phone, '--yes');

  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('--skip-doctor') });
  expect(run.err).toContain('Start it.');
  expect(run.out).toBe('');
});

it('calls nobody while the service does not run', { timeout: 60_000 }, async () => {
  await serve.stop(0);

  const run = await callTest(...phone, '--yes');

  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('npx patchbay serve') });
  expect(run.out).toBe('');
});

it('calls nobody unasked', async () => {
  const run = await callTest(...phone);

  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('--yes'), out: '' });
});

it.each([
  [['--phone', '12'], 'not a number'],
  [[], '--phone'],
  [[...phone, '--dialer', 'merry'], 'carousel'],
])('refuses %j', async (words, why) => {
  const run = await callTest(...words, '--yes');

  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining(why) });
});

it('prints the account for a softphone, and waits for the platform', { timeout: 60_000 }, async () => {
  const run = await callTest('--softphone', '--timeout', '2');

  expect(run.exitCode).toBe(1);
  expect(run.out).toContain('  Server    sip.made-up.example');
  expect(run.out).toContain('  Password  Admin → Phones → tester');
  expect(run.out).toContain('Dial now; within 2 s');
  expect(run.out).toMatch(/✗ +[\d.]+ s {2}AI picked up/);
});

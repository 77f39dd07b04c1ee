import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectorRegistry } from '../../../config/registry.ts';
import { madeUp } from '../../contract/made-up/made-up-dialer.ts';
import { oracle } from '../../contract/made-up/made-up-platform.ts';
import { type MadeUpServer, startMadeUpServer } from '../../contract/made-up/made-up-server.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { linesOf, runMain } from './run-main.ts';

const registry: ConnectorRegistry = { dialers: [madeUp], platforms: [oracle] };
const hash = (key: string) => createHash('sha256').update(key).digest('hex');

let folder: string;
let file: string;
let system: MadeUpServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-doctor-'));
  file = join(folder, 'patchbay.json');
  system = await startMadeUpServer([]);
  system.fields.set('patchbay_key', { name: 'patchbay_key', note: '' });
  const port = await freePort();
  const config = {
    server: { port },
    store: { kind: 'sqlite', file: join(folder, 'var', 'store.sqlite') },
    spool: { folder: join(folder, 'var', 'spool') },
    secret: 'a secret of sixteen letters',
    clients: { both: { keys: [hash('of both')], may: ['dialer', 'tools'] } },
    dialers: {
      carousel: { type: 'made-up', url: system.url, campaigns: { Autumn: { dispositions: { sale: 'sold' } } } },
    },
    platforms: { oracle: { type: 'oracle', url: system.url } },
  };
  writeFileSync(file, JSON.stringify(config));
  for (const name of ['LOG_LEVEL', 'PATCHBAY_CONFIG', 'PATCHBAY_CLOCK_FILE']) vi.stubEnv(name, undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await system.stop();
  rmSync(folder, { recursive: true, force: true });
});

const doctor = (...words: string[]) => runMain(['--config', file, 'doctor', ...words], registry);

describe('patchbay doctor', () => {
  it('works before the service ever ran, and makes nothing', async () => {
    const { exitCode, out } = await doctor();

    expect(exitCode).toBe(1);
    expect(out).toMatch(/^carousel\n {2}ok {6}reachable: The made-up dialer answers\n {10}it answered$/m);
    expect(out).toContain('has no tables yet');
    expect(out).toContain('→ Start the service once: `npx patchbay serve` makes them.');
    expect(out).toMatch(/^ {2}unknown public-url\.tls: .*\n {10}can't tell: needs patchbay:public-url\.reachable/m);
    expect(out).toMatch(/^\d+ checks in [\d.]+ s: \d+ warn, \d+ unknown, \d+ ok$/m);
    expect(readdirSync(folder)).toEqual(['patchbay.json']);
  });

  it("gives the verdict on the guide's troubleshooting, by its titles", async () => {
    system.fields.clear();
    const { exitCode, out } = await doctor();

    expect(exitCode).toBe(2);
    expect(out).toContain('Troubleshooting of the guide “How to ride the carousel”');
    expect(out).toMatch(/^ {2}fail {4}Nobody answers\n {10}fails: carousel:fields\.known$/m);
    expect(out).toContain('The guide: The guide forgets the field.');
    expect(out).toContain('(looked at: GET /fields)');
    expect(out).toMatch(/^Begin with\n {2}fail {4}carousel:fields\.known: /m);
  });

  it('prints one JSON line per check and per entry of the guide, and one in all', async () => {
    const run = await doctor('--json');
    const lines = linesOf(run);
    const checks = lines.filter(({ kind }) => kind === 'check');
    const summary = lines.at(-1);

    expect(checks.map(({ id }) => id)).toContain('patchbay:number.registered');
    expect(checks[0]).toMatchObject({ id: 'carousel:reachable', status: 'ok', looksAt: 'GET /records', causes: [] });
    expect(lines.filter(({ kind }) => kind === 'trouble')).toMatchObject([{ title: 'Nobody answers', status: 'ok' }]);
    expect(summary).toMatchObject({ kind: 'summary', fail: 0, exitCode: run.exitCode });
    expect(Number(summary?.ok) + Number(summary?.warn) + Number(summary?.unknown)).toBe(checks.length);
  });

  it.each([
    ['all is ok', ['carousel'], () => undefined, 0],
    [
      'something warns',
      ['fields.few'],
      () => ['a', 'b', 'c'].map((name) => system.fields.set(name, { name, note: '' })),
      1,
    ],
    ['something can not be told', ['public-url.tls'], () => undefined, 1],
    ['something fails', ['carousel'], () => system.fields.clear(), 2],
  ])('ends with a code that says how it stands: %s', async (_what, only, prepare, code) => {
    prepare();

    expect((await doctor('--only', ...only)).exitCode).toBe(code);
  });

  it('shows only what is wanted, and says which names are near to one that nothing has', async () => {
    const some = await doctor('--only', 'carousel:fields', 'oracle', '--json');
    const none = await doctor('--only', 'feilds.known');

    expect(linesOf(some).flatMap(({ id }) => id ?? [])).toEqual([
      'carousel:fields.known',
      'carousel:fields.few',
      'oracle:reachable',
    ]);
    expect([none.exitCode, none.err]).toEqual([2, expect.stringContaining('Near to it: fields.known')]);
  });

  it('says what is wrong with a configuration that can not be used, as a check that fails', async () => {
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('"server"', '"sevrer"'));
    const told = await doctor();
    const json = await doctor('--json');

    expect(told.exitCode).toBe(2);
    expect(told.out).toMatch(/fail {4}configuration\.loaded/);
    expect(told.out).toContain('sevrer');
    expect(linesOf(json)).toMatchObject([
      { kind: 'check', id: 'patchbay:configuration.loaded', status: 'fail' },
      { kind: 'summary', fail: 1, exitCode: 2 },
    ]);
  });

  it('keeps colours for terminals', async () => {
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('NO_COLOR', '1');

    expect((await doctor('--only', 'carousel')).out).not.toContain('\u001b[');
  });
});

describe('patchbay doctor --watch', () => {
  it('tells what turned, with the time, until it is stopped; then its code is that of the last round', async () => {
    const written: string[] = [];
    const stopWhenTold = (async () => {
      await eventually(() => expect(written.join('')).toContain('5 checks'), 10_000);
      system.fields.clear();
      await eventually(() => expect(written.join('')).toMatch(/fields\.known \(was ok\)/), 10_000);
      process.emit('SIGINT');
    })();
    const before = process.listenerCount('SIGINT');
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const { main } = await import('../../../src/cli/main.ts');
    const code = await main(
      ['--config', file, 'doctor', '--watch', '1', '--only', 'carousel', 'number.registered', 'oracle'],
      registry,
    ).finally(() => out.mockRestore());
    await stopWhenTold;

    const text = written.join('');
    expect(code).toBe(2);
    expect(text.split('5 checks')[1]).toMatch(/^ in .*\n\d\d:\d\d:\d\d {2}fail {4}carousel:fields\.known \(was ok\)/);
    expect(text.match(/reachable: The made-up|fields\.few/g)).toHaveLength(2);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('does not tell everything anew once a configuration that could not be used is mended', async () => {
    const written: string[] = [];
    const good = readFileSync(file, 'utf8');
    const told = () => written.join('');
    const stopWhenTold = (async () => {
      await eventually(() => expect(told()).toMatch(/\d+ checks in/), 10_000);
      writeFileSync(file, good.replace('"server"', '"sevrer"'));
      await eventually(() => expect(told()).toMatch(/fail {4}patchbay:configuration\.loaded \(was/), 10_000);
      writeFileSync(file, good);
      await eventually(() => expect(told()).toMatch(/patchbay:configuration\.loaded \(was fail\)/), 10_000);
      process.emit('SIGINT');
    })();
    const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const { main } = await import('../../../src/cli/main.ts');
    await main(['--config', file, 'doctor', '--watch', '1'], registry).finally(() => out.mockRestore());
    await stopWhenTold;

    expect(told().match(/^\d\d:\d\d:\d\d/gm)).toHaveLength(2);
  });

  it.each(['0', 'soon', '1.5'])('wants whole seconds, not %s', async (seconds) => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('it ends');
    });
    const err = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);

    await expect(doctor('--watch', seconds)).rejects.toThrow('it ends');
    exit.mockRestore();
    err.mockRestore();
  });
});

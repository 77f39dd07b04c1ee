import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedConfig, loadConfig } from '../../../config/load.ts';
import { madeUpConnectors } from './made-up-connectors.ts';

const here = new URL('.', import.meta.url).pathname;
const env = {
  PORT: '8443',
  DB_PORT: '3307',
  DB_PASSWORD: '20260101',
  HASH_KEY: 'k'.repeat(20),
  API_PASSWORD: 'swordfish',
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-config-'));
});

afterAll(() => rm(folder, { recursive: true }));

function load(file: string, variables: Record<string, string | undefined> = env): Promise<LoadedConfig> {
  return loadConfig({ file, env: variables, registry: madeUpConnectors });
}

async function loadText(text: string, variables: Record<string, string | undefined> = env): Promise<LoadedConfig> {
  const file = join(folder, 'patchbay.yaml');
  await writeFile(file, text);
  return load(file, variables);
}

async function faultsOf(text: string, variables?: Record<string, string | undefined>) {
  const loaded = await loadText(text, variables);
  if (loaded.kind === 'ok') throw new Error('the configuration has no fault');
  return loaded;
}

describe('a configuration of ten faults', () => {
  it('prints all ten at once, each with its key, line, and what to do', async () => {
    const loaded = await load(join(here, 'bad/ten-faults.yaml'), {});

    if (loaded.kind === 'ok') throw new Error('the configuration has no fault');
    expect(loaded.faults.map(({ path, line }) => [path, line])).toEqual([
      ['server.port', 3],
      ['server.prot', 4],
      ['store.database', 5],
      ['store.password', 9],
      ['log.level', 11],
      ['secret', 12],
      ['dialers.acme.soap.users[0].password', 24],
      ['dialers.acme.campaigns["Spring Sale"].dispositions.sold', 27],
      ['dialers.acme.campaigns["Spring Sale"].mirror.dialer', 28],
      ['dialers.other.type', 30],
    ]);
    for (const { path, what, fix } of loaded.faults) {
      expect(loaded.report).toContain(path);
      expect(loaded.report).toContain(what);
      expect(fix).not.toBe('');
      expect(loaded.report).toContain(fix);
    }
    expect(loaded.report).toContain('10 faults');
  });

  it('says what the slip probably was, and what is allowed', async () => {
    const loaded = await load(join(here, 'bad/ten-faults.yaml'), {});

    const fixes = Object.fromEntries(loaded.kind === 'faults' ? loaded.faults.map(({ path, fix }) => [path, fix]) : []);
    expect(fixes['server.prot']).toContain('Did you mean port?');
    expect(fixes['log.level']).toMatch(/Did you mean info\?.*trace, debug, info/);
    expect(fixes['store.password']).toContain('DB_PASSWORD_FILE');
    expect(fixes['dialers.other.type']).toMatch(/Did you mean acme\?/);
    expect(fixes['dialers.acme.campaigns["Spring Sale"].dispositions.sold']).toContain('outcomes.extra');
  });

  it('never shows the value of a secret', async () => {
    const loaded = await load(join(here, 'bad/ten-faults.yaml'), {});

    const report = loaded.kind === 'faults' ? loaded.report : '';
    expect(report).not.toContain('short-key-7731');
    expect(report).not.toContain('pw-5512');
  });
});

describe('configurations that can be used', () => {
  it('load, every one of good/', async () => {
    const files = await readdir(join(here, 'good'));

    for (const file of files) {
      const loaded = await load(join(here, 'good', file));

      expect(loaded.kind === 'faults' ? loaded.report : '').toBe('');
    }
    expect(files.length).toBeGreaterThan(2);
  });

  it('take numbers from the environment, and texts that look like numbers', async () => {
    const loaded = await load(join(here, 'good/two-instances.yaml'));

    if (loaded.kind === 'faults') throw new Error(loaded.report);
    expect(loaded.config.server.port).toBe(8443);
    expect(loaded.config.store).toMatchObject({ kind: 'mysql', port: 3307, password: '20260101' });
  });

  it('keep several instances of one dialer, with what they share by an anchor', async () => {
    const loaded = await load(join(here, 'good/two-instances.yaml'));

    if (loaded.kind === 'faults') throw new Error(loaded.report);
    expect(Object.keys(loaded.config.dialers)).toEqual(['acme', 'acme-eu']);
    expect(loaded.config.dialers['acme-eu']).toMatchObject({ country: 'DE', campaigns: { 2024: {} } });
    expect(loaded.config.platforms.oracle).toMatchObject({ token: `costs \${5}` });
  });

  it('have every default, and a public URL without a slash at its end', async () => {
    const least = await load(join(here, 'good/least.json'));
    const two = await load(join(here, 'good/two-instances.yaml'));

    if (least.kind === 'faults' || two.kind === 'faults') throw new Error('faults');
    expect(least.config).toMatchObject({
      server: { host: '127.0.0.1', port: 8080, publicUrl: 'http://127.0.0.1:8080', bodyLimitKb: 256 },
      store: { kind: 'sqlite', file: 'var/patchbay.sqlite' },
      outcomes: { technicalEndWaitSec: 60, humanWaitSec: 1800, handOver: ['qualified', 'transferred', 'language'] },
      outbox: { leaseSec: 60, maxAttempts: 12, backoff: { firstMs: 1000 }, breaker: { failures: 5 } },
    });
    expect(least.config.drill).toBeUndefined();
    expect(two.config.server.publicUrl).toBe('https://patchbay.example.com');
  });

  it('are warned about what waits and what is dangerous', async () => {
    const drill = await load(join(here, 'good/sqlite.yaml'));
    const two = await load(join(here, 'good/two-instances.yaml'));

    expect(drill).toMatchObject({ kind: 'ok', warnings: [expect.stringMatching(/^drill: /)] });
    expect(two).toMatchObject({
      kind: 'ok',
      warnings: expect.arrayContaining([expect.stringContaining('no entry for')]),
    });
  });
});

describe('the environment', () => {
  const config = `secret: \${HASH_KEY}\n`;

  it('may name a file instead of a value', async () => {
    const file = join(folder, 'hash-key');
    await writeFile(file, 'from-a-file-0123456789\n');

    const loaded = await loadText(config, { HASH_KEY_FILE: file });

    expect(loaded).toMatchObject({ kind: 'ok', config: { secret: 'from-a-file-0123456789' } });
  });

  it('is missed by name, once, also where the file of it can not be read', async () => {
    const missing = await faultsOf(config, {});
    const unreadable = await faultsOf(config, { HASH_KEY_FILE: join(folder, 'nowhere') });

    expect(missing.faults).toMatchObject([{ path: 'secret', line: 1, what: expect.stringContaining('HASH_KEY') }]);
    expect(unreadable.faults).toMatchObject([{ path: 'secret', what: expect.stringContaining('ENOENT') }]);
  });

  it('sets the log level, which is checked like any other', async () => {
    const loaded = await loadText(config, { ...env, LOG_LEVEL: 'debug' });
    const wrong = await faultsOf(config, { ...env, LOG_LEVEL: 'loud' });

    expect(loaded).toMatchObject({ config: { log: { level: 'debug' } } });
    expect(wrong.faults).toMatchObject([{ path: 'log.level' }]);
  });

  it('warns when a value is given twice', async () => {
    const loaded = await loadText(config, { ...env, HASH_KEY_FILE: '/run/secrets/other' });

    expect(loaded).toMatchObject({ kind: 'ok', warnings: [expect.stringContaining('HASH_KEY_FILE')] });
  });
});

describe('text that is not YAML', () => {
  it.each([
    ['a secret that looks like an alias', 'secret: *hunter2hunter2hunter2\n', 1],
    ['a secret that looks like a tag', 'secret: !hunter2hunter2hunter2 x\n', 1],
    ['a quote that never ends', 'server: {}\nsecret: "hunter2hunter2hunter2\n', 2],
    ['a tab', 'server:\n\tport: 8080\nsecret: hunter2hunter2hunter2\n', 2],
    ['a reserved character', 'secret: @hunter2hunter2hunter2\n', 1],
    ['a bracket', 'clients: [\nsecret: hunter2hunter2hunter2\n', 2],
  ])('is a fault with its line and without the text: %s', async (_name, text, line) => {
    const loaded = await faultsOf(text);

    expect(loaded.faults[0]).toMatchObject({ line: expect.any(Number) });
    expect(loaded.faults.some((fault) => Math.abs((fault.line ?? 0) - line) <= 1)).toBe(true);
    expect(loaded.report).not.toContain('hunter2');
  });

  it('does not hide the faults above it', async () => {
    const loaded = await faultsOf('server: { port: 0.5 }\nlog: { level: debug }}\n');

    expect(loaded.faults.map(({ path, line }) => [path, line])).toEqual([
      ['server.port', 1],
      ['', 2],
    ]);
  });

  it('names a key that is there twice', async () => {
    const loaded = await faultsOf('secret: 0123456789abcdef\nlog: {}\nsecret: 0123456789abcdef\n');

    expect(loaded.faults).toMatchObject([{ line: 3, what: 'secret is there twice' }]);
  });

  it('is a list, or nothing at all', async () => {
    const list = await faultsOf('- secret: x\n');
    const empty = await faultsOf('');
    const away = await load(join(folder, 'nowhere.yaml'));

    expect(list.faults).toMatchObject([{ what: expect.stringContaining('is a list') }]);
    expect(empty.faults).toMatchObject([{ path: 'secret', what: 'is missing' }]);
    expect(away).toMatchObject({ faults: [{ what: expect.stringContaining('ENOENT') }] });
  });
});

describe('what one key can not know of another', () => {
  const base = 'secret: 0123456789abcdef\n';
  const acme = 'type: acme, soap: { url: "https://a.example.com", users: [{ user: a, password: 12345678x }] }';

  it.each([
    ['a dialer without a client', `dialers: { acme: { ${acme} } }`, 'clients'],
    ['a reserved id', `dialers: { patchbay: { ${acme} } }`, 'dialers.patchbay'],
    ['an id that can not stand in a URL', `dialers: { "Acme 1": { ${acme} } }`, 'dialers["Acme 1"]'],
    [
      'one id for two',
      `dialers: { a: { ${acme} } }\nplatforms: { a: { type: oracle, token: 12345678x } }`,
      'platforms.a',
    ],
    [
      'a header twice',
      `dialers: { a: { ${acme}, headers: [{ name: X-a, from: a }, { name: X-A, from: b }] } }`,
      'dialers.a.headers[1].name',
    ],
    [
      'an unknown route code',
      `dialers: { a: { ${acme}, campaigns: { "*": { routes: { sold: skill } } } } }`,
      'dialers.a.campaigns["*"].routes.sold',
    ],
    [
      'a mirror of itself',
      `dialers: { a: { ${acme}, campaigns: { S: { mirror: { dialer: a, campaign: S } } } } }`,
      'dialers.a.campaigns.S.mirror.dialer',
    ],
    ['an unknown hand-over', 'outcomes: { handOver: [qualifid] }', 'outcomes.handOver[0]'],
    ['a URL that is none', 'server: { publicUrl: patchbay.example.com }', 'server.publicUrl'],
    ['a cron that is none', 'sync: { cron: "every day" }', 'sync.cron'],
    ['a zone that is none', 'sync: { timeZone: Mars/Base }', 'sync.timeZone'],
    ['a proxy that is none', 'server: { trustedProxies: [10.0.0.0/8, everybody] }', 'server.trustedProxies[1]'],
  ])('%s', async (_name, text, path) => {
    const loaded = await faultsOf(`${base}${text}\n`);

    expect(loaded.faults.map((fault) => fault.path)).toContain(path);
  });
});

it("finds what a connector's own comparison says behind a fault of another key", async () => {
  const soap = '{ url: "https://a.example.com", users: [{ user: a, password: 12345678x }], timeoutMs: 9500 }';

  const loaded = await faultsOf(
    `secret: 0123456789abcdef\nclients: { a: { keys: [${'a'.repeat(64)}], may: [dialer] } }\n` +
      `dialers: { a: { type: acme, country: DE, contry: DE, soap: ${soap}, campaigns: 7 } }\n`,
  );

  expect(loaded.faults.map((fault) => fault.path).sort()).toEqual([
    'dialers.a.campaigns',
    'dialers.a.contry',
    'dialers.a.soap.timeoutMs',
  ]);
});

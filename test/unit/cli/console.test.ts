import { createHmac } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseEnv } from 'node:util';
import { verify } from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { createTries } from '../../../src/console/auth/tries.ts';
import { startTestApp } from '../../support/start-app.ts';
import { linesOf, runMain } from './run-main.ts';

const password = 'an engine in london';
let folder: string;
let config: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-console-'));
  config = join(folder, 'patchbay.yaml');
  writeFileSync(
    config,
    `# Ours.\nsecret: ${'k'.repeat(20)}\nstore: { kind: sqlite, file: ${join(folder, 'store.sqlite')} }\nspool: { folder: ${join(folder, 'spool')} }\n`,
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('patchbay console add-user', () => {
  it('puts the user into the configuration, and the hash of the password beside it', async () => {
    const { exitCode, out, err } = await add('ada.l', 'admin');

    expect([exitCode, err.includes('the audit log does not have it')]).toEqual([0, true]);
    expect(out).toContain('npx patchbay reload');
    const text = readFileSync(config, 'utf8');
    const secrets = parseEnv(readFileSync(join(folder, 'patchbay.secrets.env'), 'utf8'));
    const [name = '', hash = ''] = Object.entries(secrets)[0] ?? [];
    expect(text).toContain('# Ours.');
    expect(parse(text).console).toEqual({ users: { 'ada.l': { passwordHash: `\${${name}}`, role: 'admin' } } });
    expect(await verify(hash, password)).toBe(true);
    expect(statSync(join(folder, 'patchbay.secrets.env')).mode & 0o777).toBe(0o600);
    expect(out + err + text).not.toContain(password);
    expect((await run('serve', '--check')).out).toContain('The configuration is good.');
  });

  it.each([
    ['a short password', 'ada', 'viewer', 'too short', /at least 12 characters/],
    ['a password with the name in it', 'ada', 'viewer', 'ADA was here first', /hold the name/],
    ['the same over and over', 'ada', 'viewer', 'aaaaaaaaaaaaaaaa', /too much of the same/],
    ['a role that there is not', 'ada', 'queen', password, /viewer, operator, admin/],
    ['a name that is none', 'Ada!', 'viewer', password, /lower-case letters/],
  ])('refuses %s, and changes nothing', async (_what, name, role, word, why) => {
    const before = readFileSync(config, 'utf8');
    const { exitCode, err } = await add(name, role, word);

    expect([exitCode, readFileSync(config, 'utf8')]).toEqual([1, before]);
    expect(err).toMatch(why);
  });

  it('gives a new password only when it is told to', async () => {
    putAda();
    const refused = await add('ada', 'viewer', 'another one in london');
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining('--replace')]);

    expect((await add('ada', 'viewer', 'another one in london', '--replace')).exitCode).toBe(0);
    expect(parse(readFileSync(config, 'utf8')).console.users.ada.role).toBe('viewer');
    const { CONSOLE_PASSWORD_ADA: hash = '' } = parseEnv(readFileSync(join(folder, 'patchbay.secrets.env'), 'utf8'));
    expect(await verify(hash, 'another one in london')).toBe(true);
  });

  it('says that there is no configuration yet', async () => {
    rmSync(config);
    const { exitCode, err } = await add('ada', 'admin');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('npx patchbay setup')]);
  });
});

describe('patchbay console', () => {
  it('takes a user out, with the secret and the sessions, and writes it down', async () => {
    putAda();
    await withStore(async (store) => {
      await store.startSession({ session: kept('ada'), now: kept('ada').createdAt, idleSince: '' });
      expect(linesOf(await run('console', 'users', '--json'))).toEqual([
        { name: 'ada', role: 'admin', sessions: 0, locked: '' },
      ]);
      const { exitCode, out } = await run('console', 'remove-user', 'ada');

      expect([exitCode, out]).toEqual([0, expect.stringContaining('no user any more')]);
      expect(await store.sessions()).toEqual([]);
      expect((await store.auditLog(5)).map(({ act, subject }) => [act, subject])).toEqual([['user-removed', 'ada']]);
    });
    expect(parse(readFileSync(config, 'utf8')).console.users).toEqual({});
    expect(readFileSync(join(folder, 'patchbay.secrets.env'), 'utf8')).not.toContain('argon2');
    expect((await run('console', 'remove-user', 'ada')).exitCode).toBe(1);
  });

  it('shows whom wrong passwords have locked out, and until when', async () => {
    putAda();
    await withStore(async (store) => {
      const keyedHash = (text: string) => createHmac('sha256', 'k'.repeat(20)).update(text).digest();
      const tries = createTries({ store, keyedHash }, { tries: 1, minutes: 15 });
      await tries.count({ user: 'ada', address: '192.0.2.7', browser: '' }, Date.now());

      const { out } = await run('console', 'users');
      await run('console', 'unlock', 'ada');

      expect(out).toMatch(/ada\sadmin\s0\sfrom where it was tried, until 20/);
      expect((await run('console', 'users')).out).not.toContain('until');
    });
  });

  it('ends sessions by name and writes it down; nobody is unlocked who was not locked', async () => {
    await withStore(async (store) => {
      await store.startSession({ session: kept('ada'), now: kept('ada').createdAt, idleSince: '' });
      expect((await run('console', 'end-sessions', 'ada')).out).toBe('1 ended.\n');
      expect((await run('console', 'unlock', 'ada')).out).toContain('ada was not locked');
      expect((await store.auditLog(5)).map(({ act }) => act)).toEqual(['session-ended']);
    });
  });
});

function run(...args: string[]) {
  return runMain(['--config', config, ...args], { dialers: [], platforms: [] });
}

async function add(name: string, role: string, word = password, ...more: string[]) {
  const keyboard = Readable.from([`${word}\n`]) as unknown as typeof process.stdin;
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(keyboard);
  return run('console', 'add-user', name, '--role', role, '--password-stdin', ...more);
}

/** A user by hand: quicker than the command. */
function putAda(): void {
  appendFileSync(config, `console: { users: { ada: { passwordHash: '\${CONSOLE_PASSWORD_ADA}', role: admin } } }\n`);
  writeFileSync(
    join(folder, 'patchbay.secrets.env'),
    "CONSOLE_PASSWORD_ADA='$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA'\n",
    {
      mode: 0o600,
    },
  );
}

/** With the tables in the store, as after the first start of the service. */
async function withStore<T>(
  work: (store: Awaited<ReturnType<typeof startTestApp>>['app']['deps']['store']) => Promise<T>,
) {
  const service = await startTestApp({ store: { kind: 'sqlite', file: join(folder, 'store.sqlite') } });
  try {
    return await work(service.app.deps.store);
  } finally {
    await service.stop();
  }
}

function kept(user: string) {
  const now = Date.now();
  const at = (ms: number) => new Date(now + ms).toISOString();
  return {
    idHash: 'a'.repeat(64),
    user,
    how: 'password' as const,
    claims: [],
    createdAt: at(0),
    seenAt: at(0),
    expiresAt: at(3_600_000),
    address: '192.0.2.1',
    browser: 'Firefox/1',
  };
}

import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../config/load.ts';
import type { CliContext } from '../../../src/cli/context.ts';
import { needWritable } from '../../../src/cli/setup/site-files.ts';
import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Asker, WizardSite } from '../../../src/domain/setup.ts';
import { type ToySystem, toyRegistry, toySystem } from '../flows/setup/toy-site.ts';
import { linesOf, runMain } from './run-main.ts';

const answers = {
  patchbay: { dialers: ['bell'], ids: { parrot: 'polly' }, publicUrl: 'https://patchbay.example.com/' },
  'polly.token': 'cracker',
  bell: { password: 'ding dong', campaigns: { spring: { number: '+19895551234' } }, sale: true },
};

/** What has no default when it is asked again. */
const again = { 'bell.campaigns.spring.number': '+19895551234', 'bell.sale': true };

let folder: string;
let config: string;
let secretsFile: string;
let bell: ToySystem;
let parrot: ToySystem;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-setup-'));
  config = join(folder, 'patchbay.yaml');
  secretsFile = join(folder, 'patchbay.secrets.env');
  bell = toySystem();
  parrot = toySystem();
  for (const name of ['PATCHBAY_CONFIG', 'BELL_PASSWORD', 'PARROT_TOKEN', 'BELL_IVR_KEY', 'PATCHBAY_HASH_KEY'])
    vi.stubEnv(name, undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('patchbay setup --answers', () => {
  it('writes a configuration that loads, its secrets beside it, and the runbook', async () => {
    const { exitCode, out, err } = await setUp();

    expect([exitCode, err.replaceAll(/^warning: dialers.*\n/gm, '')]).toEqual([0, '']);
    const loaded = await load();
    if (loaded.kind === 'faults') throw new Error(loaded.report);
    const secrets = parseEnv(readFileSync(secretsFile, 'utf8'));
    expect(loaded.config.dialers.bell).toMatchObject({ password: 'ding dong', fields: ['colour'] });
    expect(loaded.config.server.publicUrl).toBe('https://patchbay.example.com');
    expect(loaded.config.clients['bell-ivr']).toEqual({ keys: [sha256(secrets.BELL_IVR_KEY)], may: ['dialer'] });
    expect(Object.keys(secrets)).toEqual(['BELL_IVR_KEY', 'BELL_PASSWORD', 'PARROT_TOKEN', 'PATCHBAY_HASH_KEY']);
    expect(statSync(secretsFile).mode & 0o777).toBe(0o600);
    expect(statSync(config).mode & 0o777).toBe(0o640);
    for (const secret of Object.values(secrets)) {
      expect(readFileSync(config, 'utf8')).not.toContain(secret);
      expect(readFileSync(join(folder, 'patchbay.runbook.md'), 'utf8')).not.toContain(secret);
      expect(out).not.toContain(secret);
    }
  });

  it('tells all answers that are missing at once, tries nothing out, and writes nothing', async () => {
    const { exitCode, err } = await setUp({
      'patchbay.ids.parrot': 'polly',
      bell: { sale: 'perhaps' },
      'polly.tokn': 'cracker',
    });

    expect(exitCode).toBe(1);
    for (const key of ['patchbay.dialers', 'patchbay.publicUrl', 'polly.token', 'bell.password', 'bell.sale'])
      expect(err).toMatch(new RegExp(`^ +\\d+\\. ${key} (is not answered|must be true or false)$`, 'm'));
    expect(err).toContain('Any of: bell');
    expect(err).toMatch(/bell\.campaigns\.spring\.number is not answered\n.*\n +One of: \+19895551234 \(Spring\)/);
    expect(err).toContain('nobody asks for polly.tokn. Did you mean polly.token?');
    expect([...bell.logIns, ...parrot.logIns]).toEqual([]);
    expect(readdirSync(folder)).toEqual(['answers.json']);
  });

  it('names the system that refused the log-in first, and no slip among the answers that it did not come to', async () => {
    const { err } = await setUp({
      ...answers,
      'patchbay.ids.bell': 'bell, chime',
      'polly.tokn': 'cracker',
      bell: { ...answers.bell, password: 'wrong' },
    });

    expect(err).toContain('chime.password is not answered');
    expect(err.indexOf('bell was left out: the bell refused')).toBeLessThan(err.indexOf('chime.password'));
    expect(err).toContain('bell was left out: the bell refused');
    expect(err).toContain('nobody asks for polly.tokn. Did you mean polly.token?');
    expect(err).not.toContain('nobody asks for bell');
  });

  it('writes nothing when a system refuses the log-in, and says which', async () => {
    const { exitCode, err } = await setUp({ ...answers, bell: { password: 'wrong' } });

    expect(exitCode).toBe(1);
    expect(err).toContain('bell was left out: the bell refused the password. Look it up');
    expect(readdirSync(folder)).toEqual(['answers.json']);
  });

  it('changes only what is answered anew: comments, other keys and secrets stay, the old file is kept', async () => {
    await setUp();
    const before = readFileSync(secretsFile, 'utf8');
    const edited = `# Mine.\n${readFileSync(config, 'utf8').replace('    password:', '    # Never ask.\n    country: CA\n    password:')}`;
    writeFileSync(config, edited);

    const { exitCode, out } = await setUp({ ...answers, bell: { ...answers.bell, fields: 'colour, size' } });

    const text = readFileSync(config, 'utf8');
    const [backup = ''] = readdirSync(folder).filter((name) => name.includes('.backup-'));
    expect(exitCode).toBe(0);
    expect(out).toContain('~ dialers.bell.fields: [colour] → [colour, size]');
    expect(out.split('\n').filter((line) => /^ {2}[~+-] /.test(line))).toHaveLength(1);
    expect(text).toMatch(/^# Mine\.\n/);
    expect(text).toContain('    # Never ask.\n    country: CA');
    expect(readFileSync(secretsFile, 'utf8')).toBe(before);
    expect(readFileSync(join(folder, backup), 'utf8')).toBe(edited);
  });

  it('keeps what somebody else writes into the configuration while it asks', async () => {
    await setUp();
    const { dialers, platforms } = registry();
    const slow = dialers.map((dialer) => ({
      ...dialer,
      wizard: async (ask: Asker, site: WizardSite<ConnectorDeps>) => {
        appendFileSync(config, '# Theirs.\n');
        return (await dialer.wizard?.(ask, site)) ?? { section: {} };
      },
    }));
    writeFileSync(join(folder, 'answers.json'), JSON.stringify({ 'bell.fields': 'colour, size', ...again }));

    const args = ['--config', config, 'setup', '--answers', join(folder, 'answers.json')];
    const { exitCode } = await runMain(args, { dialers: slow, platforms });

    const text = readFileSync(config, 'utf8');
    expect(exitCode).toBe(0);
    expect(text).toContain('# Theirs.\n');
    expect(parse(text)).toMatchObject({ dialers: { bell: { fields: ['colour', 'size'] } } });
  });

  it('changes nothing when the same is answered again, nor when only what is new is answered', async () => {
    await setUp();
    const before = readFileSync(config, 'utf8');

    const same = await setUp();
    const none = await setUp(again);

    expect([same.out, none.out]).toEqual([
      expect.stringContaining('Nothing changes.'),
      expect.stringContaining('Nothing changes.'),
    ]);
    expect(readFileSync(config, 'utf8')).toBe(before);
    expect(bell.logIns).toEqual(['ding dong', 'ding dong', 'ding dong']);
  });

  it('takes numbers as they are written, and secrets from the environment', async () => {
    const file = join(folder, 'answers.yaml');
    writeFileSync(
      file,
      `patchbay: { dialers: [bell], publicUrl: https://patchbay.example.com }
parrot.token: \${TOKEN_OF_THE_TEST}
bell: { password: 0077, campaigns: { spring: { number: +19895551234 } } }
`,
    );
    vi.stubEnv('TOKEN_OF_THE_TEST', 'cracker');

    const { exitCode, err } = await run('--answers', file);

    expect([exitCode, err]).toEqual([0, '']);
    expect([bell.logIns, parrot.logIns]).toEqual([['0077'], ['cracker']]);
  });

  it('writes JSON where the configuration is to be JSON', async () => {
    config = join(folder, 'patchbay.json');

    await setUp();

    expect(JSON.parse(readFileSync(config, 'utf8'))).toMatchObject({ dialers: { bell: { type: 'bell' } } });
  });

  it('only shows with --dry-run', async () => {
    const { out } = await setUp(answers, ['--dry-run']);

    expect(out).toContain(`+ dialers.bell.password: \${BELL_PASSWORD}`);
    expect(readdirSync(folder)).toEqual(['answers.json']);
  });

  it('takes no configuration that has a fault, and says which', async () => {
    writeFileSync(config, 'spool: { folder: 3 }\n');

    const { exitCode, err } = await setUp();

    expect(exitCode).toBe(1);
    expect(err).toContain('Nothing was written. With these answers');
    expect(err).toContain('spool.folder');
    expect(readFileSync(config, 'utf8')).toBe('spool: { folder: 3 }\n');
    expect(existsSync(secretsFile)).toBe(false);
  });
});

describe('patchbay setup --print-questions', () => {
  it('prints a file that needs only what nobody can guess, and touches no system', async () => {
    const { exitCode, out } = await runMain(['--config', config, 'setup', '--print-questions'], registry());

    const template = parse(out) as Record<string, unknown>;
    expect(exitCode).toBe(0);
    expect(template).toMatchObject({ 'patchbay.publicUrl': null, 'patchbay.ids.bell': 'bell', 'bell.password': null });
    expect(out).toMatch(/# {3}size: Size; in inches/);
    expect([...bell.logIns, ...parrot.logIns]).toEqual([]);
  });
});

describe('patchbay setup --runbook', () => {
  it('leads through the steps of what is configured in order, with checks, and without secrets', async () => {
    await setUp();

    const { out } = await run('--runbook');

    const titles = [...out.matchAll(/^### (\d+)\. (.*)$/gm)].map(([, number, title]) => `${number} ${title}`);
    expect(titles).toEqual([
      '1 Keep configuration and secrets safe',
      '2 Run Patchbay as a service',
      '3 Open the ways through the firewalls',
      '4 Make Patchbay reachable over TLS',
      '5 Sign the contract',
      '6 Make hook',
      '7 Make fields',
      '8 Make script',
      '9 Read the leads for the first time',
      '10 Have everything looked at',
      '11 Make a test call',
      '12 Switch to production',
      '13 Have it watched',
    ]);
    expect(out.match(/^- \[ \] done$/gm)).toHaveLength(13);
    expect(out).toContain('Seen by: `npx patchbay doctor --only bell:reachable polly:reachable`');
    expect(out).toContain('The hook calls `https://patchbay.example.com/events`; its secret is PARROT_SECRET.');
    expect(out).toContain('| bell | bell | SPRING |');
  });
});

describe('patchbay setup --apply, undo and log', () => {
  it('shows the plan, does it, finds all there the second time, and takes it back', async () => {
    await setUpWithJournal();

    const dry = await run('--apply', '--dry-run', '--yes');
    const dryWrites = [...bell.writes, ...parrot.writes];
    const refused = await run('--apply');
    const first = await run('--apply', '--yes');
    const second = await run('--apply', '--yes');
    const log = await run('log', '--json');
    const dryUndo = await run('undo', '--dry-run', '--yes');
    const stillThere = bell.things.size;
    const undone = await run('undo', '--yes');
    const again = await run('undo', '--yes');

    expect([dryWrites, stillThere]).toEqual([[], 2]);
    expect(dryUndo.out).toMatch(/script spring {2}made\n.*field colour {2}made\n.*hook {2}made\n$/);
    expect(dry.out).toMatch(/polly: Make hook\n {4}missing {2}hook: will be made/);
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining('say --yes')]);
    expect([first.exitCode, first.out]).toEqual([0, expect.stringContaining('3 done, 0 there already')]);
    expect([second.exitCode, second.out]).toEqual([0, expect.stringContaining('Nothing is left to do over the APIs.')]);
    expect(linesOf(log).map(({ what, state }) => [what, state])).toEqual([
      ['hook', 'made'],
      ['field colour', 'made'],
      ['script spring', 'made'],
    ]);
    expect([undone.exitCode, undone.out]).toEqual([0, expect.stringContaining('3 of 3 are taken back.')]);
    expect(again.out).toContain('Nothing is left to take back.');
    expect([bell.things.size, parrot.things.size]).toEqual([0, 0]);
  });

  it('puts a secret that a system made where the service finds it, and takes it out again', async () => {
    await setUpWithJournal();
    const before = { text: readFileSync(config, 'utf8'), secrets: readFileSync(secretsFile, 'utf8') };

    await run('--apply', '--yes');
    const during = await load();
    const { text, secrets } = { text: readFileSync(config, 'utf8'), secrets: readFileSync(secretsFile, 'utf8') };
    await run('undo', '--yes');
    const after = await load();

    if (during.kind === 'faults' || after.kind === 'faults') throw new Error('faults');
    expect(during.config.platforms.polly).toMatchObject({ secrets: ['whsec "of the $hook # 1'] });
    expect(text).toContain(`- \${PARROT_SECRET}`);
    expect(secrets).toBe(`${before.secrets}PARROT_SECRET='whsec "of the $hook # 1'\n`);
    expect(after.config.platforms.polly).toMatchObject({ secrets: [] });
    expect(readFileSync(secretsFile, 'utf8')).toBe(before.secrets);
    expect(before.text).not.toContain('PARROT_SECRET');
  });

  it('fails with a reason, and says so at the end', async () => {
    await setUpWithJournal();
    bell.failNext = { when: 'before', error: new Error('the bell cracked') };

    const { exitCode, out } = await run('--apply', '--yes', '--only', 'bell');

    expect(exitCode).toBe(1);
    expect(out).toContain('failed   bell: Make fields: the bell cracked');
    expect(out).toContain('0 done, 0 there already, 0 blocked, 1 failed, 1 not tried.');
    expect(parrot.writes).toEqual([]);
  });

  it('does nothing while another set-up is at work', async () => {
    await setUpWithJournal();
    const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    mkdirSync(join(folder, 'var'));
    writeFileSync(join(folder, 'var', 'journal.jsonl.lock'), JSON.stringify(holder));

    const { exitCode, err } = await run('--apply', '--yes');

    expect([exitCode, err]).toEqual([1, expect.stringContaining('another set-up is at work')]);
    expect([...bell.writes, ...parrot.writes]).toEqual([]);
  });

  it('begins nothing where a secret could not be kept', async () => {
    const nowhere = { configFile: () => join(folder, 'nowhere', 'patchbay.yaml') } as CliContext;

    await expect(needWritable(nowhere)).rejects.toMatchObject({
      hint: expect.stringContaining('Make its folder writable'),
    });
  });

  it('names the instances that there are when another is meant', async () => {
    await setUpWithJournal();

    const { exitCode, err } = await run('--apply', '--only', 'gong');

    expect([exitCode, err]).toEqual([1, expect.stringContaining('There are: patchbay, bell, polly.')]);
  });
});

describe('the secrets file', () => {
  it('lies beneath the environment, and warns when everybody can read it', async () => {
    await setUp();
    chmodSync(secretsFile, 0o644);

    const loaded = await load({ BELL_PASSWORD: 'of the environment' });

    if (loaded.kind === 'faults') throw new Error(loaded.report);
    expect(loaded.config.dialers.bell).toMatchObject({ password: 'of the environment' });
    expect(loaded.warnings[0]).toContain(`chmod 600 ${secretsFile}`);
  });

  it('gives way to a file that the environment names', async () => {
    await setUp();
    writeFileSync(join(folder, 'password'), 'of the file\n');

    const loaded = await load({ BELL_PASSWORD_FILE: join(folder, 'password') });

    if (loaded.kind === 'faults') throw new Error(loaded.report);
    expect(loaded.config.dialers.bell).toMatchObject({ password: 'of the file' });
  });

  it('that can not be read is a fault', async () => {
    await setUp();
    rmSync(secretsFile);
    mkdirSync(secretsFile);

    const loaded = await load();

    expect(loaded.kind === 'faults' && loaded.report).toContain(`${secretsFile} can not be read (EISDIR)`);
  });
});

function registry() {
  return toyRegistry(bell, parrot);
}

function setUp(given: object = answers, options: readonly string[] = []) {
  const file = join(folder, 'answers.json');
  writeFileSync(file, JSON.stringify(given));
  return run('--answers', file, ...options);
}

async function run(...args: readonly string[]) {
  const done = await runMain(['--config', config, 'setup', ...args], registry());
  return { ...done, err: done.err.replaceAll(/^warning: .*dialers\.bell.*\n/gm, '') };
}

/** Also says where the journal lies: its usual place is the folder that commands are run in. */
async function setUpWithJournal() {
  await setUp();
  appendFileSync(config, `setup:\n  journal: ${join(folder, 'var', 'journal.jsonl')}\n`);
}

function load(env: Record<string, string> = {}) {
  return loadConfig({ file: config, env, registry: registry() });
}

function sha256(text = ''): string {
  return createHash('sha256').update(text).digest('hex');
}

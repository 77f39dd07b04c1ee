import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { interpolate } from '../../config/interpolate.ts';
import { secretsIn } from '../../config/redact.ts';
import type { ConnectorRegistry } from '../../config/registry.ts';
import { configSchema } from '../../config/schema.ts';
import { connectors } from '../../connectors/index.ts';
import type { Check } from '../../src/domain/connector.ts';
import { makeBundle } from '../../src/flows/support-bundle/make-bundle.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import {
  callerCode,
  claim,
  committed,
  entry,
  legOf,
  openTestStore,
  record,
  registration,
  settlement,
} from '../contract/store/store-cast.ts';
import { type Canary, formsOfNumber, formsOfSecret, sightings } from '../support/planted.ts';
import { runMain } from '../unit/cli/run-main.ts';

const zoes = '3035550173';
const zoe = 'Zebedea';
/** With everything in it that has to be written otherwise somewhere. */
const databasePassword = 'c4n"a/r&y <p>+w\\d';
const nasty = ['VICIDIAL_DB_PASSWORD', 'FIVE9_PASSWORD'];

let folder: string;
let service: Server;
let configFile: string;
let registry: ConnectorRegistry;
let secrets: string[];
let canaries: Canary[];
let planted: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-bundle-'));
  service = createServer((request, response) => {
    const isReady = request.url === '/readyz';
    response.end(isReady ? JSON.stringify({ status: 'ok', said: planted }) : metricsWith(planted));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  registry = { ...connectors, dialers: [...connectors.dialers, talkativeDialer()] };
  await writeConfig((service.address() as AddressInfo).port);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** The example file with everything in it, on this machine, with a secret of its own for every name. */
async function writeConfig(port: number): Promise<void> {
  const example = readFileSync(new URL('../../config/patchbay.example.yaml', import.meta.url), 'utf8');
  const env = Object.fromEntries(
    [...example.matchAll(/^[^#\n]*\$\{(\w+)\}/gm)].map(([, name = '']) => [name, secretFor(name)]),
  );
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const config = parse(
    example.replace(/https?:\/\/[\w.]*example\.com|https:\/\/api\.(five9\.com|sigmamind\.ai)/g, 'http://127.0.0.1:1'),
  );
  Object.assign(config.server, { port, publicUrl: `http://127.0.0.1:${port}` });
  config.store.file = join(folder, 'store.sqlite');
  config.spool.folder = join(folder, 'spool');
  config.setup = { journal: join(folder, 'journal.jsonl') };
  config.dialers.vicidial.database.host = '127.0.0.1';
  config.dialers.vicidial.database.port = 1;
  config.platforms.sigmamind.sip = { host: '127.0.0.1', port: 1, transport: 'tcp' };
  const campaign = { dispositions: { sale: 'sold' }, evidence: { seller: 'Ours', callerId: `+1${zoes}` } };
  config.dialers.carousel = { type: 'made-up', url: 'http://127.0.0.1:1', campaigns: { Autumn: campaign } };
  const stray = secretFor('KEY_BESIDE_THE_CONFIGURATION');
  writeFileSync(join(folder, 'patchbay.secrets.env'), `STRAY_KEY='${stray}'\n`, { mode: 0o600 });
  configFile = join(folder, 'patchbay.json');
  writeFileSync(configFile, JSON.stringify(config));

  const { value } = await interpolate(config, env);
  secrets = [...new Set(secretsIn(value, configSchema(registry)))];
  canaries = [
    ...secrets.flatMap((text) => [{ kind: 'secret', text } as const]),
    ...Object.entries(env).map(([, text]) => ({ kind: 'secret', text }) as const),
    { kind: 'secret', text: stray },
    { kind: 'number', text: zoes },
    { kind: 'name', text: zoe },
  ];
  planted = [...formsOfNumber(zoes), ...[stray, ...Object.values(env)].flatMap(formsOfSecret)];
}

function secretFor(name: string): string {
  const random = randomBytes(32).toString('hex');
  if (/SHA256/.test(name)) return random;
  if (/PASSWORD_HASH/.test(name)) return `$argon2id$${random}`;
  // Of the form that it must have: base64, after its mark.
  if (/PAGER_SECRET/.test(name)) return random.slice(0, 44);
  return nasty.includes(name)
    ? `${databasePassword}${name.toLowerCase()}`
    : `canary-of-${name.toLowerCase()}-${random.slice(0, 8)}`;
}

/** The made-up dialer, whose checks tell everything that they must not. */
function talkativeDialer() {
  return {
    ...madeUp,
    create(...[id, config, deps]: Parameters<typeof madeUp.create>) {
      const dialer = madeUp.create(id, config, deps);
      const checks = (): Check[] => [
        ...dialer.checks(),
        {
          id: 'gossip',
          title: 'It tells everything',
          looksAt: 'what it must not tell',
          run: async () => ({
            status: 'fail' as const,
            found: planted.join(' | '),
            why: planted.join('\n'),
            fix: planted.join(', '),
          }),
        },
      ];
      return { ...dialer, checks };
    },
  };
}

function metricsWith(labels: readonly string[]): string {
  const lines = labels.map((text) => `patchbay_said{what=${JSON.stringify(text)}} 1`);
  return ['# HELP patchbay_said What was said.', ...lines, 'patchbay_facts_total 12345678'].join('\n');
}

/** A store in which an error says what it must not, and a lead with a name and a number. */
async function fillStore(): Promise<void> {
  const campaign = { dispositions: { sale: 'sold' }, fields: {} };
  const store = await openTestStore(
    { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    {
      rules: {
        dialers: { carousel: { aspects: ['disposition'], campaigns: { Autumn: campaign } } },
        ...{ technicalEndWaitSec: 0, humanWaitSec: 0, handOverOutcomes: [] },
      },
    },
  );
  const leg = legOf('mu-1', {
    dialer: 'carousel',
    campaign: 'Autumn',
    leadKey: 'r1',
    phone: `+1${zoes}`,
    number: zoes,
  });
  const told = { ...committed('sale'), summary: `${zoe} at ${zoes} wants two` };
  await record(
    store,
    entry([callerCode('mu-1')], 'registered', registration(leg), { source: 'carousel' }),
    entry([callerCode('mu-1')], 'commit', told),
  );
  const rows = await claim(store, { dialer: 'carousel' });
  const state = { state: 'refused', why: planted.join(' | '), hint: planted.join('; ') } as const;
  await store.settleWriteBacks(rows.map((row) => settlement(row, state)));
  const now = '2026-11-21T12:10:00.000Z';
  const lead = {
    dialer: 'carousel',
    key: 'r1',
    list: 'people',
    campaign: 'Autumn',
    phones: [`+1${zoes}`],
    changedAt: now,
  };
  await store.saveLeads([{ ...lead, fields: { first_name: zoe } }], now);
  await store.keepTranscript({
    correlationId: rows[0]?.correlationId ?? '',
    platform: 'sigmamind',
    spoken: `I am ${zoe}`,
    keptAt: now,
  });
  const details = { why: planted.join(' | '), hint: planted.join(' '), lead: zoe };
  await store.raiseAttention([{ kind: 'finding', key: `finding:${zoes}`, details }], now);
  await store.raiseAttention([{ kind: 'shared-number', key: zoes, details: { name: zoe } }], now);
  await store.close();
}

function writeJournal(): void {
  const begun = { kind: 'begun', id: 't1', instance: 'carousel', step: 'paper', what: `contact ${planted.join(' ')}` };
  const line = { ...begun, undoData: { before: planted, name: zoe }, at: '2026-11-21T12:00:00.000Z', by: 'cli:olga' };
  writeFileSync(join(folder, 'journal.jsonl'), `${JSON.stringify(line)}\n`);
}

async function bundle(...more: string[]) {
  const out = join(folder, 'bundle.zip');
  const run = await runMain(['-c', configFile, 'support', 'bundle', '--out', out, ...more], registry);
  const bytes = existsSync(out) ? new Uint8Array(readFileSync(out)) : new Uint8Array();
  const files = bytes.length > 0 ? unzipSync(bytes) : {};
  const text = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
  return { run, bytes, names: Object.keys(files).sort(), text };
}

it('holds no secret, no number and no name, whatever was planted where', { timeout: 90_000 }, async () => {
  await fillStore();
  writeJournal();
  const log = join(folder, 'patchbay.log');
  const line = (said: string) => JSON.stringify({ level: 30, time: '2026-11-21T12:00:00.000Z', said, msg: 'odd' });
  writeFileSync(log, [...planted.map(line), ...planted, planted.join(' ')].join('\n'));

  const { run, bytes, names, text } = await bundle('--log', log);

  expect(run).toMatchObject({ exitCode: 0, err: '' });
  expect(names).toEqual([
    'README.txt',
    'attention.json',
    'configuration.json',
    'doctor.json',
    'log.txt',
    'metrics.txt',
    'service.json',
    'setup-journal.json',
    'spool.json',
    'store.json',
    'versions.json',
    'write-backs.json',
  ]);
  expect(secrets.length).toBeGreaterThan(12);
  expect(sightings(bytes, canaries)).toEqual([]);

  // And yet it tells what happened.
  expect(JSON.parse(text('write-backs.json'))).toMatchObject({
    counts: [{ dialer: 'carousel', state: 'refused', count: 1 }],
    troubled: [{ dialer: 'carousel', aspect: 'disposition', state: 'refused', attempts: 0 }],
  });
  expect(JSON.parse(text('store.json')).tables).toContainEqual({ table: 'leads', count: 1 });
  expect(JSON.parse(text('attention.json')).kinds).toHaveLength(2);
  expect(JSON.parse(text('setup-journal.json'))).toMatchObject([
    { instance: 'carousel', step: 'paper', state: 'begun' },
  ]);
  expect(JSON.parse(text('configuration.json'))).toMatchObject({
    dialers: { five9: { country: 'US' } },
    secret: '•••',
  });
  expect(JSON.parse(text('doctor.json')).checked).toContainEqual(
    expect.objectContaining({ id: 'carousel:gossip', status: 'fail' }),
  );
  expect(JSON.parse(text('versions.json'))).toMatchObject({ node: process.versions.node });
  expect(text('metrics.txt')).toContain('patchbay_facts_total 12345678');
  expect(text('log.txt')).toContain('"time":"2026-11-21T12:00:00.000Z"');
  expect(text('README.txt')).toContain('setup-journal.json: what');
});

it('would show every one of them without the gate: the measure sees what it is to see', async () => {
  const open = { text: (given: string) => given, value: (given: unknown) => given, metrics: (given: string) => given };
  const parts = [
    {
      name: 'log.txt',
      about: 'a log',
      read: async () => ({ kind: 'text', text: `${planted.join('\n')} ${zoe}` }) as const,
    },
  ];

  const { bytes } = await makeBundle(parts, open, '2026-11-21T12:00:00.000Z');

  const seen = sightings(bytes, canaries);
  const inEnvironment = canaries.filter(({ kind, text }) => kind !== 'secret' || planted.includes(text));
  expect(seen).toEqual(expect.arrayContaining(inEnvironment.map(({ text }) => `log.txt: ${text}`)));
  for (const form of planted) {
    const one = [{ name: 'log.txt', about: 'a log', read: async () => ({ kind: 'text', text: form }) as const }];
    const alone = await makeBundle(one, open, '2026-11-21T12:00:00.000Z');
    expect(sightings(alone.bytes, canaries), form).not.toEqual([]);
  }
});

it('works without store and service, and says what is missing', { timeout: 60_000 }, async () => {
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));

  const { run, names, text } = await bundle();

  expect(run.exitCode).toBe(0);
  expect(names).toEqual([
    'README.txt',
    'configuration.json',
    'doctor.json',
    'setup-journal.json',
    'spool.json',
    'versions.json',
  ]);
  expect(run.err).toContain('not in it: store.json: the store could not be opened: its tables are not there');
  expect(run.err).toContain('not in it: metrics.txt: the service does not answer');
  expect(text('README.txt')).toContain('log.txt: the service logs to its standard output');
  expect(existsSync(join(folder, 'store.sqlite'))).toBe(false);
});

it('tells the faults of a configuration that can not be read, and takes no log along', async () => {
  const log = join(folder, 'patchbay.log');
  writeFileSync(log, planted.join('\n'));
  const broken = { ...(JSON.parse(readFileSync(configFile, 'utf8')) as object), outbax: {} };
  writeFileSync(configFile, JSON.stringify(broken));

  const { run, bytes, names, text } = await bundle('--log', log);

  expect(run.exitCode).toBe(0);
  expect(names).toEqual([
    'README.txt',
    'configuration-faults.txt',
    'setup-journal.json',
    'spool.json',
    'versions.json',
  ]);
  expect(text('configuration-faults.txt')).toContain('outbax');
  expect(sightings(bytes, canaries)).toEqual([]);
});

it('leaves a file alone that is there', async () => {
  writeFileSync(join(folder, 'bundle.zip'), 'mine');

  const run = await runMain(['-c', configFile, 'support', 'bundle', '--out', join(folder, 'bundle.zip')], registry);

  expect(run).toMatchObject({ exitCode: 1, err: expect.stringContaining('--out') });
  expect(readFileSync(join(folder, 'bundle.zip'), 'utf8')).toBe('mine');
});

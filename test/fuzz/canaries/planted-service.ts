import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { startGossipServer } from './gossip-server.ts';
import { makeSecrets, type SecretName, type Secrets } from './people.ts';

/** The service as a process of its own, at the most talkative level, with a secret of its own in every place. */
export interface PlantedService {
  url: string;
  agiPort: number;
  folder: string;
  configFile: string;
  secrets: Secrets;
  pid: number;
  /** What it wrote so far, to both streams. */
  said(): string;
  /** How often the gossiping systems were asked. */
  asked(): number;
  /** Runs another command of it. */
  run(args: readonly string[]): Promise<{ out: string; exitCode: number }>;
  stop(): Promise<void>;
}

const program = new URL('../../../src/cli/patchbay.js', import.meta.url).pathname;
const root = new URL('../../../', import.meta.url).pathname;
const cheap = { memoryCost: 64, timeCost: 1, parallelism: 1 };

export async function startPlantedService(): Promise<PlantedService> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-canaries-'));
  const secrets = makeSecrets();
  const gossip = await startGossipServer();
  const [port, agiPort] = [await freePort(), await freePort()];
  const configFile = join(folder, 'patchbay.json');
  const passwords = { vera: secrets.VIEWER_PASSWORD, ada: secrets.ADMIN_PASSWORD };
  const config = configOf({ folder, port, agiPort, gossip: gossip.url, secrets });
  for (const [name, password] of Object.entries(passwords)) {
    const role = name === 'vera' ? 'viewer' : 'admin';
    Object.assign(config.console.users, { [name]: { role, passwordHash: await hash(password, cheap) } });
  }
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(folder, 'patchbay.secrets.env'), `${lines.join('\n')}\n`, { mode: 0o600 });

  let said = '';
  const child = start(['-c', configFile, 'serve']);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += String(chunk);
    });
  }
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (!(await fetch(`${url}/readyz`)).ok) throw new Error('it is not ready');
  }, 60_000).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`the service did not start: ${String(error)}\n${said}`);
  });

  return {
    ...{ url, agiPort, folder, configFile, secrets, pid: child.pid ?? 0 },
    said: () => said,
    asked: gossip.asked,
    async run(args) {
      const other = start(['-c', configFile, ...args]);
      let out = '';
      for (const stream of [other.stdout, other.stderr]) {
        stream?.on('data', (chunk) => {
          out += String(chunk);
        });
      }
      const exitCode = await new Promise<number>((resolve) => other.on('close', (code) => resolve(code ?? -1)));
      return { out, exitCode };
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      if (child.exitCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      if (child.exitCode === null) await ended;
      clearTimeout(timer);
      await gossip.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(args: readonly string[]): ChildProcess {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, HOME: '/nonexistent', ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
  return spawn(process.execPath, [program, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

interface Places {
  folder: string;
  port: number;
  agiPort: number;
  gossip: string;
  secrets: Secrets;
}

/** As the configuration refers to it. */
function named(name: SecretName): string {
  return `\${${name}}`;
}

function configOf({ folder, port, agiPort, gossip, secrets }: Places) {
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const shared = {
    headers: ['correlation_id', 'first_name'].map((from) => ({ name: `X-${from}`, from })),
    campaigns: {
      '*': {
        dispositions: { callback: 'CALLBK', not_interested: 'NI', opt_out: 'DNC', hung_up: 'HU', sale: 'SALE' },
        safeRoute: 'skill',
        screenPop: ['mood'],
      },
    },
  };
  const webhookSignature = { header: 'X-SigmaMind-Signature', prefix: 'sha256=', signed: 'body' };
  // Nobody listens there: every read of the tables fails, with the log-in at hand.
  const database = {
    host: '127.0.0.1',
    port: 9,
    user: 'patchbay',
    password: named('VICIDIAL_DB_PASS'),
    timeoutMs: 1000,
  };
  return {
    server: { host: '127.0.0.1', port, publicUrl: `http://127.0.0.1:${port}` },
    store: { kind: 'sqlite', file: join(folder, 'patchbay.sqlite') },
    spool: { folder: join(folder, 'spool') },
    setup: { journal: join(folder, 'journal.jsonl') },
    log: { level: 'trace', format: 'json' },
    secret: named('SECRET'),
    clients: {
      script: { keys: [sha(secrets.SCRIPT_KEY)], may: ['dialer'] },
      agent: { keys: [sha(secrets.TOOLS_KEY)], may: ['tools'] },
    },
    console: {
      users: {},
      oidc: {
        issuer: `${gossip}/oidc`,
        clientId: 'patchbay',
        clientSecret: named('OIDC_SECRET'),
        roles: { a: 'viewer' },
      },
    },
    gate: { hours: { enabled: false } },
    outbox: { pollMs: 50, backoff: { firstMs: 50, maxMs: 200 } },
    dialers: {
      vicidial: {
        type: 'vicidial',
        api: { url: `${gossip}/vicidial/non_agent_api.php`, user: 'patchbay', pass: named('VICIDIAL_PASS') },
        ...{ database, timeZone: 'America/Denver', fastAgi: { port: agiPort }, ...shared },
      },
      five9: {
        type: 'five9',
        domainTimeZone: 'America/New_York',
        soap: { host: gossip, users: [{ user: 'ada@example', password: named('FIVE9_PASS') }] },
        imports: { callback: { token: named('IMPORT_TOKEN') } },
        ...{ keyField: 'number1', callbackList: 'Callbacks', ...shared },
      },
    },
    platforms: {
      sigmamind: {
        ...{ type: 'sigmamind', apiKey: named('PLATFORM_KEY'), apiUrl: gossip },
        webhook: {
          tokens: [named('EVENT_TOKEN')],
          signature: { ...webhookSignature, secrets: [named('WEBHOOK_SECRET')] },
        },
        inboundCall: { tokens: [named('INBOUND_TOKEN')] },
        analysis: { outcomeFrom: 'qualification', outcomes: { Interested: 'sale' } },
      },
    },
    transcripts: { keep: true },
  };
}

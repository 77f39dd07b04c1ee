import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { makeCertificate } from '../../support/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../../support/otlp-receiver.ts';
import { startGossipServer } from './gossip-server.ts';
import { makeSecrets, type Secrets } from './people.ts';
import { plantedConfig } from './planted-config.ts';
import { type PlantedStore, type StoreKind, startPlantedStore } from './planted-store.ts';
import { watchProcess } from './process-list.ts';

/** The service as a process of its own, at the most talkative level, with a secret of its own in every place. */
export interface PlantedService {
  url: string;
  agiPort: number;
  folder: string;
  configFile: string;
  secrets: Secrets;
  /** Everything that may show nowhere: the secrets, the hashes that the configuration holds, the TLS key. */
  hidden: readonly string[];
  store: PlantedStore;
  storeKind: StoreKind;
  traces: OtlpReceiver;
  pid: number;
  /** What it wrote so far, to both streams. */
  said(): string;
  /** How often the gossiping systems were asked. */
  asked(): number;
  /** What the list of processes showed of it, and of every command that was run. */
  shown(): string;
  /** Runs another command of it. */
  run(args: readonly string[]): Promise<{ out: string; exitCode: number }>;
  stop(): Promise<void>;
}

const program = new URL('../../../src/cli/patchbay.js', import.meta.url).pathname;
const root = new URL('../../../', import.meta.url).pathname;

/** With TLS by the service itself; this process trusts its certificate from now on. */
export async function startPlantedService(storeKind: StoreKind = 'sqlite'): Promise<PlantedService> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-canaries-'));
  const secrets = makeSecrets();
  const [port, agiPort] = [await freePort(), await freePort()];
  const { tls, keyLine } = makeTlsFiles(folder, `Planted ${port}`);
  const gossip = await startGossipServer();
  const traces = await startOtlpReceiver();
  const store = await startPlantedStore(storeKind, folder, secrets.STORE_PASSWORD);
  const clearAway = async () => {
    await Promise.all([gossip.stop(), traces.stop(), store.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  const configFile = join(folder, 'patchbay.json');
  const storePort = store.port === undefined ? {} : { storePort: store.port };
  const places = { folder, port, agiPort, gossip: gossip.url, traces: traces.url, secrets, tls, ...storePort };
  const text = JSON.stringify(await plantedConfig(places));
  writeFileSync(configFile, text, { mode: 0o600 });
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}`);
  writeFileSync(join(folder, 'patchbay.secrets.env'), `${lines.join('\n')}\n`, { mode: 0o600 });

  const lists: (() => string)[] = [];
  let said = '';
  const child = start(['-c', configFile, 'serve'], (chunk) => {
    said += chunk;
  });
  const url = `https://127.0.0.1:${port}`;
  await eventually(async () => {
    if (!(await fetch(`${url}/readyz`)).ok) throw new Error('it is not ready');
  }, 60_000).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    await clearAway();
    throw new Error(`the service did not start: ${String(error)}\n${said}`);
  });

  function start(args: readonly string[], onText: (text: string) => void): ChildProcess {
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    const env = { PATH, HOME: '/nonexistent', ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) };
    const started = spawn(process.execPath, [program, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk) => onText(String(chunk)));
    lists.push(watchProcess(started));
    return started;
  }

  return {
    ...{ url, agiPort, folder, configFile, secrets, store, storeKind, traces, pid: child.pid ?? 0 },
    hidden: [...Object.values(secrets), ...hashesIn(text), keyLine],
    said: () => said,
    asked: gossip.asked,
    shown: () => lists.map((list) => list()).join('\n'),
    async run(args) {
      let out = '';
      const other = start(['-c', configFile, ...args], (chunk) => {
        out += chunk;
      });
      const exitCode = await new Promise<number>((resolve) => other.on('close', (code) => resolve(code ?? -1)));
      return { out, exitCode };
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('close', resolve));
      if (child.exitCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      if (child.exitCode === null) await ended;
      clearTimeout(timer);
      await clearAway();
    },
  };
}

/** Each with a name of its own: of two authorities of one name, only the first is looked at. */
function makeTlsFiles(folder: string, name: string) {
  const { cert, key } = makeCertificate({ name, hosts: ['127.0.0.1'] });
  const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  writeFileSync(tls.certFile, cert, { mode: 0o600 });
  writeFileSync(tls.keyFile, key, { mode: 0o600 });
  setDefaultCACertificates([...getCACertificates('default'), cert]);
  return { tls, keyLine: key.split('\n')[2] ?? '' };
}

/** Of keys and passwords: whoever has them can try guesses at home. */
function hashesIn(config: string): string[] {
  return [...config.matchAll(/"([0-9a-f]{64}|\$argon2[^"]+)"/g)].map(([, hash = '']) => hash);
}

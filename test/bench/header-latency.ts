import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { systemClock } from '../../src/clock.ts';
import { startProcess } from '../demo/processes.ts';
import { madeUpApiUser, madeUpSite } from '../simulators/vicidial/made-up-site.ts';
import { startVicidialSimulator } from '../simulators/vicidial/vicidial-simulator.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';

const zone = 'America/Denver';
const leads = 1000;
/** Calls before each line of the table that are not counted. */
const warmUp = 300;
const key = 'pb_key-of-the-bench';

interface Scene {
  way: 'fastagi' | 'http';
  atOnce: 1 | 40;
  pattern: 'closed loop' | 'bursts';
}

interface Measured {
  count: number;
  faults: number;
  medianMs: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Processor time of Patchbay for one call: what a loaded machine tells best. */
  cpuMs: number;
}

const targets = { 1: { medianMs: 5, p99Ms: 20 }, 40: { medianMs: 12, p99Ms: 40 } } as const;
const scenes: Scene[] = (['fastagi', 'http'] as const).flatMap((way) =>
  ([1, 40] as const).flatMap((atOnce) =>
    (['closed loop', 'bursts'] as const).map((pattern): Scene => ({ way, atOnce, pattern })),
  ),
);

/**
 * Measures how long a call waits for its headers: a Patchbay in a process of its own, over real sockets, eight headers of
 * leads that were read ahead of their calls, every call a new one that is recorded.
 *
 * @param args `--calls 5000` for each line of the table, `--store sqlite|mysql`
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { calls: { type: 'string', default: '5000' }, store: { type: 'string', default: 'sqlite' } },
  });
  const calls = Number(values.calls);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const open: { stop(): Promise<void> }[] = [];
  try {
    const bench = await startBench(folder, values.store, open);
    print(`${leads} leads read ahead, 8 headers, store: ${values.store}, ${calls} calls a line; times in ms\n`);
    print(
      row(['way', 'at once', 'pattern', 'calls', 'median', 'target', 'p95', 'p99', 'target', 'max', 'cpu', 'faults']),
    );
    // What is compiled at its first use must not count.
    const codes = codesFrom(Date.now() - 3_600_000);
    for (const way of ['fastagi', 'http'] as const) {
      await measure(bench, { way, atOnce: 40, pattern: 'closed loop' }, take(codes, 3000));
    }
    const results = [];
    for (const scene of scenes) {
      // One at a time with a rest between is slow by nature, and needs fewer calls to tell.
      const count = scene.pattern === 'bursts' && scene.atOnce === 1 ? Math.ceil(calls / 4) : calls;
      const measured = await measure(bench, scene, take(codes, count + warmUp));
      print(rowOf(scene, measured));
      results.push({ ...scene, ...measured, target: targets[scene.atOnce] });
    }
    print(`\n${JSON.stringify({ bench: 'headers', store: values.store, results })}`);
  } finally {
    for (const part of open.reverse()) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Bench {
  folder: string;
  /** Processor time that Patchbay has used, all threads, in ms. */
  cpuMs(): number;
  ports: { fastagi: number; http: number };
}

async function startBench(folder: string, store: string, open: { stop(): Promise<void> }[]): Promise<Bench> {
  const database = await startPrivateMariaDb();
  open.push(database);
  await database.createDatabase('asterisk');
  await database.createDatabase('patchbay');
  const place = { host: database.host, port: database.port, user: database.user, password: database.password };
  const simulator = await startVicidialSimulator({
    clock: systemClock,
    database: { ...place, name: 'asterisk' },
    serverZone: zone,
    seed: madeUpSite({ leads }),
  });
  open.push(simulator);
  await fillHopper(database);

  const ports = { fastagi: await freePort(), http: await freePort() };
  const configFile = join(folder, 'patchbay.json');
  writeFileSync(configFile, JSON.stringify(configOf(folder, store, simulator.url, place, ports)));
  const patchbay = await startProcess('patchbay', [file('../../src/cli/patchbay.js'), 'serve'], {
    env: { PATCHBAY_CONFIG: configFile, NODE_ENV: 'production' },
    isReady: (line) => line.msg === 'patchbay is ready',
  });
  open.push(patchbay);
  await untilPrefetched(ports.http);
  return { folder, ports, cpuMs: () => cpuMsOf(patchbay.pid) };
}

async function fillHopper(database: PrivateMariaDb): Promise<void> {
  const { host, port, user, password } = database;
  const connection = await createConnection({ host, port, user, password, database: 'asterisk' });
  await connection.query(
    "INSERT INTO vicidial_hopper (lead_id, campaign_id, status, list_id) SELECT lead_id, 'SPRING', 'READY', list_id FROM vicidial_list",
  );
  await connection.end();
}

function configOf(
  folder: string,
  store: string,
  vicidialUrl: string,
  place: { host: string; port: number; user: string; password: string },
  ports: { fastagi: number; http: number },
) {
  const fields = ['first_name', 'last_name', 'city', 'state', 'phone'];
  return {
    server: { port: ports.http },
    store:
      store === 'mysql'
        ? { kind: 'mysql', ...place, database: 'patchbay' }
        : { kind: 'sqlite', file: join(folder, 'store.sqlite') },
    spool: { folder: join(folder, 'spool') },
    log: { level: 'info', format: 'json' },
    secret: randomBytes(16).toString('hex'),
    clients: { asterisk: { keys: [createHash('sha256').update(key).digest('hex')], may: ['dialer'] } },
    dialers: {
      vicidial: {
        type: 'vicidial',
        api: { url: `${vicidialUrl}/vicidial/non_agent_api.php`, ...madeUpApiUser },
        database: { host: place.host, port: place.port, user: place.user, password: place.password, name: 'asterisk' },
        timeZone: zone,
        headers: ['correlation_id', 'caller_code', 'lead_id', ...fields].map((from) => ({ name: `X-${from}`, from })),
        headerBudget: { bytes: 2048 },
        campaigns: { SPRING: { dispositions: { sale: 'SALE' } } },
        fastAgi: { port: ports.fastagi },
        prefetch: { leadsPerPoll: 1000 },
      },
    },
    sync: { onStart: false },
  };
}

async function untilPrefetched(port: number): Promise<void> {
  const endsAt = performance.now() + 30_000;
  while (performance.now() < endsAt) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    if (text.includes(`patchbay_prefetched_leads{dialer="vicidial"} ${leads}`)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the leads were not read ahead');
}

/** Runs one scene in a process of its own. */
async function measure({ folder, ports, cpuMs }: Bench, scene: Scene, codes: readonly string[]): Promise<Measured> {
  const plan = {
    way: scene.way,
    port: ports[scene.way],
    authorization: `Basic ${Buffer.from(`asterisk:${key}`).toString('base64')}`,
    path: '/v1/ivr/vicidial/headers',
    codes,
    warmUp,
    atOnce: scene.atOnce,
    restMs: scene.pattern === 'bursts' ? (scene.atOnce === 1 ? 10 : 100) : 0,
    headers: 8,
  };
  const planFile = join(folder, 'plan.json');
  writeFileSync(planFile, JSON.stringify(plan));
  const cpuBefore = cpuMs();
  const load = await startProcess('the load', [file('./header-load.ts'), planFile], {
    isReady: (line) => typeof line.medianMs === 'number',
    readyWithinMs: 120_000,
  });
  await load.ended;
  const cpu = (cpuMs() - cpuBefore) / codes.length;
  return { ...(load.ready as unknown as Omit<Measured, 'cpuMs'>), cpuMs: cpu };
}

/** User and system time as Linux counts them, in hundredths of a second. 0 elsewhere. */
function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

/** Caller codes of the site's leads, no two alike: a second later each time all leads had theirs. */
function* codesFrom(startMs: number): Generator<string> {
  for (let second = 0; ; second += 1) {
    const wall = new Date(startMs + second * 1000).toLocaleString('sv-SE', { timeZone: zone });
    const time = wall.replace(/\D/g, '').slice(5);
    for (let lead = 0; lead < leads; lead += 1) yield `V${time}${String(1001 + lead).padStart(10, '0')}`;
  }
}

function take(codes: Generator<string>, count: number): string[] {
  return Array.from({ length: count }, () => codes.next().value as string);
}

function rowOf({ way, atOnce, pattern }: Scene, measured: Measured): string {
  const target = targets[atOnce];
  const times = [
    measured.medianMs.toFixed(2),
    `≤ ${target.medianMs}`,
    measured.p95Ms.toFixed(2),
    measured.p99Ms.toFixed(2),
    `≤ ${target.p99Ms}`,
    measured.maxMs.toFixed(2),
    measured.cpuMs.toFixed(2),
  ];
  return row([way, String(atOnce), pattern, String(measured.count), ...times, String(measured.faults)]);
}

function row(cells: readonly string[]): string {
  const widths = [9, 9, 13, 7, 9, 8, 9, 9, 8, 9, 7, 8];
  return cells
    .map((cell, index) => (index < 3 ? cell.padEnd(widths[index] ?? 9) : cell.padStart(widths[index] ?? 9)))
    .join('');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function file(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

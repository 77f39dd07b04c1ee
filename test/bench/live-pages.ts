import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { hash } from '@node-rs/argon2';
import { systemClock } from '../../src/clock.ts';
import { type RunningProcess, startProcess } from '../demo/processes.ts';
import { startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { freePort } from '../support/free-port.ts';
import type { ViewersTask } from './live-viewers.ts';

const key = 'pb_key-of-the-bench';
const keyHash = createHash('sha256').update(key).digest('hex');
const soapUser = { name: 'patchbay', password: 'made-up' };
const viewer = { name: 'ada', password: 'a board on the wall' };
const atOnce = 16;
const openPages = 50;

/**
 * Measures what open live pages cost live calls: how many calls a Patchbay registers, commits and answers in a second
 * while nobody looks, and while 50 pages are open. Both in turn, round by round, since a machine is never as quiet as it
 * was. Patchbay, who looks, and who calls are processes of their own.
 *
 * @param args `--rounds 8 --seconds 3`: so often, and so long each
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string', default: '8' }, seconds: { type: 'string', default: '3' } },
  });
  const ms = Number(values.seconds) * 1000;
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const open: { stop(): Promise<void> }[] = [];
  try {
    const five9 = await startFive9Simulator({ clock: systemClock, users: [soapUser] });
    open.push(five9);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const configFile = join(folder, 'patchbay.json');
    writeFileSync(configFile, JSON.stringify(await configOf(folder, port, five9.url)));
    const patchbay = await startProcess('patchbay', [script('../../src/cli/patchbay.js'), 'serve'], {
      env: { PATCHBAY_CONFIG: configFile, NODE_ENV: 'production' },
      isReady: (line) => line.msg === 'patchbay is ready',
    });
    open.push(patchbay);

    const caller = createCaller(url);
    open.push(caller);
    await caller.callFor(ms);
    const pages = pagesOf(caller.recent());
    const quiet: Measured[] = [];
    const watched: Measured[] = [];
    let sent = 0;
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const turns = round % 2 === 0 ? [0, openPages] : [openPages, 0];
      for (const count of turns) {
        const viewers =
          count > 0 ? await startViewers({ url, pages, user: viewer.name, password: viewer.password }) : null;
        (count > 0 ? watched : quiet).push(await measured(patchbay, () => caller.callFor(ms)));
        await viewers?.stop();
        if (viewers) sent += bytesOf(viewers);
      }
    }
    const quietIdle = await measured(patchbay, () => nothing(ms));
    const viewers = await startViewers({ url, pages, user: viewer.name, password: viewer.password });
    const idle = await measured(patchbay, () => nothing(ms));
    await viewers.stop();
    report(quiet, watched, [quietIdle, idle]);
    print(`sent to who looked, in each round: ${(sent / watched.length / 1e6).toFixed(1)} MB`);
  } finally {
    for (const part of open.reverse()) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  /** Calls a second. */
  rate: number;
  /** Share of one processor that Patchbay took. */
  processor: number;
}

async function measured(patchbay: RunningProcess, work: () => Promise<number>): Promise<Measured> {
  const processorBefore = processorMs(patchbay.pid);
  const startedAt = performance.now();
  const calls = await work();
  const ms = performance.now() - startedAt;
  return { rate: (1000 * calls) / ms, processor: (processorMs(patchbay.pid) - processorBefore) / ms };
}

/** Of Linux; 0 elsewhere. */
function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}

/** Overviews, lists of calls and of write-backs as a team would have them open, and call pages, each of another call. */
function pagesOf(calls: readonly string[]): string[] {
  const shared = ['', '', '', '', '', '/calls', '/calls', '/calls?outcome=sale', '/calls?outcome=none', '/calls'];
  const writeBacks = [
    '/write-backs',
    '/write-backs',
    '/write-backs?state=dead',
    '/write-backs?state=pending',
    '/attention',
  ];
  const others = [...shared, ...writeBacks];
  const ofCalls = calls.slice(0, openPages - others.length).map((id) => `/calls/${id}`);
  return [...others, ...ofCalls].map((path) => `/console${path}`);
}

function startViewers(task: ViewersTask): Promise<RunningProcess> {
  return startProcess('viewers', [script('live-viewers.ts'), JSON.stringify(task)], {
    isReady: (line) => line.msg === 'looking',
  });
}

/** What who looked had read when it ended. */
function bytesOf(viewers: RunningProcess): number {
  const last = viewers.tail().findLast((line) => line.includes('"looked"'));
  return last ? (JSON.parse(last) as { bytes: number }).bytes : 0;
}

function nothing(ms: number): Promise<number> {
  return new Promise((resolve) => setTimeout(() => resolve(0), ms));
}

/** Calls that come and go: each registers, has its outcome committed, and asks for it. */
function createCaller(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const ids: string[] = [];
  let count = 0;

  async function call(): Promise<void> {
    count += 1;
    const number = `+1555${String(2_000_000 + count)}`;
    const query = new URLSearchParams({
      call_id: String(100_000 + count),
      call_type: '1',
      campaign: 'Spring',
      dnis: number,
    });
    const { correlation_id: id = '' } = await ask('GET', `/v1/ivr/five9/register?${query}`);
    const body = { correlation_id: id, outcome: count % 3 === 0 ? 'callback' : 'sale', summary: 'Wants two' };
    await ask('POST', '/v1/platforms/sigmamind/tools/commit-outcome', body);
    const { status } = await ask('GET', `/v1/ivr/five9/outcome?correlation_id=${id}`);
    if (status !== 'done') throw new Error(`the outcome Query answered ${status}`);
    ids.push(id);
  }

  async function ask(method: string, path: string, body?: object): Promise<Record<string, string>> {
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
    return new Promise((resolve, reject) => {
      const asked = request(`${url}${path}`, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>));
      });
      asked.on('error', reject);
      asked.end(body && JSON.stringify(body));
    });
  }

  return {
    async callFor(ms: number): Promise<number> {
      const end = performance.now() + ms;
      const before = ids.length;
      const worker = async () => {
        while (performance.now() < end) await call();
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      return ids.length - before;
    },
    recent: () => ids.slice(-openPages),
    stop: async () => agent.destroy(),
  };
}

function report(
  quiet: readonly Measured[],
  watched: readonly Measured[],
  idle: readonly [without: Measured, beside: Measured],
): void {
  const [without, beside] = idle.map(({ processor }) => (100 * processor).toFixed(0));
  const pairs = quiet.map(({ rate }, index) => (watched[index]?.rate ?? 0) / rate);
  print(`calls registered, committed and answered in a second, ${atOnce} at once, ${quiet.length} rounds in turn`);
  print(`nobody looks:        ${summary(quiet)}`);
  print(`${openPages} pages are open:   ${summary(watched)}`);
  print(`cost, median of the rounds' pairs: ${(100 * (1 - median(pairs))).toFixed(1)} %  (target: less than 10 %)`);
  print(`without calls Patchbay takes ${without} % of a processor, and ${beside} % beside ${openPages} pages`);
}

function summary(rounds: readonly Measured[]): string {
  const rates = rounds.map(({ rate }) => rate);
  const processor = median(rounds.map((each) => each.processor));
  const [least, most] = [Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(0));
  return `median ${median(rates).toFixed(0)}  from ${least} to ${most}  processor ${(100 * processor).toFixed(0)} %`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function script(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

async function configOf(folder: string, port: number, host: string) {
  return {
    server: { port },
    store: { kind: 'sqlite', file: join(folder, 'patchbay.sqlite') },
    spool: { folder: join(folder, 'spool') },
    secret: 'secret-of-the-bench-0123456789',
    clients: { script: { keys: [keyHash], may: ['dialer', 'tools'] } },
    gate: { hours: { enabled: false } },
    console: { users: { [viewer.name]: { passwordHash: await hash(viewer.password), role: 'operator' } } },
    dialers: {
      five9: {
        type: 'five9',
        soap: { host, users: [{ user: soapUser.name, password: soapUser.password }] },
        domainTimeZone: 'America/Los_Angeles',
      },
    },
    platforms: {
      sigmamind: {
        type: 'sigmamind',
        apiKey: 'unused',
        webhook: { tokens: ['token-of-the-bench-0123456789'], signature: { secrets: ['secret-of-the-webhook'] } },
      },
    },
    sync: { onStart: false },
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

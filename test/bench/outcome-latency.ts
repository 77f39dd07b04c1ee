import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { startProcess } from '../demo/processes.ts';
import { startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { freePort } from '../support/free-port.ts';

const key = 'pb_key-of-the-bench';
const hash = createHash('sha256').update(key).digest('hex');
const user = { name: 'patchbay', password: 'made-up' };
const budgetMs = 1500;
const atOnce = 50;

/**
 * Measures how long a Five9 script waits for its outcome Query, with so many calls asking at once: when the AI has
 * committed the outcome, and when it has not. A Patchbay in a process of its own, over real sockets.
 *
 * @param args `--calls 2000`: so many Queries, 50 at once
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { calls: { type: 'string', default: '2000' } },
  });
  const rounds = Math.ceil(Number(values.calls) / atOnce);
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const open: { stop(): Promise<void> }[] = [];
  try {
    const five9 = await startFive9Simulator({ clock: systemClock, users: [user] });
    open.push(five9);
    const port = await freePort();
    const configFile = join(folder, 'patchbay.json');
    writeFileSync(configFile, JSON.stringify(configOf(folder, port, five9.url)));
    const patchbay = await startProcess(
      'patchbay',
      [fileURLToPath(new URL('../../src/cli/patchbay.js', import.meta.url)), 'serve'],
      {
        env: { PATCHBAY_CONFIG: configFile, NODE_ENV: 'production' },
        isReady: (line) => line.msg === 'patchbay is ready',
      },
    );
    open.push(patchbay);

    const url = `http://127.0.0.1:${port}/v1`;
    const there: number[] = [];
    // The first round warms both sides up.
    for (let round = 0; round <= rounds; round += 1) {
      const times = await askAtOnce(url, await registered(url, atOnce, round, 'sale'), 'done');
      if (round > 0) there.push(...times);
    }
    const notThere = await askAtOnce(url, await registered(url, atOnce, 9999, ''), 'pending');
    print(`${atOnce} outcome Queries at once; times in ms`);
    print(`the outcome is there:     ${summary(there)}  (target: p99 50)`);
    print(`the outcome is not there: ${summary(notThere)}  (budget: ${budgetMs})`);
  } finally {
    for (const part of open.reverse()) await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Registers calls and commits their outcome; gives their correlation IDs. */
async function registered(url: string, count: number, round: number, outcome: string): Promise<string[]> {
  const calls = Array.from({ length: count }, async (_, index) => {
    const query = new URLSearchParams({
      call_id: `${1000 + round}${1000 + index}`,
      call_type: '5',
      campaign: 'Spring',
    });
    const { correlation_id } = await ask(`${url}/ivr/five9/register?${query}`);
    const body = JSON.stringify({ correlation_id, outcome, summary: 'Wants two' });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    if (outcome) await fetch(`${url}/platforms/sigmamind/tools/commit-outcome`, { method: 'POST', headers, body });
    return String(correlation_id);
  });
  return Promise.all(calls);
}

async function askAtOnce(url: string, ids: readonly string[], status: string): Promise<number[]> {
  return Promise.all(
    ids.map(async (id) => {
      const startedAt = performance.now();
      const answer = await ask(`${url}/ivr/five9/outcome?correlation_id=${id}`);
      if (answer.status !== status) throw new Error(`the outcome Query answered ${answer.status}, not ${status}`);
      return performance.now() - startedAt;
    }),
  );
}

async function ask(url: string): Promise<Record<string, string>> {
  const authorization = `Basic ${Buffer.from(`script:${key}`).toString('base64')}`;
  return (await (await fetch(url, { headers: { authorization } })).json()) as Record<string, string>;
}

function summary(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  return `median ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  max ${at(1)}`;
}

function configOf(folder: string, port: number, host: string) {
  return {
    server: { port },
    store: { kind: 'sqlite', file: join(folder, 'patchbay.sqlite') },
    spool: { folder: join(folder, 'spool') },
    secret: 'secret-of-the-bench-0123456789',
    clients: { script: { keys: [hash], may: ['dialer'] }, agent: { keys: [hash], may: ['tools'] } },
    dialers: {
      five9: {
        type: 'five9',
        soap: { host, users: [{ user: user.name, password: user.password }] },
        domainTimeZone: 'America/Los_Angeles',
        budgets: { outcomeMs: budgetMs },
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

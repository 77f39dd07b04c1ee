import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { configSchema } from '../../config/schema.ts';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import { createApp } from '../../src/app.ts';
import { rooms } from '../../src/console/rooms.ts';
import type { MarkedCall } from '../../src/domain/call-marks.ts';
import { keepCallCounts } from '../../src/flows/keep-call-counts.ts';
import { closeServer, listen } from '../../src/http/listen.ts';
import type { StoreConfig } from '../../src/store/store.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { openConsole } from '../support/console-site.ts';
import { startPrivateMariaDb } from '../support/private-mariadb.ts';
import { realClock } from '../support/real-clock.ts';
import { fillStore } from './fill-store.ts';
import { campaigns, personOf } from './million-calls.ts';

/** When the made-up month ended. */
const nowMs = Date.parse('2026-11-20T19:30:00.000Z');
const leads = 200_000;
const requests = 24;
const targetMs = 100;

/**
 * Measures the first byte of every page of the console over a store with a month of calls, on SQLite and MariaDB, one
 * request after the other.
 *
 * @param args `--calls 1000000`; `--on sqlite` or `mysql` (default: both); `--folder DIR` keeps the SQLite file there and
 *   takes one that is there already
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: 'string', default: '1000000' },
      on: { type: 'string', default: 'both' },
      folder: { type: 'string' },
    },
  });
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  mkdirSync(folder, { recursive: true });
  const calls = Number(values.calls);
  try {
    if (values.on !== 'mysql') {
      const file = join(folder, `calls-${calls}.sqlite`);
      await measure('SQLite', { kind: 'sqlite', file }, { calls, isFilled: existsSync(file) });
    }
    if (values.on !== 'sqlite') {
      // As much memory as a database of this size is given.
      const server = await startPrivateMariaDb({ args: ['--innodb-buffer-pool-size=2G'] });
      try {
        const { host, port, user, password } = server;
        await server.createDatabase('bench');
        const config = { kind: 'mysql', host, port, user, password, database: 'bench', poolSize: 10 } as const;
        await measure('MariaDB', config, { calls, isFilled: false });
      } finally {
        await server.stop();
      }
    }
  } finally {
    if (!values.folder) rmSync(folder, { recursive: true, force: true });
  }
}

/** Exported for a store that is filled already. */
export async function measure(
  name: string,
  config: StoreConfig,
  { calls, isFilled }: { calls: number; isFilled: boolean },
): Promise<void> {
  if (!isFilled) {
    const startedAt = performance.now();
    await fillStore(config, { calls, leads, days: 30, nowMs });
    print(`${name}: ${calls} calls made in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-app-'));
  const startedMs = Date.now();
  const clock = { ...realClock, now: () => nowMs + Date.now() - startedMs };
  const registry = { dialers: [madeUp], platforms: [sigmamind] };
  const section = { type: 'made-up', url: 'http://127.0.0.1:9', campaigns: { '*': {} } };
  const schema = configSchema(registry);
  const parsed = schema.parse({
    ...{ server: { port: 0 }, store: config, spool: { folder: join(folder, 'spool') }, secret: 'secret-of-the-bench' },
    ...{ dialers: { vicidial: section, five9: section }, console: { timeZone: 'America/New_York' } },
    ...{ clients: { script: { keys: ['0'.repeat(64)], may: ['dialer'] } }, platforms: {}, sync: { onStart: false } },
  });
  // Not started: nothing works beside what is measured.
  const app = await createApp({ config: parsed, registry, clock, logger: pino({ level: 'silent' }) });
  const server = createServer(openConsole(app.deps, { role: 'admin' }));
  try {
    const marks = new Map<string, string>();
    const startedAt = performance.now();
    while (!(await keepCallCounts(app.deps, marks)).isWhole);
    print(`${name}: counted in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    const url = await listen(server, '127.0.0.1', 0);
    const { calls: latest } = await app.deps.store.searchCalls({ limit: 50 });
    const [failed] = await app.deps.store.writeBacks({ states: ['dead'], limit: 1 });
    const [optOut] = await app.deps.store.searchCalls({ limit: 1, outcome: 'opt_out' }).then((found) => found.calls);
    const questions = questionsOf(latest, { writeBack: failed?.id ?? '', optOut: optOut?.correlationId ?? '' });
    for (const page of rooms.flatMap(({ pages }) => pages)) {
      const paths = questions[page.path];
      if (!paths) throw new Error(`the page ${page.path} has no question: add one to questionsOf`);
      for (const path of paths) await measurePage(name, url, path);
    }
  } finally {
    await closeServer(server, 1000);
    await app.stop(0);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measurePage(name: string, url: string, path: string): Promise<void> {
  const times: number[] = [];
  let status = 0;
  for (let count = 0; count < requests; count += 1) {
    const startedAt = performance.now();
    const response = await fetch(`${url}/console/${path}`, { redirect: 'manual' });
    const reader = response.body?.getReader();
    await reader?.read();
    times.push(performance.now() - startedAt);
    status = response.status;
    while (reader && !(await reader.read()).done);
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const isSlow = at(0.5) > targetMs || (status !== 200 && status !== 303);
  print(
    `${name.padEnd(8)}${`/${path}`.padEnd(64)}${status}  median ${at(0.5).toFixed(1).padStart(6)}  p99 ${at(0.99).toFixed(1).padStart(6)}${isSlow ? '  <-- ' : ''}`,
  );
}

/** What people ask each page for. A page that is missing here fails the bench. */
function questionsOf(
  latest: readonly MarkedCall[],
  { writeBack, optOut }: { writeBack: string; optOut: string },
): Record<string, string[]> {
  const [call] = latest;
  if (!call) throw new Error('the store has no calls');
  const rare = encodeURIComponent(campaigns.at(-1)?.name ?? '');
  const last = latest.at(-1);
  const older = encodeURIComponent(`${last?.registeredAt}_${last?.correlationId}`);
  const lead = personOf(77);
  const search = (query: string) => `calls?${query}`;
  return {
    '': [''],
    calls: [
      'calls',
      search(`after=${older}`),
      search(`text=${encodeURIComponent(call.phone)}`),
      search(`text=${call.leadKey}`),
      search(`text=${call.correlationId}`),
      search('text=grace'),
      search('text=agent_survey'),
      search('text=nobody+at+all'),
      search('outcome=sale'),
      search('outcome=none'),
      search(`campaign=${rare}`),
      search(`campaign=${rare}&outcome=sale`),
      search('dialer=five9&agent=agent_renewal&outcome=opt_out'),
      search('from=2026-10-25&to=2026-10-26&outcome=callback'),
      search(`person=grace&campaign=${rare}`),
    ],
    'calls/:id': [`calls/${call.correlationId}`, `calls/${last?.correlationId}`],
    'calls/:id/correct': [`calls/${call.correlationId}/correct`],
    'write-backs': [
      'write-backs',
      ...['waiting', 'held', 'dead', 'overtaken', 'cancelled', 'confirmed', 'superseded'].map(
        (view) => `write-backs?view=${view}`,
      ),
      'write-backs?view=confirmed&dialer=five9&aspect=callback',
    ],
    'write-backs/:id': [`write-backs/${writeBack}`],
    attention: ['attention', 'attention?tab=settled', 'attention?kind=finding'],
    'opt-outs': ['opt-outs', 'opt-outs?tab=all'],
    'opt-outs/:id': [`opt-outs/${optOut}`],
    scorecard: ['scorecard', 'scorecard?period=7-days', 'scorecard?period=30-days'],
    leads: ['leads'],
    'leads/:dialer/:key': [`leads/${campaigns[77 % campaigns.length]?.dialer}/${lead.key}`],
    'leads/by-key': [`leads/by-key?dialer=vicidial&key=${lead.key}`],
    doctor: ['doctor'],
    setup: ['setup'],
    audit: ['audit', 'audit?act=number-shown', 'audit?from=2026-10-25&to=2026-10-26'],
    sessions: ['sessions'],
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

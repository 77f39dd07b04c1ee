import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import type { RowDataPacket } from 'mysql2/promise';
import { openStore } from '../../src/store/open-store.ts';
import type { BareTask } from './bare-read.ts';
import { type DatabaseLogin, type Measured, measureIn } from './child.ts';
import { changeLeads, type LeadSite, startLeadSite } from './lead-site.ts';
import type { SyncTask } from './our-sync.ts';

const changedLeads = 10_000;
const politePages = 100;
const reader = { user: 'patchbay_read', password: 'reader-of-the-bench' };

/**
 * Our lead sync beside the plainest program that does the same, each in a process of its own, one after the other in
 * turns, on one private MariaDB. Prints a table, then one JSON line. `--leads`, `--rounds`.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { leads: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '2' } },
  });
  print(await measureSync(Number(values.leads), Number(values.rounds)));
}

/** The same without the table. */
export async function measureSync(leads: number, rounds: number): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  say(`making ${leads} leads …`);
  const site = await startLeadSite(leads);
  try {
    return await measure(site, folder, leads, rounds);
  } finally {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Longest {
  longestQueryMs: number;
  /** Of that, waiting for a table. */
  longestLockMs: number;
  longestQuery: string;
}

interface Result extends Longest {
  leads: number;
  readPerSec: number;
  barePerSec: number;
  oursPerSec: number;
  ofBare: number;
  politePerSec: number;
  politeHours: number;
  peakMb: number;
  firstMs: number;
  changesMs: number;
  changesPoliteMs: number;
  ofFirst: number;
}

async function measure(site: LeadSite, folder: string, leads: number, rounds: number): Promise<Result> {
  const database = await grantReader(site);
  const turns: { read: Measured; bare: Measured; ours: Measured }[] = [];
  let file = '';
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}: the read alone, the bare copy, ours …`);
    const bareFile = await emptyFile(join(folder, `bare-${round}.db`));
    file = await emptyFile(join(folder, `ours-${round}.db`));
    const read = await measureIn<BareTask>('bare-read.ts', { database, file: '' });
    const bare = await measureIn<BareTask>('bare-read.ts', { database, file: bareFile });
    await logQueries(site, true);
    const ours = await measureIn<SyncTask>('our-sync.ts', { database, file, pace: 'full', pages: 0 });
    await logQueries(site, false);
    expectSame(bareFile, file);
    turns.push({ read, bare, ours });
    if (round < rounds) rmSync(file, { force: true });
    rmSync(bareFile, { force: true });
  }

  say('the polite sync, a part of it …');
  const politeFile = await emptyFile(join(folder, 'polite.db'));
  const polite = await measureIn<SyncTask>('our-sync.ts', {
    database,
    file: politeFile,
    pace: 'gentle',
    pages: politePages,
  });

  say(`${changedLeads} changed leads, at full pace and politely …`);
  await logQueries(site, true);
  await changeLeads(site.connection, changedLeads, 1);
  const changes = await measureIn<SyncTask>('our-sync.ts', { database, file, pace: 'full', pages: 0 });
  await changeLeads(site.connection, changedLeads, 2);
  const changesPolite = await measureIn<SyncTask>('our-sync.ts', { database, file, pace: 'gentle', pages: 0 });
  await logQueries(site, false);

  const longest = await longestQuery(site);
  const ours = turns.map((turn) => turn.ours);
  const firstMs = mean(ours.map(({ ms }) => ms));
  const perSec = (of: 'read' | 'bare' | 'ours') => mean(turns.map((turn) => perSecond(turn[of])));
  const politePerSec = perSecond(polite);
  return {
    leads,
    readPerSec: perSec('read'),
    barePerSec: perSec('bare'),
    oursPerSec: perSec('ours'),
    ofBare: perSec('ours') / perSec('bare'),
    politePerSec,
    politeHours: leads / politePerSec / 3600,
    peakMb: Math.max(...[...ours, polite, changes, changesPolite].map(({ peakBytes }) => peakBytes)) / 2 ** 20,
    ...longest,
    firstMs,
    changesMs: changes.ms,
    changesPoliteMs: changesPolite.ms,
    ofFirst: changes.ms / firstMs,
  };
}

/** The user that the connector's README asks for: SELECT and nothing else. */
async function grantReader({ connection, server, name }: LeadSite): Promise<DatabaseLogin> {
  await connection.query('CREATE USER ?@? IDENTIFIED BY ?', [reader.user, '127.0.0.1', reader.password]);
  await connection.query(`GRANT SELECT ON ${name}.* TO ?@?`, [reader.user, '127.0.0.1']);
  return { host: server.host, port: server.port, ...reader, name };
}

async function logQueries({ connection }: LeadSite, isOn: boolean): Promise<void> {
  await connection.query(`SET GLOBAL slow_query_log = ${isOn ? 1 : 0}`);
}

/** By the server's own clock, of all that the connector asked. */
async function longestQuery({ connection }: LeadSite): Promise<Longest> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT TIME_TO_SEC(query_time) * 1000 AS ms, TIME_TO_SEC(lock_time) * 1000 AS waited, sql_text
     FROM mysql.slow_log WHERE user_host LIKE '${reader.user}%' ORDER BY query_time DESC LIMIT 1`,
  );
  const [longest] = rows;
  if (!longest) throw new Error('the server logged no query of ours');
  const longestQuery = String(longest.sql_text)
    .replaceAll(/\s+/g, ' ')
    .replace(/^SELECT .* FROM/, 'SELECT … FROM')
    .slice(0, 90);
  return { longestQueryMs: Number(longest.ms), longestLockMs: Number(longest.waited), longestQuery };
}

async function emptyFile(file: string): Promise<string> {
  const store = await openStore({
    config: { kind: 'sqlite', file },
    rules: { dialers: {}, technicalEndWaitSec: 1, humanWaitSec: 1, handOverOutcomes: [] },
    newId: () => crypto.randomUUID(),
    ignoresIdempotency: false,
    onWarning() {},
  });
  await store.close();
  return file;
}

/** Both must hold the same, else one of them did less; the bare one reads the letters of first names wrong. */
function expectSame(one: string, other: string): void {
  const [a, b] = [one, other].map((file) => {
    const sqlite = new DatabaseSync(file, { readOnly: true });
    const row = sqlite
      .prepare(
        `select (select count(*) from leads) as leads, (select count(*) from lead_phones) as phones,
         (select sum(length(json_remove(fields, '$.first_name'))) from leads) as bytes`,
      )
      .get();
    sqlite.close();
    return JSON.stringify(row);
  });
  if (a !== b) throw new Error(`the two copies differ: ${a} and ${b}`);
}

function print(result: Result): void {
  const rate = (perSec: number) => `${Math.round(perSec).toLocaleString('en')} leads/s`;
  const rows: [string, string, string][] = [
    ['the read alone, bare mysql2', rate(result.readPerSec), ''],
    ['the same, and inserted', rate(result.barePerSec), ''],
    [
      'our first sync, full speed',
      rate(result.oursPerSec),
      `${result.ofBare.toFixed(2)} of the bare copy (asked: 0.60)`,
    ],
    [
      'our first sync, polite',
      rate(result.politePerSec),
      `all in ${(result.politeHours * 60).toFixed(1)} min, by ${politePages} pages`,
    ],
    ['peak memory', `${Math.round(result.peakMb)} MB`, 'asked: under 300'],
    ['longest query, server clock', `${result.longestQueryMs.toFixed(1)} ms`, 'asked: under 50'],
    ['first sync', `${(result.firstMs / 1000).toFixed(1)} s`, ''],
    [
      `${changedLeads} changed leads`,
      `${(result.changesMs / 1000).toFixed(2)} s`,
      `1/${(1 / result.ofFirst).toFixed(0)} of the first (asked: 1/20)`,
    ],
    ['the same, polite', `${(result.changesPoliteMs / 1000).toFixed(2)} s`, ''],
  ];
  for (const [what, value, note] of rows) process.stdout.write(`${what.padEnd(32)}${value.padStart(18)}  ${note}\n`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function perSecond({ leads, ms }: Measured): number {
  return (leads / ms) * 1000;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

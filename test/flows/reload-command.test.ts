import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { eventually } from '../support/eventually.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';
import { keys } from '../support/start-app.ts';

const program = fileURLToPath(new URL('../../src/cli/patchbay.js', import.meta.url));

interface Service {
  child: ChildProcess;
  url: string;
  file: string;
}

let folder: string;
let database: PrivateMariaDb;
let one: Service;
let two: Service;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-reload-'));
  database = await startPrivateMariaDb();
  await database.createDatabase('patchbay');
  writeFileSync(join(folder, 'patchbay.secrets.env'), 'SOAP_PASSWORD=made-up\n', { mode: 0o600 });
  // The first changes the tables.
  one = await serve('patchbay.yaml');
  two = await serve('second.yaml');
}, 120_000);
afterAll(async () => {
  for (const service of [one, two]) {
    if (!service) continue;
    service.child.kill('SIGTERM');
    await once(service.child, 'exit');
  }
  await database?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

it('takes up a change everywhere, shows it first, goes back, and names who refuses', async () => {
  await eventually(async () => expect((await patchbay('status')).out).toContain('2 running processes'), 20_000);
  const listed = linesOf(await patchbay('config', 'list', '--json'));

  const unasked = await patchbay('reload');
  write(one.file, 'X-second');
  write(two.file, 'X-second');
  const taken = await patchbay('reload', '--yes');
  const answers = await Promise.all([headersAt(one), headersAt(two)]);
  const shown = await patchbay('config', 'diff', String(listed[0]?.version));

  expect([unasked.code, unasked.err]).toEqual([1, expect.stringContaining('There is no terminal to ask at')]);
  expect(taken.out).toContain(
    '~ dialers.five9.headers: [{"name":"X-first","from":"first_name"}] → [{"name":"X-second"',
  );
  expect(taken.out).toContain('! Headers of five9 change');
  expect(taken.out.match(/: took it up \([0-9a-f]{10}\)/g)).toHaveLength(2);
  expect(taken.code).toBe(0);
  expect(answers).toEqual(['X-second', 'X-second']);
  expect(shown.out).toContain('~ dialers.five9.headers');
  expect(taken.out + shown.out).not.toContain('made-up');

  const back = await patchbay('config', 'rollback', '--yes');
  expect(back.out.match(/took it up/g)).toHaveLength(1);
  // The other machine's file is its own: it runs what it has.
  expect(back.out.match(/runs it already/g)).toHaveLength(1);
  expect(back.out).toContain('do not run the same configuration');
  expect(readFileSync(one.file, 'utf8')).toContain('X-first');
  expect(await Promise.all([headersAt(one), headersAt(two)])).toEqual(['X-first', 'X-second']);
  expect((await patchbay('status')).out).toContain('2 different configurations');

  writeFileSync(two.file, readFileSync(two.file, 'utf8').replace('host: http', 'hosts: http'));
  const refused = await patchbay('reload', '--yes', '--json');
  const { processes } = JSON.parse(refused.out) as { processes: { result: string; faults: string[] }[] };
  expect(refused.code).toBe(1);
  expect(processes.map(({ result }) => result).sort()).toEqual(['refused', 'same']);
  expect(processes.flatMap(({ faults }) => faults).join()).toContain('dialers.five9.soap');
  expect(await headersAt(two)).toBe('X-second');
}, 120_000);

it('refuses before anybody is asked what is faulty, or needs a restart', async () => {
  const good = readFileSync(one.file, 'utf8');

  writeFileSync(one.file, good.replace('idHours: 24', 'idHours: 2400'));
  const faulty = await patchbay('reload', '--yes');
  writeFileSync(one.file, good.replace('format: json', 'format: pretty'));
  const late = await patchbay('reload', '--yes');
  writeFileSync(one.file, good);

  expect([faulty.code, faulty.err]).toEqual([1, expect.stringContaining('calls.idHours')]);
  expect([late.code, late.err]).toEqual([1, expect.stringContaining('log.format: is not what the running service')]);
}, 60_000);

it('takes the file up on SIGHUP, in that process alone', async () => {
  write(one.file, 'X-third');

  one.child.kill('SIGHUP');

  await eventually(async () => expect(await headersAt(one)).toBe('X-third'), 10_000);
  expect(await headersAt(two)).toBe('X-second');
  const listed = linesOf(await patchbay('config', 'list', '--json'));
  expect(listed[0]).toMatchObject({ by: 'signal', isUsed: true });
}, 60_000);

async function serve(name: string): Promise<Service> {
  const file = join(folder, name);
  write(file, 'X-first');
  const env = { PATH: process.env.PATH, SOAP_PASSWORD: 'made-up' };
  const child = spawn(process.execPath, [program, 'serve', '--config', file], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('the output of the service is not read');
  for await (const line of createInterface(child.stdout)) {
    const entry = JSON.parse(line) as { msg: string; address: string };
    if (entry.msg !== 'patchbay is ready') continue;
    child.stdout.resume();
    return { child, url: entry.address, file };
  }
  throw new Error('the service ended before it was ready');
}

/** Its dialer lies where nobody listens. */
function write(file: string, header: string): void {
  const { host, port, user, password } = database;
  const config = {
    server: { port: 0, publicUrl: 'https://patchbay.example.com' },
    store: { kind: 'mysql', host, port, user, password, database: 'patchbay' },
    spool: { folder: `${file}.spool` },
    history: { folder: `${file}.history` },
    log: { format: 'json' },
    calls: { idHours: 24 },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: [createHash('sha256').update(keys.script).digest('hex')], may: ['dialer'] } },
    sync: { onStart: false },
    dialers: {
      five9: {
        type: 'five9',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own reference
        soap: { host: 'http://127.0.0.1:9', users: [{ user: 'patchbay', password: '${SOAP_PASSWORD}' }] },
        domainTimeZone: 'America/Los_Angeles',
        headers: [{ name: header, from: 'first_name' }],
        sync: { partitions: [{ field: 'state', values: ['CO'] }] },
      },
    },
  };
  writeFileSync(file, stringify(config), { mode: 0o600 });
}

async function headersAt({ url }: Service): Promise<string | undefined> {
  const path = '/v1/ivr/five9/register?call_id=300000000012345&first_name=Ada';
  const answer = await fetch(`${url}${path}`, { headers: { 'x-api-key': keys.script } });
  return Object.keys((await answer.json()) as object).find((key) => key.startsWith('X-'));
}

/** Runs the program with the first file, without a terminal. */
function patchbay(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH };
    const child = execFile(
      process.execPath,
      [program, '-c', one.file, ...args],
      { cwd: folder, env },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end();
  });
}

function linesOf({ out }: { out: string }): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hash } from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sigmamind } from '../../connectors/sigmamind/index.ts';
import type { WriteBack } from '../../src/domain/write-back.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { openTestStore } from '../contract/store/store-cast.ts';
import { createBrowser } from '../support/cookie-browser.ts';
import { eventually } from '../support/eventually.ts';
import { startSilentServer } from '../support/silent-server.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const ben = { key: 'r2', number: '3035550112', name: 'Ben', values: {} };

describe('stop()', () => {
  let dialer: MadeUpServer;
  let patchbay: TestApp;
  /** Deliveries begin, and wait here. */
  let begun: number;
  let letDeliver: () => void;

  beforeEach(async () => {
    dialer = await startMadeUpServer([ada, ben]);
    begun = 0;
    const gate = Promise.withResolvers<void>();
    letDeliver = gate.resolve;
    const held: typeof madeUp = {
      ...madeUp,
      create(id, config, deps) {
        const made = madeUp.create(id, config, deps);
        return {
          ...made,
          async deliver(rows, keep) {
            begun += 1;
            await gate.promise;
            return made.deliver(rows, keep);
          },
        };
      },
    };
    patchbay = await startTestApp({
      registry: { dialers: [held], platforms: [sigmamind] },
      dialers: {
        carousel: {
          type: 'made-up',
          url: dialer.url,
          budgets: { outcomeMs: 4500 },
          campaigns: { Autumn: { dispositions: { not_interested: 'gone' } } },
        },
      },
    });
  });

  afterEach(async () => {
    letDeliver();
    rmSync(patchbay.folder, { recursive: true, force: true });
    await dialer.stop();
  });

  it('lets a delivery finish within the grace time', async () => {
    const adasCall = await register('mu-1', ada);
    await commit(adasCall);
    await eventually(() => expect(begun).toBe(1));

    const stopped = patchbay.app.stop(5000);
    // Nothing else is left to stop: whoever does not wait for the delivery is done by then.
    const first = await Promise.race([stopped.then(() => 'stopped'), wait(400).then(() => 'still delivering')]);
    letDeliver();
    await stopped;

    expect(first).toBe('still delivering');
    expect(dialer.records.get('r1')?.values.disposition).toBe('gone');
    expect(await statesOf(adasCall)).toEqual(['submitted']);
  });

  it('claims nothing new, however long a request stays open', async () => {
    const adasCall = await register('mu-1', ada);
    const bensCall = await register('mu-2', ben);
    await commit(adasCall);
    await eventually(() => expect(begun).toBe(1));
    await commit(bensCall);
    const { store } = patchbay.app.deps;
    const claim = vi.spyOn(store, 'claimWriteBacks');
    const socket = await beginRequest();

    const stopped = patchbay.app.stop(5000);
    letDeliver();
    await eventually(async () => expect((await store.writeBacksOf(adasCall))[0]?.state).not.toBe('claimed'));
    await wait(200);
    socket.destroy();
    await stopped;

    expect(claim).not.toHaveBeenCalled();
    expect(dialer.records.get('r2')?.values).toEqual({});
    expect(await statesOf(adasCall, bensCall)).toEqual(['submitted', 'pending']);
  });

  it('does not wait longer than the grace time for a dialer that hangs', async () => {
    await commit(await register('mu-1', ada));
    await eventually(() => expect(begun).toBe(1));
    const startedAt = performance.now();

    await patchbay.app.stop(200);

    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('answers an outcome request that waits, and is done soon after', async () => {
    const id = await register('mu-1', ada);
    const waits = vi.spyOn(patchbay.app.deps.waiters, 'wait');
    const waiting = ask(`outcome?correlation_id=${id}`);
    await eventually(() => expect(waits).toHaveBeenCalledOnce());
    const startedAt = performance.now();

    const stopped = patchbay.app.stop(5000);
    const answer = await waiting;
    const answeredMs = performance.now() - startedAt;
    await stopped;

    expect(answer).toMatchObject({ status: 'pending', route: 'skill', correlation_id: id });
    expect(answeredMs).toBeLessThan(1000);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it('lets a balancer see it first, and answers what still comes, a script that waits included', async () => {
    await patchbay.stop();
    patchbay = await startTestApp({
      dialers: { carousel: { type: 'made-up', url: dialer.url, budgets: { outcomeMs: 4500 } } },
      config: { server: { port: 0, drainMs: 1500 } },
    });
    const { app, url } = patchbay;
    const id = await register('mu-1', ada);
    const waits = vi.spyOn(app.deps.waiters, 'wait');
    const waiting = ask(`outcome?correlation_id=${id}`);
    await eventually(() => expect(waits).toHaveBeenCalledOnce());

    const stopped = app.stop(5000);
    const ready = await fetch(`${url}/readyz`);
    const late = await register('mu-2', ben);
    await commit(id);

    expect(ready.status).toBe(503);
    expect(late).toMatch(/^\w{14}$/);
    expect(await waiting).toMatchObject({ status: 'done', outcome: 'not_interested' });
    await stopped;
    await expect(fetch(`${url}/readyz`)).rejects.toThrow();
  });

  it('says 503 at /readyz while a request is still coming in', async () => {
    const socket = await beginRequest();

    const stopped = patchbay.app.stop(2000);
    socket.write('Connection: close\r\n\r\n');
    const answer = await textOf(socket);
    await stopped;

    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('"status":"draining"');
  });

  /** Half a request for `/readyz`, which the server has read by then. */
  async function beginRequest(): Promise<Socket> {
    const socket = await openSocket(patchbay.url);
    socket.write('GET /readyz HTTP/1.1\r\nHost: patchbay\r\n');
    await fetch(`${patchbay.url}/livez`);
    return socket;
  }

  async function ask(path: string): Promise<Record<string, string>> {
    const response = await fetch(`${patchbay.url}/v1/ivr/carousel/${path}`, { headers: { 'x-api-key': keys.script } });
    return (await response.json()) as Record<string, string>;
  }

  async function register(callId: string, { key, number }: typeof ada): Promise<string> {
    const answer = await ask(`register?call_id=${callId}&lead_id=${key}&number=${number}&campaign=Autumn`);
    return answer.correlation_id ?? '';
  }

  async function commit(correlationId: string): Promise<void> {
    await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
      body: JSON.stringify({ correlation_id: correlationId, outcome: 'not_interested' }),
    });
  }

  async function statesOf(...correlationIds: string[]): Promise<(WriteBack['state'] | undefined)[]> {
    const store = await openTestStore({ kind: 'sqlite', file: join(patchbay.folder, 'patchbay.sqlite') });
    try {
      const rows = await Promise.all(correlationIds.map((id) => store.writeBacksOf(id)));
      return rows.map(([row]) => row?.state);
    } finally {
      await store.close();
    }
  }
});

describe('patchbay serve', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-serve-'));
  });

  afterEach(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends with 0 within 5 s of a SIGTERM, though its dialers are away', async () => {
    const { exited } = await serve();
    const startedAt = performance.now();

    child?.kill('SIGTERM');

    expect(await exited).toEqual([0, null]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('answers a script that waits, and then ends within 5 s too', async () => {
    const { url, exited } = await serve();
    const headers = { 'x-api-key': keys.script };
    const registered = await fetch(`${url}/v1/ivr/five9/register?call_id=300000000012345`, { headers });
    const { correlation_id: id } = (await registered.json()) as Record<string, string>;
    const outcome = fetch(`${url}/v1/ivr/five9/outcome?correlation_id=${id}`, { headers });
    await fetch(`${url}/livez`);
    const startedAt = performance.now();

    child?.kill('SIGTERM');
    const answer = (await (await outcome).json()) as Record<string, string>;

    expect(answer).toMatchObject({ status: 'pending', route: 'skill', correlation_id: id });
    expect(await exited).toEqual([0, null]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('ends within 5 s too while its doctor waits for a platform that never answers', async (test) => {
    const silent = await startSilentServer();
    test.onTestFinished(() => silent.stop());
    const { url, exited } = await serve({
      console: { users: { olga: { role: 'operator', passwordHash: await hash('a switchboard in oslo') } } },
      platforms: {
        sigmamind: {
          type: 'sigmamind',
          apiUrl: silent.url,
          apiKey: 'made-up',
          webhook: { tokens: ['a-token-of-this-test-of-32-letters-'], signature: { secrets: ['made-up-secret'] } },
        },
      },
    });
    const browser = createBrowser(url);
    await browser.logIn('olga', 'a switchboard in oslo');
    const before = silent.connections();
    const begun = await browser.post('/console/doctor/run', { form_token: await browser.tokenOn('/console/doctor') });
    expect([begun.status, begun.location]).toEqual([303, '/console/doctor']);
    await eventually(() => expect(silent.connections()).toBeGreaterThan(before), 30_000);
    expect((await browser.get('/console/doctor')).text).toContain('began at');
    const startedAt = performance.now();

    child?.kill('SIGTERM');

    expect(await exited).toEqual([0, null]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  }, 90_000);

  it('ends with 1 when its port is taken, so that a supervisor sees it', async () => {
    const { url } = await serve();
    const file = join(folder, 'second.json');
    writeFileSync(file, JSON.stringify({ ...configIn(folder), server: { port: Number(new URL(url).port) } }));

    const second = spawn(process.execPath, [patchbayJs, 'serve', '--config', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void second.kill('SIGKILL'));
    let said = '';
    second.stderr.on('data', (text: Buffer) => {
      said += text;
    });
    const [code] = await once(second, 'exit');

    expect(code).toBe(1);
    expect(said).toContain("can't listen on 127.0.0.1");
  });

  async function serve(changes: object = {}): Promise<{ url: string; exited: Promise<unknown[]> }> {
    const file = join(folder, 'patchbay.json');
    writeFileSync(file, JSON.stringify({ ...configIn(folder), ...changes }));
    child = spawn(process.execPath, [patchbayJs, 'serve', '--config', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    return { url: await readyAt(child), exited };
  }
});

const patchbayJs = fileURLToPath(new URL('../../src/cli/patchbay.js', import.meta.url));

/** Both dialers lie where nobody listens. */
function configIn(folder: string) {
  const nowhere = 'http://127.0.0.1:9';
  return {
    server: { port: 0 },
    store: { kind: 'sqlite', file: join(folder, 'patchbay.sqlite') },
    spool: { folder: join(folder, 'spool') },
    secret: 'a-secret-of-this-test',
    clients: { script: { keys: [createHash('sha256').update(keys.script).digest('hex')], may: ['dialer'] } },
    dialers: {
      five9: {
        type: 'five9',
        soap: { host: nowhere, users: [{ user: 'patchbay', password: 'made-up' }] },
        domainTimeZone: 'America/Los_Angeles',
        budgets: { outcomeMs: 4500 },
        sync: { partitions: [{ field: 'state', values: ['CO'] }] },
      },
      vicidial: {
        type: 'vicidial',
        api: { url: `${nowhere}/vicidial/non_agent_api.php`, user: 'patchbay', pass: 'madeUp7' },
        database: { host: '127.0.0.1', port: 9, user: 'reader', password: 'made-up' },
        timeZone: 'America/Denver',
      },
    },
  };
}

/** The address that the service logs when it is ready. */
async function readyAt({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the output of the service is not read');
  const lines = createInterface(stdout);
  for await (const line of lines) {
    const entry = JSON.parse(line) as { msg: string; address: string };
    if (entry.msg !== 'patchbay is ready') continue;
    stdout.resume();
    return entry.address;
  }
  throw new Error('the service ended before it was ready');
}

function openSocket(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

async function textOf(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

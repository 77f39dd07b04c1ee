import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Member, startMember } from '../demo/members.ts';
import { runAgi } from '../simulators/vicidial/asterisk-agi.ts';
import { makeCertificate } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { checkHaproxy, findHaproxy, startHaproxy } from '../support/haproxy.ts';
import { type PrivateMariaDb, startPrivateMariaDb } from '../support/private-mariadb.ts';

// The balancer that ships (deploy/haproxy.cfg) before two processes over one MariaDB. Debian's package `haproxy` is enough;
// PATCHBAY_HAPROXY may name the program.
const haproxy = findHaproxy();
const key = 'the-key-of-the-script';
const basic = `Basic ${Buffer.from(`five9:${key}`).toString('base64')}`;
const registrations = 'patchbay_registrations_total';
const ada = 'V1122094512000001234';

describe('two processes behind the balancer that ships', () => {
  let folder: string;
  let database: PrivateMariaDb;
  let members: Member[] = [];
  const balancers: ReturnType<typeof startHaproxy>[] = [];
  let url: string;
  let httpsUrl: string;
  let certificate: string;
  let agiPort: number;

  beforeAll(async () => {
    if (!haproxy) return;
    folder = mkdtempSync(join(tmpdir(), 'patchbay-balancer-'));
    database = await startPrivateMariaDb();
    await database.createDatabase('patchbay');
    members = await Promise.all([0, 1].map((index) => startOne(index)));
    const { cert, key: privateKey } = makeCertificate({ name: 'localhost', hosts: ['127.0.0.1'] });
    writeFileSync(join(folder, 'tls.pem'), cert + privateKey);
    certificate = cert;
    const port = await freePort();
    agiPort = await freePort();
    const httpsPort = await freePort();
    httpsUrl = `https://127.0.0.1:${httpsPort}`;
    url = `http://127.0.0.1:${port}`;
    start({
      BALANCER_HTTP: `127.0.0.1:${port}`,
      BALANCER_AGI: `127.0.0.1:${agiPort}`,
      BALANCER_HTTPS: `127.0.0.1:${httpsPort}`,
      TLS_PEM: join(folder, 'tls.pem'),
    });
    await eventually(async () => expect((await ask('/readyz')).status).toBe(200), 15_000);
  }, 120_000);

  afterAll(async () => {
    await Promise.all(balancers.map((balancer) => balancer.stop()));
    await Promise.all(members.map((member) => member.process().stop()));
    await database?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  // Without HAProxy, each test says that it is skipped, and why.
  beforeEach((context) => {
    if (!haproxy) context.skip('no haproxy on the PATH (on Debian: the package haproxy)');
  });

  it('starts with the names that docker-compose.yml has, and with addresses', async () => {
    expect(await checkHaproxy(haproxy ?? '', {})).toContain('Configuration file is valid');
    expect(await checkHaproxy(haproxy ?? '', places())).not.toContain('WARNING');
  });

  it('passes requests to both, and shows nobody their figures', async () => {
    const first = await register(1);
    const again = await register(1);
    const figures = await Promise.all(['/metrics', '/metrics/', '/%6detrics', '//metrics'].map((path) => ask(path)));

    expect(first.correlation_id).toMatch(/^\w{14}$/);
    expect(again.correlation_id).toBe(first.correlation_id);
    for (const { status } of figures) expect(status).toBe(404);
    for (const { url: direct } of members) expect(await countOf(direct, registrations)).toBeGreaterThan(0);
  });

  it('speaks TLS with the certificate that it is given', async () => {
    const status = await new Promise((resolve, reject) => {
      get(`${httpsUrl}/readyz`, { ca: certificate }, (answer) => resolve(answer.resume().statusCode)).on(
        'error',
        reject,
      );
    });

    expect(status).toBe(200);
  });

  it('passes FastAGI on, and closes it to addresses that are not listed', async () => {
    await Promise.all([1, 2, 3, 4].map(() => askAgi(agiPort)));
    const counts = await Promise.all(members.map(({ url: direct }) => countOf(direct, 'patchbay_fastagi_calls_total')));
    const strangerPort = await freePort();
    start({
      BALANCER_HTTP: `127.0.0.1:${await freePort()}`,
      BALANCER_AGI: `127.0.0.1:${strangerPort}`,
      DIALERS: '10.1.0.0/16 192.0.2.7',
    });

    await eventually(async () => expect((await askAgi(strangerPort)).status).toBe('SUCCESS'));
    const after = await Promise.all(members.map(({ url: direct }) => countOf(direct, 'patchbay_fastagi_calls_total')));

    expect(counts.map((count) => count > 0)).toEqual([true, true]);
    expect(after).toEqual(counts);
  });

  it('loses no request while one after the other is started anew', async () => {
    const traffic = keepAsking();

    for (const member of members) {
      await member.restart();
      // The next one's turn comes when the balancer sees this one again.
      await eventually(async () => expect(await countOf(member.url, registrations)).toBeGreaterThan(0), 15_000);
    }
    const { answered, failed } = await traffic.stop();

    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(50);
  }, 60_000);

  it('goes on with the other when one is killed', async () => {
    const [one] = members;

    await one?.kill();

    await eventually(async () => {
      const many = await Promise.all(Array.from({ length: 20 }, (_, index) => register(1000 + index)));
      expect(many.every(({ correlation_id: id }) => /^\w{14}$/.test(id ?? ''))).toBe(true);
    });
  });

  function start(env: Record<string, string>): void {
    balancers.push(startHaproxy(haproxy ?? '', { ...places(), ...env }));
  }

  function places(): Record<string, string> {
    const [one, two] = members;
    return {
      PATCHBAY_1: new URL(one?.url ?? '').host,
      PATCHBAY_2: new URL(two?.url ?? '').host,
      PATCHBAY_1_AGI: `127.0.0.1:${one?.agiPort}`,
      PATCHBAY_2_AGI: `127.0.0.1:${two?.agiPort}`,
    };
  }

  async function startOne(index: number): Promise<Member> {
    const [port, fastAgiPort] = [await freePort(), await freePort()];
    writeFileSync(join(folder, 'clock.json'), JSON.stringify({ realMs: Date.now(), simulatedMs: Date.now(), rate: 1 }));
    const { user, password, port: databasePort } = database;
    return startMember(
      `patchbay ${index + 1}`,
      { folder, port, agiPort: fastAgiPort, clockFile: join(folder, 'clock.json') },
      {
        server: { port, publicUrl: 'http://127.0.0.1:8080', trustedProxies: ['loopback'], drainMs: 3000 },
        store: { kind: 'mysql', host: '127.0.0.1', port: databasePort, user, password, database: 'patchbay' },
        spool: { folder: join(folder, `spool-${index}`) },
        log: { level: 'info', format: 'json' },
        secret: 'the hash key of this test',
        clients: { five9: { keys: [createHash('sha256').update(key).digest('hex')], may: ['dialer'] } },
        console: { enabled: false },
        gate: { hours: { enabled: false } },
        sync: { onStart: false },
        // A dialer that is away: the dialplan is answered all the same.
        dialers: {
          vicidial: {
            type: 'vicidial',
            api: { url: 'http://127.0.0.1:9/vicidial/non_agent_api.php', user: 'patchbay', pass: 'away' },
            database: { host: '127.0.0.1', port: 9, user: 'patchbay', password: 'away', name: 'asterisk' },
            timeZone: 'America/New_York',
            fastAgi: { port: fastAgiPort },
            headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
            campaigns: { SPRING: { dispositions: { sale: 'SALE' } } },
          },
          five9: {
            type: 'five9',
            soap: { host: 'http://127.0.0.1:9', users: [{ user: 'patchbay', password: 'away' }] },
            domainTimeZone: 'America/Denver',
            campaigns: { Spring: { dispositions: { sale: 'Sale' } } },
          },
        },
      },
    );
  }

  async function ask(path: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}${path}`, { headers, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, text: await response.text() };
  }

  async function register(call: number): Promise<Record<string, string>> {
    const path = `/v1/ivr/five9/register?call_id=${300_000_000_000_000 + call}&call_type=5&dnis=7205550130&campaign=Spring`;
    const { status, text } = await ask(path, { authorization: basic });
    if (status !== 200) throw new Error(`register answered ${status}`);
    return JSON.parse(text) as Record<string, string>;
  }

  /** What a process itself has counted. */
  async function countOf(direct: string, name: string): Promise<number> {
    const text = await (await fetch(`${direct}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  function askAgi(port: number) {
    return runAgi(`agi://127.0.0.1:${port}/vicidial`, { callerIdName: ada }, []);
  }

  function keepAsking() {
    let goesOn = true;
    let answered = 0;
    const failed: string[] = [];
    async function one(first: number): Promise<void> {
      for (let call = first; goesOn; call += 1) {
        await register(call).then(
          () => (answered += 1),
          (error: unknown) => failed.push(String(error)),
        );
      }
    }
    const asking = Promise.all([1, 2, 3, 4].map((each) => one(each * 100_000)));
    return {
      async stop() {
        goesOn = false;
        await asking;
        return { answered, failed };
      },
    };
  }
});

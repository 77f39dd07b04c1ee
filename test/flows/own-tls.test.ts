import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createWebServer } from '../../src/http/web-server.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { makeCertificate } from '../support/certificates.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const dayMs = 86_400_000;
const authority = makeCertificate({ name: 'Authority' });
const inDays = (days: number) => new Date(Date.now() + days * dayMs);
const first = certificate(30);
const second = certificate(90);
let folder: string;
let dialer: MadeUpServer;
let patchbay: TestApp;

function certificate(days: number) {
  return makeCertificate({ name: `of ${days} days`, hosts: ['127.0.0.1'], by: authority, until: inDays(days) });
}

function put({ cert, key }: { cert: string; key: string }): void {
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-tls-'));
  put(first);
  dialer = await startMadeUpServer([]);
  const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  patchbay = await startTestApp({
    config: { server: { port: 0, tls } },
    dialers: { carousel: { type: madeUp.type, url: dialer.url, campaigns: {} } },
  });
});
beforeEach(async () => {
  put(first);
  await patchbay.app.renewTls();
  patchbay.log.length = 0;
});
afterAll(async () => {
  await patchbay.stop();
  await dialer.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Shakes hands, and shows the certificate. */
function shakeHands(options: { maxVersion?: 'TLSv1.1' } = {}): Promise<TLSSocket> {
  const { port } = new URL(patchbay.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', ca: authority.cert, ...options });
    socket.once('secureConnect', () => resolve(socket)).once('error', reject);
  });
}

async function nameShown(): Promise<string> {
  const socket = await shakeHands();
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.O);
}

function ask(path: string, agent?: Agent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { ca: authority.cert, headers: { 'x-api-key': keys.script }, ...(agent && { agent }) };
    get(`${patchbay.url}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    }).on('error', reject);
  });
}

const said = (message: string) => patchbay.log.filter(({ msg }) => msg === message);

it('speaks TLS by itself, and says https of itself', async () => {
  expect(patchbay.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect((await ask('/livez')).status).toBe(200);
  expect((await ask('/v1/ivr/carousel/register?call_id=r1&number=3035550111')).text).toContain('"correlation_id"');
  const { servers } = JSON.parse((await ask('/openapi.json')).text) as { servers: { url: string }[] };
  expect(servers[0]?.url).toMatch(/^https:/);
  await expect(fetch(patchbay.url.replace('https', 'http'))).rejects.toThrow();
  await expect(shakeHands({ maxVersion: 'TLSv1.1' })).rejects.toThrow();
});

it('takes up new files when it is told to, while open connections go on', async () => {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  await ask('/livez', kept);
  expect(await nameShown()).toBe('of 30 days');

  put(second);
  await patchbay.app.renewTls();

  expect(await nameShown()).toBe('of 90 days');
  expect((await ask('/livez', kept)).status).toBe(200);
  kept.destroy();
  expect(said('a new TLS certificate is in use')).toHaveLength(1);
});

it.each([
  ['no certificate', 'cert.pem', 'not a certificate'],
  ['a certificate without its key', 'cert.pem', second.cert],
  ['a key without its certificate', 'key.pem', second.key],
  ['a certificate that has ended', '', ''],
])('refuses %s, says so, and goes on with the old pair', async (_name, file, text) => {
  if (file) writeFileSync(join(folder, file), text);
  else put(certificate(-1 / 24));
  await patchbay.app.renewTls();

  expect(await nameShown()).toBe('of 30 days');
  const [line] = said('the new TLS certificate is refused: the old one goes on');
  expect(line).toMatchObject({ hint: expect.stringMatching(/\w/), reason: expect.stringMatching(/\w/) });
  expect(JSON.stringify(patchbay.log)).not.toContain('PRIVATE KEY');

  put(second);
  await patchbay.app.renewTls();
  expect(await nameShown()).toBe('of 90 days');
});

it('tells when its certificate ends', async () => {
  const { text } = await ask('/metrics');

  const [, seconds = ''] = /^patchbay_tls_certificate_expiry_timestamp_seconds (\S+)$/m.exec(text) ?? [];
  expect(Math.abs(Number(seconds) * 1000 - inDays(30).getTime())).toBeLessThan(dayMs);
});

it('does not begin with files that can not serve', async () => {
  const tls = {
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'nothing.pem'),
    minVersion: 'TLSv1.2',
  } as const;
  const log = patchbay.app.deps.log;
  const door = createWebServer({ clock: realClock, log }, { host: '127.0.0.1', port: 0, maxConnections: 10, tls });

  await expect(door.start(() => undefined)).rejects.toThrow(/nothing\.pem can not be read/);
});

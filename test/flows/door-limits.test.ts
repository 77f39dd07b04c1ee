import { createConnection, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWebServer, doorLimits, type WebServer } from '../../src/http/web-server.ts';
import { madeUp } from '../contract/made-up/made-up-dialer.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { realClock } from '../support/real-clock.ts';
import { eventToken, keys, startTestApp, type TestApp } from '../support/start-app.ts';

let dialer: MadeUpServer;
let patchbay: TestApp;
const peers: Peer[] = [];

beforeAll(async () => {
  dialer = await startMadeUpServer([]);
  patchbay = await startTestApp({
    config: { server: { port: 0, maxConnections: 20, bodyLimitKb: 16 } },
    dialers: { carousel: { type: madeUp.type, url: dialer.url, campaigns: {} } },
  });
});
afterEach(async () => {
  for (const { socket } of peers.splice(0)) socket.destroy();
  // The room is free again when the other side has seen it.
  await eventually(async () => expect((await fetch(`${patchbay.url}/livez`)).status).toBe(200));
});
afterAll(async () => {
  await patchbay.stop();
  await dialer.stop();
});

interface Peer {
  socket: Socket;
  /** Milliseconds until the other side was gone. */
  closed: Promise<number>;
  isClosed(): boolean;
  received(): string;
}

/** A bare connection. */
async function call(url: string, host = '127.0.0.1'): Promise<Peer> {
  const startedAt = performance.now();
  const socket = createConnection({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress: host });
  let received = '';
  let isClosed = false;
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  const closed = new Promise<number>((resolve) =>
    socket.once('close', () => {
      isClosed = true;
      resolve(performance.now() - startedAt);
    }),
  );
  const peer = { socket, closed, isClosed: () => isClosed, received: () => received };
  peers.push(peer);
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return peer;
}

const register = (more = '', path = 'call_id=r1') =>
  `GET /v1/ivr/carousel/register?${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: ${keys.script}\r\n${more}\r\n`;

async function answerTo(text: string): Promise<string> {
  const peer = await call(patchbay.url);
  peer.socket.write(text);
  await eventually(() => expect(peer.received()).toMatch(/^HTTP\/1\.1 \d+/));
  return peer.received();
}

describe('what is too large', () => {
  it.each([
    ['a query', register('', `call_id=${'r'.repeat(80_000)}`)],
    ['one header', register(`X-Long: ${'x'.repeat(80_000)}\r\n`)],
    ['all headers together', register(`${'X-Many: yes\r\n'.repeat(7000)}`)],
  ])('of %s is refused before it is read', async (_name, text) => {
    expect(await answerTo(text)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('of a query is cut, and a script is answered all the same', async () => {
    const answer = await answerTo(
      register('', `call_id=mu-5&number=7205550130&note=${'n'.repeat(40_000)}&campaign=spring`),
    );

    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"status":"ok"/);
  });

  it('of a body is not read on, and a script is answered all the same', async () => {
    const body = JSON.stringify({ padding: 'x'.repeat(100_000) });
    const head = register(`Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`).replace(
      'GET',
      'POST',
    );

    expect(await answerTo(`${head}${body}`)).toMatch(/^HTTP\/1\.1 200 [\s\S]*"status"/);
    const event = await patchbay.postEvent({ padding: 'x'.repeat(100_000) });
    expect(event.status).toBe(413);
  });

  it('of a body that says nothing of its size before is refused, and none of it is kept', async () => {
    const peer = await call(patchbay.url);
    peer.socket.write(
      `POST /v1/platforms/sigmamind/events/${eventToken} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    for (let sent = 0; sent < 4; sent += 1) peer.socket.write(chunk);
    peer.socket.write('0\r\n\r\n');

    await eventually(() => expect(peer.received()).toMatch(/^HTTP\/1\.1 413 /));
  });
});

describe('who proves nothing', () => {
  it.each([
    ['with a wrong key', '/v1/ivr/carousel/register', 'X-API-Key: pb_wrong\r\n'],
    ['with a key for something else', '/v1/platforms/sigmamind/tools/find-lead', `X-API-Key: ${keys.script}\r\n`],
    ["with a wrong token of a dialer's own path", '/v1/dialers/carousel/told/theirs', '', 404],
    ['with a wrong token', '/v1/platforms/sigmamind/events/not-the-token', ''],
    ['with the token of another path', `/v1/platforms/sigmamind/inbound-call/${eventToken}`, ''],
  ])('%s is answered before the body comes', async (_name, path, header, status = 401) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n${header}\r\n`;

    expect(await answerTo(head)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it('is told so on a connection that can be used on', async () => {
    const peer = await call(patchbay.url);
    const body = 'x'.repeat(9000);
    peer.socket.write(`${register(`Content-Length: ${body.length}\r\n`).replace(keys.script, 'pb_wrong')}${body}`);
    await eventually(() => expect(peer.received()).toMatch(/^HTTP\/1\.1 401 /));

    peer.socket.write(register('', 'call_id=mu-7'));

    await eventually(() => expect(peer.received()).toMatch(/HTTP\/1\.1 200 [\s\S]*"status"/));
  });
});

it('takes no request that two readers could read as different ones', async () => {
  const both = 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n';
  expect(await answerTo(register(both).replace('GET', 'POST'))).toMatch(/^HTTP\/1\.1 400 /);
  expect(await answerTo(register('Content-Length: 5\r\nContent-Length: 6\r\n'))).toMatch(/^HTTP\/1\.1 400 /);
  expect(await answerTo('GET /livez HTTP/1.1\r\nHost: x\r\nX-Bad : y\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

describe('who is too slow', () => {
  let door: WebServer;
  let url: string;
  const patience = { headersTimeout: 300, requestTimeout: 600, keepAliveTimeout: 400, connectionsCheckingInterval: 50 };
  const settings = { host: '127.0.0.1', port: 0, maxConnections: 100 };
  const fast = 3000;

  beforeAll(async () => {
    door = createWebServer({ clock: realClock, log: patchbay.app.deps.log }, settings, { ...patience, silentMs: 500 });
    url = await door.start((request, response) => {
      request.resume();
      if (request.url === '/much') response.end(Buffer.alloc(30_000_000));
      else request.on('end', () => response.end('good'));
    });
  });
  afterAll(() => door.stop(0));

  it.each([
    ['says nothing', ''],
    ['stops in its first line', 'GET /liv'],
    ['stops in its headers', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    ['stops in its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
    ['keeps a connection that it does not use', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('and %s is cut off', async (_name, text) => {
    const peer = await call(url);
    peer.socket.write(text);

    expect(await peer.closed).toBeLessThan(fast);
  });

  it('and sends its headers by the letter is cut off although something always comes', async () => {
    const peer = await call(url);
    peer.socket.write('GET / HTTP/1.1\r\nX-Slow: ');
    const drip = setInterval(() => peer.socket.write('x'), 20);

    expect(await peer.closed.finally(() => clearInterval(drip))).toBeLessThan(fast);
  });

  it('and does not read what it asked for is cut off', async () => {
    const peer = await call(url);
    peer.socket.pause();
    peer.socket.write('GET /much HTTP/1.1\r\nHost: x\r\n\r\n');
    const before = performance.now();
    // It reads what lies in the buffers only when the door has shut already.
    await eventually(() => expect(performance.now() - before).toBeGreaterThan(1200));
    peer.socket.resume();

    await peer.closed;
    expect(peer.received().length).toBeLessThan(30_000_000);
  });

  it('in production has seconds, not minutes', () => {
    const { headersTimeout, requestTimeout, connectionsCheckingInterval } = doorLimits;
    expect(headersTimeout + connectionsCheckingInterval).toBeLessThanOrEqual(15_000);
    expect(requestTimeout + connectionsCheckingInterval).toBeLessThanOrEqual(20_000);
  });
});

describe('a flood of connections', () => {
  it('closes its own: a dialer that came before goes on, and one that comes anew is let in', async () => {
    const kept = await call(patchbay.url);
    kept.socket.write(register('Connection: keep-alive\r\n'));
    await eventually(() => expect(kept.received()).toContain('"status"'));
    const flood: Peer[] = [];
    for (let count = 0; count < 60; count += 1) flood.push(await call(patchbay.url, '127.0.0.2'));

    await eventually(() => expect(flood.filter((peer) => peer.isClosed()).length).toBeGreaterThan(35));
    const heard = kept.received().length;
    kept.socket.write(register('Connection: keep-alive\r\n', 'call_id=r2'));
    await eventually(() => expect(kept.received().length).toBeGreaterThan(heard));
    expect(await answerTo(register('', 'call_id=r3'))).toMatch(/^HTTP\/1\.1 200 /);
    expect(kept.isClosed()).toBe(false);
  });

  it('of one address leaves a stranger of another alone', async () => {
    const stranger = await call(patchbay.url, '127.0.0.3');
    for (let count = 0; count < 40; count += 1) await call(patchbay.url, '127.0.0.2');

    stranger.socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');

    await eventually(() => expect(stranger.received()).toMatch(/^HTTP\/1\.1 200 /));
  });

  it('by who has proven who they are closes only one that nobody uses', async () => {
    const proven: Peer[] = [];
    for (let count = 0; count < 20; count += 1) {
      const peer = await call(patchbay.url);
      peer.socket.write(register('', `call_id=p${count}`));
      await eventually(() => expect(peer.received()).toContain('"status"'));
      proven.push(peer);
    }

    expect(await answerTo(register('', 'call_id=late'))).toMatch(/^HTTP\/1\.1 200 /);
    expect(proven.map((peer) => peer.isClosed())).toEqual(proven.map((_peer, place) => place === 0));
  });
});

it('never turns away who has a key, however many failed before from the same address', async () => {
  const headers = (key: string) => ({ headers: { 'x-api-key': key } });
  const statuses = [];
  for (let count = 0; count < 80; count += 1) {
    const answer = await fetch(`${patchbay.url}/v1/ivr/carousel/register?call_id=g`, headers('pb_wrong'));
    await answer.body?.cancel();
    statuses.push(answer.status);
  }

  expect(statuses.at(-1)).toBe(429);
  for (let count = 0; count < 50; count += 1) {
    const answer = await fetch(`${patchbay.url}/v1/ivr/carousel/register?call_id=g${count}`, headers(keys.script));
    await answer.body?.cancel();
    expect(answer.status).toBe(200);
  }
});

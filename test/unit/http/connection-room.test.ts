import type { ServerResponse } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { networkOf } from '../../../src/http/connection-room.ts';
import { createWebServer, type WebServer } from '../../../src/http/web-server.ts';
import { eventually } from '../../support/eventually.ts';
import { realClock } from '../../support/real-clock.ts';

const most = 64;
let door: WebServer;
let port = 0;
let waiting: ServerResponse[] = [];
const peers: Peer[] = [];

beforeEach(async () => {
  waiting = [];
  door = createWebServer(
    { clock: realClock, log: pino({ level: 'silent' }) },
    { host: '127.0.0.1', port: 0, maxConnections: most },
  );
  const url = await door.start((request, response) => {
    if (request.headers['x-api-key']) door.prove(request.socket);
    if (request.url === '/wait') waiting.push(response);
    else response.end('good');
  });
  port = Number(new URL(url).port);
});
afterEach(async () => {
  for (const { socket } of peers.splice(0)) socket.destroy();
  await door.stop(0);
});

interface Peer {
  socket: Socket;
  received: string;
  isClosed: boolean;
}

async function come(from = '127.0.0.1'): Promise<Peer> {
  const socket = createConnection({ port, host: '127.0.0.1', localAddress: from });
  const peer: Peer = { socket, received: '', isClosed: false };
  socket
    .on('error', () => undefined)
    .on('close', () => {
      peer.isClosed = true;
    });
  socket.setEncoding('latin1').on('data', (text: string) => {
    peer.received += text;
  });
  peers.push(peer);
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return peer;
}

const ask = (peer: Peer, path = '/') => peer.socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-API-Key: good\r\n\r\n`);
const isAnswered = (peer: Peer) => eventually(() => expect(peer.received).toContain('good'));

it('a flood from thousands of addresses leaves alone what a dialer has just opened', async () => {
  const before = await come();
  ask(before);
  await isAnswered(before);
  const justOpened = [await come(), await come(), await come()];

  for (let each = 0; each < 2 * most; each += 1) await come(`127.0.1.${each + 1}`);

  for (const peer of justOpened) ask(peer);
  for (const peer of justOpened) await isAnswered(peer);
  expect(door.turnedAway()).toBeGreaterThan(most);
});

it('where all have a key, a dialer that comes anew is let in for one that is unused, and who waits is left alone', async () => {
  const scripts: Peer[] = [];
  for (let each = 0; each < most; each += 1) {
    const peer = await come();
    scripts.push(peer);
    ask(peer, each < 2 ? '/' : '/wait');
    if (each < 2) await isAnswered(peer);
  }
  await eventually(() => expect(waiting).toHaveLength(most - 2));
  const [used, unused, ...waits] = scripts;
  if (used) used.received = '';
  if (used) ask(used);
  await eventually(() => expect(used?.received).toContain('good'));

  const late = await come();
  ask(late);

  await isAnswered(late);
  await eventually(() => expect(unused?.isClosed).toBe(true));
  expect(used?.isClosed).toBe(false);
  for (const response of waiting) response.end('good');
  for (const peer of waits) await isAnswered(peer);
});

it('where all have a key and wait for their answer, none is cut off for one that comes', async () => {
  for (let each = 0; each < most; each += 1) ask(await come(), '/wait');
  await eventually(() => expect(waiting).toHaveLength(most));

  const late = await come();

  await eventually(() => expect(late.isClosed).toBe(true));
  for (const response of waiting) response.end('good');
  for (const peer of peers.slice(0, most)) await isAnswered(peer);
});

it.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '::ffff:10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8::6', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fd00:1:2:3::', 'fd00:1:2:3'],
])('takes %s as one of %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BodyReading, createBodyReader } from '../../../src/http/read-body.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';

let server: Server;
let port: number;
let readings: string[];
let bodies: string[];
let under: number;
const senders: Socket[] = [];

beforeEach(async () => {
  const readBody = createBodyReader({ bytes: 1000, strangersBytes: 2500 });
  const told: string[] = [];
  readings = told;
  const heard: string[] = [];
  bodies = heard;
  under = 0;
  server = createServer((request: IncomingMessage, response) => {
    under += 1;
    void readBody(request, request.url === '/known').then((reading) => {
      told.push(wordsOf(reading));
      if (reading.kind === 'whole') heard.push(reading.bytes.toString());
      response.end();
    });
  });
  port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const sender of senders.splice(0)) sender.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function wordsOf(reading: BodyReading): string {
  return reading.kind === 'whole' ? `whole: ${reading.bytes.length}` : reading.kind;
}

/** Says how much it sends, and sends a part of it. */
function send(path: string, length: number, sent: Buffer | string, more = ''): Socket {
  const sender = createConnection({ port, host: '127.0.0.1' });
  sender.on('error', () => undefined).resume();
  sender.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n${more}\r\n`);
  sender.write(sent);
  senders.push(sender);
  return sender;
}

const x = (length: number) => 'x'.repeat(length);

describe('bodies of strangers', () => {
  it('share a room: who finds it full is refused, and nobody who is known', async () => {
    for (const count of [1, 2]) {
      send('/stranger', 1000, x(900));
      await eventually(() => expect(under).toBe(count));
    }
    send('/stranger', 1000, x(900));
    await eventually(() => expect(readings).toEqual(['no-room']));

    for (const count of [2, 3, 4, 5]) {
      send('/known', 1000, x(1000));
      await eventually(() => expect(readings.length).toBe(count));
    }
    expect(readings.slice(1)).toEqual(Array(4).fill('whole: 1000'));
  });

  it('are not even unpacked where there is no room', async () => {
    for (const [count, length] of [900, 900, 700].entries()) {
      send('/stranger', 1000, x(length));
      await eventually(() => expect(under).toBe(count + 1));
    }
    // Garbage: unpacking it would fail with nobody there to hear of it.
    send('/stranger', 10, x(10), 'Content-Encoding: gzip\r\n');

    await eventually(() => expect(readings).toEqual(['no-room']));
  });

  it('make room when they are read, refused, or their senders leave', async () => {
    const early = send('/stranger', 1000, x(900));
    const leaving = send('/stranger', 1000, x(900));
    await eventually(() => expect(under).toBe(2));

    early.write(x(100));
    leaving.destroy();
    await eventually(() => expect(readings.toSorted()).toEqual(['broken', 'whole: 1000']));
    send('/stranger', 900, x(900));
    send('/stranger', 900, x(900));
    await eventually(() => expect(readings.slice(2)).toEqual(['whole: 900', 'whole: 900']));
  });
});

it.each([
  ['nothing', '/known', 0, '', '', 'whole: 0'],
  ['as much as is allowed', '/known', 1000, x(1000), '', 'whole: 1000'],
  ['that it will send too much, before it does', '/known', 1001, '', '', 'too-large'],
  ['something packed', '/known', 0, gzipSync(x(1000)), 'gzip', 'whole: 1000'],
  ['something packed that is too much', '/stranger', 0, gzipSync(x(5_000_000)), 'gzip', 'too-large'],
  ['what only looks packed', '/known', 0, x(100), 'gzip', 'broken'],
  ['what is packed in a way that nobody knows', '/known', 0, x(100), 'rot13', 'unknown-packing'],
])('reads of who sends %s', async (_name, path, length, bytes, packed, words) => {
  send(path, length || bytes.length, bytes, packed && `Content-Encoding: ${packed}\r\n`);

  await eventually(() => expect(readings).toEqual([words]));
});

it('keeps every byte, in order, of who sends them one by one', async () => {
  const text = Array.from({ length: 300 }, (_, index) => String.fromCharCode(97 + (index % 26))).join('');
  const sender = createConnection({ port, host: '127.0.0.1' });
  senders.push(sender.on('error', () => undefined).resume());
  sender.write('POST /known HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  sender.write(`${[...text].map((letter) => `1\r\n${letter}\r\n`).join('')}0\r\n\r\n`);

  await eventually(() => expect(bodies).toEqual([text]));
});

it('stops at the limit where the length was not told', async () => {
  const sender = createConnection({ port, host: '127.0.0.1' });
  senders.push(sender.on('error', () => undefined).resume());
  sender.write('POST /known HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  sender.write(`400\r\n${x(1024)}\r\n`);

  await eventually(() => expect(readings).toEqual(['too-large']));
});

import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { askOptions } from '../../../connectors/sigmamind/setup/sip-options.ts';
import type { Faults } from '../../simulators/sigmamind/options.ts';
import { type SipResponder, startSipResponder } from '../../simulators/sigmamind/sip-responder.ts';

const host = '127.0.0.1';

let sip: Faults['sip'];
let server: SipResponder;
beforeEach(async () => {
  sip = 'answers';
  server = await startSipResponder(0, () => ({ sip }));
});
afterEach(() => server.stop());

it.each(['udp', 'tcp'] as const)('hears the answer over %s', async (transport) => {
  const answer = await askOptions({ host, port: server.port, transport }, { newId: randomUUID });

  expect(answer).toMatchObject({ kind: 'answered', status: 200, reason: 'OK' });
  expect(server.heard()).toBe(1);
});

it('takes a refusal as a sign of life', async () => {
  sip = 'busy';

  const answer = await askOptions({ host, port: server.port, transport: 'udp' }, { newId: randomUUID });

  expect(answer).toMatchObject({ kind: 'answered', status: 503, reason: 'Service Unavailable' });
});

it('sends again over UDP, then gives up', async () => {
  sip = 'silent';

  const answer = await askOptions(
    { host, port: server.port, transport: 'udp' },
    { newId: randomUUID, timeoutMs: 2800 },
  );

  expect(answer).toEqual({ kind: 'silent', why: 'no answer within 2.8 s' });
  expect(server.heard()).toBe(3);
});

it.each(['tcp', 'tls'] as const)('says why there is no connection over %s', async (transport) => {
  await server.stop();

  const answer = await askOptions({ host, port: server.port, transport }, { newId: randomUUID });

  expect(answer).toMatchObject({ kind: 'silent', why: 'ECONNREFUSED' });
  server = await startSipResponder(0, () => ({ sip }));
});

it("waits through a provisional answer, and is not taken in by somebody else's", async () => {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => {
    const via = /^Via: .*$/m.exec(message.toString())?.[0] ?? '';
    const answers = [
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKsomebodys\r\n\r\n',
      `SIP/2.0 100 Trying\r\n${via}\r\n\r\n`,
      `SIP/2.0 404 Not Found\r\n${via}\r\n\r\n`,
    ];
    for (const answer of answers) socket.send(answer, from.port, from.address);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;

  const answer = await askOptions({ host, port, transport: 'udp' }, { newId: randomUUID });

  expect(answer).toMatchObject({ kind: 'answered', status: 404, reason: 'Not Found' });
  socket.close();
});

it('asks as RFC 3261 wants it', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;

  const asked = askOptions({ host, port, transport: 'udp' }, { newId: randomUUID, timeoutMs: 300 });
  const [message] = (await once(socket, 'message')) as [Buffer];
  await asked;

  const [first, ...lines] = message.toString().split('\r\n');
  expect(first).toBe(`OPTIONS sip:127.0.0.1:${port} SIP/2.0`);
  expect(lines).toEqual([
    expect.stringMatching(/^Via: SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;branch=z9hG4bK[0-9a-f]{32};rport$/),
    'Max-Forwards: 70',
    expect.stringMatching(/^From: <sip:doctor@127\.0\.0\.1:\d+>;tag=[0-9a-f]+$/),
    'To: <sip:127.0.0.1>',
    expect.stringMatching(/^Call-ID: [0-9a-f]+@patchbay$/),
    'CSeq: 1 OPTIONS',
    expect.stringMatching(/^Contact: /),
    'Accept: application/sdp',
    'User-Agent: Patchbay',
    'Content-Length: 0',
    '',
    '',
  ]);
  socket.close();
});

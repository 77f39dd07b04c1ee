import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import type { Faults } from './options.ts';

export interface SipResponder {
  port: number;
  /** OPTIONS requests that came, each datagram for itself. */
  heard(): number;
  stop(): Promise<void>;
}

/** A SIP server that knows OPTIONS only, on UDP and TCP of one port of 127.0.0.1. */
export async function startSipResponder(port: number, faults: () => { sip: Faults['sip'] }): Promise<SipResponder> {
  const udp = createSocket('udp4');
  const sockets = new Set<Socket>();
  let heard = 0;
  const answer = (request: string, from: { address: string; port: number }): string | null => {
    if (!request.startsWith('OPTIONS ')) return null;
    heard += 1;
    return faults().sip === 'silent' ? null : answerTo(request, from, faults().sip);
  };
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      const from = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
      const text = answer(data.toString('utf8'), from);
      if (text) socket.write(text);
    });
  });

  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(port, '127.0.0.1', resolve);
  });
  const address = tcp.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  udp.on('message', (message, from) => {
    const text = answer(message.toString('utf8'), from);
    if (text) udp.send(text, from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject);
    udp.bind(bound, '127.0.0.1', resolve);
  });

  return {
    port: bound,
    heard: () => heard,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => tcp.close(() => resolve())),
        new Promise<void>((resolve) => udp.close(() => resolve())),
      ]);
    },
  };
}

/** Via, From, To, Call-ID and CSeq go back as they came (RFC 3261, 8.2.6.2), with the address that was seen. */
function answerTo(request: string, from: { address: string; port: number }, sip: Faults['sip']): string {
  const line = (name: string) => new RegExp(`^${name}: .*$`, 'im').exec(request)?.[0].trim() ?? '';
  const via = line('Via').replace(/;rport(?=;|$)/i, `;rport=${from.port};received=${from.address}`);
  const lines = [
    sip === 'busy' ? 'SIP/2.0 503 Service Unavailable' : 'SIP/2.0 200 OK',
    via,
    line('From'),
    `${line('To')};tag=simulated`,
    line('Call-ID'),
    line('CSeq'),
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

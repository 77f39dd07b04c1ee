import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface SipTarget {
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
}

export type SipAnswer =
  | { kind: 'answered'; status: number; reason: string; tookMs: number }
  | { kind: 'silent'; why: string };

/** First pause before a request is sent again over UDP (RFC 3261, timer T1), and the longest. */
const t1Ms = 500;
const t2Ms = 4000;

/**
 * Asks a SIP server for a sign of life: one OPTIONS request outside of any call. Every final answer is one, a refusal too.
 * Never rejects.
 *
 * @param newId a new random text, for the names of the request
 */
export async function askOptions(
  target: SipTarget,
  { newId, timeoutMs = 4000 }: { newId(): string; timeoutMs?: number },
): Promise<SipAnswer> {
  const startedAt = performance.now();
  const branch = `z9hG4bK${newId().replace(/[^A-Za-z0-9]/g, '')}`;
  const request = (local: LocalAddress) => Buffer.from(optionsRequest(target, local, branch, newId));
  const exchange = target.transport === 'udp' ? askByDatagram : askByStream;
  return new Promise((resolve) => {
    let close = () => {};
    let isOver = false;
    const end = (answer: SipAnswer) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      close();
      resolve(answer);
    };
    const timer = setTimeout(() => end({ kind: 'silent', why: `no answer within ${timeoutMs / 1000} s` }), timeoutMs);
    close = exchange(target, request, {
      heard(text) {
        const final = readFinal(text, branch);
        if (final) end({ kind: 'answered', ...final, tookMs: Math.round(performance.now() - startedAt) });
      },
      failed: (error) => end({ kind: 'silent', why: error.code ?? error.message }),
    });
  });
}

interface LocalAddress {
  address: string;
  port: number;
}

interface Listener {
  heard(text: string): void;
  failed(error: Error & { code?: string }): void;
}

/** Sends again until something is heard: a datagram may be lost. */
function askByDatagram(
  { host, port }: SipTarget,
  request: (local: LocalAddress) => Buffer,
  listener: Listener,
): () => void {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  let again: NodeJS.Timeout | undefined;
  function send(pauseMs: number): void {
    socket.send(request(socket.address()));
    again = setTimeout(() => send(Math.min(pauseMs * 2, t2Ms)), pauseMs);
  }
  socket.on('message', (message) => listener.heard(message.toString('utf8')));
  socket.on('error', (error) => listener.failed(error));
  socket.once('connect', () => send(t1Ms));
  socket.connect(port, host);
  return () => {
    clearTimeout(again);
    socket.close();
  };
}

function askByStream(
  { host, port, transport }: SipTarget,
  request: (local: LocalAddress) => Buffer,
  listener: Listener,
): () => void {
  let heard = '';
  const begin = () => {
    socket.write(request({ address: socket.localAddress ?? '127.0.0.1', port: socket.localPort ?? port }));
  };
  const socket: Socket =
    transport === 'tls'
      ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) }, begin)
      : connectTcp({ host, port }, begin);
  socket.on('data', (data) => {
    heard = (heard + data.toString('utf8')).slice(-16_384);
    listener.heard(heard);
  });
  socket.on('error', (error) => listener.failed(error));
  socket.on('end', () => listener.failed(new Error('the connection was closed without an answer')));
  return () => socket.destroy();
}

function optionsRequest(
  { host, port, transport }: SipTarget,
  { address, port: ownPort }: LocalAddress,
  branch: string,
  newId: () => string,
): string {
  const own = `${address.includes(':') ? `[${address}]` : address}:${ownPort}`;
  const uri = `sip:${host}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}`;
  const lines = [
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/${transport.toUpperCase()} ${own};branch=${branch};rport`,
    'Max-Forwards: 70',
    `From: <sip:doctor@${own}>;tag=${tagOf(newId())}`,
    `To: <sip:${host}>`,
    `Call-ID: ${tagOf(newId())}@patchbay`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:doctor@${own};transport=${transport}>`,
    'Accept: application/sdp',
    'User-Agent: Patchbay',
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function tagOf(id: string): string {
  return id.replace(/[^A-Za-z0-9]/g, '');
}

/** The final answer to our own request; null while there is none. A provisional one (1xx) says that more will come. */
function readFinal(text: string, branch: string): { status: number; reason: string } | null {
  for (const message of text.split(/(?=SIP\/2\.0 )/)) {
    const [, status = '', reason = ''] = /^SIP\/2\.0 (\d{3}) ([^\r\n]*)\r?\n/.exec(message) ?? [];
    if (Number(status) >= 200 && message.includes(branch)) return { status: Number(status), reason: reason.trim() };
  }
  return null;
}

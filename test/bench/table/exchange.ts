import { createConnection, type Socket } from 'node:net';

/** One answer of an HTTP server. */
export interface Answer {
  status: number;
  body: string;
}

/** A connection that asks one thing after the other. */
export interface Asker {
  ask(request: string): Promise<Answer>;
  close(): void;
}

/**
 * HTTP by a plain socket, as little work as can be: who asks shares the machine with what is measured. Knows only answers
 * with a Content-Length, which all of those measured send.
 */
export async function openAsker(port: number): Promise<Asker> {
  const socket = await connect(port);
  let received = '';
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  function fail(why: string): void {
    waiting?.reject(new Error(`the server on port ${port} ${why}`));
    waiting = undefined;
  }
  socket.on('data', (chunk) => {
    received += chunk;
    const answer = readAnswer(received);
    if (!answer || !waiting) return;
    received = '';
    const { resolve } = waiting;
    waiting = undefined;
    resolve(answer);
  });
  socket.on('error', (error) => fail(`failed: ${error.message}`));
  socket.on('close', () => fail('closed the connection'));

  return {
    ask(request) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      });
    },
    close: () => socket.destroy(),
  };
}

/** A connection of its own for one request, as a dialplan makes it. */
export async function askOnce(port: number, request: string): Promise<Answer> {
  const asker = await openAsker(port);
  try {
    return await asker.ask(request);
  } finally {
    asker.close();
  }
}

/** One FastAGI call: gives how many headers were set before the service closed. */
export function askAgi(port: number, environment: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    let headers = 0;
    socket.setEncoding('latin1');
    socket.write(environment);
    socket.on('data', (chunk: string) => {
      if (chunk.startsWith('EXEC SIPAddHeader')) headers += 1;
      socket.write('200 result=0\n');
    });
    socket.on('end', () => {
      socket.destroy();
      resolve(headers);
    });
    socket.on('error', reject);
  });
}

/** What a request says beside its path. */
export interface RequestParts {
  headers: Readonly<Record<string, string>>;
  /** Empty: it has none. */
  body: string;
}

export function writeRequest(method: string, path: string, { headers, body }: RequestParts): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body) lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

function connect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

function readAnswer(received: string): Answer | null {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = /content-length: (\d+)/i.exec(received)?.[1];
  if (length === undefined) throw new Error(`an answer names no length: ${received.slice(0, 80)}`);
  const body = received.slice(end + 4);
  return body.length < Number(length) ? null : { status: Number(received.slice(9, 12)), body };
}

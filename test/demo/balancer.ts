import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface BalancedMember {
  url: string;
  agiPort: number;
}

/** One request by HTTP, as the balancer saw it. Times by `performance.now()`. */
export interface SeenRequest {
  path: string;
  body: string;
  /** Index of the member that answered. */
  member: number;
  begunAt: number;
  endedAt: number;
  answer: string;
}

export interface Balancer {
  url: string;
  agiPort: number;
  /** Requests that no member took. */
  refused(): number;
  stop(): Promise<void>;
}

const lookEveryMs = 100;
const lookWithinMs = 2000;
/** So many looks in a row must fail without an answer: a member that says 503, or refuses, is out at once. */
const mostSilent = 3;

interface Place extends BalancedMember {
  index: number;
  isReady: boolean;
}

/**
 * What stands before several Patchbays: requests go round, by HTTP each on a connection of its own, and FastAGI as it is.
 * A member is in while its `/readyz` says 200. As every balancer does, it tries the next one when a connection is refused,
 * and when one ends before an answer, if the request only reads.
 */
export async function startBalancer(
  members: readonly BalancedMember[],
  ports: { http: number; agi: number },
  onAnswer?: (seen: SeenRequest) => void,
): Promise<Balancer> {
  const places: Place[] = members.map((member, index) => ({ ...member, index, isReady: true }));
  const stopping = new AbortController();
  const sockets = new Set<Socket>();
  let turn = 0;
  let refused = 0;

  /** Those that are in, the next one first; where none is, every one is tried. */
  function order(): Place[] {
    turn += 1;
    const all = places.map((_, index) => places[(turn + index) % places.length] as Place);
    const ready = all.filter(({ isReady }) => isReady);
    return ready.length > 0 ? ready : all;
  }

  async function look(place: Place): Promise<void> {
    let silent = 0;
    while (!stopping.signal.aborted) {
      const answer = await statusOf(place.url);
      silent = answer === 'silent' ? silent + 1 : 0;
      if (answer !== 'silent' || silent >= mostSilent) place.isReady = answer === 200;
      await wait(lookEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }

  function answerNone(response: ServerResponse): void {
    refused += 1;
    response.writeHead(503).end();
  }

  const http = createServer((request, response) => {
    const body: Buffer[] = [];
    const begunAt = performance.now();
    request.on('data', (part: Buffer) => body.push(part));
    request.on('end', () => {
      const sent = Buffer.concat(body);
      const tell = ({ index: member }: Place, answer: string) => {
        const [path = ''] = (request.url ?? '').split('?');
        onAnswer?.({ path, body: String(sent), member, begunAt, endedAt: performance.now(), answer });
      };
      forward(order(), { request, body: sent, response, answerNone, ...(onAnswer && { tell }) });
    });
  });
  const agi = createTcpServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => undefined);
    pass(order(), socket);
  });
  for (const server of [http, agi]) {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  await listen(http, ports.http);
  await listen(agi, ports.agi);
  const looking = Promise.all(places.map(look));

  return {
    url: `http://127.0.0.1:${portOf(http)}`,
    agiPort: portOf(agi),
    refused: () => refused,
    async stop() {
      stopping.abort();
      const closed = [http, agi].map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all([looking, ...closed]);
    },
  };
}

async function statusOf(url: string): Promise<number | 'refused' | 'silent'> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(lookWithinMs) });
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED' ? 'refused' : 'silent';
  }
}

interface Exchange {
  request: IncomingMessage;
  body: Buffer;
  response: ServerResponse;
  answerNone(response: ServerResponse): void;
  tell?(place: Place, answer: string): void;
}

function forward([place, ...others]: Place[], exchange: Exchange): void {
  const { request, body, response, answerNone, tell } = exchange;
  if (!place) {
    answerNone(response);
    return;
  }
  const { hostname, port } = new URL(place.url);
  const headers = { ...request.headers, connection: 'close', 'x-forwarded-for': request.socket.remoteAddress };
  const { method = 'GET', url: path } = request;
  // No connection is kept: nobody's request may meet one that a member is just about to close.
  const upstream = httpRequest({ hostname, port, method, path, headers, agent: false }, (answer) => {
    const { connection, 'keep-alive': kept, ...rest } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, rest);
    answer.on('error', () => response.destroy());
    answer.pipe(response);
    if (!tell) return;
    const parts: Buffer[] = [];
    answer.on('data', (part: Buffer) => parts.push(part));
    answer.once('end', () => tell(place, String(Buffer.concat(parts))));
  });
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    if (response.destroyed) return;
    if (response.headersSent) return void response.destroy();
    const isRefused = error.code === 'ECONNREFUSED';
    if (isRefused) place.isReady = false;
    if (isRefused || method === 'GET') forward(others, exchange);
    else response.writeHead(502).end();
  });
  response.once('close', () => upstream.destroy());
  upstream.end(body);
}

function pass([place, ...others]: Place[], socket: Socket): void {
  if (!place) return void socket.destroy();
  const upstream = connect(place.agiPort, '127.0.0.1');
  let isThere = false;
  upstream.on('error', () => {
    if (isThere) return void socket.destroy();
    place.isReady = false;
    pass(others, socket);
  });
  upstream.once('connect', () => {
    isThere = true;
    socket.pipe(upstream).pipe(socket);
    socket.once('close', () => upstream.destroy());
    upstream.once('close', () => socket.destroySoon());
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

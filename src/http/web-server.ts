import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/connector.ts';
import { type ConnectionRoom, keepRoom } from './connection-room.ts';
import { closeServer, listen } from './listen.ts';
import { readTlsPair, type TlsSettings } from './tls-files.ts';
import { keepTlsFresh, type TlsReload } from './tls-reload.ts';

export interface WebServerSettings {
  host: string;
  port: number;
  maxConnections: number;
  tls?: TlsSettings | undefined;
}

/** The service's own door: HTTP or HTTPS, with what it bears of slow, large and many. Nothing is opened before `start`. */
export interface WebServer {
  /** Listens. Gives the address. */
  start(handle: RequestListener): Promise<string>;
  stop(graceMs: number): Promise<void>;
  /** Who is at the other end has shown who it is: see `keepRoom`. */
  prove(socket: Socket): void;
  turnedAway(): number;
  /** Takes up new TLS files at once. */
  renewTls(): Promise<void>;
  /** When the TLS certificate in use ends, epoch ms; undefined without TLS. */
  tlsExpiresAt(): number | undefined;
}

/**
 * How long a client may take, and how much it may send. An IVR script sends its request in one piece, an outcome waits for
 * a minute at most, and a live page says something every 15 s.
 */
export const doorLimits = {
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  // The first line with its query, and all header lines. More than any script has to say: what is refused here is refused
  // by Node before it knows who asks, without an answer that a script could branch on.
  maxHeaderSize: 65_536,
  // By default Node looks only twice a minute for who is too slow.
  connectionsCheckingInterval: 2000,
} as const satisfies ServerOptions;
const mostHeaders = 100;
/** A connection on which nothing moves, in either direction: who does not read what it asked for is cut off. */
const silentMs = 120_000;
const handshakeMs = 10_000;

export function createWebServer(
  deps: { clock: Pick<Clock, 'now'>; log: Log },
  settings: WebServerSettings,
  limits: ServerOptions & { silentMs?: number } = {},
): WebServer {
  let server: Server | undefined;
  let room: ConnectionRoom | undefined;
  let tls: TlsReload | undefined;

  async function open(): Promise<Server> {
    const options = { ...doorLimits, ...limits };
    if (!settings.tls) return createServer(options);
    const pair = await readTlsPair(settings.tls);
    const opened = createTlsServer({ ...options, ...pair.options, handshakeTimeout: handshakeMs });
    tls = keepTlsFresh(deps, settings.tls, pair, opened);
    return opened;
  }

  return {
    async start(handle) {
      server = await open();
      server.maxHeadersCount = mostHeaders;
      server.setTimeout(limits.silentMs ?? silentMs);
      room = keepRoom(server, settings.maxConnections);
      server.on('request', handle);
      return await listen(server, settings.host, settings.port, settings.tls ? 'https' : 'http');
    },
    async stop(graceMs) {
      tls?.stop();
      if (server) await closeServer(server, graceMs);
    },
    prove: (socket) => room?.prove(socket),
    turnedAway: () => room?.turnedAway() ?? 0,
    async renewTls() {
      await tls?.reload();
    },
    tlsExpiresAt: () => tls?.endsAt(),
  };
}

import { createServer, type Server, type Socket } from 'node:net';
import type { Listener } from '../domain/connector.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';

/**
 * The ports of connectors' own servers. They belong to the process: where another configuration listens at the same place,
 * the socket stays open, and who connects is served by the new one from one moment to the next.
 */
export interface HeldPorts {
  /** Opens what is not open yet. Nobody is served before `take`. */
  open(connector: string, listener: Listener): Promise<OpenPort>;
}

export interface OpenPort {
  address: string;
  /** Serves whoever connects from now on. */
  take(): void;
  /** Closes the port unless another has taken it, and waits for those who are still being served. */
  stop(): Promise<void>;
}

interface Port {
  server: Server;
  address: string;
  /** Who serves now; null while nobody does yet. */
  taker: Taker | null;
  /** Who came before anybody served. */
  waiting: Socket[];
}

interface Taker {
  listener: Listener;
  running: Set<Promise<void>>;
}

export function createHeldPorts(): HeldPorts {
  const ports = new Map<string, Port>();

  return {
    async open(connector, listener) {
      const name = nameOf(connector, listener);
      const port = ports.get(name) ?? (await bind(connector, listener));
      ports.set(name, port);
      const taker: Taker = { listener, running: new Set() };
      return {
        address: port.address,
        take() {
          port.taker = taker;
          // Without a limit of its own it must not inherit that of who was here before.
          port.server.maxConnections = listener.mostConnections ?? Number.POSITIVE_INFINITY;
          for (const socket of port.waiting.splice(0)) serve(taker, socket);
        },
        async stop() {
          if (port.taker === taker || port.taker === null) {
            if (ports.get(name) === port) ports.delete(name);
            for (const socket of port.waiting.splice(0)) socket.destroy();
            await new Promise<void>((done) => port.server.close(() => done()));
          }
          await Promise.all(taker.running);
        },
      };
    },
  };
}

/** A port that the system chooses is known by who asked for it. */
function nameOf(connector: string, { name, host, port }: Listener): string {
  return port === 0 ? `${connector} ${name} ${host}` : `${host} ${port}`;
}

function serve({ listener, running }: Taker, socket: Socket): void {
  const serving = listener.serve(socket).finally(() => running.delete(serving));
  running.add(serving);
}

function bind(connector: string, { name, host, port, scheme }: Listener): Promise<Port> {
  const server = createServer((socket) => {
    if (held.taker) serve(held.taker, socket);
    else held.waiting.push(socket.on('error', () => undefined));
  });
  const held: Port = { server, address: '', taker: null, waiting: [] };
  server.on('drop', () => held.taker?.listener.turnedAway?.());
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `${connector} can't listen on ${host}:${port} (${name}): ${messageOf(cause)}`;
      reject(new ConnectorError('config_invalid', message, { hint: `Change host or port of its ${name}.`, cause }));
    });
    server.listen(port, host, () => {
      const bound = server.address();
      const boundPort = typeof bound === 'object' && bound ? bound.port : port;
      held.address = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${boundPort}`;
      resolve(held);
    });
  });
}

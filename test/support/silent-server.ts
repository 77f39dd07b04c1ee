import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';

/** A server that takes every connection, and never says anything. */
export interface SilentServer {
  url: string;
  port: number;
  /** How many it has taken so far, or packets. */
  connections(): number;
  stop(): Promise<void>;
}

export async function startSilentServer(): Promise<SilentServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    connections: () => sockets.length,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The same for packets, which are counted. */
export async function startSilentSocket(): Promise<SilentServer> {
  let packets = 0;
  const socket = createSocket('udp4', () => {
    packets += 1;
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  return {
    url: `udp://127.0.0.1:${port}`,
    port,
    connections: () => packets,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** Sets one value of a configuration. Gives what sets it back. */
export function setAt(raw: object, path: readonly string[], value: unknown): () => void {
  const last = path.at(-1) ?? '';
  let parent = raw as Record<string, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  const held = parent[last];
  parent[last] = value;
  return () => {
    parent[last] = held;
  };
}

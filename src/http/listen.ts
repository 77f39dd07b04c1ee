import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../domain/errors.ts';

/** Gives the address. */
export function listen(server: Server, host: string, port: number, scheme = 'http'): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`the service can't listen on ${host}:${port}: ${messageOf(error)}`)),
    );
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve(`${scheme}://${host.includes(':') ? `[${host}]` : host}:${bound}`);
    });
  });
}

/** Lets running requests finish within the grace time; then cuts what is left. */
export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    const force = setTimeout(() => server.closeAllConnections(), graceMs).unref();
    // A connection that becomes idle only now would be kept alive for its whole time.
    const idle = setInterval(() => server.closeIdleConnections(), 25).unref();
    server.close(() => {
      clearTimeout(force);
      clearInterval(idle);
      resolve();
    });
  });
}

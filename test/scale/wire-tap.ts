import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isWriteOperation, type Operation, operationNames } from '../../connectors/five9/soap/operations.ts';

/** A request to a dialer that changes something there, as it came by. */
export interface TappedWrite {
  dialer: string;
  /** The operation or function. */
  name: string;
  /** By the machine's clock, as `performance.now()` tells it: when its first byte came. */
  at: number;
}

export interface WireTap {
  /** To be used in the place of the dialer's own. */
  url: string;
  stop(): Promise<void>;
}

/** Stands before a dialer's web server, hands every request on, and tells of those that change something. */
export async function tapWire(dialer: string, target: string, tell: (write: TappedWrite) => void): Promise<WireTap> {
  const { hostname, port } = new URL(target);
  const server = createServer((asked, answer) => {
    const at = performance.now();
    const pieces: Buffer[] = [];
    asked.on('data', (piece: Buffer) => pieces.push(piece));
    asked.on('error', () => answer.destroy());
    asked.on('end', () => {
      const body = Buffer.concat(pieces);
      const name = writeIn(asked.url ?? '', body.toString('utf8'));
      if (name) tell({ dialer, name, at });
      const { method, url: path, headers } = asked;
      const handed = httpRequest({ hostname, port, method, path, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      handed.on('error', () => answer.destroy());
      handed.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Functions of VICIdial's API that change a record. */
const vicidialWrites = ['update_lead', 'update_log_entry', 'add_lead', 'add_dnc_phone', 'delete_dnc_phone'];

/** Its name; empty when the request only reads, or is an order for a customer on the line. */
function writeIn(path: string, body: string): string {
  if (path.includes('non_agent_api.php')) {
    const name = new URLSearchParams(body).get('function') ?? '';
    return vicidialWrites.some((each) => name.startsWith(each)) || /dnc/.test(name) ? name : '';
  }
  const name = operationNames.find((each) => new RegExp(`<(?:\\w+:)?${each}[\\s>/]`).test(body));
  return name && isWriteOperation(name satisfies Operation) ? name : '';
}

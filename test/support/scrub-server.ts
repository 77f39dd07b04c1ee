import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a scrub service can answer. `away` breaks the connection off, `never` leaves it open, `slow` answers after a moment. */
export type ScrubBehaviour =
  | 'clean'
  | 'listed'
  | 'status-451'
  | 'status-404'
  | 'away'
  | 'never'
  | 'slow'
  | 'error-500'
  | 'redirect'
  | 'page'
  | 'other-json'
  | 'odd-value'
  | 'endless';

export interface ScrubServer {
  url: string;
  /** By the number as it was asked for; anything else is clean. */
  behave: Map<string, ScrubBehaviour>;
  /** Every request that came: path with query, the key that was sent, the body. */
  asked: { path: string; key: string; body: string }[];
  stop(): Promise<void>;
}

/** A service on a real socket that says `{"result":{"dnc":"Y"}}` of numbers that must not be called. */
export async function startScrubServer(): Promise<ScrubServer> {
  const behave = new Map<string, ScrubBehaviour>();
  const asked: ScrubServer['asked'] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    const path = decodeURIComponent(request.url ?? '');
    asked.push({ path, key: String(request.headers['x-scrub-key'] ?? ''), body });
    const number = [...behave.keys()].find((each) => `${path} ${body}`.includes(each));
    answer(behave.get(number ?? '') ?? 'clean', request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(behaviour: ScrubBehaviour, request: IncomingMessage, response: ServerResponse): void {
  const json = (value: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  switch (behaviour) {
    case 'clean':
      return void json({ result: { dnc: 'N' } });
    case 'listed':
      return void json({ result: { dnc: 'Y' } });
    case 'status-451':
      return void response.writeHead(451).end('not this one');
    case 'status-404':
      return void response.writeHead(404).end('<html>never heard of it</html>');
    case 'away':
      return void request.socket.destroy();
    case 'never':
      return;
    case 'slow':
      return void setTimeout(() => json({ result: { dnc: 'N' } }), 60);
    case 'error-500':
      return void response.writeHead(500).end('{"result":{"dnc":"N"}}');
    case 'redirect':
      return void response.writeHead(302, { location: '/elsewhere' }).end();
    case 'page':
      return void response.end('<html>Please log in</html>');
    case 'other-json':
      return void json({ result: [], dnc: 'N' });
    case 'odd-value':
      return void json({ result: { dnc: 'MAYBE' } });
    case 'endless':
      return void response.end(`{"result":{"dnc":"N","note":"${'x'.repeat(200_000)}"}}`);
  }
}

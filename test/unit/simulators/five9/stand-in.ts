import { createServer, type IncomingMessage } from 'node:http';

export interface Asked {
  path: string;
  query: Record<string, string>;
  headers: IncomingMessage['headers'];
  authorization: string;
  body: string;
}

export interface StandInAnswer {
  status?: number;
  text: string;
}

export interface StandIn {
  url: string;
  asked: Asked[];
  stop(): Promise<void>;
}

/** A stand-in HTTP server: answers what it is told, remembers what it was asked. */
export async function standIn(answer: (asked: Asked) => StandInAnswer | Promise<StandInAnswer>): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const authorization = request.headers.authorization ?? '';
    const one = {
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      authorization,
      body,
    };
    asked.push(one);
    const { status = 200, text } = await answer(one);
    response.writeHead(status).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

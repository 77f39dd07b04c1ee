import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export interface ReceivedHook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** `never`: no answer at all. `cut`: the line is cut after the request was read, before an answer. */
export type HookAnswer = { status: number; headers?: Record<string, string>; body?: string } | 'never' | 'cut';

export interface HookReceiver {
  url: string;
  hooks: ReceivedHook[];
  /** The next requests are answered so, one after the other; all others with 200. */
  answer(...answers: HookAnswer[]): void;
  stop(): Promise<void>;
}

/** Takes webhooks on a real socket. */
export async function startHookReceiver(): Promise<HookReceiver> {
  const hooks: ReceivedHook[] = [];
  const answers: HookAnswer[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    hooks.push({ path: request.url ?? '', headers: request.headers, body });
    const answer = answers.shift() ?? { status: 200, body: 'ok' };
    if (answer === 'never') return;
    if (answer === 'cut') return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hooks,
    answer: (...next) => void answers.push(...next),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

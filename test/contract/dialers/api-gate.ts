import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a test does at a moment that it chose; the request, or its answer, waits for it. */
type Act = (request: URLSearchParams) => Promise<unknown> | unknown;

/** A reverse proxy before a dialer's web server: a test can do something exactly before or after one request's effect. */
export interface ApiGate {
  url: string;
  /** Functions that were asked for so far, in order. */
  asked: URLSearchParams[];
  /** Once, before the next request of this function is passed on. */
  before(functionName: string, act: Act): void;
  /** Once, after the next request of this function had its effect, before the answer is passed back. */
  after(functionName: string, act: Act): void;
  /** Once: the request takes effect, its answer gets lost. */
  loseAnswer(functionName: string): void;
  /** Throws what a test's act threw. */
  stop(): Promise<void>;
}

export async function startApiGate(target: string): Promise<ApiGate> {
  const asked: URLSearchParams[] = [];
  const failures: unknown[] = [];
  const hooks: { when: 'before' | 'after' | 'lose'; name: string; act: Act }[] = [];

  async function play(when: 'before' | 'after' | 'lose', form: URLSearchParams): Promise<boolean> {
    const index = hooks.findIndex((hook) => hook.when === when && hook.name === form.get('function'));
    if (index < 0) return false;
    const [hook] = hooks.splice(index, 1);
    await hook?.act(form);
    return true;
  }

  const server = createServer((request, response) => {
    passOn(request, response).catch((error: unknown) => {
      failures.push(error);
      request.socket.destroy();
    });
  });
  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const form = new URLSearchParams(body);
    asked.push(form);
    await play('before', form);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(`${target}${request.url}`, { method: 'POST', headers, body });
    const text = Buffer.from(await answer.arrayBuffer());
    await play('after', form);
    if (await play('lose', form)) request.socket.destroy();
    else response.writeHead(answer.status, { 'content-type': 'text/html; charset=utf-8' }).end(text);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    before: (name, act) => void hooks.push({ when: 'before', name, act }),
    after: (name, act) => void hooks.push({ when: 'after', name, act }),
    loseAnswer: (name) => void hooks.push({ when: 'lose', name, act: () => undefined }),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

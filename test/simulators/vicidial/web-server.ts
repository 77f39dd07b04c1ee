import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answerAgentApi } from './agent-api.ts';
import type { ApiAnswer } from './api-function.ts';
import { isAway, untilKilled } from './database-away.ts';
import type { VicidialDeps } from './deps.ts';
import type { Dialer } from './dialer.ts';
import type { Faults, RequestFaults } from './faults.ts';
import { answerNonAgentApi } from './non-agent-api.ts';
import { type Parameters, readBody, readParameters } from './parameters.ts';

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An HTTP listener on a port of its own that can be taken down and brought back there. */
export interface Listener {
  url: string;
  isUp(): boolean;
  /** Nobody listens any more, every connection is cut. */
  takeDown(): Promise<void>;
  bringUp(): Promise<void>;
}

export async function startListener(handle: (life: AbortSignal) => Handle): Promise<Listener> {
  let server: Server | null = null;
  let life = new AbortController();
  let port = 0;

  async function bringUp(): Promise<void> {
    if (server) return;
    life = new AbortController();
    const { signal } = life;
    const answer = handle(signal);
    const next = createServer((request, response) => {
      void answer(request, response).catch((error: unknown) => {
        if (!signal.aborted) process.stderr.write(`simulated VICIdial, request failed: ${String(error)}\n`);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    server = next;
    await new Promise<void>((resolve, reject) => {
      next.once('error', reject);
      next.listen(port, '127.0.0.1', resolve);
    });
    const address = next.address();
    port = typeof address === 'object' && address ? address.port : 0;
  }

  async function takeDown(): Promise<void> {
    const old = server;
    if (!old) return;
    server = null;
    life.abort(new Error('the web server was killed'));
    const closed = new Promise((resolve) => old.close(resolve));
    old.closeAllConnections();
    await closed;
  }

  await bringUp();
  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    isUp: () => server !== null,
    takeDown,
    bringUp,
  };
}

const scripts: Readonly<Record<string, 'non_agent' | 'agent'>> = {
  '/vicidial/non_agent_api.php': 'non_agent',
  '/agc/api.php': 'agent',
};

/** VICIdial's PHP behind its web server: both APIs, with the faults that a test ordered. */
export function answerScripts(
  { deps, dialer, faults }: { deps: VicidialDeps; dialer: Dialer; faults: Faults },
  life: AbortSignal,
): (url: URL, request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (url, request, response) => {
    const api = scripts[url.pathname];
    if (!api) {
      response.writeHead(404).end();
      return;
    }
    const fault = faults.next();
    if (fault.down) {
      request.socket.destroy();
      return;
    }
    const parameters = readParameters(url.search.slice(1), await readBody(request));
    if (fault.slowMs > 0) await wait(fault.slowMs, undefined, { ref: false });
    if (fault.http500) {
      response.writeHead(500).end();
      return;
    }
    const result = await runScript({ deps, dialer, faults }, api, parameters, fault, life);
    if (result === 'lost') return;
    if (result === 'dead') {
      response.writeHead(500).end();
      return;
    }
    const page = Buffer.from(result.lines.map((line) => `${line}\n`).join(''), 'latin1');
    const type = { 'content-type': 'text/html; charset=utf-8' };
    if (fault.half) {
      response.writeHead(200, { ...type, 'content-length': page.length });
      response.write(page.subarray(0, page.length / 2), () => request.socket.destroy());
      return;
    }
    response.writeHead(200, type);
    response.end(page);
  };
}

/** `lost`: the answer never comes, the caller's own time limit has to end it. `dead`: PHP died without a word. */
async function runScript(
  { deps, dialer, faults }: { deps: VicidialDeps; dialer: Dialer; faults: Faults },
  api: 'non_agent' | 'agent',
  parameters: Parameters,
  fault: RequestFaults,
  life: AbortSignal,
): Promise<ApiAnswer | 'lost' | 'dead'> {
  let effects = 0;
  const watched: VicidialDeps = {
    ...deps,
    tables: untilKilled(deps.tables, life),
    journal: {
      ...deps.journal,
      note(effect) {
        effects += 1;
        deps.journal.note(effect);
      },
    },
  };
  try {
    const result =
      api === 'agent'
        ? await answerAgentApi(watched, dialer, parameters, fault)
        : await answerNonAgentApi(watched, parameters, fault);
    await logApiCall(deps, api, parameters, result);
    if (effects > 0 && faults.losesAnswer()) return 'lost';
    return result.sqlFailed && fault.strictPhp ? 'dead' : result;
  } catch (error) {
    if (!isAway(error)) throw error;
    // PHP 8.1 and later dies of it without a word; older ones print why, with status 200.
    if (fault.strictPhp) return 'dead';
    return { lines: ['MySQL connect ERROR: Connection refused'] };
  }
}

/** What VICIdial keeps of a call; the Agent API keeps the rejected password too. */
async function logApiCall(
  { tables, time }: VicidialDeps,
  api: 'non_agent' | 'agent',
  parameters: Parameters,
  { lines }: ApiAnswer,
): Promise<void> {
  const [, result = '', reason = ''] = /^(\w+): (.*)$/.exec(lines[0] ?? '') ?? [];
  await tables.insert('vicidial_api_log', {
    user: parameters.get('user'),
    api_date: time.local(),
    api_script: api,
    function: parameters.get('function'),
    agent_user: parameters.get('agent_user'),
    value: parameters.get('value'),
    result,
    result_reason: reason,
    source: parameters.get('source'),
    ...(reason.startsWith('Invalid Username/Password') && {
      data: `${parameters.get('user')}|${parameters.get('pass')}|`,
    }),
  });
}

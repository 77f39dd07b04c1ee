import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type Dialers, layOutSite, loginOf, type Open, startOwnDatabase, startService } from './contestants.ts';
import { openAsker } from './exchange.ts';
import { commitRequest, registerRequest } from './requests.ts';

/** From the answer to the agent's tool call to the first byte of the write-back's request at the dialer. */
export interface OnItsWay {
  contestant: 'patchbay-sqlite' | 'patchbay-mariadb';
  /** Each call's, sorted; ms. */
  times: number[];
}

/** Both databases together stay within what Five9 takes in a minute. */
const calls = 50;
const warmUp = 8;
const longestMs = 10_000;

/** One call at a time: when its outcome is committed the write-back is due, and a relay before the dialer sees it come. */
export async function measureOnItsWay(folder: string, dialers: Dialers, open: Open): Promise<OnItsWay[]> {
  const relay = await startRelay(Number(new URL(dialers.five9.url).port), open);
  const atRelay = { ...dialers, five9: { ...dialers.five9, url: `http://127.0.0.1:${relay.port}` } };
  const contacts = Array.from({ length: calls + warmUp }, (_, index) => ({
    fields: { number1: `303555${String(index).padStart(4, '0')}` },
    lists: ['Spring list'],
  }));
  dialers.five9.seed({ contacts });
  const database = await startOwnDatabase(open);
  const measured: OnItsWay[] = [];
  for (const contestant of ['patchbay-sqlite', 'patchbay-mariadb'] as const) {
    const login = contestant === 'patchbay-mariadb' ? loginOf(database, 'own') : null;
    const site = await layOutSite(join(folder, `due-${contestant}`), atRelay, login, 'fields');
    const service = await startService(site.configFile);
    try {
      const times = await timeCalls(site.port, relay);
      measured.push({ contestant, times: times.slice(warmUp).sort((a, b) => a - b) });
    } finally {
      await service.stop();
    }
  }
  return measured;
}

async function timeCalls(port: number, relay: Relay): Promise<number[]> {
  const asker = await openAsker(port);
  const times: number[] = [];
  for (let index = 0; index < calls + warmUp; index += 1) {
    const { body } = await asker.ask(registerRequest(index));
    const id = /"correlation_id":"([^"]+)"/.exec(body)?.[1] ?? '';
    const arrived = relay.next();
    await asker.ask(commitRequest(id));
    const answeredAt = performance.now();
    times.push(Math.max(0, (await arrived) - answeredAt));
    await relay.quiet();
  }
  asker.close();
  return times;
}

interface Relay {
  port: number;
  /** When the next bytes come from the service. */
  next(): Promise<number>;
  /** Until nothing came for a while: the write-back before is through. */
  quiet(): Promise<void>;
}

async function startRelay(to: number, open: Open): Promise<Relay> {
  let waiting: ((at: number) => void) | undefined;
  let lastAt = 0;
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    socket.on('data', () => {
      lastAt = performance.now();
      waiting?.(lastAt);
      waiting = undefined;
    });
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on('error', () => [socket, onward].forEach((each) => void each.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ stop: async () => void server.close() });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    next() {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('a write-back never came to the dialer')), longestMs);
        waiting = (at) => {
          clearTimeout(late);
          resolve(at);
        };
      });
    },
    async quiet() {
      while (performance.now() - lastAt < 40) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

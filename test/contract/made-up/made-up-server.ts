import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Effect, Simulator } from '../../simulators/simulator.ts';

export interface MadeUpRecord {
  key: string;
  number: string;
  name: string;
  values: Record<string, string>;
}

export interface MadeUpServer extends Simulator {
  records: Map<string, MadeUpRecord>;
  dnc: Set<string>;
  tickets: Map<string, { key: string; aspect: string; value: string }[]>;
  /** The next requests are cut off: before (`down`) or after (`lost`) their effect. */
  failNext(kind: 'down' | 'lost', times: number): void;
  heal(): void;
}

/** The made-up dialer's own system: a small JSON service that takes changes at once, or against a ticket. */
export async function startMadeUpServer(people: readonly MadeUpRecord[]): Promise<MadeUpServer> {
  const records = new Map(people.map((person) => [person.key, { ...person, values: { ...person.values } }]));
  const dnc = new Set<string>();
  const tickets: MadeUpServer['tickets'] = new Map();
  const effects: Effect[] = [];
  const failures: ('down' | 'lost')[] = [];

  function change(key: string, aspect: string, value: string): void {
    const record = records.get(key);
    const held = aspect === 'dnc' ? (dnc.has(value) ? value : '') : (record?.values[aspect] ?? '');
    if (aspect === 'dnc') dnc.add(value);
    else if (record) record.values[aspect] = value;
    effects.push({
      at: new Date().toISOString(),
      kind: aspect,
      record: key,
      value,
      by: 'api',
      isChange: held !== value,
    });
  }

  const server = createServer((request, response) => {
    const failure = failures.shift();
    if (failure === 'down') return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://made-up');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as Change) : null;
      const answer = handle(url, body);
      if (failure === 'lost') return void request.socket.destroy();
      response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });

  function handle(url: URL, body: Change | null): unknown {
    if (url.pathname === '/records') {
      const after = url.searchParams.get('after') ?? '';
      return [...records.values()]
        .filter(({ key }) => key > after)
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, 2);
    }
    if (url.pathname === '/record') return records.get(url.searchParams.get('key') ?? '') ?? null;
    if (url.pathname === '/dnc') return { listed: dnc.has(url.searchParams.get('number') ?? '') };
    if (url.pathname === '/change' && body) {
      change(body.key, body.aspect, body.value);
      return { ok: true };
    }
    if (url.pathname === '/ticket' && body) {
      const ticket = `t${tickets.size + 1}`;
      tickets.set(ticket, [body]);
      change(body.key, body.aspect, body.value);
      return { ticket };
    }
    return null;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records,
    dnc,
    tickets,
    journal: async () => [...effects],
    failNext(kind, times) {
      for (let count = 0; count < times; count += 1) failures.push(kind);
    },
    heal: () => void failures.splice(0),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Change {
  key: string;
  aspect: string;
  value: string;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LineGroup } from '../../../src/domain/ai-lines.ts';
import type { DialFigures } from '../../../src/domain/dial-figures.ts';
import type { AiRoute, PlatformView } from '../../../src/domain/site-view.ts';
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
  /** Calls by their key: on the AI's line (`ai`), with people, or over. */
  live: Map<string, MadeUpCall>;
  /** What its log holds of calls that are over, by their key. */
  log: Map<string, { answeredAt: string; endedAt: string; recordingUrls: string[] }>;
  /** How often its log was asked for a call. */
  logReads(): number;
  /** Groups to which it can not transfer. */
  missingGroups: Set<string>;
  /** How often it was told to act on a call, whether anything followed or not. */
  orders(): number;
  /** The ways on which its campaigns reach the AI. */
  ways: MadeUpWay[];
  /** How its campaigns dial. */
  figures: DialFigures[];
  /** Whether it keeps its ways to itself. */
  refusesWays: boolean;
  /** Paths that were asked for so far. */
  asked(): readonly string[];
  /** The traces that the requests said they belong to. */
  traceparents(): readonly string[];
  fields: Map<string, MadeUpField>;
  /** Its lines to the AI, by their key. */
  lines: Map<string, LineGroup>;
  /** What it tells as a platform: see made-up-platform.ts. */
  platform: PlatformView;
  /** Numbers that are to be called for a test, by their key. */
  dials: Map<string, MadeUpDial>;
  /** The next requests are cut off: before (`down`) or after (`lost`) their effect. */
  failNext(kind: 'down' | 'lost', times: number): void;
  heal(): void;
}

export type MadeUpWay = AiRoute;

export interface MadeUpField {
  name: string;
  note: string;
}

export interface MadeUpDial {
  campaign: string;
  number: string;
  stage: 'waiting' | 'dialled' | 'answered' | 'handed-over' | 'over';
  status: string;
}

export interface MadeUpCall {
  state: 'ai' | 'transferred' | 'ended';
  /** Whom it was transferred to, and what was written for it. */
  to: string;
  status: string;
}

/** The made-up dialer's own system: a small JSON service that takes changes at once, or against a ticket. */
export async function startMadeUpServer(people: readonly MadeUpRecord[]): Promise<MadeUpServer> {
  const records = new Map(people.map((person) => [person.key, { ...person, values: { ...person.values } }]));
  const dnc = new Set<string>();
  const tickets: MadeUpServer['tickets'] = new Map();
  const live: MadeUpServer['live'] = new Map();
  const log: MadeUpServer['log'] = new Map();
  const ways: MadeUpWay[] = [];
  const figures: DialFigures[] = [];
  const fields: MadeUpServer['fields'] = new Map();
  const dials: MadeUpServer['dials'] = new Map();
  const lines: MadeUpServer['lines'] = new Map();
  const platform: PlatformView = { agents: [], numbers: [], concurrency: null, sipHost: '' };
  let logReads = 0;
  const effects: Effect[] = [];
  const missingGroups = new Set(['nowhere']);
  let orders = 0;
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

  const asked: string[] = [];
  const traceparents: string[] = [];
  const server = createServer((request, response) => {
    const failure = failures.shift();
    if (failure === 'down') return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://made-up');
    asked.push(url.pathname);
    if (typeof request.headers.traceparent === 'string') traceparents.push(request.headers.traceparent);
    if (url.pathname === '/ways' && running.refusesWays) return void request.socket.destroy();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as AnyBody) : null;
      const answer = handle(url, body);
      if (failure === 'lost') return void request.socket.destroy();
      response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });

  /** A call is steered once: afterwards its state says what became of it. */
  function steer({ call: key, act, to, status }: Steering): unknown {
    orders += 1;
    const call = live.get(key);
    if (call?.state === 'ai' && missingGroups.has(to)) return { refused: 'there is no such group' };
    if (call?.state === 'ai') {
      Object.assign(call, { state: act === 'transfer' ? 'transferred' : 'ended', to, status });
      const value = `${act} ${to}`.trim();
      effects.push({ at: new Date().toISOString(), kind: 'steered', record: key, value, by: 'api', isChange: true });
    }
    return { ...call };
  }

  function setUp(url: URL, body: AnyBody | null): unknown {
    const key = url.searchParams.get('key') ?? '';
    if (url.pathname === '/ways') return ways;
    if (url.pathname === '/figures') return figures;
    if (url.pathname === '/platform') return platform;
    if (url.pathname === '/remove-field' && body) return { ok: fields.delete(body.name) };
    if (url.pathname === '/undial' && body) return { ok: dials.delete(body.key) };
    if (url.pathname === '/fields' && body) fields.set(body.name, { name: body.name, note: body.note });
    if (url.pathname === '/fields') return [...fields.values()];
    if (url.pathname === '/lines' && body) lines.set(body.key, { ...(lines.get(body.key) as LineGroup), ...body });
    if (url.pathname === '/lines') return [...lines.values()];
    if (url.pathname !== '/dial') return null;
    if (!body) return dials.get(key) ?? null;
    const made = `d${dials.size + 1}`;
    dials.set(made, { campaign: body.campaign, number: body.number, stage: 'waiting', status: '' });
    return { key: made };
  }

  function handle(url: URL, body: AnyBody | null): unknown {
    if (url.pathname === '/live') return [...live].flatMap(([key, { state }]) => (state === 'ai' ? [key] : []));
    if (url.pathname === '/call') return { ...live.get(url.searchParams.get('key') ?? '') };
    if (url.pathname === '/steer' && body) return steer(body);
    if (url.pathname === '/records') {
      const after = url.searchParams.get('after') ?? '';
      return [...records.values()]
        .filter(({ key }) => key > after)
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, 2);
    }
    if (url.pathname === '/record') return records.get(url.searchParams.get('key') ?? '') ?? null;
    if (url.pathname === '/log') {
      logReads += 1;
      return log.get(url.searchParams.get('call') ?? '') ?? null;
    }
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
    return setUp(url, body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const running: MadeUpServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records,
    dnc,
    tickets,
    live,
    log,
    ways,
    figures,
    refusesWays: false,
    asked: () => asked,
    traceparents: () => traceparents,
    platform,
    fields,
    dials,
    lines,
    logReads: () => logReads,
    missingGroups,
    orders: () => orders,
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
  return running;
}

interface Change {
  key: string;
  aspect: string;
  value: string;
}

interface Steering {
  call: string;
  act: 'transfer' | 'hang-up';
  to: string;
  status: string;
}

type AnyBody = Change & Steering & Omit<MadeUpDial, 'stage' | 'status'> & MadeUpField & LineGroup;

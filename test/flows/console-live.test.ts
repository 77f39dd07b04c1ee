import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ConsoleDeps } from '../../src/console/console-deps.ts';
import { form } from '../../src/console/form.ts';
import type { ConsoleSession, Guard } from '../../src/console/guard.ts';
import { html, live } from '../../src/console/html.ts';
import { createLiveHub } from '../../src/console/live/hub.ts';
import { createLiveRoute, type LiveRoute } from '../../src/console/live/live-route.ts';
import { openStream } from '../../src/console/live/stream.ts';
import type { Room } from '../../src/console/page.ts';
import { ConnectorError } from '../../src/domain/errors.ts';
import { consoleSettings, openGuard } from '../support/console-site.ts';
import { eventually } from '../support/eventually.ts';
import { type LiveReader, readLive } from '../support/live-reader.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const hourMs = 3_600_000;
const adasNumber = '+15555550123';

let site: TestApp;
let deps: ConsoleDeps;
let server: Server;
let route: LiveRoute;
let base: string;
let renders: Record<string, number>;
let figure: number;
let isLoggedOut: boolean;
let isStoreAway: boolean;
let checks: { count: number; gate: Promise<void> };
/** Looks at sessions that wait, and what lets them go on. */
let lookup: { waiting: number; gate: Promise<void>; clicks: number };
const readers: LiveReader[] = [];

beforeAll(async () => {
  site = await startTestApp({ dialers: { east: { type: 'made-up', url: 'http://127.0.0.1:1', campaigns: {} } } });
  deps = { ...site.app.deps, console: consoleSettings, site: null, sync: null, wallClock: realClock };
});

afterAll(() => site.stop());

beforeEach(() => {
  renders = {};
  figure = 1;
  isLoggedOut = false;
  isStoreAway = false;
  lookup = { waiting: 0, gate: Promise.resolve(), clicks: 0 };
  checks = { count: 0, gate: Promise.resolve() };
  const open = openGuard('operator');
  const guard: Guard = {
    ...open,
    async sessionOf(request, isClick = true) {
      if (isClick) lookup.clicks += 1;
      lookup.waiting += 1;
      await lookup.gate;
      const session = await open.sessionOf(request);
      return session && { ...session, idHash: `${session.idHash} ${request.get('x-browser') ?? ''}` };
    },
    async stillIn(session: ConsoleSession) {
      checks.count += 1;
      await checks.gate;
      return isLoggedOut ? null : session;
    },
    formToken: ({ user }) => `token-of-${user.name}`,
  };
  const rooms = [room()];
  const hub = createLiveHub(deps, { rooms, badges: () => Promise.resolve(new Map()), share: 0.5 });
  route = createLiveRoute({ hub, guard, rooms, mostOfSession: 3, mostOfUser: 5, checkMs: 20 });
  const app = express();
  app.get('/console/live', route.handle);
  server = app.listen(0);
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
  route.stop();
  server.closeAllConnections();
  server.close();
});

it('sends each part once, and then what changed of it, with the form token of the session', async () => {
  const ada = await look('/console/figures');

  await eventually(() => expect(ada.parts.get('figure')).toContain('figure 1'));
  expect(ada.parts.get('still')).toContain('value="token-of-operator-user"');
  figure = 2;
  await eventually(() => expect(ada.parts.get('figure')).toContain('figure 2'));

  const sent = ada.events.flatMap(({ event, data }) => (event === 'parts' ? (data as [string, string][]) : []));
  expect(sent.filter(([id]) => id === 'still')).toHaveLength(1);
  expect(sent.filter(([id]) => id === 'doors')).toHaveLength(1);
});

it('renders a page once for all who look at the same with the same role', async () => {
  const ada = await look('/console/calls?id=none&page=1');
  const grace = await look('/console/calls?page=1&id=none');
  const edsger = await look('/console/calls?id=none&page=1', { 'x-role': 'viewer' });
  for (const { parts } of [ada, grace, edsger]) await eventually(() => expect(parts.size).toBeGreaterThan(0));
  const before = { ...renders };
  figure = 2;
  site.app.deps.changes.tell('none');
  for (const { parts } of [ada, grace, edsger])
    await eventually(() => expect(parts.get('call')).toContain('no outcome 2'));

  expect(before['calls viewer']).toBe(1);
  expect(renders).toMatchObject({ 'calls operator': (before['calls operator'] ?? 0) + 1, 'calls viewer': 2 });
});

it('shows who comes later what is true by then, not what others were sent before', async () => {
  const ada = await look('/console/calls?id=none');
  await eventually(() => expect(ada.parts.get('call')).toContain('no outcome 1'));
  figure = 2;

  const grace = await look('/console/calls?id=none');
  await eventually(() => expect(grace.parts.size).toBeGreaterThan(0));

  const sent = grace.events.flatMap(({ data }) => (data as [string, string][]).map(([, markup]) => markup));
  expect(sent.join()).toContain('no outcome 2');
  expect(sent.join()).not.toContain('no outcome 1');
});

it('is no click: a page that is left open renews no session, however often it connects', async () => {
  const ada = await look('/console/figures');
  await eventually(() => expect(ada.parts.size).toBeGreaterThan(0));

  expect(lookup).toMatchObject({ waiting: 1, clicks: 0 });
});

it('keeps nothing for who left before their session was found', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  lookup.gate = promise;
  for (let count = 1; count <= 3; count += 1) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET /console/live?page=/console/figures HTTP/1.1\r\nhost: here\r\n\r\n');
    await eventually(() => expect(lookup.waiting).toBe(count));
    socket.destroy();
  }
  await eventually(async () => expect(await connections()).toBe(0));
  resolve();

  expect((await look('/console/figures')).status).toBe(200);
});

it('asks for each session once, and waits for the answer', async () => {
  await look('/console/figures');
  await look('/console/figures');
  const { promise, resolve } = Promise.withResolvers<void>();
  checks = { count: 0, gate: promise };
  await eventually(() => expect(checks.count).toBe(1));
  // A look that is due every 20 ms would have been made many times before this one was rendered twice.
  const before = renders['figures operator'] ?? 0;
  await eventually(() => expect(renders['figures operator']).toBeGreaterThan(before + 2));

  expect(checks.count).toBe(1);
  resolve();
});

it('answers no HEAD with a stream', async () => {
  const answer = await fetch(`${base}/console/live?page=/console/figures`, { method: 'HEAD' });

  expect(answer.status).toBe(405);
});

it('renders anew at once when one of its calls changes, and not when another does', async () => {
  const mine = await register('mu-1001');
  const others = await register('mu-1002');
  const ada = await look(`/console/calls?id=${mine}`);
  await eventually(() => expect(ada.parts.get('call')).toContain('no outcome'));

  await commit(others, 'sale');
  await commit(mine, 'qualified');

  await eventually(() => expect(ada.parts.get('call')).toContain('qualified'));
  expect(ada.parts.get('call')).not.toContain('sale');
});

it('does nothing while nobody looks', async () => {
  const ada = await look('/console/figures');
  await eventually(() => expect(ada.parts.size).toBeGreaterThan(0));
  ada.close();
  const grace = await look('/console/calls?id=none');
  await eventually(() => expect(grace.parts.size).toBeGreaterThan(0));
  const before = renders['figures operator'];
  // A page that is due every 50 ms would have been rendered before this one is for the second time.
  site.app.deps.changes.tell('none');
  await eventually(() => expect(renders['calls operator']).toBe(2));

  expect(renders['figures operator']).toBe(before);
});

it('ends when the session does', async () => {
  const ada = await look('/console/figures');
  isLoggedOut = true;

  await ada.ended;

  expect(ada.events.at(-1)).toEqual({ event: 'bye', data: 'logged-out' });
});

it('tells of a store that is away, and goes on when it is back', async () => {
  const ada = await look('/console/figures');
  await eventually(() => expect(ada.parts.size).toBeGreaterThan(0));
  isStoreAway = true;
  await eventually(() => expect(ada.events.at(-1)?.event).toBe('trouble'));
  isStoreAway = false;

  await eventually(() => expect(ada.events.at(-1)?.event).toBe('parts'));
  expect(ada.events.filter(({ event }) => event === 'trouble')).toHaveLength(1);
});

it('ends at once when the service stops', async () => {
  const ada = await look('/console/figures');

  route.stop();
  await ada.ended;

  expect(ada.events.at(-1)).toEqual({ event: 'bye', data: 'closing' });
});

it('says that what was looked at is gone', async () => {
  const ada = await look('/console/calls?id=gone');
  await ada.ended;

  expect(ada.events).toEqual([{ event: 'bye', data: 'gone' }]);
});

it('gives a session so many streams and no more', async () => {
  for (let count = 0; count < 3; count += 1) expect((await look('/console/figures')).status).toBe(200);

  expect((await look('/console/figures')).status).toBe(503);
  expect((await look('/console/figures', { 'x-role': 'viewer' })).status).toBe(200);
});

it('gives a user so many over all their sessions', async () => {
  for (const browser of ['one', 'one', 'one', 'two', 'two']) {
    expect((await look('/console/figures', { 'x-browser': browser })).status).toBe(200);
  }

  expect((await look('/console/figures', { 'x-browser': 'three' })).status).toBe(503);
  expect((await look('/console/figures', { 'x-browser': 'three', 'x-role': 'viewer' })).status).toBe(200);
});

it.each([
  ['a page that stands still', '/console/still'],
  ['a page that needs more than the role', '/console/office'],
  ['a page that there is not', '/console/nothing'],
  ['an address elsewhere', 'https://example.com/console/figures'],
])('gives nothing of %s', async (_name, page) => {
  expect((await look(page)).status).toBe(404);
});

it('gives a slow reader the newest, not a queue', async () => {
  const versions = 40;
  const padding = 'x'.repeat(1_000_000);
  const app = express();
  app.get('/console/live', (_request, response) => {
    const stream = openStream(response, 'token');
    for (let version = 1; version <= versions; version += 1) stream.see(new Map([['part', `${version} ${padding}`]]));
    response.once('drain', () => setImmediate(() => stream.end('closing')));
  });
  const slow = app.listen(0);

  const reader = await readLive(`http://127.0.0.1:${(slow.address() as AddressInfo).port}`, '/console/any');
  await reader.ended;
  slow.close();

  expect(reader.events.length).toBeLessThan(5);
  expect(reader.parts.get('part')).toMatch(new RegExp(`^${versions} `));
});

it.each([
  ['is told that it ends', (stream: ReturnType<typeof openStream>) => stream.end('closing')],
  ['is cut off after a while', (stream: ReturnType<typeof openStream>) => stream.keepAlive()],
])('who reads nothing any more %s, and holds nothing up', async (_name, act) => {
  const app = express();
  const closed = Promise.withResolvers<void>();
  app.get('/console/live', (_request, response) => {
    const stream = openStream(response, 'token', 0);
    response.on('close', closed.resolve);
    stream.see(new Map([['part', 'x'.repeat(30_000_000)]]));
    setImmediate(() => act(stream));
  });
  const deaf = app.listen(0);
  const socket = connect((deaf.address() as AddressInfo).port, '127.0.0.1');
  socket.pause();
  socket.write('GET /console/live HTTP/1.1\r\nhost: here\r\n\r\n');

  await closed.promise;
  socket.destroy();
  deaf.close();
});

async function look(page: string, headers: Record<string, string> = {}): Promise<LiveReader> {
  const reader = await readLive(base, page, headers);
  readers.push(reader);
  return reader;
}

function connections(): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}

async function register(callId: string): Promise<string> {
  const headers = { authorization: `Basic ${Buffer.from(`script:${keys.script}`).toString('base64')}` };
  const answer = await fetch(
    `${site.url}/v1/ivr/east/register?call_id=${callId}&number=${encodeURIComponent(adasNumber)}&campaign=Spring`,
    { headers },
  );
  return ((await answer.json()) as { correlation_id: string }).correlation_id;
}

async function commit(correlation_id: string, outcome: string): Promise<void> {
  const headers = { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ correlation_id, outcome });
  await fetch(`${site.url}/v1/platforms/sigmamind/tools/commit-outcome`, { method: 'POST', headers, body });
}

function room(): Room {
  const counted = (name: string, role: string) => {
    renders[`${name} ${role}`] = (renders[`${name} ${role}`] ?? 0) + 1;
  };
  return {
    nav: { title: 'Figures', path: 'figures' },
    pages: [
      {
        path: 'figures',
        least: 'viewer',
        live: { everyMs: 50 },
        render: async ({ user }) => {
          counted('figures', user.role);
          if (isStoreAway) throw new ConnectorError('store_away', 'made up', { retryable: true });
          const still = live('still', form('figures', html`<button>Go</button>`));
          return { title: 'Figures', body: html`${live('figure', html`<p>figure ${figure}</p>`)}${still}` };
        },
      },
      {
        path: 'calls',
        least: 'viewer',
        live: { everyMs: hourMs, callsOf: ({ query }) => [query.id ?? ''] },
        render: async ({ deps, query: { id = '' }, user }) => {
          counted('calls', user.role);
          if (id === 'gone') return null;
          const [call] = await deps.store.callsWithOutcome([id]);
          return { title: 'Call', body: live('call', html`<p>${call?.outcome?.code ?? 'no outcome'} ${figure}</p>`) };
        },
      },
      { path: 'still', least: 'viewer', render: async () => ({ title: 'Still', body: html`` }) },
      { path: 'office', least: 'admin', live: { everyMs: 50 }, render: async () => ({ title: '', body: html`` }) },
    ],
  };
}

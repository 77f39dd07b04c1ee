import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { SignatureConfig } from '../../../connectors/sigmamind/config.ts';
import { ruleOf, verify } from '../../../connectors/sigmamind/signature.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { variablesOf } from '../../simulators/sigmamind/sip-call.ts';
import { eventually } from '../../support/eventually.ts';

interface Heard {
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A thousand times as fast as the machine's. */
const startedAt = Date.now();
const fastClock = {
  now: () => startedAt + (Date.now() - startedAt) * 1000,
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms / 1000);
      signal?.addEventListener('abort', () => resolve());
    }),
};
const signature = { secrets: ['mK9vQ2xR7tLw4nZb8cYd3fGh6jPs1uVa'] };
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

it('holds a conversation: variables in, outcome committed until it is heard, leg ended, events signed', async () => {
  const heard: Heard[] = [];
  let refusals = 1;
  const patchbay = await startStandIn(heard, (path, response) => {
    if (path === '/commit' && refusals-- > 0) response.statusCode = 503;
    if (path === '/inbound') return { dynamic_variables: { first_name: 'Ada' } };
    return { ok: true };
  });
  const simulator = await start(patchbay, { inboundWebhookUrl: `${patchbay}/inbound` });
  simulator.setBehaviours({
    '5555550123': { commit: { outcome: 'callback', summary: 'Ada wants a call.', callbackInSec: 3600 } },
  });

  simulator.placeSipCall({
    to: '+19895551234',
    from: '5555550123',
    headers: [
      ['X-correlation_id', '7k3m9qzx0abc4d'],
      ['X-Lead-ID', '42'],
      ['Subject', 'not ours'],
    ],
    endUrl: `${patchbay}/end`,
  });
  const call = await done(simulator);

  expect(call).toMatchObject({
    from: '+15555550123',
    status: 'ended',
    variables: { correlation_id: '7k3m9qzx0abc4d', lead_id: '42', first_name: 'Ada' },
    commit: { isAcknowledged: true, tries: 2 },
    leg: { isEnded: true },
  });
  expect(call.variables).not.toHaveProperty('subject');
  expect(heard.map(({ path }) => path).filter((path) => path !== '/events')).toEqual([
    '/inbound',
    '/commit',
    '/commit',
    '/end',
  ]);
  const commit = heard.find(({ path }) => path === '/commit');
  expect(commit?.headers.authorization).toBe('Bearer tool-key');
  expect(JSON.parse(commit?.body ?? '')).toMatchObject({
    correlation_id: '7k3m9qzx0abc4d',
    caller_code: '',
    outcome: 'callback',
    callback_at: expect.stringMatching(/^20\d\d-/),
  });
  const events = heard.filter(({ path }) => path === '/events');
  expect(events.map(({ body }) => JSON.parse(body).event)).toEqual([
    'conversation_started',
    'conversation_ended',
    'conversation_analysed',
  ]);
  expect(events.every(isWellSigned)).toBe(true);
});

it('misbehaves as it is told: doubled, reversed and forged events', async () => {
  const heard: Heard[] = [];
  const patchbay = await startStandIn(heard, () => ({ ok: true }));
  const simulator = await start(patchbay, {});
  simulator.setBehaviours({ '*': { events: { duplicate: true, reorder: true, forge: true } } });

  simulator.placeSipCall({ to: '+19895551234', from: '5555550123' });
  await done(simulator);

  const events = heard.filter(({ path }) => path === '/events');
  expect(events.filter((event) => !isWellSigned(event)).map(({ body }) => JSON.parse(body).data.status)).toEqual([
    'error',
  ]);
  expect(events.filter(isWellSigned).map(({ body }) => JSON.parse(body).event)).toEqual([
    'conversation_analysed',
    'conversation_analysed',
    'conversation_ended',
    'conversation_ended',
    'conversation_started',
    'conversation_started',
  ]);
});

it('drops the call when the inbound webhook fails four times, and tells nobody but the dialer', async () => {
  const heard: Heard[] = [];
  const patchbay = await startStandIn(heard, (path, response) => {
    if (path === '/inbound') response.statusCode = 500;
    return {};
  });
  const simulator = await start(patchbay, { inboundWebhookUrl: `${patchbay}/inbound` });

  simulator.placeSipCall({ to: '+19895551234', from: '5555550123', endUrl: `${patchbay}/end` });
  const call = await done(simulator);

  expect(call).toMatchObject({ isDropped: true, status: 'not-connected', commit: null, events: [] });
  expect(heard.map(({ path }) => path)).toEqual(['/inbound', '/inbound', '/inbound', '/inbound', '/end']);
});

it('sends an event again until it is taken', async () => {
  const heard: Heard[] = [];
  let refusals = 2;
  const patchbay = await startStandIn(heard, (_path, response) => {
    if (refusals-- > 0) response.statusCode = 503;
    return {};
  });
  const simulator = await start(patchbay, {});
  simulator.setBehaviours({ '*': { analysis: null, events: { dropStarted: true } } });

  simulator.placeSipCall({ to: '+19895551234', from: '5555550123' });
  const call = await done(simulator);

  expect(call.events).toMatchObject([{ event: 'conversation_ended', tries: 3, status: 200 }]);
});

it('reads SIP headers as the platform does', () => {
  const headers: [string, string][] = [
    ['x-Customer-Type', 'gold'],
    ['X-lead_id', '1'],
    ['X-lead_id', '2'],
    ['From', 'somebody'],
  ];

  expect(variablesOf(headers, true)).toEqual({ customer_type: 'gold', lead_id: '2' });
});

async function start(patchbay: string, wiring: { inboundWebhookUrl?: string }): Promise<SigmamindSimulator> {
  const simulator = await startSigmamindSimulator({
    clock: fastClock,
    apiKey: 'key-1',
    webhookUrl: `${patchbay}/events`,
    signature,
    tools: { commitUrl: `${patchbay}/commit`, token: 'tool-key' },
    ...wiring,
  });
  open.unshift(simulator);
  return simulator;
}

function done(simulator: SigmamindSimulator) {
  return eventually(() => {
    const [call] = simulator.calls();
    if (!call?.isDone) throw new Error('the call is still going on');
    return call;
  }, 10_000);
}

function isWellSigned({ body, headers }: Heard): boolean {
  const rule = ruleOf(SignatureConfig.parse(signature));
  if (!rule) return false;
  return verify(rule, Buffer.from(body), headers as Record<string, string>, fastClock.now()).isGood;
}

/** Somebody who hears everything, and answers what the test wants. */
async function startStandIn(
  heard: Heard[],
  answer: (path: string, response: ServerResponse) => object,
): Promise<string> {
  const server: Server = createServer(async (request, response) => {
    const path = request.url ?? '';
    heard.push({ path, headers: request.headers, body: await text(request) });
    const body = answer(path, response);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  open.push({
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenTracing, openTracing } from '../../src/tracing/open-tracing.ts';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { eventually } from '../support/eventually.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const ada = { key: 'r1', number: '3035550111', name: 'Ada', values: {} };
const carousel = { type: 'made-up', campaigns: { Autumn: { dispositions: { not_interested: 'gone' } } } };
const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

let receiver: OtlpReceiver;
let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  receiver = await startOtlpReceiver();
  dialer = await startMadeUpServer([ada]);
});

afterEach(async () => {
  await patchbay?.stop();
  await dialer.stop();
  await receiver.stop();
});

it("shows a call's way through requests, flows, store and dialer, found by its correlation ID", async () => {
  await start({ headers: { 'x-tenant': 'acme' } });

  const id = await register(`00-${caller.traceId}-${caller.spanId}-01`);
  await commit(id);
  await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));

  const spans = await eventually(() => {
    for (const name of [registerRoute, commitRoute, 'deliver write-backs']) expect(named(name)).toBeDefined();
    return receiver.spans;
  });
  const about = spans.filter(({ attributes }) => attributes['patchbay.correlation_id'] === id);
  const names = new Set(about.map(({ name }) => name));
  expect([...names]).toEqual(
    expect.arrayContaining([registerRoute, 'flow register', commitRoute, 'flow commit-outcome', 'deliver write-backs']),
  );
  expect(named(registerRoute)).toMatchObject({ traceId: caller.traceId, parentSpanId: caller.spanId });
  expect(named('flow register')).toMatchObject({ parentSpanId: named(registerRoute)?.spanId });
  expect(parentOf(named('store recordFacts'))?.name).toMatch(/^flow (register|commit-outcome)$/);
  expect(parentOf(named('ask deliver'))?.name).toBe('deliver write-backs');
  expect(named('deliver write-backs')?.links.map(({ attributes }) => attributes['patchbay.correlation_id'])).toContain(
    id,
  );
  expect(named('deliver write-backs')?.links[0]?.traceId).toBe(named(commitRoute)?.traceId);
  const asked = spans
    .filter(({ name }) => name.startsWith('HTTP '))
    .map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
  expect(dialer.traceparents().length).toBeGreaterThan(0);
  expect(asked).toEqual(expect.arrayContaining([...dialer.traceparents()]));
  expect(patchbay.log.find(({ msg }) => msg === 'dialer request')).toMatchObject({ traceId: caller.traceId });
  expect(receiver.resources[0]).toMatchObject({ 'service.name': 'patchbay' });
  expect(receiver.headers[0]).toMatchObject({ 'x-tenant': 'acme' });
});

it('tells nothing personal, and traces neither itself nor loops that find nothing to do', async () => {
  await start();

  const id = await register('');
  await commit(id);
  await eventually(() => expect(dialer.records.get('r1')?.values.disposition).toBe('gone'));
  await eventually(() => expect(named('deliver write-backs')).toBeDefined());
  await commit(id);
  await patchbay.stop();

  const told = receiver.bodies.join('');
  for (const secret of ['3035550111', 'Ada', 'mu-1', 'r1"', keys.script, 'Has one']) expect(told).not.toContain(secret);
  expect(receiver.spans.filter(({ name }) => name === 'store claimWriteBacks')).toEqual([]);
  const asked = receiver.spans.filter(({ name }) => name.startsWith('HTTP ')).map(traceparent);
  expect(asked.sort()).toEqual([...dialer.traceparents()].sort());
});

it('keeps its own share of what callers want to be traced, and nothing of what they do not', async () => {
  await start({ sampleRatio: 0 });
  await register(`00-${caller.traceId}-${caller.spanId}-01`);
  await patchbay.stop();
  await start({ sampleRatio: 1 });
  await register(`00-${caller.traceId}-${caller.spanId}-00`);
  await register('nonsense');
  await patchbay.stop();

  expect(receiver.spans.filter(({ name }) => name === registerRoute)).toHaveLength(1);
  expect(receiver.spans.map(({ traceId }) => traceId)).not.toContain(caller.traceId);
});

it('goes on while nobody takes its traces, and says so once', async () => {
  receiver.answerWith(400);
  await start();

  await register('');
  await eventually(() => expect(lines('traces can not be sent: they are dropped meanwhile')).toHaveLength(1));
  receiver.answerWith(200);
  await register('');

  await eventually(() => expect(lines('traces are sent again')).toHaveLength(1));
  expect(lines('traces can not be sent: they are dropped meanwhile')).toHaveLength(1);
});

it('loads none of its code without being configured', async () => {
  patchbay = await startTestApp({ dialers: { carousel: { ...carousel, url: dialer.url } } });

  await register(`00-${caller.traceId}-${caller.spanId}-01`);

  expect(dialer.traceparents()).toEqual([]);
  expect(patchbay.log.some((line) => 'traceId' in line)).toBe(false);
});

it("hands its trace on in axios' requests too, and counts what was refused as failed", async () => {
  const { tracing, heard, url, stop } = await askSomebody();

  await tracing.run({ name: 'work' }, async () => {
    await tracing.run({ name: 'its first part' }, async () => undefined);
    await axios.put(`${url}/taken`, 'x');
    await axios.get(`${url}/refused`, { validateStatus: () => true });
  });
  await axios.get(`${url}/by-itself`);
  await eventually(() => expect(named('work')).toBeDefined());
  await tracing.close(2000);

  const [taken, refused] = ['HTTP PUT', 'HTTP GET'].map(named);
  expect(parentOf(taken)?.name).toBe('work');
  expect(heard.map(({ traceparent }) => traceparent)).toEqual([traceparent(taken), traceparent(refused), undefined]);
  expect(taken?.attributes).toMatchObject({ 'server.address': '127.0.0.1', 'http.response.status_code': 200 });
  expect(refused).toMatchObject({ attributes: { 'http.response.status_code': 403 }, status: { code: 2 } });
  // What carries the spans away is none.
  expect(named('HTTP POST')).toBeUndefined();
  await stop();
});

const registerRoute = 'GET /v1/ivr/:dialer/register';
const commitRoute = 'POST /v1/platforms/:platform/tools/commit-outcome';

async function start(tracing: object = {}): Promise<void> {
  const dialers = { carousel: { ...carousel, url: dialer.url } };
  patchbay = await startTestApp({
    dialers,
    config: { tracing: { endpoint: receiver.url, ...tracing }, outbox: { pollMs: 20 } },
  });
}

async function register(traceparent: string): Promise<string> {
  const query = 'call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn';
  const answer = await fetch(`${patchbay.url}/v1/ivr/carousel/register?${query}`, {
    headers: { 'x-api-key': keys.script, ...(traceparent && { traceparent }) },
  });
  return ((await answer.json()) as { correlation_id: string }).correlation_id;
}

async function commit(id: string): Promise<void> {
  const answer = await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
    body: JSON.stringify({ correlation_id: id, outcome: 'not_interested', summary: 'Has one' }),
  });
  expect(await answer.json()).toMatchObject({ ok: true });
}

/** A server that keeps what it hears, and a tracer without the service. */
async function askSomebody(): Promise<{
  tracing: OpenTracing;
  heard: IncomingHttpHeaders[];
  url: string;
  stop(): Promise<unknown>;
}> {
  const heard: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers);
    response.writeHead(request.url === '/refused' ? 403 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings = { endpoint: receiver.url, headers: {}, sampleRatio: 1, serviceName: 'patchbay' };
  return {
    tracing: openTracing(settings, { version: '0.0.0', log: silent }),
    heard,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function named(name: string): ReceivedSpan | undefined {
  return receiver.spans.find((span) => span.name === name);
}

function parentOf(span: ReceivedSpan | undefined): ReceivedSpan | undefined {
  return receiver.spans.find(({ spanId }) => spanId === span?.parentSpanId);
}

function traceparent(span: ReceivedSpan | undefined): string {
  return `00-${span?.traceId}-${span?.spanId}-01`;
}

function lines(message: string): unknown[] {
  return patchbay.log.filter(({ msg }) => msg === message);
}

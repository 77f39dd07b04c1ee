import { afterEach, beforeEach, expect, it } from 'vitest';
import { type MadeUpServer, startMadeUpServer } from '../contract/made-up/made-up-server.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

// A dialer's request in its plain spelling takes a short way: it must lead to the same end as the long one.

let dialer: MadeUpServer;
let patchbay: TestApp;

beforeEach(async () => {
  dialer = await startMadeUpServer([{ key: 'r1', number: '3035550111', name: 'Ada', values: {} }]);
  patchbay = await startTestApp({
    dialers: {
      carousel: {
        ...{ type: 'made-up', url: dialer.url, budgets: { registerMs: 4500 } },
        headers: [{ name: 'X-correlation_id', from: 'correlation_id' }],
      },
    },
  });
});
afterEach(async () => {
  await patchbay.stop();
  await dialer.stop();
});

const query = '?call_id=mu-1&lead_id=r1&number=3035550111&campaign=Autumn';
const plain = '/v1/ivr/carousel/register';
const others = ['/V1/IVR/carousel/register', '/v1/ivr/carousel/register/', '/v1/ivr/c%61rousel/register'];

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${patchbay.url}${path}`, { headers: { 'x-api-key': keys.script }, ...init });
  const { 'content-type': type, 'content-length': length, allow } = Object.fromEntries(response.headers);
  const denial = response.headers.get('www-authenticate');
  return { status: response.status, type, length, allow, denial, body: await response.text() };
}

it('answers alike however the path is spelled, and notes each once', async () => {
  const methods = ['GET', 'POST', 'PUT'];

  for (const method of methods) {
    const answer = await ask(`${plain}${query}`, { method });
    const alike = await Promise.all(others.map((path) => ask(`${path}${query}`, { method })));

    expect(answer).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'ok', route: 'ai' });
    expect(alike).toEqual(others.map(() => answer));
  }

  const count = methods.length * (1 + others.length);
  const lines = patchbay.log.filter(({ msg }) => msg === 'dialer request');
  expect(lines).toHaveLength(count);
  for (const line of lines) expect(line).toMatchObject({ dialer: 'carousel', endpoint: 'register', status: 'ok' });
  const metrics = await (await fetch(`${patchbay.url}/metrics`)).text();
  expect(metrics).toContain(`patchbay_request_duration_seconds_count{endpoint="ivr/register"} ${count}`);
});

it.each([
  ['without a key', { headers: {} }, 401],
  ['by a method that is none of its', { method: 'DELETE' }, 405],
  ['by one who only looks whether we are there', { method: 'HEAD' }, 200],
])('treats a request %s alike however its path is spelled', async (_which, init, status) => {
  const answer = await ask(`${plain}${query}`, init);
  const alike = await Promise.all(others.map((path) => ask(`${path}${query}`, init)));

  expect(answer.status).toBe(status);
  expect(alike).toEqual(others.map(() => answer));
  expect(patchbay.log.filter(({ msg }) => msg === 'dialer request')).toEqual([]);
});

it('answers for a dialer that nobody configured, as it does for one of an odd name', async () => {
  const answers = await Promise.all(['nobody', 'no.body'].map((id) => ask(`/v1/ivr/${id}/register${query}`)));

  const told = { status: 'error', route: 'skill', error: 'no dialer has this name in the configuration' };
  for (const { status, body } of answers) expect([status, JSON.parse(body)]).toMatchObject([200, told]);
});

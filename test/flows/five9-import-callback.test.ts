import { afterEach, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { type Five9Simulator, startFive9Simulator } from '../simulators/five9/five9-simulator.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { realClock } from '../support/real-clock.ts';
import { keys, startTestApp, type TestApp } from '../support/start-app.ts';

const spring = 'Spring outbound';
const dan = '7205550101';
const token = 'a-token-that-nobody-can-guess';

describe('the completion callback of an import', () => {
  let five9: Five9Simulator;
  let patchbay: TestApp;
  afterEach(async () => {
    await patchbay?.stop();
    await five9?.stop();
  });

  /** Five9 and Patchbay; imports are asked about after a minute. */
  async function start({ publicPath = '', importDelayMs = 50 } = {}) {
    const port = await freePort();
    five9 = await startFive9Simulator({
      clock: realClock,
      users: [{ name: 'patchbay', password: 'made-up' }],
      importDelayMs,
      seed: {
        campaigns: [{ name: spring, lists: ['Leads', 'AI callbacks'] }],
        dispositions: ['AI - Callback'],
        contactFields: [{ name: 'ai_mark' }],
        contacts: [{ fields: { number1: dan }, lists: ['Leads'] }],
      },
    });
    patchbay = await startTestApp({
      registry: connectors,
      dialers: {
        five9: {
          type: 'five9',
          soap: { host: five9.url, users: [{ user: 'patchbay', password: 'made-up' }] },
          domainTimeZone: 'America/Los_Angeles',
          keyField: 'number1',
          settle: { maxWaitSec: 0 },
          fields: { callbackMark: 'ai_mark' },
          batch: { flushMs: 0 },
          imports: { callback: { token } },
          callbackList: 'AI callbacks',
          campaigns: { [spring]: { dispositions: { callback: 'AI - Callback' } } },
        },
      },
      config: { server: { port, publicUrl: `http://127.0.0.1:${port}${publicPath}` } },
    });
  }

  /** Dan's call ends in a callback; gives the states of its write-back. */
  async function callBack(): Promise<() => Promise<string[]>> {
    const query = `call_id=300000000000001&call_type=5&dnis=${dan}&campaign=${encodeURIComponent(spring)}`;
    const registered = await fetch(`${patchbay.url}/v1/ivr/five9/register?${query}`, {
      headers: { 'X-API-Key': keys.script },
    });
    const { correlation_id } = (await registered.json()) as { correlation_id: string };
    await fetch(`${patchbay.url}/v1/platforms/sigmamind/tools/commit-outcome`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${keys.tools}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        correlation_id,
        outcome: 'callback',
        callback_at: new Date(Date.now() + 86_400_000).toISOString(),
      }),
    });
    return async () =>
      (await patchbay.app.deps.store.writeBacksOf(correlation_id))
        .filter(({ aspect }) => aspect === 'callback')
        .map(({ state }) => state);
  }

  const looks = () => five9.requests().filter(({ operation }) => operation === 'isImportRunning').length;

  it('ends the wait for its result, at the price of one look', async () => {
    await start();

    const states = await callBack();

    await eventually(async () => expect(await states()).toEqual(['confirmed']), 5000);
    expect(looks()).toBe(1);
  });

  it('that is lost costs time, and one that is forged a look', async () => {
    // The test tells that the import is through, and so it must be.
    await start({ publicPath: '/nowhere', importDelayMs: 0 });
    const states = await callBack();
    await eventually(async () => expect(await states()).toEqual(['submitted']), 5000);
    const [row] = await patchbay.app.deps.store.writeBacks({ states: ['submitted'], limit: 10 });
    const [, identifier] = (row?.receipt ?? '').split(':');
    const tell = (body: string, key = token) =>
      fetch(`${patchbay.url}/v1/dialers/five9/imports/${key}`, { method: 'POST', body });

    const stranger = await tell('{"importIdentifier":"of-somebody-else"}');
    const forged = await tell(`{"importIdentifier":"${identifier}"}`, 'a-token-that-was-guessed-badly');
    const before = looks();
    const told = await Promise.all([tell(`id=${identifier}`), tell(`id=${identifier}`)]);

    expect([stranger.status, forged.status, before]).toEqual([200, 404, 0]);
    expect(told.map(({ status }) => status)).toEqual([200, 200]);
    await eventually(async () => expect(await states()).toEqual(['confirmed']), 5000);
  });
});

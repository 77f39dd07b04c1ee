import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSigmamindApi } from '../../../connectors/sigmamind/api/api.ts';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { findCall } from '../../../connectors/sigmamind/dialling/find-call.ts';
import { fastClock } from './fast-clock.ts';
import { type SimulatedApi, startSimulatedApi } from './simulated-api.ts';

const ada = '+15555550123';
const call = (correlationId: string) => ({
  fromPhoneNumber: '+15555550100',
  toPhoneNumber: ada,
  dynamicVariables: { correlation_id: correlationId },
});

let one: SimulatedApi;
beforeEach(async () => {
  one = await startSimulatedApi();
});
afterEach(() => one.simulator.stop());

it('never dials twice: a call whose answer was lost is in doubt, and is found by its variable', async () => {
  await one.setFaults({ loseAnswers: 1 });

  await expect(one.api.createCall(call('c-1'))).rejects.toMatchObject({ code: 'platform_away', inDoubt: true });

  expect(one.simulator.calls()).toHaveLength(1);
  expect(await find(one, 'c-1')).toMatchObject({ kind: 'found' });
  expect(await find(one, 'c-2')).toEqual({ kind: 'absent' });
});

it('can not tell that a call is absent where the list shows no variables, or is empty', async () => {
  const other = await startSimulatedApi({ switches: { variablesInCallRecord: false } });

  expect(await find(other, 'c-1')).toEqual({ kind: 'unsure' });
  await other.api.createCall(call('c-1'));
  expect(await find(other, 'c-1')).toEqual({ kind: 'unsure' });
  await other.simulator.stop();
});

it.each([
  [500, 'platform_away', true],
  [503, 'platform_away', true],
  [408, 'platform_away', true],
  [429, 'platform_limit', false],
])('writes once when the answer is %i, and says whether it is in doubt', async (status, code, inDoubt) => {
  await one.setFaults({ failNext: 1, status });

  await expect(one.api.createCall(call('c-1'))).rejects.toMatchObject({ code, retryable: true, inDoubt });

  expect(one.waits).toEqual([]);
  expect(one.simulator.calls()).toEqual([]);
});

it.each([
  [400, 'not accepted'],
  [401, 'apiKey'],
  [404, 'workspace'],
  [409, 'already'],
  [418, 'Logs'],
])('tells what to do about %i', async (status, hint) => {
  await one.setFaults({ failNext: 1, status });

  await expect(one.api.updatePhoneNumber(ada, {})).rejects.toMatchObject({
    code: 'platform_refused',
    retryable: false,
    hint: expect.stringContaining(hint),
  });
});

it('reads again with growing pauses, and waits as long as it is asked to', async () => {
  await one.setFaults({ failNext: 2 });
  await one.api.listAgents({});
  expect(one.waits).toEqual([300, 600]);

  one.waits.length = 0;
  await one.setFaults({ failNext: 1, status: 429, retryAfterSec: 7 });
  await one.api.listAgents({});
  expect(one.waits).toEqual([7000]);

  one.waits.length = 0;
  await one.setFaults({ failNext: 1, status: 429, retryAfterSec: 7000 });
  await one.api.listAgents({});
  expect(one.waits).toEqual([60_000]);
});

it('waits for no answer that trickles on without end', async () => {
  const slow = createServer((_request, response) => {
    const drip = setInterval(() => response.write(' '), 50);
    response.once('close', () => clearInterval(drip));
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
  const api = createSigmamindApi({ clock: fastClock, random: () => 0 }, { apiUrl, apiKey: 'key-1', timeoutMs: 200 });

  await expect(api.createCall(call('c-1'))).rejects.toMatchObject({ code: 'platform_away', inDoubt: true });
  slow.close();
});

it('says neither key nor number in an error, whatever fails', async () => {
  const config = { apiUrl: one.simulator.url, apiKey: 'a-wrong-key', timeoutMs: 500 };
  const odd = createServer((request, response) => {
    // A careless error body: the number that was sent stands where the title should.
    response.statusCode = request.method === 'POST' ? 400 : 200;
    response.end(request.method === 'POST' ? JSON.stringify({ error: `Invalid ${ada}` }) : '{"data": 7}');
  });
  await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
  const oddUrl = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
  const apis = [config.apiUrl, 'http://127.0.0.1:1', oddUrl].map((apiUrl) =>
    createSigmamindApi({ clock: { ...fastClock, sleep: async () => {} }, random: () => 0 }, { ...config, apiUrl }),
  );

  const errors: unknown[] = [];
  const keep = (error: unknown) => errors.push(error);
  for (const api of apis) {
    await api.createCall(call('c-1')).catch(keep);
    await api.getPhoneNumber(ada).catch(keep);
    await api.listCalls({}).catch(keep);
    await api.deletePhoneNumber(ada).catch(keep);
  }
  odd.close();

  expect(errors.length).toBeGreaterThan(8);
  for (const error of errors as Error[]) {
    expect(error.name).toBe('ConnectorError');
    const said = JSON.stringify({ ...error, message: error.message, cause: error.cause, stack: error.stack });
    expect(said).not.toMatch(/a-wrong-key|5555550123/);
  }
});

function find({ api, simulator }: SimulatedApi, correlationId: string) {
  const config = SigmamindConfig.parse({ type: 'sigmamind', apiUrl: simulator.url, apiKey: 'key-1' });
  return findCall({ api, config }, correlationId, new Date(fastClock.now()).toISOString());
}

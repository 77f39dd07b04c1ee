import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSigmamindApi } from '../../../connectors/sigmamind/api/api.ts';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { realClock } from '../../support/real-clock.ts';
import { testConnectorDeps } from './test-deps.ts';

const token = 'event-token-0123456789abcdef';
const events = ['conversation_started', 'conversation_ended', 'conversation_analysed'];
const deps = { random: () => 0, clock: { now: Date.now, sleep: async () => {} } };

let simulator: SigmamindSimulator;
beforeEach(async () => {
  simulator = await startSigmamindSimulator({ clock: realClock, apiKey: 'key-1', switches: { eventsAsString: true } });
});
afterEach(() => simulator.stop());

it('makes a webhook and reads it back, its events in whatever form', async () => {
  const api = createSigmamindApi(deps, configFor('key-1'));

  const made = await api.createWebhook({ name: 'Events', agentId: 'agent_1', url: 'https://x.example/hook', events });
  const { rows, total, hasNext } = await api.listWebhooks({ agentId: 'agent_1' });

  expect(made.secret).toHaveLength(32);
  expect(rows).toMatchObject([{ webhookId: made.webhookId, events, active: true }]);
  expect({ total, hasNext }).toEqual({ total: 1, hasNext: false });
});

it('gives null for a call that is not there', async () => {
  expect(await createSigmamindApi(deps, configFor('key-1')).getCall('call/../none')).toBeNull();
});

it('reads again after a passing fault, but not for ever', async () => {
  const api = createSigmamindApi(deps, configFor('key-1'));

  await setFaults({ failNext: 2 });
  expect((await api.listCalls({})).rows).toEqual([]);

  await setFaults({ failNext: 3 });
  await expect(api.listCalls({})).rejects.toMatchObject({ code: 'platform_away', retryable: true });
});

it('writes once, and says when it can not tell whether that took effect', async () => {
  const api = createSigmamindApi(deps, configFor('key-1'));
  await setFaults({ failNext: 1 });

  const write = api.createWebhook({ name: 'Events', agentId: 'agent_1', url: 'https://x.example/hook', events });

  await expect(write).rejects.toMatchObject({ code: 'platform_away', inDoubt: true });
  expect((await api.listWebhooks({})).rows).toEqual([]);
});

it('never shows the API key in an error', async () => {
  const config = configFor('a-wrong-key');
  const gone = createSigmamindApi(deps, { ...config, apiUrl: 'http://127.0.0.1:1' });

  const errors = await Promise.all(
    [createSigmamindApi(deps, config), gone].map((api) => api.listCalls({}).catch((error: Error) => error)),
  );

  expect(errors).toMatchObject([{ code: 'platform_refused' }, { code: 'platform_away' }]);
  for (const error of errors as Error[]) {
    expect(JSON.stringify({ ...error, message: error.message, cause: error.cause })).not.toContain('a-wrong-key');
    expect(error.stack).not.toContain('a-wrong-key');
  }
});

it('checks key and webhooks, and says what to change', async () => {
  const url = (path: string) => `https://patchbay.example.com/v1/platforms/sigmamind/events/${path}`;
  const api = createSigmamindApi(deps, configFor('key-1'));

  expect(await check('key-1', 'api.key')).toMatchObject({ status: 'ok' });
  expect(await check('a-wrong-key', 'api.key')).toMatchObject({
    status: 'fail',
    fix: expect.stringContaining('apiKey'),
  });
  expect(await check('key-1', 'webhook.registered')).toMatchObject({
    status: 'fail',
    found: 'no webhook points to us',
  });

  const short = await api.createWebhook({ name: 'A', agentId: 'agent_1', url: url(token), events: events.slice(0, 2) });
  expect(await check('key-1', 'webhook.registered')).toMatchObject({
    status: 'warn',
    found: `webhook ${short.webhookId} lacks conversation_analysed`,
  });

  await api.createWebhook({ name: 'B', agentId: 'agent_2', url: url('some-other-token-0123456789'), events });
  expect(await check('key-1', 'webhook.registered')).toMatchObject({ status: 'fail', why: 'Their events are denied.' });
});

it('checks that the number and the agent of its own calls are there', async () => {
  const api = createSigmamindApi(deps, configFor('key-1'));
  const checked = (dialling: object) => check('key-1', 'dialling.ready', dialling);
  const from = '+13035550100';

  expect(await checked({})).toMatchObject({ status: 'ok', found: 'it is not set up to' });
  expect(await checked({ from })).toMatchObject({ status: 'fail', fix: 'Change platforms.sigmamind.dialling.from.' });
  await api.importPhoneNumber({ phoneNumber: from, terminationSipURI: 'sip.example.com' });
  expect(await checked({ from, agentId: 'agent_0' })).toMatchObject({
    status: 'fail',
    found: 'there is no agent agent_0',
  });
  const { agentId } = await api.createAgent({ agentName: 'Caller' });
  expect(await checked({ from, agentId })).toMatchObject({ status: 'ok', found: `${from} with ${agentId}` });
});

function configFor(apiKey: string, dialling: object = {}): SigmamindConfig {
  const webhook = { tokens: [token] };
  return SigmamindConfig.parse({ type: 'sigmamind', apiUrl: simulator.url, apiKey, webhook, dialling });
}

function check(apiKey: string, id: string, dialling?: object) {
  const platform = sigmamind.create('sigmamind', configFor(apiKey, dialling), testConnectorDeps);
  return platform
    .checks()
    .find((one) => one.id === id)
    ?.run();
}

async function setFaults(faults: object): Promise<void> {
  await fetch(`${simulator.url}/_sim/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
}

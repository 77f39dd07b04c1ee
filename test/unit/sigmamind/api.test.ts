import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSigmamindApi } from '../../../connectors/sigmamind/api/api.ts';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { realClock } from '../../support/real-clock.ts';

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

function configFor(apiKey: string): SigmamindConfig {
  return SigmamindConfig.parse({ type: 'sigmamind', apiUrl: simulator.url, apiKey });
}

async function setFaults(faults: object): Promise<void> {
  await fetch(`${simulator.url}/_sim/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
}

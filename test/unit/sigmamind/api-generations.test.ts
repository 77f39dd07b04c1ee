import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createSigmamindApi } from '../../../connectors/sigmamind/api/api.ts';
import { eventually } from '../../support/eventually.ts';
import { fastClock } from './fast-clock.ts';
import { startSimulatedApi } from './simulated-api.ts';

const ada = { fromPhoneNumber: '+15555550100', toPhoneNumber: '+15555550123' };
const open: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop();
});

it.each([
  ['g1', 'completed', 'customer_ended_call'],
  ['g2', 'ended', 'customer_ended_call'],
  ['g3', 'ended', 'user_ended_call'],
] as const)('reads calls of %s', async (generation, status, terminationReason) => {
  const { api, simulator } = await startSimulatedApi({ switches: { generation } });
  open.push(simulator);
  simulator.setBehaviours({ '*': { terminationReason: 'user_ended_call' } });

  const { callId } = await api.createCall({ ...ada, dynamicVariables: { correlation_id: 'c-1' } });

  await eventually(async () =>
    expect(await api.getCall(callId)).toMatchObject({
      status,
      terminationReason,
      dynamicVariables: { correlation_id: 'c-1' },
    }),
  );
  expect(await api.listCalls({})).toMatchObject({ total: 1, hasNext: false, rejects: 0 });
});

it('takes ids that are numbers, words in any spelling, lists without a frame, and leaves out what is no record', async () => {
  const api = await against({
    '/v1/calls': [
      { callId: 17, status: 'In-Progress', variables: { lead_id: 4, nothing: null } },
      { callId: 'call-2', status: 'Teleported', campaign: 'odd' },
      { status: 'ended' },
    ],
    '/v1/webhooks': {
      data: [{ webhookId: 'wh_1', events: 'conversation_ended, conversation_started' }],
      totalCounts: 1,
    },
    '/v1/phone-numbers': {
      data: [{ sipPhoneNumber: '+15555550100', terminationSipUri: 'a.example' }],
      page: 0,
      totalPages: 2,
    },
  });

  expect(await api.listCalls({})).toMatchObject({
    rejects: 1,
    rows: [
      { callId: '17', status: 'in_progress', dynamicVariables: { lead_id: '4' } },
      { callId: 'call-2', status: 'teleported', campaign: null },
    ],
  });
  expect(await api.listWebhooks({})).toMatchObject({
    total: 1,
    rows: [{ active: true, events: ['conversation_ended', 'conversation_started'] }],
  });
  expect(await api.listPhoneNumbers({})).toMatchObject({ hasNext: true, rows: [{ terminationSipURI: 'a.example' }] });
});

/** The client against somebody who gives these answers. */
async function against(answers: Record<string, unknown>) {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[path]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ stop: () => new Promise((resolve) => server.close(resolve)) });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createSigmamindApi({ clock: fastClock, random: () => 0.5 }, { apiUrl, apiKey: 'key-1', timeoutMs: 2000 });
}

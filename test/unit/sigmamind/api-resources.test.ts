import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { type SimulatedApi, startSimulatedApi } from './simulated-api.ts';

const ada = '+15555550123';
const own = '+15555550100';

let one: SimulatedApi;
beforeEach(async () => {
  one = await startSimulatedApi();
});
afterEach(() => one.simulator.stop());

it('places a call, follows it, and deletes its record', async () => {
  const { api } = one;

  const { callId } = await api.createCall({
    fromPhoneNumber: own,
    toPhoneNumber: ada,
    agentId: 'agent_1',
    dynamicVariables: { correlation_id: '7k3m9qzx0abc4d' },
  });
  await eventually(async () => expect((await api.getCall(callId))?.status).toBe('ended'));

  expect(await api.getCall(callId)).toMatchObject({
    callType: 'outbound',
    terminationReason: 'agent_ended_call',
    dynamicVariables: { correlation_id: '7k3m9qzx0abc4d' },
    campaign: null,
  });
  expect((await api.listCalls({ status: 'completed' })).rows).toHaveLength(1);
  expect(await api.deleteCall(callId)).toBe(true);
  expect(await api.deleteCall(callId)).toBe(false);
  expect(await api.getCall(callId)).toBeNull();
});

it.each(['busy', 'no-answer', 'voicemail', 'failed'] as const)('hears that a call ended as %s', async (dialled) => {
  one.simulator.setBehaviours({ '*': { dialled } });

  const { callId } = await one.api.createCall({ fromPhoneNumber: own, toPhoneNumber: ada, dynamicVariables: {} });

  await eventually(async () =>
    expect(await one.api.getCall(callId)).toMatchObject({ terminationReason: dialled.replace('-', '_') }),
  );
});

it('buys, imports, gives away and deletes numbers', async () => {
  const { api } = one;

  const bought = await api.buyPhoneNumber({ countryCode: 'US', areaCode: 415, inboundAgentId: 'agent_1' });
  const imported = await api.importPhoneNumber({
    phoneNumber: own,
    terminationSipURI: 'old.example',
    trunkPassword: 'secret',
  });
  const changed = await api.updatePhoneNumber(own, { terminationSipURI: 'new.example', inboundAgentId: 'agent_2' });
  const unassigned = await api.updatePhoneNumber(bought.sipPhoneNumber, { inboundAgentId: null });

  expect(bought).toMatchObject({ provider: 'twilio', inboundAgentId: 'agent_1' });
  expect(imported).toMatchObject({ provider: 'byo', terminationSipURI: 'old.example', active: true });
  expect(changed).toMatchObject({ terminationSipURI: 'new.example', inboundAgentId: 'agent_2' });
  expect(unassigned.inboundAgentId).toBe('');
  expect((await api.listPhoneNumbers({})).total).toBe(2);
  expect(await api.deletePhoneNumber(own)).toBe(true);
  expect(await api.getPhoneNumber(own)).toBeNull();
});

it('switches a webhook off, where it hides, and deletes it', async () => {
  const { api } = one;
  const events = ['conversation_ended'];
  const { webhookId } = await api.createWebhook({ name: 'A', agentId: 'agent_1', url: 'https://x.example', events });

  const changed = await api.updateWebhook(webhookId, { active: false, events: ['conversation_started'] });

  expect(changed).toMatchObject({ name: 'A', active: false, events: ['conversation_started'] });
  expect((await api.listWebhooks({})).rows).toEqual([]);
  expect((await api.listWebhooks({ active: false })).rows).toMatchObject([{ webhookId }]);
  expect(await api.deleteWebhook(webhookId)).toBe(true);
  expect(await api.getWebhook(webhookId)).toBeNull();
});

it('makes an agent with a webhook, and changes its prompt', async () => {
  const { api } = one;
  const webhooks = [{ name: 'Events', url: 'https://x.example/hook', events: ['conversation_ended'] }];

  const { agentId } = await api.createAgent({ agentName: 'Qualifier', agentSettings: { webhooks } });
  await api.updateAgent(agentId, { instructions: 'Mention {{correlation_id}}.' });

  expect(await api.getAgent(agentId)).toMatchObject({
    agentName: 'Qualifier',
    instructions: 'Mention {{correlation_id}}.',
    status: 'live',
    agentSettings: { webhooks: [{ name: 'Events' }] },
  });
  expect((await api.listAgents({})).rows).toHaveLength(1);
  expect((await api.listWebhooks({ agentId })).rows).toHaveLength(1);
});

it('makes a tool whose try-out really calls us, with our key and the rendered values', async () => {
  const { api } = one;
  const heard: { url: string; authorization: string; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    const { url = '', headers } = request;
    heard.push({ url, authorization: headers.authorization ?? '', body: JSON.parse(await text(request)) });
    response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const { integrationId } = await api.createIntegration({ name: 'dialer_connector', description: '' });
  await api.updateIntegration(integrationId, { description: 'Outcomes' });
  const { authId } = await api.createAuth(integrationId, { authType: 'BEARER_TOKEN', token: 'pb_key' });
  const made = await api.createTool(integrationId, {
    name: 'commit_outcome',
    description: 'Always call it',
    method: 'POST',
    url: 'http://127.0.0.1:1/old',
    headers: [],
    queryParams: [{ key: 'from', value: '{{lead_id}}' }],
    bodyParams: { correlation_id: '{{correlation_id}}', outcome: '{{outcome}}' },
  });
  const failed = await api.executeTool(integrationId, made.toolId, { placeholders: {}, authId });
  const changed = await api.updateTool(integrationId, made.toolId, { url: `${base}/commit`, scope: 'community' });
  const run = await api.executeTool(integrationId, made.toolId, {
    placeholders: { correlation_id: 'c-1', lead_id: '7' },
    authId,
  });
  server.close();

  expect(await api.getIntegration(integrationId)).toMatchObject({ description: 'Outcomes' });
  expect(await api.getAuth(integrationId, authId)).toEqual({ authId, authType: 'BEARER_TOKEN' });
  expect(failed).toMatchObject({ statusCode: 0, success: false });
  expect(changed).toMatchObject({ url: `${base}/commit`, scope: 'community', description: 'Always call it' });
  expect(await api.getTool(integrationId, made.toolId)).toEqual(changed);
  expect(run).toMatchObject({ statusCode: 200, success: true, responseBody: { ok: true } });
  expect(heard).toEqual([
    { url: '/commit?from=7', authorization: 'Bearer pb_key', body: { correlation_id: 'c-1', outcome: '' } },
  ]);
});

it('chats', async () => {
  const chat = await one.api.createChat({ agentId: 'agent_1', input: 'Hello', dynamicVariables: {} });
  const last = await one.api.respondToChat(chat.chatId, 'Bye');

  expect(chat).toMatchObject({ status: 'in_progress', response: [{ role: 'assistant', content: 'I heard: Hello' }] });
  expect(last).toMatchObject({ chatId: chat.chatId, status: 'ended' });
});

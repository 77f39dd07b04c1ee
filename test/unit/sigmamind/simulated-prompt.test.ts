import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { type SimulatedApi, startSimulatedApi } from './simulated-api.ts';

const headers = { 'X-correlation_id': 'c-1', 'X-lead_id': '1234' };

let sim: SimulatedApi;
let agentId: string;
beforeEach(async () => {
  sim = await startSimulatedApi({ switches: { variablesOnlyIfReferenced: true } });
  const agent = await sim.api.createAgent({ agentName: 'Spring', instructions: 'The lead is {{ lead_id }}.' });
  agentId = agent.agentId;
  await sim.api.importPhoneNumber({
    phoneNumber: '+19895551234',
    terminationSipURI: 'sip.carrier.example',
    inboundAgentId: agentId,
  });
});
afterEach(() => sim.simulator.stop());

it('tells of a call only the variables that the prompt uses', async () => {
  sim.simulator.setBehaviours({ '*': { talkSec: 1, analysisAfterSec: 0 } });
  const { callId } = sim.simulator.placeSipCall({ to: '+19895551234', from: '+12125550123', headers });
  await eventually(() => expect(sim.simulator.calls()).toMatchObject([{ isDone: true }]));

  expect((await sim.api.getCall(callId))?.dynamicVariables).toEqual({ lead_id: '1234' });

  sim.simulator.switches.variablesOnlyIfReferenced = false;
  expect((await sim.api.getCall(callId))?.dynamicVariables).toEqual({ correlation_id: 'c-1', lead_id: '1234' });
});

it('shows webhooks among the settings of their agent, and integrations with all that belongs to them', async () => {
  await sim.api.createWebhook({
    name: 'Events',
    agentId,
    url: 'https://x.example/hook',
    events: ['conversation_ended'],
  });
  const { integrationId } = await sim.api.createIntegration({ name: 'patchbay', description: '' });
  const auth = await sim.api.createAuth(integrationId, { authType: 'BEARER_TOKEN', token: 'a-token' });
  const tool = { name: 'commit_outcome', description: '', method: 'POST', url: 'https://x.example' } as const;
  const { toolId } = await sim.api.createTool(integrationId, { ...tool, headers: [], queryParams: [], bodyParams: {} });

  expect((await sim.api.getAgent(agentId))?.agentSettings?.webhooks).toMatchObject([{ name: 'Events' }]);
  expect((await sim.api.listIntegrations({})).rows).toMatchObject([
    { integrationId, authentication: { authId: auth.authId, authType: 'BEARER_TOKEN' }, tools: [toolId] },
  ]);

  expect(await sim.api.deleteTool(integrationId, toolId)).toBe(true);
  expect(await sim.api.deleteIntegration(integrationId)).toBe(true);
  expect((await sim.api.listIntegrations({})).rows).toEqual([]);
});

it('tells the same state twice when nothing changed', async () => {
  const state = async () => (await fetch(`${sim.simulator.url}/_sim/state`)).text();
  const before = await state();

  const { integrationId } = await sim.api.createIntegration({ name: 'patchbay', description: '' });
  expect(await state()).not.toBe(before);

  await sim.api.deleteIntegration(integrationId);
  expect(await state()).toBe(before);
});

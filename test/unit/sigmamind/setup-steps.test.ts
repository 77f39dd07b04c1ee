import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SigmamindConfig } from '../../../connectors/sigmamind/config.ts';
import { sigmamind } from '../../../connectors/sigmamind/index.ts';
import { outcomeCodes } from '../../../src/domain/outcome-codes.ts';
import { namedChecks, runChecks } from '../../../src/flows/doctor/run-checks.ts';
import { type ApplyDeps, applySteps } from '../../../src/flows/setup/apply-steps.ts';
import { openJournal } from '../../../src/flows/setup/journal.ts';
import { stepsInOrder } from '../../../src/flows/setup/named-steps.ts';
import { isApplied, planSteps } from '../../../src/flows/setup/plan-steps.ts';
import { openThings, undoSteps } from '../../../src/flows/setup/undo-steps.ts';
import {
  doByHand,
  type HealthySigmamind,
  sigmamindCast,
  startEmptySigmamind,
  undoByHand,
} from '../../support/healthy/sigmamind.ts';
import { realClock } from '../../support/real-clock.ts';
import { keys } from '../../support/start-app.ts';
import { testConnectorDeps } from './test-deps.ts';

const { agents, numbers } = sigmamindCast;
const publicUrl = 'https://patchbay.example.com';
const words = { headers: sigmamindCast.headers, outcomes: outcomeCodes };

let site: HealthySigmamind;
let folder: string;
let deps: ApplyDeps;
let secrets: string[];
let integrationIds: string[];
beforeEach(async () => {
  site = await startEmptySigmamind({ publicUrl, toolsKey: keys.tools });
  folder = mkdtempSync(join(tmpdir(), 'patchbay-steps-'));
  secrets = [];
  integrationIds = [];
  const journal = openJournal({ clock: realClock, newId: randomUUID, by: 'cli:ada' }, join(folder, 'setup.jsonl'));
  deps = {
    journal,
    secrets: {
      keep: async (_instance, { value, list }) => void listCalled(list).push(value),
      drop: async (_instance, { list }) => void listCalled(list).pop(),
    },
  };
});
afterEach(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

it('brings an empty workspace to health, does nothing twice, and leaves it as it was', async () => {
  const before = await stateNow();

  expect(await plannedStates()).toEqual({
    number: ['missing', 'missing'],
    prompt: ['missing', 'missing'],
    analysis: ['missing', 'missing'],
    integration: ['missing'],
    webhooks: ['missing', 'missing'],
  });
  expect(await apply()).toEqual({
    number: 'done',
    prompt: 'done',
    analysis: 'done',
    integration: 'done',
    webhooks: 'done',
  });
  expect(secrets).toHaveLength(2);
  expect(await badChecks()).toEqual(['tools.attached', 'tools.self-test', 'voice-actions']);

  await doByHand(site);
  expect(await badChecks()).toEqual(['tools.self-test']);

  const made = await stateNow();
  expect(await apply()).toEqual({
    number: 'there',
    prompt: 'there',
    analysis: 'there',
    integration: 'there',
    webhooks: 'there',
  });
  expect(await stateNow()).toEqual(made);

  await undoByHand(site);
  expect(new Set(await undo())).toEqual(new Set(['undone']));
  expect(await stateNow()).toEqual(before);
  expect(secrets).toEqual([]);
  expect(await undo()).toEqual([]);
});

it.each(['merge', 'replace'] as const)(
  'keeps the other settings of an agent where a change would %s them',
  async (way) => {
    site.simulator.switches.agentSettingsPatch = way;
    const own = { insightName: 'mood', insightInstructions: 'How they felt.', dataType: 'string' };
    await site.ask('PATCH', `/v1/agents/${agents.spring}`, {
      agentSettings: { language: 'es_US', enablePostConversationAnalysis: true, postConversationAnalysis: [own] },
    });
    const before = await stateNow();

    await apply();
    const { agentSettings } = await site.ask('GET', `/v1/agents/${agents.spring}`);
    expect(agentSettings).toMatchObject({
      language: 'es_US',
      postConversationAnalysis: [own, { insightName: 'qualification' }, { insightName: 'conversation summary' }],
    });

    await undo();
    expect(await stateNow()).toEqual(before);
  },
);

it('maps a registered number to the agent, and back', async () => {
  await site.ask('POST', '/v1/phone-numbers/import', {
    phoneNumber: numbers.spring,
    terminationSipURI: 'sip.old.example',
    friendlyName: 'Main line',
  });
  const before = await stateNow();

  expect((await plannedStates()).number).toEqual(['differs', 'missing']);
  await apply();
  expect(await site.ask('GET', `/v1/phone-numbers/${encodeURIComponent(numbers.spring)}`)).toMatchObject({
    inboundAgentId: agents.spring,
    terminationSipURI: sigmamindCast.carrier,
    friendlyName: 'Main line',
  });

  await undo();
  expect(await stateNow()).toEqual(before);
});

it("refuses SigmaMind's own server as the carrier's address", async () => {
  site.section = {
    ...site.section,
    numbers: { [numbers.spring]: { agentId: agents.spring, terminationUri: '28y698lhv2f.sip.livekit.cloud' } },
  };

  expect((await plannedStates()).number).toEqual(['blocked']);
  expect((await apply()).number).toBe('blocked');
});

it('adds what a webhook, an analysis and a tool lack', async () => {
  await apply();
  const { data } = (await site.ask('GET', '/v1/webhooks')) as { data: { webhookId: string }[] };
  const integration = (await site.ask('GET', '/v1/integrations')) as {
    data: { integrationId: string; tools: { toolId: string }[] }[];
  };
  const [owner] = integration.data;
  const [tool] = owner?.tools ?? [];
  await site.ask('PATCH', `/v1/webhooks/${data[0]?.webhookId}`, { events: ['conversation_ended'], active: false });
  await site.ask('PATCH', `/v1/integrations/${owner?.integrationId}/tools/${tool?.toolId}`, {
    endpoint: 'https://old.example.com',
  });
  const settings = {
    enablePostConversationAnalysis: true,
    postConversationAnalysis: [{ insightName: 'qualification', dataType: 'string', options: ['Interested'] }],
  };
  await site.ask('PATCH', `/v1/agents/${agents.spring}`, { agentSettings: settings });

  expect(await plannedStates()).toMatchObject({
    analysis: ['differs', 'there'],
    webhooks: ['differs', 'there'],
    integration: ['there', 'there', 'differs', 'there', 'there', 'there', 'there'],
  });
  await apply();
  expect(await badChecks()).toEqual(['tools.attached', 'tools.self-test', 'voice-actions']);
});

it('leaves alone what somebody changed since', async () => {
  await apply();
  await site.ask('PATCH', `/v1/phone-numbers/${encodeURIComponent(numbers.spring)}`, {
    inboundAgentId: agents.springFive9,
  });
  const { instructions } = await site.ask('GET', `/v1/agents/${agents.spring}`);
  await site.ask('PATCH', `/v1/agents/${agents.spring}`, {
    instructions: String(instructions).replace('opt_out', 'do_not_call'),
  });

  const results = await undo();

  expect(results.filter((result) => result === 'changed')).toHaveLength(2);
  expect((await stateNow()).phoneNumbers).toMatchObject([
    { sipPhoneNumber: numbers.spring, inboundAgentId: agents.springFive9 },
  ]);
});

it('leaves alone what others use since', async () => {
  await apply();
  const { agentSettings } = (await site.ask('GET', `/v1/agents/${agents.spring}`)) as {
    agentSettings: { postConversationAnalysis: object[] };
  };
  const own = { insightName: 'mood', insightInstructions: 'How they felt.', dataType: 'string' };
  await site.ask('PATCH', `/v1/agents/${agents.spring}`, {
    agentSettings: { ...agentSettings, postConversationAnalysis: [...agentSettings.postConversationAnalysis, own] },
  });
  await site.ask('PATCH', `/v1/phone-numbers/${encodeURIComponent(numbers.springFive9)}`, {
    outboundAgentId: agents.spring,
  });

  const results = await undo();

  expect(results.filter((result) => result === 'changed')).toHaveLength(2);
  expect((await site.ask('GET', `/v1/agents/${agents.spring}`)).agentSettings).toMatchObject({
    enablePostConversationAnalysis: true,
    postConversationAnalysis: expect.arrayContaining([own]),
  });
  expect((await stateNow()).phoneNumbers).toMatchObject([{ sipPhoneNumber: numbers.springFive9 }]);
});

it('leaves the integration of another Patchbay in the same workspace alone', async () => {
  const { integrationId } = await site.ask('POST', '/v1/integrations', { name: 'patchbay', description: 'Staging' });
  await site.ask('POST', `/v1/integrations/${integrationId}/tools`, {
    name: 'commit_outcome',
    method: 'POST',
    url: 'https://staging.example.com/v1/platforms/sigmamind/tools/commit-outcome',
  });
  const before = (await stateNow()).integrations;

  expect((await plannedStates()).integration).toEqual(['blocked']);
  expect((await apply()).integration).toBe('blocked');
  expect((await stateNow()).integrations).toEqual(before);

  integrationIds = [String(integrationId)];
  expect((await apply()).integration).toBe('done');
});

it('adds no second block to a prompt whose block lost a mark, and takes nothing out of it', async () => {
  await apply();
  const { instructions } = await site.ask('GET', `/v1/agents/${agents.spring}`);
  const torn = String(instructions).replace('[Patchbay: end]', '');
  await site.ask('PATCH', `/v1/agents/${agents.spring}`, { instructions: torn });

  expect((await plannedStates()).prompt).toEqual(['blocked', 'there']);
  await apply();
  expect((await undo()).filter((result) => result === 'changed')).toHaveLength(1);
  expect((await site.ask('GET', `/v1/agents/${agents.spring}`)).instructions).toBe(torn);
});

it('keeps the events that a webhook has beside ours', async () => {
  const url = `${publicUrl}/v1/platforms/sigmamind/events/${sigmamindCast.eventToken}`;
  const had = ['conversation_ended', 'node_executed'];
  const { webhookId } = await site.ask('POST', '/v1/webhooks', {
    name: 'Ada',
    agentId: agents.spring,
    url,
    events: had,
  });
  const eventsNow = async () => (await site.ask('GET', `/v1/webhooks/${webhookId}`)).events;

  await apply();
  expect(await eventsNow()).toEqual([...had, 'conversation_started', 'conversation_analysed']);
  await undo();
  expect(await eventsNow()).toEqual(had);
});

it('points a tool to us without touching the headers that somebody gave it', async () => {
  await apply();
  const toolPath = await pathOfFirstTool();
  const headers = [{ key: 'X-Tenant', value: 'spring' }];
  await site.ask('PATCH', toolPath, { endpoint: 'https://old.example.com', headers });

  expect((await apply()).integration).toBe('done');

  expect(await site.ask('GET', toolPath)).toMatchObject({ headers, url: expect.stringContaining(publicUrl) });
});

it('takes its block out of a prompt that was written on around it', async () => {
  await apply();
  const { instructions } = await site.ask('GET', `/v1/agents/${agents.spring}`);
  await site.ask('PATCH', `/v1/agents/${agents.spring}`, { instructions: `Ada's rules first.\n${instructions}` });

  await undo();

  expect((await site.ask('GET', `/v1/agents/${agents.spring}`)).instructions).toBe(
    "Ada's rules first.\nYou qualify leads for Spring Home Solar. Be friendly and brief.",
  );
});

it('says what is left to do by hand where SigmaMind deletes no integration', async () => {
  site.simulator.switches.integrationsCanBeDeleted = false;
  await apply();

  expect((await undo()).filter((result) => result !== 'undone')).toEqual(['by-hand']);
});

it('makes one integration only where SigmaMind lists none', async () => {
  site.simulator.switches.integrationsListed = false;
  await apply();

  expect((await apply()).integration).toBe('there');
  expect((await stateNow()).integrations).toHaveLength(1);
  expect((await undo()).filter((result) => result !== 'undone')).toEqual([]);
  expect(integrationIds).toEqual([]);
});

it('finds after a crash what was made without an answer', async () => {
  await site.ask('PUT', '/_sim/faults', { failWrites: 1, status: 400 });
  expect((await apply()).number).toBe('failed');
  expect(await openThings(deps)).toEqual([]);

  const webhook = {
    name: 'Patchbay',
    agentId: agents.spring,
    url: `${publicUrl}/v1/platforms/sigmamind/events/${sigmamindCast.eventToken}`,
  };
  await deps.journal.begin({
    instance: 'sigmamind',
    step: 'webhooks',
    what: 'webhook',
    undoData: { kind: 'made', agentId: agents.spring },
  });
  await site.ask('POST', '/v1/webhooks', {
    ...webhook,
    events: ['conversation_started', 'conversation_ended', 'conversation_analysed'],
  });

  expect(await undo()).toEqual(['undone']);
  expect((await stateNow()).webhooks).toEqual([]);
});

it('keeps after a crash the secret of a webhook that was made, and only once', async () => {
  await apply();
  const [lost] = secrets.splice(0, 1);

  expect((await plannedStates()).webhooks).toEqual(['differs', 'there']);
  expect((await apply()).webhooks).toBe('done');
  expect(secrets).toContain(lost);
  expect(await badChecks()).not.toContain('webhook.secrets');
  expect((await apply()).webhooks).toBe('there');
});

it('keeps no secret in what it remembers, nor in what it shows', async () => {
  await apply();

  const shown = await Promise.all(namedSteps().map(({ step }) => step.describe()));
  const all = JSON.stringify([await deps.journal.things(), shown]);
  for (const secret of [...secrets, keys.tools, sigmamindCast.eventToken, sigmamindCast.apiKey])
    expect(all).not.toContain(secret);
});

async function pathOfFirstTool(): Promise<string> {
  const { data } = (await site.ask('GET', '/v1/integrations')) as {
    data: { integrationId: string; tools: { toolId: string }[] }[];
  };
  return `/v1/integrations/${data[0]?.integrationId}/tools/${data[0]?.tools[0]?.toolId}`;
}

function listCalled(list: readonly string[]): string[] {
  return list.join('.') === 'integrationIds' ? integrationIds : secrets;
}

function instance() {
  const config = SigmamindConfig.parse({
    ...site.section,
    integrationIds,
    webhook: { tokens: [sigmamindCast.eventToken], signature: { secrets } },
  });
  return sigmamind.create('sigmamind', config, { ...testConnectorDeps, publicUrl, promptWords: () => words });
}

function namedSteps() {
  return stepsInOrder([{ ...instance(), kind: 'platform' }]);
}

function appliedSteps() {
  return namedSteps().filter(isApplied);
}

async function plannedStates(): Promise<Record<string, string[]>> {
  const planned = await planSteps(appliedSteps());
  return Object.fromEntries(planned.map(({ step, changes }) => [step.id, changes.map(({ state }) => state)]));
}

async function apply(): Promise<Record<string, string>> {
  const applied = await applySteps(deps, appliedSteps());
  return Object.fromEntries(applied.map(({ step, result }) => [step.id, result]));
}

async function undo(): Promise<string[]> {
  return (await undoSteps(deps, namedSteps(), await openThings(deps))).map(({ result }) => result);
}

async function badChecks(): Promise<string[]> {
  const checked = await runChecks(namedChecks([instance()]));
  return checked.filter(({ status }) => status !== 'ok').map(({ id }) => id.replace('sigmamind:', ''));
}

async function stateNow(): Promise<Record<string, unknown>> {
  return (await fetch(`${site.simulator.url}/_sim/state`)).json() as Promise<Record<string, unknown>>;
}

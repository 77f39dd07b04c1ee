import { promptBlock } from '../../../connectors/sigmamind/setup/prompt-block.ts';
import { toolDefinitions } from '../../../connectors/sigmamind/tools.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { outcomeCodes } from '../../../src/domain/outcome-codes.ts';
import type { SimulatorOptions } from '../../simulators/sigmamind/options.ts';
import { type SigmamindSimulator, startSigmamindSimulator } from '../../simulators/sigmamind/sigmamind-simulator.ts';
import { realClock } from '../real-clock.ts';

export const sigmamindCast = {
  apiKey: 'key-of-the-workspace',
  /** Called by VICIdial, and by Five9. */
  numbers: { spring: '+19895551234', springFive9: '+19895551235' },
  agents: { spring: 'agent_spring', springFive9: 'agent_spring_five9' },
  headers: ['X-correlation_id', 'X-lead_id', 'X-first_name'],
  eventToken: 'token-of-the-events-0123456789',
  carrier: 'sip.carrier.example',
};

export interface HealthySigmamind {
  simulator: SigmamindSimulator;
  /** The section of the configuration, as plain data. */
  section: Record<string, unknown>;
  /** Something of the platform, as its API takes it. Gives the answer; throws when it is refused. */
  ask(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface HealthyOptions {
  publicUrl: string;
  /** Key of a client that may use tools. */
  toolsKey: string;
  /** (Default: sigmamind) */
  id?: string;
  clock?: Clock;
  simulator?: Partial<SimulatorOptions>;
}

/** A SigmaMind workspace on which nothing is wrong: two agents with numbers, tools, webhooks, analysis and prompts. */
export async function startHealthySigmamind(options: HealthyOptions): Promise<HealthySigmamind> {
  const site = await startEmptySigmamind(options);
  const { id = 'sigmamind', publicUrl, toolsKey } = options;
  const { ask } = site;
  const secrets: unknown[] = [];
  const { integrationId } = await ask('POST', '/v1/integrations', {
    name: 'patchbay',
    description: 'Tells Patchbay how a call ends, and asks it about the customer.',
  });
  await ask('POST', `/v1/integrations/${integrationId}/auth`, { authType: 'BEARER_TOKEN', token: toolsKey });
  const tools: object[] = [endCall];
  for (const definition of toolDefinitions(id, publicUrl)) {
    const { toolId, name } = await ask('POST', `/v1/integrations/${integrationId}/tools`, definition);
    tools.push({ type: 'integration_tool', toolId, name });
  }
  for (const [name, agentId] of Object.entries(sigmamindCast.agents)) {
    await ask('PUT', `/_sim/agents/${agentId}`, { ...healthyAgent(name), tools });
    const webhook = await ask('POST', '/v1/webhooks', {
      name: 'Patchbay',
      agentId,
      url: `${publicUrl}/v1/platforms/${id}/events/${sigmamindCast.eventToken}`,
      events: ['conversation_started', 'conversation_ended', 'conversation_analysed'],
    });
    secrets.push(webhook.secret);
  }
  for (const [name, phoneNumber] of Object.entries(sigmamindCast.numbers)) {
    await ask('POST', '/v1/phone-numbers/import', {
      phoneNumber,
      terminationSipURI: sigmamindCast.carrier,
      friendlyName: name,
      inboundAgentId: Reflect.get(sigmamindCast.agents, name),
    });
  }
  const webhook = { tokens: [sigmamindCast.eventToken], signature: { secrets } };
  return { ...site, section: { ...site.section, integrationIds: [integrationId], webhook } };
}

/**
 * A workspace with two agents as somebody would write them, and nothing of ours. The section is what the wizard would write:
 * set-up can bring it to health.
 */
export async function startEmptySigmamind(options: HealthyOptions): Promise<HealthySigmamind> {
  const simulator = await startSigmamindSimulator({
    clock: options.clock ?? realClock,
    apiKey: sigmamindCast.apiKey,
    sipPort: 0,
    ...options.simulator,
    switches: { variablesOnlyIfReferenced: true, ...options.simulator?.switches },
  });
  const ask = asker(simulator.url);
  for (const [name, agentId] of Object.entries(sigmamindCast.agents)) {
    await ask('PUT', `/_sim/agents/${agentId}`, {
      agentName: name,
      instructions: 'You qualify leads for Spring Home Solar. Be friendly and brief.',
      welcomeMessage: 'Hello, this is Spring Home Solar.',
      agentSettings: { language: 'en_US', enablePostConversationAnalysis: false, postConversationAnalysis: [] },
      tools: [],
    });
  }
  const { numbers, agents, carrier, eventToken, apiKey } = sigmamindCast;
  const section = {
    type: 'sigmamind',
    apiUrl: simulator.url,
    apiKey,
    sip: { host: '127.0.0.1', port: simulator.sipPort, transport: 'udp' },
    concurrency: 10,
    numbers: {
      [numbers.spring]: { agentId: agents.spring, terminationUri: carrier, name: 'Spring' },
      [numbers.springFive9]: { agentId: agents.springFive9, terminationUri: carrier, name: 'Spring Five9' },
    },
    toolsKey: options.toolsKey,
    webhook: { tokens: [eventToken], signature: { secrets: [] } },
    analysis: {
      outcomeFrom: 'qualification',
      outcomes: { Interested: 'qualified', 'Not Interested': 'not_interested' },
    },
  };
  return { simulator, section, ask, stop: () => simulator.stop() };
}

/** What the runbook leaves to the admin: the tools attached, End Call given, the agents published. */
export async function doByHand({ ask }: Pick<HealthySigmamind, 'ask'>): Promise<void> {
  const { data } = (await ask('GET', '/v1/integrations')) as { data: { tools: { toolId: string; name: string }[] }[] };
  const attached = data.flatMap(({ tools }) =>
    tools.map(({ toolId, name }) => ({ type: 'integration_tool', toolId, name })),
  );
  for (const agentId of Object.values(sigmamindCast.agents)) {
    await ask('PATCH', `/v1/agents/${agentId}`, { tools: [endCall, ...attached], status: 'Live' });
  }
}

/** Takes that back. */
export async function undoByHand({ ask }: Pick<HealthySigmamind, 'ask'>): Promise<void> {
  for (const agentId of Object.values(sigmamindCast.agents)) await ask('PATCH', `/v1/agents/${agentId}`, { tools: [] });
}

const endCall = { type: 'voice_end_call', description: 'when the conversation is over' };

function healthyAgent(name: string) {
  const own = 'You qualify leads for Spring Home Solar. Be friendly and brief.';
  return {
    agentName: name,
    instructions: `${own}\n\n${promptBlock({ headers: sigmamindCast.headers, outcomes: outcomeCodes })}`,
    welcomeMessage: 'Hello {{first_name}}, this is Spring Home Solar.',
    agentSettings: {
      language: 'en_US',
      enablePostConversationAnalysis: true,
      postConversationAnalysis: [
        {
          insightName: 'qualification',
          insightInstructions: 'Which option fits best.',
          dataType: 'string',
          options: ['Interested', 'Not Interested'],
        },
        { insightName: 'conversation summary', insightInstructions: 'Sum up in a sentence.', dataType: 'string' },
      ],
    },
  };
}

function asker(url: string): HealthySigmamind['ask'] {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-api-key': sigmamindCast.apiKey },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the simulator answered ${response.status} to ${method} ${path}`);
    return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
  };
}

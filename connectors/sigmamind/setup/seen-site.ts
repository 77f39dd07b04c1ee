import type { ConnectorDeps } from '../../../src/domain/connector.ts';
import type { Agent } from '../api/agents.ts';
import { createSigmamindApi, type SigmamindApi } from '../api/api.ts';
import type { Integration } from '../api/integrations.ts';
import { allRows } from '../api/page.ts';
import type { PhoneNumber } from '../api/phone-numbers.ts';
import type { Tool } from '../api/tools.ts';
import type { Webhook } from '../api/webhooks.ts';
import type { SigmamindConfig } from '../config.ts';
import { findIntegration, type IntegrationSighting } from './find-integration.ts';

/** What set-up and doctor are made of. */
export interface SetupDeps {
  id: string;
  config: SigmamindConfig;
  api: SigmamindApi;
  deps: Pick<ConnectorDeps, 'clock' | 'random' | 'publicUrl' | 'promptWords' | 'readCursor'>;
}

/** What SigmaMind holds, each part read once, when it is first asked for. */
export interface SeenSite extends SetupDeps {
  phoneNumbers(): Promise<PhoneNumber[]>;
  /** Null when there is no such agent. */
  agent(agentId: string): Promise<Agent | null>;
  /** The agents of the configuration that exist. */
  agents(): Promise<Agent[]>;
  /** Active and disabled ones. */
  webhooks(): Promise<Webhook[]>;
  integration(): Promise<IntegrationSighting>;
}

export interface SeenIntegration extends Integration {
  toolsSeen: Tool[];
}

/** A system that hangs costs the doctor this once. */
const longestWaitMs = 4000;

/** A fresh look: nothing is kept from one to the next. */
export function lookAtSite(setup: SetupDeps): SeenSite {
  const { config, deps } = setup;
  const timeoutMs = Math.min(config.timeoutMs, longestWaitMs);
  const api = createSigmamindApi(deps, { ...config, timeoutMs, readAttempts: 1 });
  const agents = new Map<string, Promise<Agent | null>>();
  function agent(agentId: string): Promise<Agent | null> {
    const known = agents.get(agentId) ?? api.getAgent(agentId);
    agents.set(agentId, known);
    return known;
  }
  return {
    ...setup,
    api,
    agent,
    phoneNumbers: once(() => allRows((query) => api.listPhoneNumbers(query))),
    agents: once(async () => {
      const found = await Promise.all(agentIdsOf(config).map(agent));
      return found.filter((one) => one !== null);
    }),
    webhooks: once(async () => {
      const both = await Promise.all(
        [true, false].map((active) => allRows((query) => api.listWebhooks({ ...query, active }))),
      );
      return [...new Map(both.flat().map((webhook) => [webhook.webhookId, webhook])).values()];
    }),
    integration: once(() => findIntegration({ ...setup, api })),
  };
}

/** Agents that the configuration names: who answers a number, and who speaks on calls of the platform's own. */
export function agentIdsOf({ numbers, dialling }: Pick<SigmamindConfig, 'numbers' | 'dialling'>): string[] {
  const ids = Object.values(numbers).map(({ agentId }) => agentId);
  return [...new Set([...ids, ...(dialling.agentId ? [dialling.agentId] : [])])];
}

/** `Spring (agent_1)`. */
export function nameOfAgent({ agentName, agentId }: Pick<Agent, 'agentName' | 'agentId'>): string {
  return agentName ? `${agentName} (${agentId})` : agentId;
}

/** Begins of the addresses that SigmaMind calls. */
export function eventsBase({ id, deps }: Pick<SetupDeps, 'id' | 'deps'>): string {
  return `${deps.publicUrl}/v1/platforms/${id}/events/`;
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= read();
    return answer;
  };
}

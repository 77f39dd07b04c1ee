import { z } from 'zod';
import type { Page, PageQuery } from './page.ts';
import type { ApiRequests } from './request.ts';
import { Id, part, Text, Word } from './values.ts';
import { Webhook } from './webhooks.ts';

/** An agent. Its settings are many and change with every release: what is not named here passes as it is. */
export const Agent = z.looseObject({
  agentId: Id,
  agentName: Text,
  instructions: Text,
  welcomeMessage: Text,
  status: Word,
  /** Types of their own, of which the reference shows only `voice_transfer_call`. */
  tools: z.array(z.looseObject({})).nullish().catch(null),
  agentSettings: part(z.looseObject({ webhooks: z.array(Webhook.partial()).nullish().catch(null) })),
});
export type Agent = z.infer<typeof Agent>;

/** As the reference names them: `agentName`, `instructions`, `welcomeMessage`, `agentSettings`, `tools` … */
export type AgentSettings = Readonly<Record<string, unknown>>;

export interface AgentsApi {
  createAgent(agent: AgentSettings & { agentName: string }): Promise<Agent>;
  getAgent(agentId: string): Promise<Agent | null>;
  listAgents(query: PageQuery): Promise<Page<Agent>>;
  updateAgent(agentId: string, change: AgentSettings): Promise<Agent>;
}

export function agentsApi(requests: ApiRequests): AgentsApi {
  return {
    createAgent: (agent) => requests.write('POST', ['agents'], agent, Agent),
    getAgent: (agentId) => requests.read(['agents', agentId], Agent),
    listAgents: (query) => requests.list(['agents'], query, Agent),
    updateAgent: (agentId, change) => requests.write('PATCH', ['agents', agentId], change, Agent),
  };
}

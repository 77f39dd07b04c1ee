import { Router } from 'express';
import { z } from 'zod';
import { newSimId, type World } from '../world.ts';
import { Fields, keepRoutes } from './keep-routes.ts';
import { type RestState, type Row, sendError } from './state.ts';
import { addWebhook, showWebhook } from './webhooks.ts';

const AgentWebhooks = z
  .object({
    agentSettings: z.object({
      webhooks: z.array(z.object({ name: z.string(), url: z.string(), events: z.array(z.string()) })),
    }),
  })
  .transform(({ agentSettings }) => agentSettings.webhooks);

/** Agents; webhooks may be declared with them. */
export function createAgentRoutes(world: World, { agents }: RestState): Router {
  const routes = Router();

  routes.post('/agents', (request, response) => {
    const fields = Fields.safeParse(request.body).data;
    if (typeof fields?.agentName !== 'string') return sendError(world, request, response, 400);
    const agentId = newSimId('agent');
    keepAgent(agents, { agentId, status: 'Live', ...fields });
    const webhooks = AgentWebhooks.safeParse(request.body).data ?? [];
    for (const webhook of webhooks) addWebhook(world, { ...webhook, agentId, active: true });
    response.json(showAgent(world, agents.get(agentId) ?? {}));
  });
  keepRoutes(world, routes, 'agents', agents, {
    show: (row) => showAgent(world, row),
    change: (row, change) => changeAgent(world, row, change),
  });
  return routes;
}

/** Keeps an agent by its ID. Webhooks have a place of their own. */
export function keepAgent(agents: RestState['agents'], row: Row): void {
  agents.set(String(row.agentId), { ...row, ...('agentSettings' in row && { agentSettings: ownSettings(row) }) });
}

/** With the webhooks among its settings, where it has any. */
function showAgent(world: World, row: Row): Row {
  const webhooks = [...world.webhooks.values()].filter(({ agentId }) => agentId === row.agentId);
  const settings = ownSettings(row);
  const shown = webhooks.map((webhook) => showWebhook(world, webhook));
  const isTelling = world.switches.attachedToolsShown || !Array.isArray(row.tools);
  return {
    ...row,
    ...(('agentSettings' in row || shown.length > 0) && { agentSettings: { ...settings, webhooks: shown } }),
    ...(!isTelling && { tools: (row.tools as Row[]).filter(({ type }) => type === 'voice_transfer_call') }),
  };
}

function changeAgent({ switches }: World, row: Row, change: Row): void {
  const settings = ownSettings(change);
  const isMerged = switches.agentSettingsPatch === 'merge';
  Object.assign(
    row,
    change,
    'agentSettings' in change && {
      agentSettings: isMerged ? { ...ownSettings(row), ...settings } : settings,
    },
  );
}

/** The settings without the webhooks that are shown among them. */
function ownSettings({ agentSettings }: Row): Row {
  const { webhooks: _, ...settings } = Fields.safeParse(agentSettings).data ?? {};
  return settings;
}

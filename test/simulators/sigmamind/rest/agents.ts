import { Router } from 'express';
import { z } from 'zod';
import { newSimId, type World } from '../world.ts';
import { Fields, keepRoutes } from './keep-routes.ts';
import { type RestState, sendError } from './state.ts';
import { addWebhook } from './webhooks.ts';

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
    const row = { agentId, status: 'Live', ...fields };
    agents.set(agentId, row);
    const webhooks = AgentWebhooks.safeParse(request.body).data ?? [];
    for (const webhook of webhooks) addWebhook(world, { ...webhook, agentId, active: true });
    response.json(row);
  });
  keepRoutes(world, routes, 'agents', agents);
  return routes;
}

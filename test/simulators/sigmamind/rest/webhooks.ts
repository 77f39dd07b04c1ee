import { Router } from 'express';
import { z } from 'zod';
import { workspaceId } from '../payloads.ts';
import { newSimId, note, randomText, type SimWebhook, type World } from '../world.ts';
import { page, type Row, sendError } from './state.ts';

const WebhookBody = z.object({
  name: z.string().min(1).max(128),
  agentId: z.string().min(1).max(64),
  url: z.string().regex(/^https?:\/\/.+/),
  events: z.array(z.string()).min(1),
  active: z.boolean().default(true),
});

export function createWebhookRoutes(world: World): Router {
  const routes = Router();

  routes.post('/webhooks', (request, response) => {
    const body = WebhookBody.safeParse(request.body);
    if (!body.success) return sendError(world, request, response, 400);
    response.json(showWebhook(world, addWebhook(world, body.data), true));
  });
  routes.get('/webhooks', (request, response) => {
    const isActive = request.query.active !== 'false';
    const { agentId } = request.query;
    const rows = [...world.webhooks.values()].filter(
      (webhook) => webhook.active === isActive && (!agentId || webhook.agentId === agentId),
    );
    const shown = rows.map((webhook) => showWebhook(world, webhook));
    response.json(page(world, request, shown));
  });
  routes.get('/webhooks/:id', (request, response) => {
    const webhook = world.webhooks.get(request.params.id);
    return webhook ? response.json(showWebhook(world, webhook)) : sendError(world, request, response, 404);
  });
  // ASSUMPTION: no page on changing a webhook was found.
  routes.patch('/webhooks/:id', (request, response) => {
    const webhook = world.webhooks.get(request.params.id);
    const change = WebhookBody.omit({ agentId: true }).partial().safeParse(request.body);
    if (!webhook || !world.switches.webhooksCanBeChanged) return sendError(world, request, response, 404);
    if (!change.success) return sendError(world, request, response, 400);
    const { active } = request.body as Row;
    const { active: _, ...named } = change.data;
    response.json(showWebhook(world, Object.assign(webhook, named, typeof active === 'boolean' && { active })));
  });
  routes.delete('/webhooks/:id', (request, response) => {
    const isThere = world.webhooks.delete(request.params.id);
    return isThere ? response.status(204).end() : sendError(world, request, response, 404);
  });
  return routes;
}

/** Makes a webhook with a secret of its own, as the platform does since its third generation. */
export function addWebhook(world: World, about: Omit<SimWebhook, 'webhookId' | 'secret'>): SimWebhook {
  const webhook = { ...about, webhookId: newSimId('wh'), secret: randomText(32) };
  world.webhooks.set(webhook.webhookId, webhook);
  note(world, 'webhook-made', webhook.webhookId, about.events.join(','), 'api');
  return webhook;
}

export function showWebhook(world: World, webhook: SimWebhook, isNew = false): Row {
  const events = world.switches.eventsAsString ? webhook.events.join(',') : webhook.events;
  const { secret, ...shown } = webhook;
  return { workspaceId, ...shown, ...(isNew || world.switches.secretsShownAgain ? { secret } : {}), events };
}

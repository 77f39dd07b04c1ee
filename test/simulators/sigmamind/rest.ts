import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { converse } from './converse.ts';
import { callRecord, workspaceId } from './payloads.ts';
import { inBackground, instant, newCall, newSimId, note, randomText, type SimWebhook, type World } from './world.ts';

export type Row = Record<string, unknown>;

/** What the REST API keeps besides calls and webhooks. */
export interface RestState {
  phoneNumbers: Map<string, Row>;
  agents: Map<string, Row>;
  integrations: Map<string, Row>;
}

const Number_ = z.string().regex(/^\+[1-9][0-9]{6,14}$/);
const NewCall = z.object({
  fromPhoneNumber: Number_,
  toPhoneNumber: Number_,
  agentId: z.string().max(64).optional(),
  dynamicVariables: z.record(z.string(), z.unknown()).default({}),
});
const WebhookBody = z.object({
  name: z.string().min(1).max(128),
  agentId: z.string().min(1).max(64),
  url: z.string().regex(/^https?:\/\/.+/),
  events: z.array(z.string()).min(1),
  active: z.boolean().default(true),
});

/** Calls and webhooks of the REST API. */
export function createCallRoutes(world: World, rest: RestState): Router {
  const routes = Router();
  const record = (call: Parameters<typeof callRecord>[0]) => callRecord(call, world.switches);

  routes.post('/calls', (request, response) => {
    const body = NewCall.safeParse(request.body);
    if (!body.success) return sendError(world, request, response, 400);
    const { fromPhoneNumber, toPhoneNumber, agentId, dynamicVariables } = body.data;
    const call = newCall(world, {
      callType: 'outbound',
      agentId: agentId ?? String(rest.phoneNumbers.get(fromPhoneNumber)?.outboundAgentId ?? 'agent_simulated'),
      customer: toPhoneNumber,
      ownNumber: fromPhoneNumber,
      variables: Object.fromEntries(Object.entries(dynamicVariables).map(([name, value]) => [name, String(value)])),
    });
    world.calls.set(call.callId, call);
    note(world, 'dialled', call.callId, '', 'api');
    inBackground(world, () => converse(world, call, undefined));
    response.json(record(call));
  });
  routes.get('/calls', (request, response) => {
    const wanted = statusOf(request.query.status);
    const rows = [...world.calls.values()].filter(({ status }) => !wanted || statusOf(status) === wanted);
    response.json(page(request, rows.map(record)));
  });
  routes.get('/calls/:id', (request, response) => {
    const call = world.calls.get(request.params.id);
    return call ? response.json(record(call)) : sendError(world, request, response, 404);
  });
  routes.delete('/calls/:id', (request, response) => {
    const isThere = world.calls.delete(request.params.id);
    return isThere ? response.status(204).end() : sendError(world, request, response, 404);
  });

  routes.post('/webhooks', (request, response) => {
    const body = WebhookBody.safeParse(request.body);
    if (!body.success) return sendError(world, request, response, 400);
    response.json(showWebhook(world, addWebhook(world, body.data)));
  });
  routes.get('/webhooks', (request, response) => {
    const isActive = request.query.active !== 'false';
    const { agentId } = request.query;
    const rows = [...world.webhooks.values()].filter(
      (webhook) => webhook.active === isActive && (!agentId || webhook.agentId === agentId),
    );
    response.json(
      page(
        request,
        rows.map((webhook) => showWebhook(world, webhook)),
      ),
    );
  });
  routes.get('/webhooks/:id', (request, response) => {
    const webhook = world.webhooks.get(request.params.id);
    return webhook ? response.json(showWebhook(world, webhook)) : sendError(world, request, response, 404);
  });
  // ASSUMPTION: no page on changing a webhook was found.
  routes.patch('/webhooks/:id', (request, response) => {
    const webhook = world.webhooks.get(request.params.id);
    const change = WebhookBody.omit({ agentId: true }).partial().safeParse(request.body);
    if (!webhook) return sendError(world, request, response, 404);
    if (!change.success) return sendError(world, request, response, 400);
    response.json(showWebhook(world, Object.assign(webhook, change.data)));
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

/** One page; `page` counts from zero. */
export function page(request: Request, rows: readonly unknown[]): Row {
  const number = Math.max(0, Number(request.query.page ?? 0) || 0);
  const size = Math.max(1, Number(request.query.size ?? 10) || 10);
  const totalPages = Math.ceil(rows.length / size);
  return {
    data: rows.slice(number * size, (number + 1) * size),
    page: number,
    size,
    totalCount: rows.length,
    totalPages,
    hasNext: number + 1 < totalPages,
    hasPrevious: number > 0,
  };
}

const errorTitles: Record<number, string> = { 400: 'Bad Request', 401: 'Unauthorized', 404: 'Not Found' };

/** The platform's error shape, without a code. */
export function sendError(world: World, request: Request, response: Response, status: number): void {
  const error = errorTitles[status] ?? 'Service Unavailable';
  const path = request.originalUrl.split('?')[0];
  response.status(status).json({ error, message: error, path, status, timestamp: instant(world) });
}

function showWebhook(world: World, webhook: SimWebhook): Row {
  const events = world.switches.eventsAsString ? webhook.events.join(',') : webhook.events;
  return { workspaceId, ...webhook, events };
}

/** The guide asks for `completed` where the record says `ended`. */
function statusOf(status: unknown): string {
  const text = typeof status === 'string' ? status.toLowerCase().replaceAll('_', '-') : '';
  return text === 'completed' ? 'ended' : text;
}

import { Router } from 'express';
import { z } from 'zod';
import { instant, newSimId, type World } from '../world.ts';
import { keepRoutes } from './keep-routes.ts';
import { type RestState, type Row, sendError } from './state.ts';
import { createToolRoutes } from './tools.ts';

const Pairs = z.array(z.object({ key: z.string(), value: z.string() }));
const Integration = z.object({
  name: z
    .string()
    .max(128)
    .regex(/^[a-z]+(_[a-z]+)*$/),
  description: z.string().default(''),
});
const Auth = z.object({
  authType: z.enum(['NO_AUTH', 'BASIC_AUTH', 'BEARER_TOKEN', 'API_KEY']),
  token: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  apiKey: z.object({ key: z.string(), value: z.string(), position: z.string() }).optional(),
  headers: Pairs.default([]),
});
export type Auth = z.infer<typeof Auth>;
export type SimAuth = Auth & { authId: string; integrationId: string };

/** Integrations, how they prove themselves, and their tools. Secrets are not told back. */
export function createIntegrationRoutes(world: World, rest: RestState): Router {
  const routes = Router();
  const { auths } = rest;

  routes.post('/integrations', (request, response) => {
    const fields = Integration.safeParse(request.body);
    if (!fields.success) return sendError(world, request, response, 400);
    const at = { createdAt: instant(world), updatedAt: instant(world) };
    const row = { integrationId: newSimId('intg'), ...fields.data, ...at };
    rest.integrations.set(row.integrationId, row);
    response.json(row);
  });
  keepRoutes(world, routes, 'integrations', rest.integrations, {
    show: (row) => showIntegration(rest, row),
    isListed: () => world.switches.integrationsListed,
    canDelete: () => world.switches.integrationsCanBeDeleted,
  });

  routes.post('/integrations/:id/auth', (request, response) => {
    const auth = Auth.safeParse(request.body);
    if (!auth.success || !rest.integrations.has(request.params.id)) return sendError(world, request, response, 400);
    const authId = newSimId('auth');
    auths.set(authId, { ...auth.data, authId, integrationId: request.params.id });
    const { authType, headers } = auth.data;
    response.json({ authId, integrationId: request.params.id, authType, headers });
  });
  routes.get('/integrations/:id/auth/:authId', (request, response) => {
    const auth = auths.get(request.params.authId);
    if (!auth) return sendError(world, request, response, 404);
    const { authType, headers } = auth;
    response.json({ authId: request.params.authId, integrationId: request.params.id, authType, headers });
  });
  routes.use(createToolRoutes(world, rest));
  return routes;
}

/** With its newest authentication, and its tools in full. */
function showIntegration({ auths, tools }: RestState, row: Row): Row {
  const isOwn = ({ integrationId }: { integrationId: string }) => integrationId === row.integrationId;
  const auth = [...auths.values()].filter(isOwn).at(-1);
  const { authId, authType, headers } = auth ?? {};
  return {
    ...row,
    authentication: auth ? { authId, authType, headers } : null,
    tools: [...tools.values()].filter(isOwn),
  };
}

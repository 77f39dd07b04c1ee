import { Router } from 'express';
import { z } from 'zod';
import { type Answer, isGood, limit, objectOf, request as send } from '../request.ts';
import { instant, newSimId, type World } from '../world.ts';
import type { Auth } from './integrations.ts';
import { type RestState, sendError } from './state.ts';

const Pairs = z.array(z.object({ key: z.string(), value: z.string() }));
const Tool = z.object({
  name: z.string().max(128),
  description: z.string().max(1024).default(''),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string().max(1024),
  headers: Pairs.default([]),
  queryParams: Pairs.default([]),
  bodyParams: z.record(z.string(), z.string()).default({}),
});
type Tool = z.infer<typeof Tool>;
const Change = z
  .object({ ...Tool.omit({ url: true }).shape, endpoint: z.string(), accessType: z.enum(['local', 'community']) })
  .partial();
const Run = z.object({ placeholders: z.record(z.string(), z.string()).default({}), authId: z.string().optional() });

export type SimTool = Tool & { integrationId: string; toolId: string; scope: string };

/** Tools of an integration; a try-out calls their URL for real. */
export function createToolRoutes(world: World, rest: RestState): Router {
  const routes = Router();
  const { auths, tools } = rest;

  routes.post('/integrations/:id/tools', (request, response) => {
    const tool = Tool.safeParse(request.body);
    if (!tool.success || !rest.integrations.has(request.params.id)) return sendError(world, request, response, 400);
    const row = { ...tool.data, toolId: newSimId('tool'), integrationId: request.params.id, scope: 'local' };
    tools.set(row.toolId, row);
    response.json({ ...row, createdAt: instant(world), updatedAt: instant(world) });
  });
  routes.get('/integrations/:id/tools/:toolId', (request, response) => {
    const tool = tools.get(request.params.toolId);
    return tool ? response.json(tool) : sendError(world, request, response, 404);
  });
  // A change says `endpoint` and `accessType` where everything else says `url` and `scope`.
  routes.patch('/integrations/:id/tools/:toolId', (request, response) => {
    const tool = tools.get(request.params.toolId);
    const change = Change.safeParse(request.body);
    if (!tool || !change.success) return sendError(world, request, response, tool ? 400 : 404);
    const named = Object.fromEntries(
      Object.entries(change.data).filter(([name, value]) => name in request.body && value !== undefined),
    );
    const { endpoint, accessType, ...fields } = named;
    response.json(Object.assign(tool, fields, endpoint && { url: endpoint }, accessType && { scope: accessType }));
  });
  routes.delete('/integrations/:id/tools/:toolId', (request, response) => {
    if (!world.switches.integrationsCanBeDeleted) return sendError(world, request, response, 405);
    return tools.delete(request.params.toolId) ? response.status(204).end() : sendError(world, request, response, 404);
  });
  routes.post('/integrations/:id/tools/:toolId/execute', async (request, response) => {
    const tool = tools.get(request.params.toolId);
    const run = Run.safeParse(request.body);
    if (!tool || !run.success) return sendError(world, request, response, tool ? 400 : 404);
    const startedAt = world.clock.now();
    const auth = run.data.authId ? auths.get(run.data.authId) : undefined;
    const answer = await execute(world, tool, auth, run.data.placeholders);
    response.json({
      toolId: tool.toolId,
      integrationId: tool.integrationId,
      url: tool.url,
      method: tool.method,
      statusCode: answer.status,
      success: isGood(answer),
      responseBody: objectOf(answer.body),
      responseHeaders: {},
      errorMessage: answer.status === 0 ? 'no answer' : null,
      durationMs: world.clock.now() - startedAt,
      executedAt: instant(world),
    });
  });
  return routes;
}

/** Fills the tool's templates and calls it for real. A variable that is not defined is an empty text. */
async function execute(
  world: World,
  tool: Tool,
  auth: Auth | undefined,
  placeholders: Readonly<Record<string, string>>,
): Promise<Answer> {
  const render = (text: string) =>
    text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => placeholders[name] ?? '');
  const url = new URL(render(tool.url));
  for (const { key, value } of tool.queryParams) url.searchParams.append(key, render(value));
  const headers: Record<string, string> = {};
  for (const { key, value } of [...tool.headers, ...(auth?.headers ?? [])]) headers[key.toLowerCase()] = render(value);
  if (auth?.authType === 'BEARER_TOKEN') headers.authorization = `Bearer ${auth.token}`;
  if (auth?.authType === 'API_KEY' && auth.apiKey) {
    if (auth.apiKey.position === 'header') headers[auth.apiKey.key.toLowerCase()] = auth.apiKey.value;
    else url.searchParams.append(auth.apiKey.key, auth.apiKey.value);
  }
  if (auth?.authType === 'BASIC_AUTH') {
    headers.authorization = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  }
  const body = Object.fromEntries(Object.entries(tool.bodyParams).map(([key, value]) => [key, render(value)]));
  return send(tool.method, url.href, {
    headers,
    signal: limit(world.signal, 10_000),
    ...(tool.method !== 'GET' && { body: JSON.stringify(body) }),
  });
}

import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { isGood, limit, objectOf, request as send } from './request.ts';
import { addWebhook, page, type RestState, type Row, sendError } from './rest.ts';
import { instant, newSimId, note, randomText, type World } from './world.ts';

const Fields = z.record(z.string(), z.unknown());
const AgentWebhooks = z
  .object({
    agentSettings: z.object({
      webhooks: z.array(z.object({ name: z.string(), url: z.string(), events: z.array(z.string()) })),
    }),
  })
  .transform(({ agentSettings }) => agentSettings.webhooks);
const Auth = z.object({
  authType: z.enum(['NO_AUTH', 'BASIC_AUTH', 'BEARER_TOKEN', 'API_KEY']),
  token: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  apiKey: z.object({ key: z.string(), value: z.string(), position: z.string() }).optional(),
  headers: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});
const Tool = z.object({
  name: z.string().max(128),
  description: z.string().max(1024).default(''),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.string().max(1024),
  headers: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
  queryParams: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
  bodyParams: z.record(z.string(), z.string()).default({}),
});

/** Phone numbers, agents, integrations with their auth and tools. */
export function createResourceRoutes(world: World, rest: RestState): Router {
  const routes = Router();
  const refuse = (request: Request, response: Response, status: number) => sendError(world, request, response, status);
  const auths = new Map<string, z.infer<typeof Auth>>();
  const tools = new Map<string, z.infer<typeof Tool> & { integrationId: string; toolId: string }>();

  function addNumber(request: Request, response: Response, provider: string) {
    const fields = Fields.safeParse(request.body).data ?? {};
    const number =
      fields.phoneNumber ?? (fields.countryCode ? `+1${fields.areaCode ?? 415}5550${randomDigits(3)}` : '');
    if (typeof number !== 'string' || !/^\+[1-9][0-9]{6,14}$/.test(number)) return refuse(request, response, 400);
    const { phoneNumber: _, trunkUsername: _user, trunkPassword: _password, ...shown } = fields;
    const row = {
      inboundAgentId: null,
      outboundAgentId: null,
      ...shown,
      sipPhoneNumber: number,
      provider,
      active: true,
    };
    rest.phoneNumbers.set(number, row);
    note(world, 'number-added', number, provider, 'api');
    response.json(row);
  }
  routes.post('/phone-numbers', (request, response) => addNumber(request, response, 'twilio'));
  routes.post('/phone-numbers/import', (request, response) => addNumber(request, response, 'byo'));
  keep(routes, 'phone-numbers', rest.phoneNumbers);

  routes.post('/agents', (request, response) => {
    const agentId = newSimId('agent');
    const row = { agentId, status: 'Live', ...Fields.safeParse(request.body).data };
    rest.agents.set(agentId, row);
    const webhooks = AgentWebhooks.safeParse(request.body).data ?? [];
    for (const webhook of webhooks) addWebhook(world, { ...webhook, agentId, active: true });
    response.json(row);
  });
  keep(routes, 'agents', rest.agents);

  routes.post('/integrations', (request, response) => {
    const body = z.object({ name: z.string().regex(/^[a-z]+(_[a-z]+)*$/), description: z.string().default('') });
    const fields = body.safeParse(request.body);
    if (!fields.success) return refuse(request, response, 400);
    const row = {
      integrationId: newSimId('intg'),
      ...fields.data,
      createdAt: instant(world),
      updatedAt: instant(world),
    };
    rest.integrations.set(row.integrationId, row);
    response.json(row);
  });
  keep(routes, 'integrations', rest.integrations);

  routes.post('/integrations/:id/auth', (request, response) => {
    const auth = Auth.safeParse(request.body);
    if (!auth.success || !rest.integrations.has(request.params.id)) return refuse(request, response, 400);
    const authId = newSimId('auth');
    auths.set(authId, auth.data);
    const { authType, headers } = auth.data;
    response.json({ authId, integrationId: request.params.id, authType, headers });
  });
  routes.get('/integrations/:id/auth/:authId', (request, response) => {
    const auth = auths.get(request.params.authId);
    if (!auth) return refuse(request, response, 404);
    const { authType, headers } = auth;
    response.json({ authId: request.params.authId, integrationId: request.params.id, authType, headers });
  });

  routes.post('/integrations/:id/tools', (request, response) => {
    const tool = Tool.safeParse(request.body);
    if (!tool.success || !rest.integrations.has(request.params.id)) return refuse(request, response, 400);
    const row = { ...tool.data, toolId: newSimId('tool'), integrationId: request.params.id };
    tools.set(row.toolId, row);
    response.json({ ...row, scope: 'local', createdAt: instant(world), updatedAt: instant(world) });
  });
  routes.get('/integrations/:id/tools/:toolId', (request, response) => {
    const tool = tools.get(request.params.toolId);
    return tool ? response.json({ ...tool, scope: 'local' }) : refuse(request, response, 404);
  });
  // A change says `endpoint` where everything else says `url`.
  routes.patch('/integrations/:id/tools/:toolId', (request, response) => {
    const tool = tools.get(request.params.toolId);
    const change = Tool.omit({ url: true })
      .partial()
      .extend({ endpoint: z.string().optional() })
      .safeParse(request.body);
    if (!tool || !change.success) return refuse(request, response, tool ? 400 : 404);
    const { endpoint, ...fields } = change.data;
    response.json({ ...Object.assign(tool, fields, endpoint && { url: endpoint }), scope: 'local' });
  });
  routes.post('/integrations/:id/tools/:toolId/execute', async (request, response) => {
    const tool = tools.get(request.params.toolId);
    const run = z
      .object({ placeholders: z.record(z.string(), z.string()).default({}), authId: z.string().optional() })
      .safeParse(request.body);
    if (!tool || !run.success) return refuse(request, response, tool ? 400 : 404);
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

  /** List, read, change and delete, which are alike for every resource. */
  function keep(router: Router, name: string, rows: Map<string, Row>): void {
    router.get(`/${name}`, (request, response) => {
      response.json(page(request, [...rows.values()]));
    });
    router.get(`/${name}/:id`, (request, response) => {
      const row = rows.get(request.params.id);
      return row ? response.json(row) : refuse(request, response, 404);
    });
    router.patch(`/${name}/:id`, (request, response) => {
      const row = rows.get(request.params.id);
      if (!row) return refuse(request, response, 404);
      note(world, `${name}-changed`, request.params.id, '', 'api');
      // A change of a number writes `terminationSipUri` where its import writes `terminationSipURI`.
      const { terminationSipUri: sipUri, ...change } = Fields.safeParse(request.body).data ?? {};
      response.json(Object.assign(row, change, sipUri !== undefined && { terminationSipURI: sipUri }));
    });
    router.delete(`/${name}/:id`, (request, response) => {
      return rows.delete(request.params.id) ? response.status(204).end() : refuse(request, response, 404);
    });
  }
}

/** Renders the tool's templates and calls it for real. */
async function execute(
  world: World,
  tool: z.infer<typeof Tool>,
  auth: z.infer<typeof Auth> | undefined,
  placeholders: Readonly<Record<string, string>>,
) {
  const render = (text: string) =>
    text.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, name: string) => placeholders[name] ?? '');
  const url = new URL(render(tool.url));
  for (const { key, value } of tool.queryParams) url.searchParams.append(key, render(value));
  const headers: Record<string, string> = {};
  for (const { key, value } of [...tool.headers, ...(auth?.headers ?? [])]) headers[key.toLowerCase()] = render(value);
  if (auth?.authType === 'BEARER_TOKEN') headers.authorization = `Bearer ${auth.token}`;
  if (auth?.authType === 'API_KEY' && auth.apiKey) headers[auth.apiKey.key.toLowerCase()] = auth.apiKey.value;
  if (auth?.authType === 'BASIC_AUTH') {
    headers.authorization = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  }
  const body = Object.fromEntries(Object.entries(tool.bodyParams).map(([key, value]) => [key, render(value)]));
  const hasBody = tool.method !== 'GET';
  return send(tool.method, url.href, {
    headers,
    signal: limit(world.signal, 10_000),
    ...(hasBody && { body: JSON.stringify(body) }),
  });
}

function randomDigits(count: number): string {
  return randomText(count * 4)
    .replace(/\D/g, '')
    .padEnd(count, '7')
    .slice(0, count);
}

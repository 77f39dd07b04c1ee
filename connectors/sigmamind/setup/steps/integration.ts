import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { Tool } from '../../api/tools.ts';
import { type ToolDefinition, toolDefinitions } from '../../tools.ts';
import { type IntegrationSighting, integrationById, integrationName, toolsBase } from '../find-integration.ts';
import { lookAtSite, type SeenIntegration, type SetupDeps } from '../seen-site.ts';
import { change, hasNoWay, textOf } from './change.ts';

const menu = 'dashboard → Integrations';
const description = 'Tells Patchbay how a call ends, and asks it about the customer.';

/** The integration with the five tools, and the key that they carry. */
export function integrationStep(setup: SetupDeps): SetupStep {
  const { id, deps } = setup;
  return {
    id: 'integration',
    title: 'Make the tools by which the agents tell the outcome',
    kind: 'api',
    phase: 'platform',
    checks: ['tools.known', 'tools.auth', 'tools.self-test'],
    describe: () =>
      [
        `Dashboard → Integrations: one called \`${integrationName}\`, authentication Bearer Token with the key in \`platforms.${id}.toolsKey\`, and in it:`,
        '',
        '| Tool | Method and URL |',
        '| --- | --- |',
        ...toolDefinitions(id, deps.publicUrl).map(({ name, method, url }) => `| ${name} | ${method} ${url} |`),
        '',
        `Descriptions and bodies as \`npx patchbay ${id} tools\` prints them. If the doctor can't find the integration, write its ID into \`platforms.${id}.integrationIds\`.`,
      ].join('\n'),
    plan: () => planIntegration(setup),
    apply: (run) => applyIntegration(setup, run),
    undo: (made) => (textOf(made, 'tool') ? undoTool(setup, made) : undoIntegration(setup, made)),
  };
}

async function planIntegration(setup: SetupDeps): Promise<PlannedChange[]> {
  const what = `integration ${integrationName}`;
  const { id, config } = setup;
  const found = await lookAtSite(setup).integration();
  if (found.kind !== 'found') {
    const obstacle = obstacleOf(setup, found);
    if (obstacle) return [{ what, state: 'blocked', detail: obstacle }];
    const hidden =
      found.kind === 'hidden'
        ? `. ${found.why}: if there is one already, set \`platforms.${id}.integrationIds\` first`
        : '';
    return [{ what, state: 'missing', detail: `made with a bearer token and five tools${hidden}` }];
  }
  const { integration } = found;
  const type = integration.authentication?.authType ?? '';
  const hasAuth = type !== '' && type !== 'NO_AUTH';
  const noKey = `set \`platforms.${id}.toolsKey\` to the key of a client that \`may: [tools]\``;
  const auth: PlannedChange = {
    what: `authentication of ${integration.name}`,
    state: hasAuth ? 'there' : config.toolsKey ? 'missing' : 'blocked',
    detail: hasAuth ? type : config.toolsKey ? 'BEARER_TOKEN' : noKey,
  };
  const tools = toolDefinitions(id, setup.deps.publicUrl).map((wanted): PlannedChange => {
    const tool = integration.toolsSeen.find(({ name }) => name === wanted.name);
    const name = `tool ${wanted.name}`;
    if (!tool) return { what: name, state: 'missing', detail: `POST ${wanted.url}` };
    if (isAsWanted(tool, wanted)) return { what: name, state: 'there', detail: wanted.url };
    return {
      what: name,
      state: 'differs',
      detail: `${tool.method} ${tool.url} → POST ${wanted.url}, body and description as ours`,
    };
  });
  return [{ what, state: 'there', detail: integration.integrationId }, auth, ...tools];
}

function obstacleOf({ id, config }: SetupDeps, found: IntegrationSighting): string {
  if (found.kind === 'missing' && found.namesake) {
    return `the tools of the integration ${integrationName} (${found.namesake}) have another address: if that was this site's, set \`platforms.${id}.integrationIds\` to [${found.namesake}]; if it is another site's, make one of another name by hand, and set its ID there`;
  }
  return config.toolsKey
    ? ''
    : `set \`platforms.${id}.toolsKey\` to the key of a client that \`may: [tools]\` (npx patchbay key)`;
}

async function applyIntegration(setup: SetupDeps, run: SetupRun): Promise<void> {
  const { id, config, api, deps } = setup;
  const found = await lookAtSite(setup).integration();
  const wanted = toolDefinitions(id, deps.publicUrl);
  if (found.kind !== 'found') {
    const { toolsKey } = config;
    if (obstacleOf(setup, found) || !toolsKey) return;
    // Its authentication and tools go with it: they need no note of their own.
    const { integrationId } = await change(
      run,
      `integration ${integrationName}`,
      {},
      () => api.createIntegration({ name: integrationName, description }),
      (made) => ({ integrationId: made.integrationId }),
    );
    // No secret, but the one place from which a later run knows it, and undo takes it out again.
    const name = `${id}_integration_id`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
    await run.keepSecret({ name, value: integrationId, list: ['integrationIds'] });
    await api.createAuth(integrationId, { authType: 'BEARER_TOKEN', token: toolsKey });
    for (const tool of wanted) await api.createTool(integrationId, tool);
    return;
  }
  await complete(setup, run, found.integration, wanted);
}

async function complete(
  { config, api }: SetupDeps,
  run: SetupRun,
  { integrationId, authentication, toolsSeen }: SeenIntegration,
  wanted: readonly ToolDefinition[],
): Promise<void> {
  const type = authentication?.authType ?? '';
  const { toolsKey } = config;
  if ((type === '' || type === 'NO_AUTH') && toolsKey) {
    await change(run, `authentication of ${integrationName}`, { integrationId, tool: 'authentication' }, () =>
      api.createAuth(integrationId, { authType: 'BEARER_TOKEN', token: toolsKey }),
    );
  }
  for (const definition of wanted) {
    const { name } = definition;
    const present = toolsSeen.find((tool) => tool.name === name);
    if (!present) {
      await change(
        run,
        `tool ${name}`,
        { integrationId, tool: name },
        () => api.createTool(integrationId, definition),
        ({ toolId }) => ({ toolId }),
      );
    } else if (!isAsWanted(present, definition)) {
      const { toolId, url, method, description: text, bodyParams } = present;
      const before = { url, method, description: text, bodyParams };
      // Headers are left as they are: what they hold is not noted, so it could not be given back.
      await change(run, `tool ${name}`, { integrationId, tool: name, toolId, before }, () =>
        api.updateTool(integrationId, toolId, comparedParts(definition)),
      );
    }
  }
}

async function undoIntegration(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const { api } = setup;
  const kept = textOf(made, 'integrationId');
  // Without an ID a crash came between: what stands there under our name is what was made.
  const found = kept ? null : await lookAtSite(setup).integration();
  const byHand = { kind: 'by-hand', what: `${menu} → ${integrationName}: delete it` } as const;
  if (found?.kind === 'hidden') return byHand;
  const integration = kept ? await integrationById(api, kept) : found?.kind === 'found' ? found.integration : null;
  if (!integration) return { kind: 'gone' };
  const base = toolsBase(setup.id, setup.deps.publicUrl);
  const alien = integration.toolsSeen.filter(({ url }) => !url.startsWith(base));
  if (integration.name !== integrationName || integration.description !== description || alien.length > 0) {
    return { kind: 'changed', why: `integration ${integration.name} has another name, or tools that are not ours` };
  }
  await api.deleteIntegration(integration.integrationId).catch(hasNoWay);
  const isGone = (await api.getIntegration(integration.integrationId)) === null;
  return isGone ? { kind: 'undone' } : byHand;
}

async function undoTool(setup: SetupDeps, made: MadeThing): Promise<UndoAnswer> {
  const { api } = setup;
  const [integrationId = '', name = '', toolId = ''] = ['integrationId', 'tool', 'toolId'].map((key) =>
    textOf(made, key),
  );
  const integration = await api.getIntegration(integrationId);
  if (!integration) return { kind: 'gone' };
  if (name === 'authentication')
    return { kind: 'by-hand', what: `${menu} → ${integration.name} → Authentication: No Auth` };
  const seen = await Promise.all(integration.tools.map((each) => api.getTool(integrationId, each)));
  const tool = seen.find((each) => (toolId ? each?.toolId === toolId : each?.name === name));
  if (!tool) return { kind: 'gone' };
  const wanted = toolDefinitions(setup.id, setup.deps.publicUrl).find((each) => each.name === name);
  if (!wanted || !isAsWanted(tool, wanted)) return { kind: 'changed', why: `tool ${name} is another one now` };
  const before = made.undoData.before as Partial<ToolDefinition> | undefined;
  if (before) {
    await api.updateTool(integrationId, tool.toolId, before);
    return { kind: 'undone' };
  }
  await api.deleteTool(integrationId, tool.toolId).catch(hasNoWay);
  const isGone = (await api.getTool(integrationId, tool.toolId)) === null;
  return isGone ? { kind: 'undone' } : { kind: 'by-hand', what: `${menu} → ${integration.name} → ${name}: delete it` };
}

function comparedParts({ url, method, description: text, bodyParams }: ToolDefinition) {
  return { url, method, description: text, bodyParams };
}

function isAsWanted(tool: Tool, { url, method, bodyParams, description: text }: ToolDefinition): boolean {
  const isBody = Object.entries(bodyParams).every(([key, value]) => tool.bodyParams[key] === value);
  return tool.url === url && tool.method.toUpperCase() === method && tool.description === text && isBody;
}

import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import type { Tool } from '../../api/tools.ts';
import { type ToolDefinition, toolDefinitions } from '../../tools.ts';
import { fail, listed, looked, ok, unknown } from '../check-results.ts';
import { nameOfAgent, type SeenIntegration, type SeenSite } from '../seen-site.ts';

const menu = 'Dashboard → Integrations';
const apply = 'npx patchbay setup --apply';

export function toolChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'tools.known',
      title: "The agents' five tools point to us",
      looksAt: 'GET /v1/integrations/{id} and its tools: url, method, bodyParams',
      needs: ['api.key'],
      run: () => looked(() => checkKnown(site)),
    },
    {
      id: 'tools.auth',
      title: 'The tools prove themselves with a key of ours',
      looksAt: 'GET /v1/integrations/{id}: authentication.authType',
      needs: ['tools.known'],
      run: () => looked(() => checkAuth(site)),
    },
    {
      id: 'tools.attached',
      title: 'Each agent has the tool that commits the outcome',
      looksAt: 'GET /v1/agents/{agentId}: tools',
      needs: ['tools.known', 'agents.known'],
      run: () => looked(() => checkAttached(site)),
    },
  ];
}

async function checkKnown(site: SeenSite): Promise<CheckResult> {
  const why = 'Without them the agent can not tell how the call ends while the dialer still waits for it.';
  const seen = await site.integration();
  if (seen.kind === 'hidden') {
    return unknown(
      seen.why,
      why,
      `Write the ID of the integration into \`platforms.${site.id}.integrationIds\`: ${menu} → the integration; the ID is in the address of the page.`,
    );
  }
  if (seen.kind === 'missing') return fail(seen.why, why, `Make it: ${apply}. By hand: npx patchbay ${site.id} tools`);
  const { integration } = seen;
  const faults = toolDefinitions(site.id, site.deps.publicUrl).flatMap((wanted) => faultOf(integration, wanted));
  if (faults.length > 0) {
    return fail(
      `integration ${integration.name}: ${faults.join('; ')}`,
      why,
      `${menu} → ${integration.name} → the tool: enter what \`npx patchbay ${site.id} tools\` prints. Or run: ${apply}`,
    );
  }
  return ok(`integration ${integration.name} (${integration.integrationId}) has all five`);
}

function faultOf({ toolsSeen }: SeenIntegration, wanted: ToolDefinition): string[] {
  const tool = toolsSeen.find(({ name }) => name === wanted.name);
  if (!tool) return [`${wanted.name} is missing`];
  if (tool.url !== wanted.url) return [`${wanted.name} calls ${tool.url}, not ${wanted.url}`];
  if (tool.method.toUpperCase() !== wanted.method) return [`${wanted.name} uses ${tool.method}, not ${wanted.method}`];
  const absent = Object.keys(wanted.bodyParams).filter((key) => !Object.hasOwn(tool.bodyParams, key));
  if (absent.length > 0) return [`${wanted.name} sends no ${listed(absent)}`];
  const isNamed = tool.bodyParams.correlation_id?.replace(/\s/g, '') === '{{correlation_id}}';
  return isNamed ? [] : [`${wanted.name} sends ${tool.bodyParams.correlation_id || 'nothing'} as correlation_id`];
}

async function checkAuth(site: SeenSite): Promise<CheckResult> {
  const seen = await site.integration();
  if (seen.kind !== 'found') return unknown('there is no integration', '', '');
  const { name, authentication } = seen.integration;
  const type = authentication?.authType ?? '';
  if (['BEARER_TOKEN', 'API_KEY', 'BASIC_AUTH'].includes(type)) return ok(`${name}: ${type}`);
  return fail(
    `integration ${name} has ${type ? `the authentication ${type}` : 'no authentication'}`,
    'We take a tool call only with an API key of ours: each is answered with 401.',
    `${menu} → ${name} → Authentication: Bearer Token, the key of a client that \`may: [tools]\` (npx patchbay key).`,
  );
}

async function checkAttached(site: SeenSite): Promise<CheckResult> {
  const seen = await site.integration();
  const own = seen.kind === 'found' ? seen.integration.toolsSeen : [];
  const agents = await site.agents();
  const rows = agents.map((agent) => ({ agent, has: isAttached(agent.tools ?? [], own) }));
  const missing = rows.filter(({ has }) => !has).map(({ agent }) => nameOfAgent(agent));
  const where = (names: string) =>
    `Dashboard → Agents → ${names} → Add tool: choose commit_outcome (and the others that the agent shall have), and say in its instruction that it is called before every end or transfer.`;
  const why = 'A tool that is not attached is never called, however well it is set up.';
  if (missing.length === 0) return ok(listed(rows.map(({ agent }) => nameOfAgent(agent))));
  // Some show such a tool, so the API tells of them; where none does, it may not.
  if (missing.length < rows.length) {
    return fail(`${listed(missing)} does not have commit_outcome`, why, where(listed(missing)));
  }
  return unknown(
    `the API shows no such tool on ${listed(missing)}`,
    why,
    `Look yourself, as the API may not tell. ${where(listed(missing))}`,
  );
}

/** Under which key an attached tool is named is not documented: its ID or its name must stand somewhere in it. */
function isAttached(shown: readonly object[], own: readonly Tool[]): boolean {
  const commit = own.find(({ name }) => name === 'commit_outcome');
  return shown.some((entry) =>
    Object.values(entry).some((value) => value === 'commit_outcome' || (commit && value === commit.toolId)),
  );
}

import { ConnectorError } from '../../../src/domain/errors.ts';
import type { Integration } from '../api/integrations.ts';
import { allRows } from '../api/page.ts';
import type { Tool } from '../api/tools.ts';
import type { SeenIntegration, SetupDeps } from './seen-site.ts';

/**
 * `hidden`: nobody said which it is, and the platform lists none. `namesake`: ID of one with our name whose tools call
 * somebody else, such as another Patchbay of the same workspace.
 */
export type IntegrationSighting =
  | { kind: 'found'; integration: SeenIntegration }
  | { kind: 'missing'; why: string; namesake?: string }
  | { kind: 'hidden'; why: string };

/** Name that set-up gives it; the platform allows words of small letters with `_` between them. */
export const integrationName = 'patchbay';

/** The integration with our tools: the configured one, else the listed one whose tools have our address, or an empty one with our name. */
export async function findIntegration({
  id,
  config,
  api,
  deps,
}: Pick<SetupDeps, 'id' | 'config' | 'api'> & { deps: { publicUrl: string } }): Promise<IntegrationSighting> {
  for (const integrationId of config.integrationIds) {
    const integration = await integrationById(api, integrationId);
    if (integration) return { kind: 'found', integration };
  }
  const listed = await listOf(api);
  if (!listed && config.integrationIds.length > 0) {
    return { kind: 'missing', why: `there is no integration ${config.integrationIds.join(', ')}` };
  }
  if (!listed) return { kind: 'hidden', why: 'SigmaMind lists no integrations over its API' };
  const seen = await Promise.all(listed.map((integration) => withTools(api, integration)));
  const base = toolsBase(id, deps.publicUrl);
  const named = seen.find(({ name }) => name === integrationName);
  const own =
    seen.find(({ toolsSeen }) => toolsSeen.some(({ url }) => url.startsWith(base))) ??
    (named?.toolsSeen.length === 0 ? named : undefined);
  if (own) return { kind: 'found', integration: own };
  const why = `none of ${listed.length} integration(s) has tools with the address ${base}…`;
  return { kind: 'missing', why, ...(named && { namesake: named.integrationId }) };
}

/** Null when it is not there. */
export async function integrationById(api: SetupDeps['api'], integrationId: string): Promise<SeenIntegration | null> {
  const integration = await api.getIntegration(integrationId);
  return integration && withTools(api, integration);
}

export function toolsBase(id: string, publicUrl: string): string {
  return `${publicUrl}/v1/platforms/${id}/tools/`;
}

/** Null when the platform has no such list: an assumption of ours. */
async function listOf(api: SetupDeps['api']): Promise<Integration[] | null> {
  try {
    const rows = await allRows((query) => api.listIntegrations(query));
    // A list may tell less than the thing itself.
    const whole = await Promise.all(rows.map(({ integrationId }) => api.getIntegration(integrationId)));
    return whole.filter((integration) => integration !== null);
  } catch (error) {
    if (error instanceof ConnectorError && error.code === 'platform_refused') return null;
    throw error;
  }
}

async function withTools(api: SetupDeps['api'], integration: Integration): Promise<SeenIntegration> {
  const found = await Promise.all(integration.tools.map((toolId) => api.getTool(integration.integrationId, toolId)));
  const toolsSeen: Tool[] = found.filter((tool) => tool !== null);
  return { ...integration, toolsSeen };
}

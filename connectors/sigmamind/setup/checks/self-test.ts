import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';
import type { Tool, ToolRun } from '../../api/tools.ts';
import { toolDefinitions } from '../../tools.ts';
import { fail, listed, looked, ok, unknown } from '../check-results.ts';
import type { SeenSite } from '../seen-site.ts';

/** Can be no call's ID: our tools answer that they don't know it, and keep nothing. */
const noCall = '00000000000000';

export function selfTestChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'tools.self-test',
      title: 'SigmaMind reaches our tools, and they take its key',
      looksAt: 'POST /v1/integrations/{id}/tools/{toolId}/execute, with an ID that no call can have',
      needs: ['tools.auth'],
      run: () => looked(() => checkTools(site)),
    },
  ];
}

async function checkTools(site: SeenSite): Promise<CheckResult> {
  const seen = await site.integration();
  if (seen.kind !== 'found') return unknown('there is no integration', '', '');
  const { integrationId, authentication } = seen.integration;
  const own = ownTools(site, seen.integration.toolsSeen);
  const runs = await Promise.all(
    own.map(async (tool) => {
      const placeholders = placeholdersOf(tool);
      const authId = authentication?.authId;
      const run = await site.api
        .executeTool(integrationId, tool.toolId, { placeholders, ...(authId && { authId }) })
        .catch((error: unknown) => {
          if (error instanceof ConnectorError) return error;
          throw error;
        });
      return { tool, run };
    }),
  );
  const faults = runs.flatMap(({ tool, run }) => faultOf(site, tool, run));
  const [first] = faults;
  if (!first) return ok(`${listed(own.map(({ name }) => name))} answered`);
  return { ...first, found: faults.map(({ found }) => found).join('; ') };
}

/** What else the integration holds is not ours to call: nobody knows what it would do. */
function ownTools({ id, deps }: SeenSite, tools: readonly Tool[]): Tool[] {
  const wanted = toolDefinitions(id, deps.publicUrl);
  return tools.filter(({ name, url }) => wanted.some((own) => own.name === name && own.url === url));
}

/** Texts that mean nothing to us; the outcome is one that we know, or the operator would be shown an unknown one. */
function placeholdersOf({ bodyParams }: Tool): Record<string, string> {
  const names = Object.values(bodyParams).flatMap((text) =>
    [...text.matchAll(/\{\{\s*([\w-]+)\s*\}\}/g)].map(([, name = '']) => name),
  );
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  return { ...empty, correlation_id: noCall, outcome: 'unknown' };
}

function faultOf({ id, deps }: SeenSite, tool: Tool, run: ToolRun | ConnectorError): CheckResult[] {
  const why = 'The agent can not tell how a call ends.';
  if (run instanceof ConnectorError) {
    const fix = `Run the doctor again. If it lasts, SigmaMind may be waiting for ${deps.publicUrl}: see that it leads here from outside.`;
    return [unknown(`${tool.name}: ${messageOf(run)}`, why, fix)];
  }
  const { statusCode, errorMessage } = run;
  if (statusCode === 401 || statusCode === 403) {
    return [
      fail(
        `${tool.name} was answered with ${statusCode}`,
        `The key that SigmaMind sends is none of a client that may use tools. ${why}`,
        `Dashboard → Integrations → Authentication → Bearer Token: enter the key of a client that \`may: [tools]\`, the one in \`platforms.${id}.toolsKey\` (make one: npx patchbay key).`,
      ),
    ];
  }
  if (statusCode === 0) {
    return [
      fail(
        `SigmaMind got no answer from ${tool.url}${errorMessage ? ` (${errorMessage})` : ''}`,
        `SigmaMind calls our tools over the internet. ${why}`,
        `See that patchbay serve runs, and that ${deps.publicUrl} (\`server.publicUrl\`) leads to it from outside: DNS, firewall, certificate.`,
      ),
    ];
  }
  const isOurs = typeof run.responseBody === 'object' && run.responseBody !== null && 'ok' in run.responseBody;
  if (statusCode === 200 && isOurs) return [];
  return [
    fail(
      `${tool.name} was answered with ${statusCode}${isOurs ? '' : ', and not by Patchbay'}`,
      why,
      `See what answers at ${tool.url}: a proxy in front of Patchbay, or a service whose platform is not called ${id}.`,
    ),
  ];
}

import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { fail, listed, looked, ok, unknown, warn } from '../check-results.ts';
import { agentIdsOf, nameOfAgent, type SeenSite } from '../seen-site.ts';

/** Words of the platform for an agent that takes calls. */
const live = ['live', 'active', 'published'];
const unfinished = ['testing', 'draft', 'test', 'inactive', 'paused'];

export function agentChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'agents.known',
      title: 'The configured agents exist',
      looksAt: 'GET /v1/agents/{agentId}',
      needs: ['api.key'],
      run: () => looked(() => checkKnown(site)),
    },
    {
      id: 'agents.published',
      title: 'The agents are published',
      looksAt: 'GET /v1/agents/{agentId}: status',
      needs: ['agents.known'],
      run: () => looked(() => checkPublished(site)),
    },
  ];
}

async function checkKnown({ id, config, agents }: SeenSite): Promise<CheckResult> {
  const wanted = agentIdsOf(config);
  if (wanted.length === 0) {
    return unknown(
      'no agent is configured',
      'Which agents serve the dialers is not known, so nothing of them can be checked.',
      `Name each number and its agent in \`platforms.${id}.numbers\`, or run: npx patchbay setup`,
    );
  }
  const found = await agents();
  const missing = wanted.filter((agentId) => !found.some((agent) => agent.agentId === agentId));
  if (missing.length > 0) {
    return fail(
      `there is no agent ${listed(missing)} in this workspace`,
      'Its calls have nobody who answers.',
      `Correct \`agentId\` in \`platforms.${id}.numbers\` (or \`dialling\`): dashboard → Agents → the agent; its ID is in the address of the page. An ID of another workspace needs that workspace's API key.`,
    );
  }
  return ok(listed(found.map(nameOfAgent)));
}

async function checkPublished({ agents }: SeenSite): Promise<CheckResult> {
  const found = await agents();
  const shown = (some: typeof found) =>
    listed(some.map((agent) => `${nameOfAgent(agent)}: ${agent.status || 'no status'}`));
  const drafts = found.filter(({ status }) => unfinished.includes(status));
  const fix = (names: string) => `Dashboard → Agents → ${names} → Publish.`;
  if (drafts.length > 0) {
    return warn(
      shown(drafts),
      'Only a published agent is sure to answer, and with its newest prompt.',
      fix(listed(drafts.map(nameOfAgent))),
    );
  }
  const others = found.filter(({ status }) => !live.includes(status));
  if (others.length > 0) {
    return unknown(
      shown(others),
      'The API does not say whether the agent is published.',
      `Look yourself. ${fix(listed(others.map(nameOfAgent)))}`,
    );
  }
  return ok(shown(found));
}

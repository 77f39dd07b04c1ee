import type { AgentView, PlatformView, ViewReader } from '../../../src/domain/site-view.ts';
import type { Agent } from '../api/agents.ts';
import { variablesOf } from './prompt-texts.ts';
import { agentIdsOf, lookAtSite, type SeenSite, type SetupDeps } from './seen-site.ts';

const live = ['live', 'active', 'published'];
const unfinished = ['testing', 'draft', 'test', 'inactive', 'paused'];

/** What these see wrong is not to be told once more by a check across systems. */
const viewNeeds = ['number.registered', 'number.agent', 'prompt.correlation-id', 'prompt.variables'];

/** What SigmaMind holds of the way from the dialers to its agents, for checks across systems. */
export function viewReader(setup: SetupDeps): ViewReader<PlatformView> {
  return { needs: viewNeeds, read: () => readView(lookAtSite(setup)) };
}

async function readView(site: SeenSite): Promise<PlatformView> {
  const { config } = site;
  const numbers = await site.phoneNumbers();
  const answering = numbers.map(({ inboundAgentId }) => inboundAgentId).filter((agentId) => agentId !== '');
  const ids = [...new Set([...agentIdsOf(config), ...answering])];
  const agents = (await Promise.all(ids.map((agentId) => site.agent(agentId)))).filter((agent) => agent !== null);
  return {
    agents: agents.map(viewOf),
    numbers: numbers.map(({ sipPhoneNumber, active, inboundAgentId, terminationSipURI }) => ({
      number: sipPhoneNumber,
      isActive: active,
      agentId: inboundAgentId,
      terminationUri: terminationSipURI,
    })),
    concurrency: config.concurrency ?? null,
    sipHost: config.sip.host,
  };
}

/** Any agent may commit any outcome: neither analysis nor tools limit the words of the commit tool. */
function viewOf(agent: Agent): AgentView {
  const { agentId, agentName, status } = agent;
  const isPublished = live.includes(status) ? true : unfinished.includes(status) ? false : null;
  return { agentId, name: agentName || agentId, isPublished, variables: variablesOf(agent), outcomes: null };
}

import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { fail, listed, looked, ok, warn } from '../check-results.ts';
import { analysisOf, lacking, neededInsights } from '../insights.ts';
import { nameOfAgent, type SeenSite } from '../seen-site.ts';

export function analysisChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'analysis.fields',
      title: 'The analysis after the call has the fields that our rules read',
      looksAt: 'GET /v1/agents/{agentId}: agentSettings.enablePostConversationAnalysis, postConversationAnalysis',
      needs: ['agents.known'],
      run: () => looked(() => checkFields(site)),
    },
  ];
}

async function checkFields(site: SeenSite): Promise<CheckResult> {
  const needed = neededInsights(site.config.analysis);
  const needsOutcome = needed.some(({ use }) => use !== 'summary');
  const agents = await site.agents();
  const settings = (name: string) => `Dashboard → Agents → ${name} → Settings → Post-conversation analysis`;
  const apply = 'Or run: npx patchbay setup --apply';

  const off = agents.filter((agent) => !analysisOf(agent).isOn).map(nameOfAgent);
  if (off.length > 0) {
    const judge = needsOutcome ? fail : warn;
    const why = needsOutcome
      ? `No rule of \`platforms.${site.id}.analysis\` can hit: a call whose outcome the agent did not commit stays without one.`
      : 'No summary comes with a call whose outcome the agent did not commit.';
    return judge(`the analysis of ${listed(off)} is off`, why, `${settings(listed(off))}: switch it on. ${apply}`);
  }
  const faults = agents.flatMap((agent) =>
    lacking(analysisOf(agent), needed).map((lack) => ({ ...lack, agent: nameOfAgent(agent) })),
  );
  const [first] = [...faults].sort((a, b) => Number(a.insight.use === 'summary') - Number(b.insight.use === 'summary'));
  if (!first) return ok(`${listed(needed.map(({ name }) => name))} on ${agents.length} agent(s)`);

  const found = faults.map(({ agent, insight, isThere, missingOptions }) =>
    isThere
      ? `${insight.name} of ${agent} lacks the options ${listed(missingOptions)}`
      : `${agent} has no ${insight.name}`,
  );
  const { insight, agent } = first;
  const judge = insight.use === 'summary' ? warn : fail;
  return judge(
    found.join('; '),
    insight.use === 'summary'
      ? 'The summary of a call stays empty where the agent did not commit one.'
      : `Rules of \`platforms.${site.id}.analysis\` that read it never hit.`,
    `${settings(agent)}: ${insight.name}${insight.options.length > 0 ? `, options ${insight.options.join(', ')}` : ''}. ${apply}`,
  );
}

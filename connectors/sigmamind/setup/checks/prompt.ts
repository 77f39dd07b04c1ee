import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import type { Agent } from '../../api/agents.ts';
import { fail, listed, looked, ok, warn } from '../check-results.ts';
import { spellingFaults, textsOf, variablesOf } from '../prompt-texts.ts';
import { nameOfAgent, type SeenSite } from '../seen-site.ts';

const apply = 'Or run: npx patchbay setup --apply';

export function promptChecks(site: SeenSite): Check[] {
  return [
    {
      id: 'prompt.correlation-id',
      title: "Each agent's prompt names {{correlation_id}}",
      looksAt: 'GET /v1/agents/{agentId}: instructions, globalPrompt, welcomeMessage',
      // Misspelled, it is named but not seen: that is told once.
      needs: ['agents.known', 'prompt.variables'],
      run: () => looked(() => checkCorrelationId(site)),
    },
    {
      id: 'prompt.variables',
      title: 'Variables in the prompts are written as SigmaMind reads them',
      looksAt: 'GET /v1/agents/{agentId}: instructions, globalPrompt, welcomeMessage, tools',
      needs: ['agents.known'],
      run: () => looked(() => checkSpelling(site)),
    },
    {
      id: 'prompt.commit',
      title: "Each agent's prompt says that the outcome is committed before the call ends",
      looksAt: 'GET /v1/agents/{agentId}: instructions, globalPrompt',
      needs: ['agents.known'],
      run: () => looked(() => checkCommit(site)),
    },
  ];
}

async function checkCorrelationId({ agents }: SeenSite): Promise<CheckResult> {
  const found = await agents();
  const without = found.filter((agent) => !variablesOf(promptOnly(agent)).includes('correlation_id'));
  const names = listed(without.map(nameOfAgent));
  if (without.length === 0) return ok(`named in the prompt of ${listed(found.map(nameOfAgent))}`);
  return fail(
    `the prompt of ${names} does not name {{correlation_id}}`,
    'SigmaMind shows a variable of the call only where the prompt uses it: events and tools come without the ID by which we know the call.',
    `Dashboard → Agents → ${names} → Instructions: add the line "correlation_id: {{correlation_id}}". ${apply}`,
  );
}

async function checkSpelling({ agents }: SeenSite): Promise<CheckResult> {
  const found = await agents();
  const faults = found.flatMap((agent) =>
    spellingFaults(agent).map((fault) => ({ ...fault, agent: nameOfAgent(agent) })),
  );
  const [first] = faults;
  if (!first) {
    const used = [...new Set(found.flatMap(variablesOf))];
    return ok(used.length > 0 ? `used: ${used.join(', ')}` : 'no variable is used');
  }
  return fail(
    faults.map(({ what, agent }) => `${agent} has ${what}`).join('; '),
    'A header X-lead_id becomes the variable lead_id: without X-, small letters, _ for -. Anything else is empty when the agent speaks.',
    `Dashboard → Agents → ${first.agent} → Instructions: write ${first.instead}.`,
  );
}

async function checkCommit({ agents }: SeenSite): Promise<CheckResult> {
  const found = await agents();
  const without = found.filter((agent) => !wordsOf(agent).includes('commit_outcome'));
  const names = listed(without.map(nameOfAgent));
  const fix = `Dashboard → Agents → ${names} → Instructions: "Call commit_outcome, and wait for its result, before you end or transfer the call." ${apply}`;
  if (without.length > 0) {
    return fail(
      `the prompt of ${names} does not name the tool commit_outcome`,
      'An agent that is not told so ends the call without an outcome: the dialer has nothing to route by.',
      fix,
    );
  }
  const vague = found.filter((agent) => !/before|prior to/i.test(wordsOf(agent)));
  if (vague.length > 0) {
    return warn(
      `the prompt of ${listed(vague.map(nameOfAgent))} does not say that it comes before the end of the call`,
      'What is committed after the hang-up comes too late for the dialer.',
      `Dashboard → Agents → ${listed(vague.map(nameOfAgent))} → Instructions: "… before you end or transfer the call." ${apply}`,
    );
  }
  return ok(`said to ${listed(found.map(nameOfAgent))}`);
}

/** What tools carry is no reference in the prompt. */
function promptOnly(agent: Agent): Agent {
  return { ...agent, tools: null };
}

function wordsOf(agent: Agent): string {
  return textsOf(promptOnly(agent))
    .map(({ text }) => text)
    .join('\n');
}

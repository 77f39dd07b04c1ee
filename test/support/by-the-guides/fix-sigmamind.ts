import { sigmamindCast } from '../healthy/sigmamind.ts';
import { configureNamed, runNamed } from './commands.ts';
import type { ByTheGuides, Fix } from './site.ts';

type Agent = Record<string, unknown> & { agentId: string };

/** `Dashboard → System → Webhooks: agent …, the events …, the URL …<token>`. */
export const makeWebhook: Fix = async ({ sigmamind, raw, secrets }, text) => {
  const [, events = ''] = /the events ([\w, ]+), the URL/.exec(text) ?? [];
  const [, base = ''] = /the URL (\S+)<token>/.exec(text) ?? [];
  const { tokens = [] } = (raw.platforms.sigmamind?.webhook ?? {}) as { tokens?: string[] };
  for (const agentId of agentsIn(text)) {
    const webhook = { name: 'Patchbay', agentId, url: `${base}${tokens[0]}`, events: events.split(', ') };
    const { secret } = await sigmamind.ask('POST', '/v1/webhooks', webhook);
    secrets.push(String(secret));
  }
};

/** The secrets that SigmaMind showed, where the text says. */
export const keepSecrets: Fix = async (site, text) => configureNamed(site, text, [...site.secrets]);

/** An integration with the tools that the named command prints. */
export const makeTools: Fix = async (site, text) => {
  const { ask } = site.sigmamind;
  const { integrationId } = await ask('POST', '/v1/integrations', { name: 'patchbay', description: 'Patchbay' });
  for (const line of await runNamed(site, text, true)) {
    await ask('POST', `/v1/integrations/${integrationId}/tools`, JSON.parse(line) as object);
  }
};

/** `Authentication: Bearer Token, the key of a client …`. */
export const authenticate: Fix = async ({ sigmamind: { ask }, raw }, text) => {
  if (!text.includes('Authentication: Bearer Token')) throw new Error(`no authentication is named: ${text}`);
  const { data } = (await ask('GET', '/v1/integrations')) as { data: { integrationId: string }[] };
  const token = raw.platforms.sigmamind?.toolsKey;
  await ask('POST', `/v1/integrations/${data[0]?.integrationId}/auth`, { authType: 'BEARER_TOKEN', token });
};

/** `Dashboard → Agents → … → Add tool: choose commit_outcome`. */
export const attachTool: Fix = async (site, text) => {
  const [, name = ''] = /Add tool: choose (\w+)/.exec(text) ?? [];
  if (!name) throw new Error(`no tool is named: ${text}`);
  const { data } = (await site.sigmamind.ask('GET', '/v1/integrations')) as {
    data: { tools: { toolId: string; name: string }[] }[];
  };
  const tool = data.flatMap(({ tools }) => tools).find((each) => each.name === name);
  await changeAgents(site, text, ({ tools }) => ({
    tools: [...(tools as object[]), { type: 'integration_tool', toolId: tool?.toolId, name }],
  }));
};

/** `Voice Actions → End Call must be there`. */
export const giveEndCall: Fix = async (site, text) => {
  if (!text.includes('Voice Actions → End Call')) throw new Error(`no voice action is named: ${text}`);
  const endCall = { type: 'voice_end_call', description: 'when the conversation is over' };
  await changeAgents(site, text, ({ tools }) => ({ tools: [...(tools as object[]), endCall] }));
};

/** Adds the sentence that stands in quotes to the instructions. */
export const addSentence: Fix = async (site, text) => {
  const [, sentence = ''] = /Instructions:[^"]*"([^"]+)"/.exec(text) ?? [];
  if (!sentence) throw new Error(`no sentence is said: ${text}`);
  await changeAgents(site, text, ({ instructions }) => ({ instructions: `${instructions}\n${sentence}` }));
};

/** Uses the variable of the header that the text names in the prompt. */
export const useVariable: Fix = async (site, text) => {
  for (const [, agent = '', header = ''] of text.matchAll(
    /in the prompt of (\w+) at sigmamind, or take X-(\w+) out/g,
  )) {
    const id = `(${Reflect.get(sigmamindCast.agents, agent)})`;
    await changeAgents(site, id, ({ instructions }) => ({ instructions: `${instructions}\n${header}: {{${header}}}` }));
  }
};

/** `Settings → Post-conversation analysis`: switched on, or a field with its options. */
export const setAnalysis: Fix = async (site, text) => {
  const isSwitch = text.includes('switch it on');
  const [, insightName = '', options] = /analysis: ([a-z_ ]+)(?:, options ([^.]+))?\./.exec(text) ?? [];
  if (!isSwitch && !insightName) throw new Error(`no field is named: ${text}`);
  const insight = {
    insightName,
    insightInstructions: 'As the doctor says.',
    dataType: 'string',
    ...(options && { options: options.split(', ') }),
  };
  await changeAgents(site, text, ({ agentSettings }) => {
    const { postConversationAnalysis = [], ...settings } = agentSettings as { postConversationAnalysis?: object[] };
    const fields = isSwitch ? postConversationAnalysis : [...postConversationAnalysis, insight];
    return {
      agentSettings: { ...settings, enablePostConversationAnalysis: true, postConversationAnalysis: fields },
    };
  });
};

/** Those that a text names: `spring (agent_spring)`. */
function agentsIn(text: string): string[] {
  const named = [...text.matchAll(/\((agent_\w+)\)/g)].map(([, agentId = '']) => agentId);
  if (named.length === 0) throw new Error(`no agent is named: ${text}`);
  return [...new Set(named)];
}

async function changeAgents({ sigmamind }: ByTheGuides, text: string, how: (agent: Agent) => object): Promise<void> {
  for (const agentId of agentsIn(text)) {
    const agent = (await sigmamind.ask('GET', `/v1/agents/${agentId}`)) as Agent;
    await sigmamind.ask('PATCH', `/v1/agents/${agentId}`, how(agent));
  }
}

import type { RestState } from './state.ts';

/** Names of the variables that an agent's prompt and greeting use; null when there is no such agent. */
export function promptVariables({ agents }: Pick<RestState, 'agents'>, agentId: string): string[] | null {
  const agent = agents.get(agentId);
  if (!agent) return null;
  const { globalPrompt } = (agent.agentSettings ?? {}) as { globalPrompt?: unknown };
  const text = [agent.instructions, agent.welcomeMessage, globalPrompt]
    .filter((part) => typeof part === 'string')
    .join(' ');
  return [...text.matchAll(/\{\{\s*([\w-]+)\s*\}\}/g)].map(([, name = '']) => name);
}

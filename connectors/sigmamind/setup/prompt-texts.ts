import type { Agent } from '../api/agents.ts';

export interface VariableUse {
  /** As it stands between the braces, without blanks around it. */
  name: string;
  /** `instructions`, `welcome message`, `global prompt` or `tools`. */
  where: string;
}

const placeholder = /\{\{([^{}]*)\}\}/g;
/** Two braces on one side only, or one on both around what looks like a variable. */
const tornPlaceholder = /\{\{\s*[A-Za-z][\w-]*\s*\}?|\{?\s*[A-Za-z][\w-]*\s*\}\}|\{[a-z]+(?:_[a-z0-9]+)+\}/;

/** The texts of an agent in which variables can stand. */
export function textsOf(agent: Agent): { where: string; text: string }[] {
  const { globalPrompt } = agent.agentSettings ?? {};
  return [
    { where: 'instructions', text: agent.instructions },
    { where: 'welcome message', text: agent.welcomeMessage },
    { where: 'global prompt', text: typeof globalPrompt === 'string' ? globalPrompt : '' },
    { where: 'tools', text: (agent.tools ?? []).map((tool) => textsIn(tool).join('\n')).join('\n') },
  ].filter(({ text }) => text !== '');
}

/** Every `{{name}}` of an agent. */
export function variableUses(agent: Agent): VariableUse[] {
  return textsOf(agent).flatMap(({ where, text }) =>
    [...text.matchAll(placeholder)].map(([, name = '']) => ({ name: name.trim(), where })),
  );
}

/** Names of variables that are written as they must be, each once. */
export function variablesOf(agent: Agent): string[] {
  return [...new Set(variableUses(agent).map(({ name }) => name))].filter(isVariableName);
}

/** The variable that a SIP header becomes: `X-Customer-Type` is `customer_type`. */
export function variableOfHeader(header: string): string {
  return header.replace(/^x-/i, '').toLowerCase().replaceAll('-', '_');
}

export interface SpellingFault {
  what: string;
  instead: string;
}

/** What is wrong with how an agent's texts write variables. */
export function spellingFaults(agent: Agent): SpellingFault[] {
  const faults: SpellingFault[] = [];
  for (const { name, where } of variableUses(agent)) {
    if (isVariableName(name)) continue;
    const instead = variableOfHeader(name.replace(/[^A-Za-z0-9_-]+/g, '_')).replace(/^_+|_+$/g, '');
    faults.push({ what: `{{${name}}} in the ${where}`, instead: instead ? `{{${instead}}}` : 'nothing' });
  }
  for (const { where, text } of textsOf(agent)) {
    // The tools are data of the platform: single braces are its own.
    if (where === 'tools') continue;
    const [torn] = text.replaceAll(placeholder, '').match(tornPlaceholder) ?? [];
    if (torn) faults.push({ what: `${torn} in the ${where}`, instead: `{{${torn.replace(/[{}\s]/g, '')}}}` });
  }
  return faults;
}

function isVariableName(name: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(name);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}

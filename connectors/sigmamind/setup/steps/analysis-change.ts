import type { Agent } from '../../api/agents.ts';
import { snakeName } from '../../payload.ts';
import type { Insight, Lack, NeededInsight } from '../insights.ts';

/** How the analysis stands before a change and after it: whether it is on, and the fields concerned. */
export interface AnalysisChange {
  before: AnalysisState;
  after: AnalysisState;
  /** Names of the other fields: they need the analysis too. */
  beside?: readonly string[];
}

interface AnalysisState {
  isOn: boolean;
  /** By name; null where there is no such field. */
  insights: Readonly<Record<string, Row | null>>;
}

type Row = Readonly<Record<string, unknown>>;

/** What must become of an agent's analysis for it to lack nothing. */
export function changeOf(
  agent: Agent,
  lacks: readonly Lack[],
  instructionOf: (insight: NeededInsight) => string,
): AnalysisChange {
  const before: Record<string, Row | null> = {};
  const after: Record<string, Row | null> = {};
  for (const { insight, isThere, missingOptions } of lacks) {
    const present = isThere ? rowNamed(agent, insight.name) : null;
    const options = [...optionsOf(present), ...missingOptions];
    const added: Insight = {
      insightName: insight.name,
      insightInstructions: instructionOf(insight),
      dataType: 'string',
      ...(options.length > 0 && { options }),
    };
    before[insight.name] = present;
    after[insight.name] = present ? { ...present, options } : { ...added };
  }
  const states = { before: { isOn: isOn(agent), insights: before }, after: { isOn: true, insights: after } };
  return { ...states, beside: besideOf(agent, states.after) };
}

/** True when going back would switch off an analysis in which somebody wants other fields since. */
export function isUsedSince(agent: Agent, { before, after, beside = [] }: AnalysisChange): boolean {
  return !before.isOn && besideOf(agent, after).some((name) => !beside.includes(name));
}

function besideOf(agent: Agent, state: AnalysisState): string[] {
  return rowsOf(agent).flatMap((row) => (nameIn(state, row) === undefined ? [String(row.insightName ?? '')] : []));
}

/** The agent's whole settings with the analysis in this state: nobody knows whether a part would be merged into the rest. */
export function settingsWith(agent: Agent, state: AnalysisState): Record<string, unknown> {
  const rows = rowsOf(agent).flatMap((row) => {
    const name = nameIn(state, row);
    const wanted = name === undefined ? row : state.insights[name];
    return wanted ? [wanted] : [];
  });
  const added = Object.entries(state.insights).flatMap(([name, row]) => (row && !rowNamed(agent, name) ? [row] : []));
  const settings: Record<string, unknown> = { ...agent.agentSettings };
  settings[keysOf(agent).flag] = state.isOn;
  settings[keysOf(agent).list] = [...rows, ...added];
  return settings;
}

/** Whether an agent's analysis is as it was before a change, as after it, or neither. */
export function changeTaken(agent: Agent, { before, after }: AnalysisChange): 'before' | 'after' | 'other' {
  const isIn = (state: AnalysisState) =>
    isOn(agent) === state.isOn &&
    Object.entries(state.insights).every(([name, row]) => isSame(rowNamed(agent, name), row));
  if (isIn(after)) return 'after';
  return isIn(before) ? 'before' : 'other';
}

/** Names of the third generation, unless the agent only has those of the second. */
function keysOf({ agentSettings }: Agent): { flag: string; list: string } {
  const isOld =
    agentSettings !== null &&
    'postConversationInsights' in agentSettings &&
    !('postConversationAnalysis' in agentSettings);
  return isOld
    ? { flag: 'enablePostConversationInsights', list: 'postConversationInsights' }
    : { flag: 'enablePostConversationAnalysis', list: 'postConversationAnalysis' };
}

function isOn(agent: Agent): boolean {
  return agent.agentSettings?.[keysOf(agent).flag] === true;
}

function rowsOf(agent: Agent): Row[] {
  const rows = agent.agentSettings?.[keysOf(agent).list];
  return Array.isArray(rows) ? rows.filter((row): row is Row => row !== null && typeof row === 'object') : [];
}

function rowNamed(agent: Agent, name: string): Row | null {
  return rowsOf(agent).find((row) => snakeName(String(row.insightName ?? '')) === snakeName(name)) ?? null;
}

function nameIn(state: AnalysisState, row: Row): string | undefined {
  return Object.keys(state.insights).find((name) => snakeName(String(row.insightName ?? '')) === snakeName(name));
}

function optionsOf(row: Row | null): string[] {
  return row && Array.isArray(row.options) ? row.options.map(String) : [];
}

/** The platform may add keys of its own, such as an ID: what we know of must be as it was. */
function isSame(present: Row | null, then: Row | null): boolean {
  if (!present || !then) return present === then;
  return Object.entries(then).every(([key, value]) => JSON.stringify(present[key]) === JSON.stringify(value));
}

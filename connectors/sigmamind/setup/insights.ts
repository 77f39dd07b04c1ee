import type { AnalysisConfig } from '../analysis/config.ts';
import type { Agent } from '../api/agents.ts';
import { snakeName } from '../payload.ts';

/** A field of the analysis after the call, as the platform's API writes it. */
export interface Insight {
  insightName: string;
  insightInstructions: string;
  dataType: string;
  options?: readonly string[];
}

export interface NeededInsight {
  name: string;
  /** Values that it must be able to take; empty where any will do. */
  options: readonly string[];
  /** What is lost without it. */
  use: 'outcome' | 'callback time' | 'summary';
}

/** The fields that the rules of `analysis` read, each once. */
export function neededInsights({ rules, outcomeFrom, outcomes, summaryFrom }: AnalysisConfig): NeededInsight[] {
  const needed = new Map<string, NeededInsight>();
  const add = (name: string, options: readonly string[], use: NeededInsight['use']) => {
    const key = snakeName(name);
    const known = needed.get(key);
    needed.set(key, {
      name: known?.name ?? name,
      options: [...new Set([...(known?.options ?? []), ...options])],
      use: known?.use ?? use,
    });
  };
  for (const { when, unless, callbackAt } of rules) {
    for (const { insight, is = [] } of [...when, ...unless]) add(insight, is, 'outcome');
    if (callbackAt) add(callbackAt, [], 'callback time');
  }
  if (outcomeFrom) add(outcomeFrom, Object.keys(outcomes), 'outcome');
  add(summaryFrom, [], 'summary');
  return [...needed.values()];
}

export interface AgentAnalysis {
  isOn: boolean;
  insights: readonly (Record<string, unknown> & { name: string; options: readonly string[] })[];
}

/** What an agent's settings say of the analysis, in the words of the third generation or the second. */
export function analysisOf({ agentSettings }: Agent): AgentAnalysis {
  const settings = agentSettings ?? {};
  const rows = listOf(settings.postConversationAnalysis ?? settings.postConversationInsights);
  return {
    isOn: (settings.enablePostConversationAnalysis ?? settings.enablePostConversationInsights) === true,
    insights: rows.map((row) => ({
      ...row,
      name: typeof row.insightName === 'string' ? row.insightName : '',
      options: Array.isArray(row.options) ? row.options.map(String) : [],
    })),
  };
}

export interface Lack {
  insight: NeededInsight;
  isThere: boolean;
  missingOptions: readonly string[];
}

/** Which of the needed fields an agent lacks, or has without some of the values. */
export function lacking(analysis: AgentAnalysis, needed: readonly NeededInsight[]): Lack[] {
  return needed.flatMap((insight): Lack[] => {
    const present = analysis.insights.find(({ name }) => snakeName(name) === snakeName(insight.name));
    if (!present) return [{ insight, isThere: false, missingOptions: insight.options }];
    // Without options it may take any value.
    const has = (option: string) => present.options.some((other) => snakeName(other) === snakeName(option));
    const missingOptions = present.options.length === 0 ? [] : insight.options.filter((option) => !has(option));
    return missingOptions.length > 0 ? [{ insight, isThere: true, missingOptions }] : [];
  });
}

function listOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((row): row is Record<string, unknown> => row !== null && typeof row === 'object');
}

import type { RuleFinding } from '../../../src/domain/platform.ts';
import { snakeName } from '../payload.ts';
import { judgeCondition } from './conditions.ts';
import type { AnalysisConfig, Rule } from './config.ts';

export interface AnalysisReading {
  /** Missing when no rule hits. */
  outcome?: string;
  callbackAt?: string;
  summary: string;
  fields: Record<string, string>;
  /** Every rule in its order, up to the one that hits. */
  rules: RuleFinding[];
  /** What was left out, and why. */
  notes: string[];
}

/** Reads outcome, summary and fields out of the insights of a call, by their snake_case names. */
export function readAnalysis(config: AnalysisConfig, insights: Readonly<Record<string, string>>): AnalysisReading {
  const { [snakeName(config.summaryFrom)]: summary = '', ...fields } = insights;
  const reading: AnalysisReading = { summary, fields, rules: [], notes: [] };
  for (const { name, rule } of rulesOf(config)) {
    const finding = judgeRule(rule, insights);
    reading.rules.push({ rule: name, outcome: rule.outcome, ...finding });
    if (!finding.hits) continue;
    reading.outcome = rule.outcome;
    const callbackAt = rule.callbackAt === undefined ? null : readTime(rule.callbackAt, insights, reading.notes);
    if (callbackAt) reading.callbackAt = callbackAt;
    break;
  }
  return reading;
}

/** The rules as they are written, and then the short form: one rule for each value. */
function rulesOf({ rules, outcomeFrom, outcomes }: AnalysisConfig): { name: string; rule: Rule }[] {
  const written = rules.map((rule, index) => ({ name: `rules[${index}]`, rule }));
  if (!outcomeFrom) return written;
  const short = Object.entries(outcomes).map(([value, outcome]) => ({
    name: `outcomes.${value}`,
    rule: { when: [{ insight: outcomeFrom, is: [value] }], unless: [], outcome },
  }));
  return [...written, ...short];
}

function judgeRule(rule: Rule, insights: Readonly<Record<string, string>>): { hits: boolean; why: string } {
  const when = rule.when.map((condition) => judgeCondition(condition, insights));
  const missed = when.find(({ holds }) => !holds);
  if (missed) return { hits: false, why: missed.why };
  const stopped = rule.unless.map((condition) => judgeCondition(condition, insights)).find(({ holds }) => holds);
  if (stopped) return { hits: false, why: `unless: ${stopped.why}` };
  return { hits: true, why: when.map(({ why }) => why).join('; ') };
}

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/i;

/** "Tomorrow at three" is not guessed at, and a time without its zone would be: such a callback has no time. */
function readTime(name: string, insights: Readonly<Record<string, string>>, notes: string[]): string | null {
  const text = (insights[snakeName(name)] ?? '').trim();
  const ms = isoTime.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  const found = text === '' ? 'is missing' : 'is no ISO-8601 time with a zone, such as 2026-03-01T15:00:00Z';
  notes.push(`the insight "${name}" ${found}: the callback has no time`);
  return null;
}

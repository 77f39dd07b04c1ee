import type { CallCount } from './call-marks.ts';
import { addSteps, type FirstWordTimes, firstWordTimes } from './first-word-steps.ts';
import { groupOf, type OutcomeRules } from './outcome-groups.ts';
import { leastSample, type Share, shareOf } from './shares.ts';

export interface ScoreRules extends OutcomeRules {
  costs: { currency: string; perMinute: number; perCall: number };
}

/** By what a line of the scorecard stands for calls. */
export interface ScoreName {
  dialer: string;
  campaign: string;
  agent: string;
  agentVersion: string;
}

/** How the calls of a name went. */
export interface Score extends ScoreName {
  calls: number;
  /** Without an outcome yet. */
  open: number;
  /** A person was spoken with. */
  contacts: number;
  qualified: number;
  /** Handed to people. */
  transfers: number;
  optOuts: number;
  /** Minutes that the AI spoke. */
  aiMinutes: number;
  /** Of the calls that have an outcome, those with a contact. */
  contactShare: Share;
  /** Of the contacts, the qualified. */
  qualifiedShare: Share;
  /** Null without a configured rate. */
  cost: number | null;
  /** Null without a configured rate, without anybody qualified, and of few calls. */
  costPerQualified: number | null;
  firstWord: FirstWordTimes;
}

export interface ScoreLine extends Score {
  /** How the calls of this name went in the span before; null when there were none. */
  before: Score | null;
}

export interface Scorecard {
  currency: string;
  /** Whether costs are known. */
  hasCosts: boolean;
  /** The campaigns with the most calls first, and within each the versions with the most calls. */
  lines: readonly ScoreLine[];
  total: ScoreLine;
}

/** The scorecard of a span, compared with the span before. Counts may be summed over what is not named here. */
export function makeScorecard(
  counts: readonly CallCount[],
  before: readonly CallCount[],
  rules: ScoreRules,
): Scorecard {
  const earlier = new Map(sumByName(before, rules).map((score) => [keyOf(score), score]));
  const scores = sumByName(counts, rules);
  const lines = scores.map((score): ScoreLine => ({ ...score, before: earlier.get(keyOf(score)) ?? null }));
  const callsOf = Map.groupBy(lines, campaignKey);
  const size = (line: ScoreLine) => (callsOf.get(campaignKey(line)) ?? []).reduce((sum, { calls }) => sum + calls, 0);
  const total = scoreOf(nobody, counts, rules);
  return {
    currency: rules.costs.currency,
    hasCosts: hasCosts(rules),
    lines: lines
      .map((line) => ({ line, size: size(line) }))
      .sort((a, b) => b.size - a.size || compare(campaignKey(a.line), campaignKey(b.line)) || byCalls(a.line, b.line))
      .map(({ line }) => line),
    total: { ...total, before: before.length > 0 ? scoreOf(nobody, before, rules) : null },
  };
}

const nobody: ScoreName = { dialer: '', campaign: '', agent: '', agentVersion: '' };

function sumByName(counts: readonly CallCount[], rules: ScoreRules): Score[] {
  return [...Map.groupBy(counts, keyOf).values()].flatMap((group) => {
    const [first] = group;
    return first ? scoreOf(first, group, rules) : [];
  });
}

function scoreOf(name: ScoreName, counts: readonly CallCount[], rules: ScoreRules): Score {
  const { dialer, campaign, agent, agentVersion } = name;
  const sum = { calls: 0, open: 0, contacts: 0, qualified: 0, transfers: 0, optOuts: 0, talkSec: 0 };
  let steps: number[] = [];
  for (const { outcome, calls, transferred, talkSec, firstWords } of counts) {
    const group = groupOf(outcome, rules);
    sum.calls += calls;
    sum.transfers += transferred;
    sum.talkSec += talkSec;
    if (group === 'open') sum.open += calls;
    if (group === 'qualified') sum.qualified += calls;
    if (group === 'qualified' || group === 'contact') sum.contacts += calls;
    if (outcome === 'opt_out') sum.optOuts += calls;
    steps = addSteps(steps, firstWords);
  }
  const { talkSec, ...numbers } = sum;
  const aiMinutes = talkSec / 60;
  const { perMinute, perCall } = rules.costs;
  const cost = hasCosts(rules) ? sum.calls * perCall + aiMinutes * perMinute : null;
  const isTold = cost !== null && sum.qualified > 0 && sum.calls >= leastSample;
  return {
    ...{ dialer, campaign, agent, agentVersion },
    ...numbers,
    aiMinutes,
    contactShare: shareOf(sum.contacts, sum.calls - sum.open),
    qualifiedShare: shareOf(sum.qualified, sum.contacts),
    cost,
    costPerQualified: isTold ? cost / sum.qualified : null,
    firstWord: firstWordTimes(steps),
  };
}

function hasCosts({ costs }: ScoreRules): boolean {
  return costs.perMinute > 0 || costs.perCall > 0;
}

function keyOf({ dialer, campaign, agent, agentVersion }: ScoreName): string {
  return JSON.stringify([dialer, campaign, agent, agentVersion]);
}

function campaignKey({ dialer, campaign }: ScoreName): string {
  return JSON.stringify([campaign, dialer]);
}

function byCalls(a: ScoreLine, b: ScoreLine): number {
  return b.calls - a.calls || compare(keyOf(a), keyOf(b));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

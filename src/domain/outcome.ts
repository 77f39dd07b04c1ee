import type { Instant } from './call.ts';
import type { FactBody, StoredFact } from './fact.ts';
import type { OutcomeCode } from './outcome-codes.ts';
import { type ShadowPlaces, shadowOf } from './shadow.ts';

/** On what an outcome rests, strongest first. */
export const bases = [
  'opt-out',
  'operator',
  'human',
  'callback',
  'committed',
  'analysis',
  'technical',
  'silence',
] as const;
export type OutcomeBasis = (typeof bases)[number];

/** What we hold to be the result of a call; a pure function of its facts. */
export interface Outcome {
  code: OutcomeCode;
  basis: OutcomeBasis;
  /** When the deciding thing happened. */
  at: Instant;
  callbackAt?: Instant;
  summary: string;
  fields: Record<string, string>;
  recordingUrl?: string;
  /** Set while an opt-out stands, whatever the code says. */
  optedOutAt?: Instant;
  /** Where nothing is written of it. */
  shadow?: ShadowPlaces;
}

type JudgedFact = Pick<StoredFact, 'source' | 'key' | 'at' | 'body'>;

interface Verdict {
  basis: OutcomeBasis;
  code: OutcomeCode;
  callbackAt?: Instant;
}

/**
 * Decides what a call ended as. The same facts in any order and number give the same answer: the strongest basis wins,
 * within a basis the latest, and between equal times the greater key. Null while nothing says anything about the end.
 */
export function decideOutcome(facts: readonly JudgedFact[]): Outcome | null {
  const ordered = [...facts].sort(byTimeThenKey);
  const undoneAt = lastAt(ordered, 'opt-out-undone');
  const failed = failedCommits(ordered);

  let best: { verdict: Verdict; at: Instant } | null = null;
  let optedOutAt: Instant | undefined;
  for (const fact of ordered) {
    const verdict = judge(fact.body);
    if (!verdict || failed.has(fact.key)) continue;
    if (verdict.basis === 'opt-out') {
      if (undoneAt !== undefined && fact.at <= undoneAt) continue;
      optedOutAt ??= fact.at;
    }
    if (!best || bases.indexOf(verdict.basis) <= bases.indexOf(best.verdict.basis)) best = { verdict, at: fact.at };
  }
  if (!best) return null;

  const shadow = shadowOf(ordered);
  const callbackAt = best.verdict.callbackAt ?? timeSaidBefore(ordered, best.verdict, failed);
  return {
    code: best.verdict.code,
    basis: best.verdict.basis,
    at: best.at,
    ...(callbackAt && { callbackAt }),
    ...gatherDetails(ordered),
    ...(optedOutAt && { optedOutAt }),
    ...(shadow.length > 0 && { shadow }),
  };
}

function judge(body: FactBody): Verdict | null {
  switch (body.kind) {
    case 'committed':
      return verdictOf(body.outcome, body.outcome === 'callback' ? 'callback' : 'committed', body.callbackAt);
    case 'corrected':
      return verdictOf(body.outcome, 'operator', body.callbackAt);
    case 'dispositioned':
      return verdictOf(body.outcome ?? 'unknown', 'human');
    case 'analysed':
      return body.outcome ? verdictOf(body.outcome, 'analysis', body.callbackAt) : null;
    case 'ended':
      return verdictOf(body.outcome, 'technical');
    case 'silent':
      return verdictOf('unknown', 'silence');
    default:
      return null;
  }
}

function verdictOf(code: OutcomeCode, basis: OutcomeBasis, callbackAt?: Instant): Verdict {
  if (code === 'opt_out') return { code, basis: 'opt-out' };
  return { code, basis, ...(code === 'callback' && callbackAt && { callbackAt }) };
}

/** A callback that is said without a time leaves the one that it has: the AI's last, else what the analysis found. */
function timeSaidBefore(
  ordered: readonly JudgedFact[],
  { code, basis }: Verdict,
  failed: ReadonlySet<string>,
): Instant | undefined {
  if (code !== 'callback' || (basis !== 'callback' && basis !== 'analysis')) return undefined;
  let committed: Instant | undefined;
  let analysed: Instant | undefined;
  for (const { body, key } of ordered) {
    if (!('outcome' in body) || body.outcome !== 'callback' || failed.has(key)) continue;
    if (body.kind === 'committed') committed = body.callbackAt ?? committed;
    if (body.kind === 'analysed') analysed = body.callbackAt ?? analysed;
  }
  return committed ?? analysed;
}

/** What the AI said in the call beats what analysis adds; a later word beats an earlier one. */
function gatherDetails(ordered: readonly JudgedFact[]): Pick<Outcome, 'summary' | 'fields' | 'recordingUrl'> {
  let spoken = '';
  let analysed = '';
  let recordingUrl: string | undefined;
  const analysedFields: Record<string, string> = {};
  const spokenFields: Record<string, string> = {};
  for (const { body } of ordered) {
    if (body.kind === 'committed') {
      if (body.summary) spoken = body.summary;
      Object.assign(spokenFields, filled(body.fields));
    } else if (body.kind === 'analysed') {
      if (body.summary) analysed = body.summary;
      Object.assign(analysedFields, filled(body.fields));
    }
    if ((body.kind === 'ended' || body.kind === 'analysed') && body.recordingUrl) recordingUrl = body.recordingUrl;
  }
  return {
    summary: spoken || analysed,
    fields: { ...analysedFields, ...spokenFields },
    ...(recordingUrl && { recordingUrl }),
  };
}

/** An empty value says nothing: it takes no earlier one away. */
function filled(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** Keys of commits that a dialer was to make true and did not: a transfer that no try brought about. */
function failedCommits(facts: readonly JudgedFact[]): Set<string> {
  const failed = new Set<string>();
  const done = new Set<string>();
  for (const { body } of facts) {
    if (body.kind === 'steered' && body.commit) (body.result === 'done' ? done : failed).add(body.commit);
  }
  return failed.difference(done);
}

function lastAt(ordered: readonly JudgedFact[], kind: FactBody['kind']): Instant | undefined {
  let at: Instant | undefined;
  for (const fact of ordered) if (fact.body.kind === kind) at = fact.at;
  return at;
}

function byTimeThenKey(a: JudgedFact, b: JudgedFact): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return 0;
}

import type { Call, Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import { correlationRef } from '../domain/connector.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Fact, FactBody } from '../domain/fact.ts';
import { normaliseOutcomeCode } from '../domain/outcome-codes.ts';
import { isErased } from '../domain/plan-write-backs.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { recordFacts } from './record-facts.ts';

export interface Correction {
  outcome: string;
  /** For `callback`, and needed there: when the customer is called. ISO-8601 with a zone. */
  callbackAt?: string | undefined;
  why: string;
  /** `cli:<system user>`, or the name of a console user. */
  by: string;
  /** On whose word. (Default: that of whoever does it) */
  saidBy?: string | undefined;
  /** Of the preview that was confirmed: a form that is sent twice is one correction. */
  mark?: string | undefined;
}

/**
 * Corrects what a call ended as, on a person's word: it goes over everything but an opt-out, a human's disposition
 * included. Written down in the audit log. Gives the write-backs that follow from it. Rejects (bad_request) when the
 * correction could come to nothing.
 */
export async function correctOutcome(deps: Deps, call: Call, correction: Correction): Promise<WriteBack[]> {
  const { correlationId } = call;
  const { fact, body } = await correctionFact(deps, call, correction);
  const { outcome, callbackAt, why, by: saidBy } = body;
  const before = new Set((await deps.store.writeBacksOf(correlationId)).map(({ id }) => id));
  const details = { outcome, was: call.outcome?.code ?? '', why, saidBy, ...(callbackAt && { callbackAt }) };
  const at = instantOf(deps.clock);
  await deps.store.appendAudit({ at, by: correction.by, act: 'outcome-correct', subject: correlationId, details });
  await recordFacts(deps, [fact], { budgetMs: 10_000, isStoreOnly: true });
  return (await deps.store.writeBacksOf(correlationId)).filter(({ id }) => !before.has(id));
}

/** The fact that a correction makes. Rejects (bad_request) when the correction could come to nothing. */
export async function correctionFact(
  deps: Deps,
  call: Call,
  correction: Correction,
): Promise<{ fact: Fact; body: Corrected }> {
  const { correlationId } = call;
  const { why, by, saidBy = by.replace(/^cli:/, '') } = correction;
  const outcome = codeOf(deps, correction.outcome);
  const callbackAt = timeOf(deps, outcome, correction.callbackAt);
  const facts = await deps.store.factsOf(correlationId);
  if (isErased(facts)) throw refused('what was held of this call was erased', 'Nothing is written for it any more.');
  if (call.outcome?.optedOutAt && outcome !== 'opt_out') {
    const hint = 'Take the opt-out back first, on the word of the person: `npx patchbay opt-outs undo`.';
    throw refused('the customer opted out in this call, and that stands above every correction', hint);
  }

  const now = instantOf(deps.clock);
  const others = facts.filter(({ body: { kind } }) => kind === 'dispositioned' || kind === 'corrected');
  const body: Corrected = { kind: 'corrected', outcome, by: saidBy, why, ...(callbackAt && { callbackAt }) };
  const fact = {
    refs: [correlationRef(correlationId)],
    source: `operator:${saidBy}`,
    key: keyOf(correction.mark || `${now}:${deps.newId()}`),
    at: after(
      others.map(({ at }) => at),
      now,
    ),
    body,
  };
  return { fact, body };
}

/** Whether this preview was confirmed already. */
export async function isConfirmed({ store }: Deps, { correlationId }: Call, mark: string): Promise<boolean> {
  const facts = await store.factsOf(correlationId);
  return facts.some(({ key, body }) => body.kind === 'corrected' && key === keyOf(mark));
}

function keyOf(name: string): string {
  return `corrected:${name}`;
}

type Corrected = Extract<FactBody, { kind: 'corrected' }>;

function codeOf({ settings: { outcomeCodes } }: Deps, told: string): string {
  const code = normaliseOutcomeCode(told);
  if (outcomeCodes.includes(code)) return code;
  throw refused(`"${told}" is no outcome code`, `Use one of ${outcomeCodes.join(', ')}, or add it to outcomes.extra.`);
}

function timeOf({ clock }: Deps, outcome: string, told: string | undefined): Instant | undefined {
  if (outcome !== 'callback') {
    if (told === undefined) return undefined;
    throw refused(`a time says nothing for the outcome "${outcome}"`, 'Leave it out, or correct to callback.');
  }
  const hasZone = /T.*(Z|[+-]\d\d:?\d\d)$/.test(told ?? '');
  const at = hasZone ? Date.parse(told ?? '') : Number.NaN;
  if (at > clock.now()) return new Date(at).toISOString();
  throw refused('a callback needs a time to come', 'Give it with its zone, such as 2026-03-04T15:30:00-05:00.');
}

/** By a clock that is fast, what the correction goes over may lie in our future. */
function after(others: readonly Instant[], now: Instant): Instant {
  const last = [...others].sort().at(-1) ?? '';
  return last < now ? now : new Date(Date.parse(last) + 1).toISOString();
}

function refused(message: string, hint: string): ConnectorError {
  return new ConnectorError('bad_request', message, { hint });
}

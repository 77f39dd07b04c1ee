import type { Instant } from '../../domain/call.ts';
import type { Fact } from '../../domain/fact.ts';
import { decideOutcome, type Outcome } from '../../domain/outcome.ts';
import { firstState, type WriteBack } from '../../domain/write-back.ts';
import { callById, factsOfCalls } from '../reads/calls.ts';
import { writeBacksOfCalls } from '../reads/write-backs.ts';
import type { OperationContext, Session } from '../session.ts';
import { defaultSharedNumberLeads } from './derive-call.ts';
import { foreseeOptOuts } from './keep-opt-outs.ts';
import { differenceOf } from './plan-call.ts';

export interface PreviewInput {
  correlationId: string;
  facts: readonly Fact[];
  /** The time by `deps.clock`. */
  now: Instant;
}

/** What a call would be with more facts, and what would follow from them. */
export interface FactsPreview {
  outcome: Outcome | null;
  /** As they would be planned. Their ids are no ids of rows. */
  writes: WriteBack[];
  /** Ids of waiting rows that others would replace, or that would not be wanted any more. */
  supersede: string[];
  cancel: string[];
}

/** What recording these facts of a known call would plan, by the same rules. A write unit, as only those have the rules. */
export async function previewFacts(
  trx: Session,
  { correlationId, facts: more, now }: PreviewInput,
  context: OperationContext,
): Promise<FactsPreview> {
  const known = (await factsOfCalls(trx, [correlationId])).get(correlationId) ?? [];
  const facts = [...known, ...more.map((fact) => ({ ...fact, correlationId, receivedAt: now }))];
  const outcome = decideOutcome(facts);
  const { sharedNumberLeads = defaultSharedNumberLeads } = context.rules;
  const kept = await foreseeOptOuts(trx, correlationId, facts, outcome, sharedNumberLeads);
  const held = (await writeBacksOfCalls(trx, [correlationId])).get(correlationId) ?? [];
  const { mapping = '' } = (await callById(trx, correlationId)) ?? {};
  const rules = (await context.rulesOf?.(trx, mapping)) ?? context.rules;
  const diff = differenceOf({ correlationId, mapping, facts, outcome, now, isForced: false, ...kept }, held, rules);
  const writes = diff.insert.map(({ wanted: wish, revision, inDoubt }, index): WriteBack => {
    const { dialer, target, desired, notBefore, held } = wish;
    return {
      ...{ id: `preview-${index}`, correlationId, dialer, aspect: desired.aspect, revision, target, desired, inDoubt },
      ...{ state: firstState(wish), dueAt: notBefore ?? now, attempts: 0, receipt: '', hint: '' },
      ...{ why: held ?? '', createdAt: now, settledAt: null },
    };
  });
  return { outcome, writes, supersede: diff.supersede, cancel: diff.cancel };
}

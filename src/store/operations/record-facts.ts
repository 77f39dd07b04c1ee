import type { CallRef, Instant } from '../../domain/call.ts';
import { callOf } from '../rows.ts';
import type { OperationContext, Session } from '../session.ts';
import type { FactToRecord, RecordedFact, RecordInput } from '../store.ts';
import { isDuplicate } from '../store-errors.ts';
import type { CallRow } from '../tables.ts';
import { newCallRow } from './create-call.ts';
import { deriveCall } from './derive-call.ts';
import { factRow, insertFacts, isRegistration, registerNew } from './register-new.ts';
import { resolveCall } from './resolve-call.ts';

/**
 * Appends facts in the order given; then the outcome of their call is derived anew and its write-backs are planned, once for
 * facts that follow each other under the same names. The same facts in any order, any number of times, end in the same
 * outcome and the same last wishes.
 */
export async function recordFacts(
  trx: Session,
  input: RecordInput,
  context: OperationContext,
): Promise<RecordedFact[]> {
  const { facts, now } = input;
  const registered = await registerNew(trx, input, context);
  const results: RecordedFact[] = [];
  while (results.length < facts.length) {
    const result = registered.get(results.length);
    if (result) results.push(result);
    else results.push(...(await recordTogether(trx, nextOfOneCall(facts, results.length), context, now)));
  }
  return results;
}

/** What was told of one call at once: facts with the same names, one behind the other. */
function nextOfOneCall(facts: readonly FactToRecord[], start: number): readonly FactToRecord[] {
  const [first] = facts.slice(start, start + 1);
  if (!first) return [];
  let end = start + 1;
  while (isAlike(first, facts[end])) end += 1;
  return facts.slice(start, end);
}

function isAlike(one: FactToRecord, other: FactToRecord | undefined): boolean {
  if (!other || one.freshId !== other.freshId || one.isAnnounced !== other.isAnnounced) return false;
  const [refs, others] = [one.fact.refs, other.fact.refs];
  return refs.length === others.length && refs.every((ref, index) => isSameRef(ref, others[index]));
}

function isSameRef(one: CallRef, other: CallRef | undefined): boolean {
  return one.instance === other?.instance && one.kind === other.kind && one.key === other.key;
}

async function recordTogether(
  trx: Session,
  entries: readonly FactToRecord[],
  context: OperationContext,
  now: Instant,
): Promise<RecordedFact[]> {
  const [first] = entries;
  if (!first) return [];
  const resolved = await resolveCall(trx, first, now);
  if (!resolved) return entries.map((entry) => ofPurgedCall(entry, now));
  const { call, isNew, isMerged } = resolved;
  const added = await appendFacts(trx, call, entries, context);
  const answers = (row: CallRow, optedOut?: readonly string[]) =>
    added.map((isAdded): RecordedFact => ({ isAdded, call: callOf(row), ...(optedOut && { optedOut }) }));
  const isAnyAdded = added.includes(true);
  if (!isAnyAdded && !isMerged) return answers(call);

  const registrations = entries.filter(isRegistration);
  // A new call was made from its registration: there is nothing else to derive it from.
  if (isNew && entries.length === 1 && registrations.length === 1) return answers(call);

  let expiresAt = call.expires_at;
  for (const entry of registrations) if (entry.expiresAt > expiresAt) expiresAt = entry.expiresAt;
  const isForced = context.ignoresIdempotency && isAnyAdded;
  const derived = await deriveCall(trx, call, { expiresAt, now, isForced }, context);
  return answers(derived.call, derived.optedOut);
}

/** Nothing is kept: the call is only what it would have been. */
function ofPurgedCall(entry: FactToRecord, now: Instant): RecordedFact {
  return { isAdded: false, isPurged: true, call: callOf(newCallRow(entry, entry.freshId, now)) };
}

/** What an event tells comes in twos: one statement, unless one of them is known already. Gives which are new. */
async function appendFacts(
  trx: Session,
  call: CallRow,
  entries: readonly FactToRecord[],
  context: OperationContext,
): Promise<boolean[]> {
  const isPair = entries.length === 2;
  if (isPair && (await appendOnce(trx, call, entries, context))) return [true, true];
  const added: boolean[] = [];
  for (const entry of entries) added.push(await appendOnce(trx, call, [entry], context));
  return added;
}

/** False when there was one of them already: then none is appended. */
async function appendOnce(
  trx: Session,
  call: CallRow,
  entries: readonly FactToRecord[],
  context: OperationContext,
): Promise<boolean> {
  try {
    const rows = entries.map((entry) => factRow(call.correlation_id, entry, context));
    await insertFacts(trx, rows);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

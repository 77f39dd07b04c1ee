import type { CallRef, Instant } from '../../domain/call.ts';
import { callOf } from '../rows.ts';
import type { OperationContext, Session } from '../session.ts';
import type { FactToRecord, RecordedFact, RecordInput } from '../store.ts';
import { appendFacts } from './append-facts.ts';
import { newCallRow } from './create-call.ts';
import { deriveCalls } from './derive-call.ts';
import { answersOf, judgementOf, recordKnown, type Telling } from './record-known.ts';
import { isRegistration, registerNew } from './register-new.ts';
import { namesOfEntry, resolveCall } from './resolve-call.ts';

/**
 * Appends facts; then the outcome of their call is derived anew and its write-backs are planned, once for facts that follow each
 * other under the same names. The same facts in any order, any number of times, end in the same outcome and the same last
 * wishes: so new calls and known ones, of which most facts are, go first, many at once.
 */
export async function recordFacts(
  trx: Session,
  input: RecordInput,
  context: OperationContext,
): Promise<RecordedFact[]> {
  const { facts, now } = input;
  const registered = await registerNew(trx, input, context);
  const tellings = tellingsOf(facts, registered);
  const known = await recordKnown(trx, [...tellings.values()], now, context);
  const results: RecordedFact[] = [];
  while (results.length < facts.length) {
    const result = registered.get(results.length);
    const telling = tellings.get(results.length);
    if (result) results.push(result);
    else if (telling) results.push(...(known.get(telling) ?? (await recordTelling(trx, telling, now, context))));
  }
  return results;
}

/** What is left to be recorded, by the place of its first fact. */
function tellingsOf(
  facts: readonly FactToRecord[],
  registered: ReadonlyMap<number, RecordedFact>,
): Map<number, Telling> {
  const tellings = new Map<number, Telling>();
  for (let start = 0; start < facts.length; ) {
    const [first, ...rest] = facts.slice(start, nextOther(facts, start));
    if (first && !registered.has(start)) tellings.set(start, [first, ...rest]);
    start += 1 + rest.length;
  }
  return tellings;
}

/** Where the facts end that have the same names as this one, one behind the other. */
function nextOther(facts: readonly FactToRecord[], start: number): number {
  const first = facts[start];
  let end = start + 1;
  while (first && isAlike(first, facts[end])) end += 1;
  return end;
}

function isAlike(one: FactToRecord, other: FactToRecord | undefined): boolean {
  if (!other || one.freshId !== other.freshId || one.isAnnounced !== other.isAnnounced) return false;
  const [refs, others] = [one.fact.refs, other.fact.refs];
  return refs.length === others.length && refs.every((ref, index) => isSameRef(ref, others[index]));
}

function isSameRef(one: CallRef, other: CallRef | undefined): boolean {
  return one.instance === other?.instance && one.kind === other.kind && one.key === other.key;
}

/** The long way, for whatever was told. */
async function recordTelling(
  trx: Session,
  telling: Telling,
  now: Instant,
  context: OperationContext,
): Promise<RecordedFact[]> {
  const resolved = await resolveCall(trx, telling[0], now);
  if (!resolved) return telling.map((entry) => ofPurgedCall(entry, now));
  const { call, isNew, isMerged } = resolved;
  const told = { call, entries: telling };
  const added = (await appendFacts(trx, [told], context)).get(told) ?? [];
  const isAnyAdded = added.includes(true);
  const isShell = isMerged || call.is_registered === 0;
  const found = isNew ? { newNames: namesOfEntry(telling[0]) } : { ...(isShell && { wasShell: true as const }) };
  if (!isAnyAdded && !isMerged) return answersOf(call, added, undefined, found);
  // A new call was made from its registration: there is nothing else to derive it from.
  if (isNew && telling.length === 1 && isRegistration(telling[0])) return answersOf(call, added, undefined, found);

  const [derived] = await deriveCalls(trx, [judgementOf(call, telling, isAnyAdded, context)], now, context);
  return answersOf(derived?.call ?? call, added, derived, found);
}

/** Nothing is kept: the call is only what it would have been. */
function ofPurgedCall(entry: FactToRecord, now: Instant): RecordedFact {
  return { isAdded: false, isPurged: true, call: callOf(newCallRow(entry, entry.freshId, now)) };
}

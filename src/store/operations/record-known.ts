import type { CallRef, Instant } from '../../domain/call.ts';
import { correlationRef } from '../../domain/connector.ts';
import { isPurgedOwner } from '../../domain/purged.ts';
import { nameOf } from '../fit-key.ts';
import { callOf } from '../rows.ts';
import type { OperationContext, Session } from '../session.ts';
import type { FactToRecord, RecordedFact } from '../store.ts';
import type { CallRow } from '../tables.ts';
import { appendFacts, type FactsOfCall } from './append-facts.ts';
import { type CallToDerive, type DerivedCall, deriveCalls } from './derive-call.ts';
import { insertRefs, isRegistration } from './register-new.ts';
import { lockCalls, namesOfEntry, ownersOf } from './resolve-call.ts';

/** What was told of one call at once: facts with the same names, one behind the other. */
export type Telling = readonly [FactToRecord, ...FactToRecord[]];

/**
 * Records what is told of calls that are known, all with the same few statements. A telling whose names are those of two calls,
 * of none, or of a purged one is left to the long way, and so are two that speak of one call.
 *
 * @returns what was recorded, a result for each fact
 */
export async function recordKnown(
  trx: Session,
  tellings: readonly Telling[],
  now: Instant,
  context: OperationContext,
): Promise<Map<Telling, RecordedFact[]>> {
  const recorded = new Map<Telling, RecordedFact[]>();
  if (tellings.length === 0) return recorded;
  const known = await findKnown(trx, tellings);
  await insertRefs(
    trx,
    known.flatMap(({ call, added }) =>
      added.map(({ instance, kind, key }) => ({ instance, kind, ref_key: key, correlation_id: call.correlation_id })),
    ),
  );
  const added = await appendFacts(trx, known, context);
  const derived = await deriveAll(trx, known, { added, now, context });
  for (const each of known) {
    const result = derived.get(each);
    const found = { newNames: each.added, ...(each.call.is_registered === 0 && { wasShell: true as const }) };
    recorded.set(each.telling, answersOf(result?.call ?? each.call, added.get(each) ?? [], result, found));
  }
  return recorded;
}

/** What the tellers of a call's facts hear. */
export function answersOf(
  call: CallRow,
  added: readonly boolean[],
  derived?: Pick<DerivedCall, 'optedOut' | 'isDue'>,
  found: Pick<RecordedFact, 'wasShell' | 'newNames'> = {},
): RecordedFact[] {
  const { optedOut, isDue } = derived ?? {};
  const rest = { call: callOf(call), ...(optedOut && { optedOut }), ...(isDue && { isDue }), ...found };
  return added.map((isAdded) => ({ isAdded, ...rest }));
}

/** How a call is to be judged that was told this. */
export function judgementOf(
  call: CallRow,
  entries: readonly FactToRecord[],
  isAnyAdded: boolean,
  context: OperationContext,
): CallToDerive {
  let expiresAt = call.expires_at;
  for (const entry of entries) {
    if (isRegistration(entry) && entry.expiresAt > expiresAt) expiresAt = entry.expiresAt;
  }
  return { call, expiresAt, isForced: context.ignoresIdempotency && isAnyAdded };
}

interface KnownCall extends FactsOfCall {
  telling: Telling;
  /** Names that the call did not have. */
  added: CallRef[];
}

async function findKnown(trx: Session, tellings: readonly Telling[]): Promise<KnownCall[]> {
  const named = tellings.map((telling) => ({ telling, refs: namesOfEntry(telling[0]) }));
  const owners = await ownersOf(
    trx,
    named.flatMap(({ refs }) => refs),
  );
  const isShared = sharing(named.map(({ refs }) => refs.map(nameOf)));
  const found = named.flatMap(({ telling, refs }) => {
    const ids = new Set(refs.flatMap((ref) => owners.get(nameOf(ref)) ?? []));
    const [id] = ids;
    if (id === undefined || ids.size > 1 || isPurgedOwner(id) || refs.some((ref) => isShared(nameOf(ref)))) return [];
    return { telling, id, added: refs.filter((ref) => !owners.has(nameOf(ref)) && isOfCall(telling, ref)) };
  });
  const isTwice = sharing(found.map(({ id }) => [id]));
  const alone = found.filter(({ id }) => !isTwice(id));
  const calls = await lockCalls(
    trx,
    alone.map(({ id }) => id),
  );
  const byId = new Map(calls.map((call) => [call.correlation_id, call]));
  return alone.flatMap(({ telling, id, added }) => {
    const call = byId.get(id);
    return call ? { telling, entries: telling, call, added } : [];
  });
}

/** The fresh ID becomes a name of a known call only where somebody has it. */
function isOfCall([entry]: Telling, ref: CallRef): boolean {
  const fresh = nameOf(correlationRef(entry.freshId));
  return nameOf(ref) !== fresh || entry.isAnnounced || entry.fact.refs.some((given) => nameOf(given) === fresh);
}

/** Which names occur in more than one list. */
function sharing(lists: readonly (readonly string[])[]): (name: string) => boolean {
  const uses = new Map<string, number>();
  for (const list of lists) for (const name of new Set(list)) uses.set(name, (uses.get(name) ?? 0) + 1);
  return (name) => (uses.get(name) ?? 0) > 1;
}

async function deriveAll(
  trx: Session,
  known: readonly KnownCall[],
  { added, now, context }: { added: ReadonlyMap<FactsOfCall, boolean[]>; now: Instant; context: OperationContext },
): Promise<Map<KnownCall, DerivedCall>> {
  const told = known.filter((each) => added.get(each)?.includes(true));
  const given = told.map(({ call, telling }) => judgementOf(call, telling, true, context));
  const derived = await deriveCalls(trx, given, now, context);
  return new Map(told.flatMap((each, index) => (derived[index] ? [[each, derived[index]]] : [])));
}

import { fitKey, keyLengths, nameOf } from '../fit-key.ts';
import { prepareInsert } from '../prepared-insert.ts';
import { callOf } from '../rows.ts';
import type { OperationContext, Session } from '../session.ts';
import type { FactToRecord, RecordedFact, RecordInput } from '../store.ts';
import type { CallRefRow, CallRow, FactRow } from '../tables.ts';
import { insertCalls, newCallRow } from './create-call.ts';
import { namesOfEntry, namesOfNew, ownersOf } from './resolve-call.ts';

/**
 * Registers calls that nobody knows yet, all with the same few statements: most of what is told is a call's first word. A call
 * that anything else of these facts speaks of, or that is known, is left to the long way, which judges it by all its facts.
 *
 * @returns what was recorded, by the place of the fact
 */
export async function registerNew(
  trx: Session,
  { facts, now }: RecordInput,
  context: OperationContext,
): Promise<Map<number, RecordedFact>> {
  const recorded = new Map<number, RecordedFact>();
  const named = facts.map((entry, index) => ({ entry, index, refs: namesOfEntry(entry) }));
  const uses = new Map<string, number>();
  for (const ref of named.flatMap(({ refs }) => refs)) uses.set(nameOf(ref), (uses.get(nameOf(ref)) ?? 0) + 1);
  const alone = named.filter(
    ({ entry, refs }) => isRegistration(entry) && refs.every((ref) => uses.get(nameOf(ref)) === 1),
  );
  if (alone.length === 0) return recorded;

  const owners = await ownersOf(
    trx,
    alone.flatMap(({ refs }) => refs),
  );
  const calls: CallRow[] = [];
  const names: CallRefRow[] = [];
  const rows: FactRow[] = [];
  for (const { entry, index, refs } of alone) {
    if (refs.some((ref) => owners.has(nameOf(ref)))) continue;
    const { correlationId, refs: kept } = namesOfNew(entry, refs);
    const call = newCallRow(entry, correlationId, now);
    calls.push(call);
    for (const { instance, kind, key } of kept) {
      names.push({ instance, kind, ref_key: key, correlation_id: correlationId });
    }
    rows.push(factRow(correlationId, entry, context));
    recorded.set(index, { isAdded: true, call: callOf(call) });
  }
  await insertCalls(trx, calls);
  await insertRefs(trx, names);
  await insertFacts(trx, rows);
  return recorded;
}

export function isRegistration({ fact }: FactToRecord): boolean {
  return fact.body.kind === 'registered';
}

/** A fact as the store keeps it. */
export function factRow(correlationId: string, { fact, receivedAt }: FactToRecord, context: OperationContext): FactRow {
  return {
    correlation_id: correlationId,
    source: fitKey(fact.source, keyLengths.name),
    fact_key: fitKey(fact.key),
    copy: context.ignoresIdempotency ? context.newId() : '',
    at: fact.at,
    received_at: receivedAt,
    body: JSON.stringify(fact.body),
  };
}

export const insertFacts = prepareInsert('facts', [
  'correlation_id',
  'source',
  'fact_key',
  'copy',
  'at',
  'received_at',
  'body',
]);

const insertRefs = prepareInsert('call_refs', ['instance', 'kind', 'ref_key', 'correlation_id']);

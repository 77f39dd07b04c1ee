import type { CallRef } from '../../domain/call.ts';
import { nameOf } from '../fit-key.ts';
import { prepareInsert, rowsAtOnce } from '../prepared-insert.ts';
import { callOf } from '../rows.ts';
import type { OperationContext, Session } from '../session.ts';
import type { FactToRecord, RecordedFact, RecordInput } from '../store.ts';
import { isDuplicate } from '../store-errors.ts';
import type { CallRefRow, CallRow, FactRow } from '../tables.ts';
import { factRow, insertFacts } from './append-facts.ts';
import { newCallRow } from './create-call.ts';
import { namesOfEntry, namesOfNew, ownersOf } from './resolve-call.ts';

interface NamedFact {
  entry: FactToRecord;
  /** The place of the fact. */
  index: number;
  refs: readonly CallRef[];
}

/**
 * Registers calls that nobody knows yet, all with the same few statements: most of what is told is a call's first word. A call
 * that anything else of these facts speaks of, or that is known, is left to another way, which judges it by all its facts.
 *
 * @returns what was recorded, by the place of the fact
 */
export async function registerNew(
  trx: Session,
  { facts, now }: RecordInput,
  context: OperationContext,
): Promise<Map<number, RecordedFact>> {
  const recorded = new Map<number, RecordedFact>();
  const fresh = await nameNew(trx, onlyOnceNamed(facts));
  if (fresh.length === 0) return recorded;

  const calls: CallRow[] = [];
  const rows: FactRow[] = [];
  for (const { entry, index, refs } of fresh) {
    const { correlationId } = namesOfNew(entry, refs);
    const call = newCallRow(entry, correlationId, now);
    calls.push(call);
    rows.push(factRow(correlationId, entry, context));
    recorded.set(index, { isAdded: true, call: callOf(call) });
  }
  await insertRegistered(trx, calls);
  await insertFacts(trx, rows);
  return recorded;
}

/** Registrations of which no other fact has a name. */
function onlyOnceNamed(facts: readonly FactToRecord[]): NamedFact[] {
  const named = facts.map((entry, index) => ({ entry, index, refs: namesOfEntry(entry) }));
  if (named.length === 1) return named.filter(({ entry }) => isRegistration(entry));
  const uses = new Map<string, number>();
  for (const { refs } of named) {
    for (const ref of refs) uses.set(nameOf(ref), (uses.get(nameOf(ref)) ?? 0) + 1);
  }
  return named.filter(({ entry, refs }) => isRegistration(entry) && refs.every((ref) => uses.get(nameOf(ref)) === 1));
}

/**
 * Gives the calls among these that are new their names. Nobody is asked whether they are: a name that a call has already is
 * refused. Only then it is looked which.
 */
async function nameNew(trx: Session, named: readonly NamedFact[]): Promise<readonly NamedFact[]> {
  const names = named.flatMap(rowsOfNew);
  if (names.length === 0) return [];
  // A name that the new call does not get may be that of another.
  const isWhole = names.length === named.reduce((count, { refs }) => count + refs.length, 0);
  if (isWhole && names.length <= rowsAtOnce) {
    try {
      await insertRefs(trx, names);
      return named;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }
  const owners = await ownersOf(
    trx,
    named.flatMap(({ refs }) => refs),
  );
  const fresh = named.filter(({ refs }) => !refs.some((ref) => owners.has(nameOf(ref))));
  await insertRefs(trx, fresh.flatMap(rowsOfNew));
  return fresh;
}

function rowsOfNew({ entry, refs }: NamedFact): CallRefRow[] {
  const { correlationId, refs: kept } = namesOfNew(entry, refs);
  return kept.map(({ instance, kind, key }) => ({ instance, kind, ref_key: key, correlation_id: correlationId }));
}

export function isRegistration({ fact }: FactToRecord): boolean {
  return fact.body.kind === 'registered';
}

/** Without the columns that no registration fills: they stay as the table has them. */
const insertRegistered = prepareInsert('calls', [
  'correlation_id',
  'dialer',
  'campaign',
  'lead_key',
  'phone',
  'route',
  'reason',
  'registered_at',
  'expires_at',
  'is_registered',
  'created_at',
  'agent_version',
  'changed_at',
  'mapping',
]);

export const insertRefs = prepareInsert('call_refs', ['instance', 'kind', 'ref_key', 'correlation_id']);

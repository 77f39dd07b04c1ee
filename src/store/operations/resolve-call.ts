import type { CallRef, Instant } from '../../domain/call.ts';
import { correlationRef } from '../../domain/connector.ts';
import { fitRefs, isOurs, nameOf } from '../fit-key.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { FactToRecord } from '../store.ts';
import { conflict } from '../store-errors.ts';
import type { CallRow } from '../tables.ts';
import { createCall } from './create-call.ts';
import { mergeCalls } from './merge-calls.ts';

export interface ResolvedCall {
  call: CallRow;
  isNew: boolean;
  /** True when another call went up in this one: its facts must be judged anew. */
  isMerged: boolean;
}

/**
 * Finds the call that a fact speaks of by its names, strongest first, or makes one. Two calls that turn out to be one are
 * merged while at least one of them is a shell. Two registered calls stay two: the strongest name wins, and the names
 * that say otherwise stay where they are.
 */
export async function resolveCall(trx: Session, entry: FactToRecord, now: Instant): Promise<ResolvedCall> {
  const fresh = correlationRef(entry.freshId);
  // The fresh ID counts as the weakest name: an earlier try of the same fact may have given it to a call already.
  const refs = fitRefs([...entry.fact.refs, fresh]);
  const owners = await ownersOf(trx, refs);

  const ids = new Set<string>();
  for (const ref of refs) {
    const owner = owners.get(nameOf(ref));
    if (owner !== undefined) ids.add(owner);
  }
  if (ids.size === 0) return createNew(trx, entry, refs, now);

  const calls = await lockCalls(trx, [...ids]);
  // A call that is gone by now was merged into another meanwhile.
  if (calls.length < ids.size) throw conflict('a call');
  const [strongest, ...others] = calls;
  let call = strongest as CallRow;
  let isMerged = false;
  for (const other of others) {
    if (call.is_registered === 1 && other.is_registered === 1) continue;
    call = await mergeCalls(trx, call, other);
    isMerged = true;
  }
  const isGiven = entry.isAnnounced || entry.fact.refs.some((ref) => nameOf(ref) === nameOf(fresh));
  const added = refs.filter((ref) => !owners.has(nameOf(ref)) && (isGiven || nameOf(ref) !== nameOf(fresh)));
  await addRefs(trx, call.correlation_id, added);
  return { call, isNew: false, isMerged };
}

async function createNew(
  trx: Session,
  entry: FactToRecord,
  refs: readonly CallRef[],
  now: Instant,
): Promise<ResolvedCall> {
  // An ID of ours that we don't know yet was given away by another process: its registration may still be in a spool.
  const correlationId = refs.find(isOurs)?.key ?? entry.freshId;
  const own = correlationRef(correlationId);
  const kept = refs.filter(
    (ref) => ref.key !== correlationId && (ref.key !== entry.freshId || entry.isAnnounced || !isOurs(ref)),
  );
  const call = await createCall(trx, entry, correlationId, now);
  await addRefs(trx, correlationId, [own, ...kept]);
  return { call, isNew: true, isMerged: false };
}

/** Which call holds each name, by `nameOf`. */
async function ownersOf(trx: Session, refs: readonly CallRef[]): Promise<Map<string, string>> {
  const padded = padList(refs);
  const rows = await selectOwners(padded.length).all(trx, valuesOf(padded));
  return new Map(
    rows.map((row) => [nameOf({ instance: row.instance, kind: row.kind, key: row.ref_key }), row.correlation_id]),
  );
}

/** Reads the calls that exist, in the order of the ids, and keeps other writers off them until the transaction ends. */
export async function lockCalls(trx: Session, ids: readonly string[]): Promise<CallRow[]> {
  const padded = padList(ids);
  const values = Object.fromEntries(padded.map((id, index) => [`id${index}`, id]));
  const rows = await selectForUpdate(padded.length).all(trx, values);
  const byId = new Map(rows.map((row) => [row.correlation_id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

async function addRefs(trx: Session, correlationId: string, refs: readonly CallRef[]): Promise<void> {
  if (refs.length === 0) return;
  await insertRefs(refs.length).change(trx, { ...valuesOf(refs), call: correlationId });
}

function valuesOf(refs: readonly CallRef[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, ref] of refs.entries()) {
    values[`instance${index}`] = ref.instance;
    values[`kind${index}`] = ref.kind;
    values[`key${index}`] = ref.key;
  }
  return values;
}

const selectOwners = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db
      .selectFrom('call_refs')
      .selectAll()
      .where((expression) =>
        expression.or(
          Array.from({ length: size }, (_, index) =>
            expression.and([
              expression('instance', '=', param(`instance${index}`)),
              expression('kind', '=', param(`kind${index}`)),
              expression('ref_key', '=', param(`key${index}`)),
            ]),
          ),
        ),
      ),
  ),
);

/** SQLite has one writer at a time, so it knows no lock of a row. */
const selectForUpdate = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>, kind) => {
    const ids = Array.from({ length: size }, (_, index) => param(`id${index}`));
    const query = db.selectFrom('calls').selectAll().where('correlation_id', 'in', ids);
    return kind === 'mysql' ? query.orderBy('correlation_id').forUpdate() : query;
  }),
);

const insertRefs = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db.insertInto('call_refs').values(
      Array.from({ length: size }, (_, index) => ({
        instance: param(`instance${index}`),
        kind: param(`kind${index}`),
        ref_key: param(`key${index}`),
        correlation_id: param('call'),
      })),
    ),
  ),
);

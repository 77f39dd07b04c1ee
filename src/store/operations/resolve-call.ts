import type { CallRef, Instant } from '../../domain/call.ts';
import { correlationRef } from '../../domain/connector.ts';
import { isPurgedOwner } from '../../domain/purged.ts';
import { fitRefs, isOurs, keysByKind, nameOf } from '../fit-key.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { FactToRecord } from '../store.ts';
import { conflict } from '../store-errors.ts';
import type { CallRow } from '../tables.ts';
import { createCall } from './create-call.ts';
import { lockOnEachNode } from './lock-on-each-node.ts';
import { mergeCalls } from './merge-calls.ts';

const keysAtOnce = 64;

export interface ResolvedCall {
  call: CallRow;
  isNew: boolean;
  /** True when another call went up in this one: its facts must be judged anew. */
  isMerged: boolean;
}

/** A call that a dialer tells of so soon after it was told is a new one, though an old one had its name. */
const newCallMs = 3_600_000;

/**
 * Finds the call that a fact speaks of by its names, strongest first, or makes one. Two calls that turn out to be one are
 * merged while at least one of them is a shell. Two registered calls stay two: the strongest name wins, and the names
 * that say otherwise stay where they are. Null when the strongest name that is known is a purged call's: a late word about it
 * makes no new one.
 */
export async function resolveCall(trx: Session, entry: FactToRecord, now: Instant): Promise<ResolvedCall | null> {
  const fresh = correlationRef(entry.freshId);
  const refs = namesOfEntry(entry);
  const owners = await ownersOf(trx, refs);
  const purged = refs.filter((ref) => isPurgedOwner(owners.get(nameOf(ref)) ?? ''));
  if (purged.length > 0 && isOfNewCall(entry, now)) {
    for (const ref of purged) {
      await freeName.change(trx, { instance: ref.instance, kind: ref.kind, key: ref.key });
      owners.delete(nameOf(ref));
    }
  }

  const ids = new Set<string>();
  for (const ref of refs) {
    const owner = owners.get(nameOf(ref));
    if (owner === undefined) continue;
    if (!isPurgedOwner(owner)) ids.add(owner);
    else if (ids.size === 0) return null;
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

/** Only a dialer's own word of now begins a call. An event may bring one along that it found in its headers, years late. */
function isOfNewCall({ fact: { body }, receivedAt }: FactToRecord, now: Instant): boolean {
  if (body.kind !== 'registered' || body.via === 'event' || body.via === 'tool') return false;
  return Date.parse(receivedAt) > Date.parse(now) - newCallMs;
}

async function createNew(
  trx: Session,
  entry: FactToRecord,
  refs: readonly CallRef[],
  now: Instant,
): Promise<ResolvedCall> {
  const named = namesOfNew(entry, refs);
  const call = await createCall(trx, entry, named.correlationId, now);
  await addRefs(trx, named.correlationId, named.refs);
  return { call, isNew: true, isMerged: false };
}

/** The ID and the names of a call that is not there yet. */
export function namesOfNew(
  entry: FactToRecord,
  refs: readonly CallRef[],
): { correlationId: string; refs: readonly CallRef[] } {
  // An ID of ours that we don't know yet was given away by another process: its registration may still be in a spool.
  const correlationId = refs.find(isOurs)?.key ?? entry.freshId;
  const own = correlationRef(correlationId);
  const kept = refs.filter(
    (ref) => ref.key !== correlationId && (ref.key !== entry.freshId || entry.isAnnounced || !isOurs(ref)),
  );
  return { correlationId, refs: [own, ...kept] };
}

/** All names that a fact gives its call, as the store keeps them; the fresh ID is the weakest. */
export function namesOfEntry(entry: FactToRecord): CallRef[] {
  // An earlier try of the same fact may have given the fresh ID to a call already.
  return fitRefs([...entry.fact.refs, correlationRef(entry.freshId)]);
}

/** Which call holds each name, by `nameOf`. */
export async function ownersOf(trx: Session, refs: readonly CallRef[]): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const [{ instance, kind }, keys] of keysByKind(refs)) {
    for (let start = 0; start < keys.length; start += keysAtOnce) {
      const padded = padList(keys.slice(start, start + keysAtOnce));
      const values = Object.fromEntries(padded.map((key, index) => [`key${index}`, key]));
      const rows = await selectOwners(padded.length).all(trx, { ...values, instance, kind });
      for (const { ref_key: key, correlation_id: id } of rows) owners.set(nameOf({ instance, kind, key }), id);
    }
  }
  return owners;
}

/** Reads the calls that exist, in the order of the ids, and keeps other writers off them until the transaction ends. */
export async function lockCalls(trx: Session, ids: readonly string[]): Promise<CallRow[]> {
  if (ids.length === 0) return [];
  if (trx.isCluster)
    await lockOnEachNode(
      trx,
      ids.map((id) => `call:${id}`),
    );
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
      .select(['ref_key', 'correlation_id'])
      .where('instance', '=', param('instance'))
      .where('kind', '=', param('kind'))
      .where(
        'ref_key',
        'in',
        Array.from({ length: size }, (_, index) => param(`key${index}`)),
      ),
  ),
);

const freeName = prepareQuery((db, param: Param<{ instance: string; kind: string; key: string }>) =>
  db
    .deleteFrom('call_refs')
    .where('instance', '=', param('instance'))
    .where('kind', '=', param('kind'))
    .where('ref_key', '=', param('key')),
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

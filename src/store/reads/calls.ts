import type { Call, CallRef, Instant } from '../../domain/call.ts';
import { correlationRef } from '../../domain/connector.ts';
import type { StoredFact } from '../../domain/fact.ts';
import { fitKey, keyLengths, keysByKind, nameOf } from '../fit-key.ts';
import { type Param, padList, prepareByIds, prepareBySize, prepareQuery, rowsByIds } from '../prepared-query.ts';
import { callOf, columnsOfCall, factOf } from '../rows.ts';
import type { Session } from '../session.ts';
import type { CallsPageQuery } from '../store.ts';

const maxIdsAtOnce = 256;
const maxCallsOfPhone = 10;

/** The call that a system knows by this name. */
export async function callByRef(session: Session, ref: CallRef): Promise<Call | null> {
  const row = await selectByRef.first(session, {
    instance: fitKey(ref.instance, keyLengths.name),
    kind: fitKey(ref.kind, keyLengths.name),
    key: fitKey(ref.key),
  });
  return row ? callOf(row) : null;
}

/** The same of many names at once; null where no call has the name. */
export async function callsByRefs(session: Session, refs: readonly CallRef[]): Promise<(Call | null)[]> {
  const fitted = refs.map(({ instance, kind, key }) => ({
    instance: fitKey(instance, keyLengths.name),
    kind: fitKey(kind, keyLengths.name),
    key: fitKey(key),
  }));
  const found = new Map<string, Call>();
  for (const [{ instance, kind }, keys] of keysByKind(fitted)) {
    const padded = padList(keys);
    const values = Object.fromEntries(padded.map((key, index) => [`key${index}`, key]));
    for (const { asked, ...row } of await selectByRefs(padded.length).all(session, { ...values, instance, kind })) {
      found.set(nameOf({ instance, kind, key: asked }), callOf(row));
    }
  }
  return fitted.map((ref) => found.get(nameOf(ref)) ?? null);
}

/** The call of a correlation ID; also of one that became a further name of another call. */
export async function callById(session: Session, correlationId: string): Promise<Call | null> {
  return callByRef(session, correlationRef(correlationId));
}

/**
 * Those calls that have an outcome by now. A call that goes on under another ID is given under the one that was asked
 * for: who waits knows no other.
 */
export async function callsWithOutcome(session: Session, correlationIds: readonly string[]): Promise<Call[]> {
  const calls: Call[] = [];
  for (let start = 0; start < correlationIds.length; start += maxIdsAtOnce) {
    const ids = padList(correlationIds.slice(start, start + maxIdsAtOnce));
    const values = Object.fromEntries(ids.map((id, index) => [`id${index}`, fitKey(id)]));
    const rows = await selectWithOutcome(ids.length).all(session, values);
    for (const { asked, ...row } of rows) calls.push({ ...callOf(row), correlationId: asked });
  }
  return calls;
}

/** Registered calls of a number since an instant, newest first, at most 10. */
export async function callsByPhone(session: Session, input: { phone: string; since: Instant }): Promise<Call[]> {
  const rows = await selectByPhone.all(session, { phone: fitKey(input.phone, keyLengths.phone), since: input.since });
  return rows.map(callOf);
}

/** Calls of a dialer that were registered within a span of time, oldest first. */
export async function callsRegistered(
  session: Session,
  input: { dialer: string; from: Instant; before: Instant },
): Promise<Call[]> {
  const rows = await session.db
    .selectFrom('calls')
    .selectAll()
    .where('dialer', '=', input.dialer)
    .where('is_registered', '=', 1)
    .where('registered_at', '>=', input.from)
    .where('registered_at', '<', input.before)
    .orderBy('registered_at')
    .orderBy('correlation_id')
    .execute();
  return rows.map(callOf);
}

/** Registered calls of a dialer in the order of time, those after one that was read before. */
export async function callsPage(session: Session, input: CallsPageQuery): Promise<Call[]> {
  const { dialer, before, after, limit } = input;
  const rows = await session.db
    .selectFrom('calls')
    .selectAll()
    .where('dialer', '=', dialer)
    .where('is_registered', '=', 1)
    .where('registered_at', '>=', after.at)
    .where('registered_at', '<', before)
    .where((expression) =>
      expression.or([
        expression('registered_at', '>', after.at),
        expression('correlation_id', '>', after.correlationId),
      ]),
    )
    .orderBy('registered_at')
    .orderBy('correlation_id')
    .limit(limit)
    .execute();
  return rows.map(callOf);
}

/** Every dialer that has a call, those that are configured no more included. One look at the index for each. */
export async function dialersOfCalls(session: Session): Promise<string[]> {
  const dialers: string[] = [];
  // A shell has no dialer yet.
  for (let after = ''; ; ) {
    const row = await selectNextDialer.first(session, { after });
    if (!row) return dialers;
    dialers.push(row.dialer);
    after = row.dialer;
  }
}

export async function factsOf(session: Session, correlationId: string): Promise<StoredFact[]> {
  const call = await callById(session, correlationId);
  if (!call) return [];
  return (await factsOfCalls(session, [call.correlationId])).get(call.correlationId) ?? [];
}

export async function refsOf(session: Session, correlationId: string): Promise<CallRef[]> {
  const call = await callById(session, correlationId);
  return call ? selectRefs.all(session, { id: call.correlationId }) : [];
}

/** Facts of some calls by their IDs, each call's in an order that does not depend on when they came. */
export async function factsOfCalls(
  session: Session,
  correlationIds: readonly string[],
): Promise<Map<string, StoredFact[]>> {
  const rows = await rowsByIds(selectFacts, session, correlationIds);
  return Map.groupBy(rows.map(factOf), ({ correlationId }) => correlationId);
}

const selectFacts = prepareByIds((db, ids) =>
  db
    .selectFrom('facts')
    .selectAll()
    .where('correlation_id', 'in', ids)
    .orderBy('correlation_id')
    .orderBy('at')
    .orderBy('source')
    .orderBy('fact_key')
    .orderBy('copy'),
);

const selectRefs = prepareQuery((db, param: Param<{ id: string }>) =>
  db
    .selectFrom('call_refs')
    .select(['instance', 'kind', 'ref_key as key'])
    .where('correlation_id', '=', param('id'))
    .orderBy('instance')
    .orderBy('kind')
    .orderBy('ref_key'),
);

const selectByRef = prepareQuery((db, param: Param<{ instance: string; kind: string; key: string }>) =>
  db
    .selectFrom('call_refs')
    .innerJoin('calls', 'calls.correlation_id', 'call_refs.correlation_id')
    .select(columnsOfCall)
    .where('call_refs.instance', '=', param('instance'))
    .where('call_refs.kind', '=', param('kind'))
    .where('call_refs.ref_key', '=', param('key')),
);

const selectByRefs = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) =>
    db
      .selectFrom('call_refs')
      .innerJoin('calls', 'calls.correlation_id', 'call_refs.correlation_id')
      .select(columnsOfCall)
      .select('call_refs.ref_key as asked')
      .where('call_refs.instance', '=', param('instance'))
      .where('call_refs.kind', '=', param('kind'))
      .where(
        'call_refs.ref_key',
        'in',
        Array.from({ length: size }, (_, index) => param(`key${index}`)),
      ),
  ),
);

const selectWithOutcome = prepareBySize((size) =>
  prepareQuery((db, param: Param<Record<string, string>>) => {
    const { instance, kind } = correlationRef('');
    const ids = Array.from({ length: size }, (_, index) => param(`id${index}`));
    return db
      .selectFrom('call_refs')
      .innerJoin('calls', 'calls.correlation_id', 'call_refs.correlation_id')
      .select(columnsOfCall)
      .select('call_refs.ref_key as asked')
      .where('call_refs.instance', '=', instance)
      .where('call_refs.kind', '=', kind)
      .where('call_refs.ref_key', 'in', ids)
      .where('calls.outcome', 'is not', null);
  }),
);

const selectNextDialer = prepareQuery((db, param: Param<{ after: string }>) =>
  db.selectFrom('calls').select('dialer').where('dialer', '>', param('after')).orderBy('dialer').limit(1),
);

const selectByPhone = prepareQuery((db, param: Param<{ phone: string; since: string }>) =>
  db
    .selectFrom('calls')
    .select(columnsOfCall)
    .where('phone', '=', param('phone'))
    .where('registered_at', '>=', param('since'))
    .where('is_registered', '=', 1)
    .orderBy('registered_at', 'desc')
    .limit(maxCallsOfPhone),
);

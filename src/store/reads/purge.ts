import type { Instant } from '../../domain/call.ts';
import type { WhyKept } from '../../domain/purged.ts';
import { mayPurge } from '../../domain/retention.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { CallRow, Tables } from '../tables.ts';
import { justAfter } from './search-calls.ts';

/** Everything that belongs to one call; the call itself comes last, so that a cut-off archive names no call it lacks. */
export const tablesOfCall = [
  'facts',
  'write_backs',
  'call_refs',
  'transcripts',
  'attention',
  'opt_outs',
  'plans_to_renew',
  'calls',
] as const satisfies readonly (keyof Tables)[];
export type TableOfCall = (typeof tablesOfCall)[number];

/** The only states in which nothing can happen to a write-back any more. A dead one may still be replayed. */
const ended = ['confirmed', 'superseded', 'cancelled', 'shadow'];

export interface PurgeTerms {
  /** Registered before. */
  before: Instant;
  keepYears: number;
  now: Instant;
}

export interface PurgePlace {
  registeredAt: Instant;
  correlationId: string;
}

/** Calls of a dialer that were registered before an instant, oldest first, shells among them; an empty dialer: only shells. */
export async function oldCalls(
  session: Session,
  input: { dialer: string; before: Instant; after: PurgePlace; limit: number },
): Promise<PurgePlace[]> {
  const { dialer, after, limit } = input;
  const at = after.registeredAt;
  // Without a bound MariaDB would sort all old calls of the dialer for one page of them.
  const end = await selectEnd.first(session, { dialer, at, before: input.before, skip: limit - 1 });
  const before = end ? justAfter(end.registered_at) : input.before;
  const rows = await selectOld.all(session, { dialer, before, at, id: after.correlationId, limit });
  return rows.map((row) => ({ registeredAt: row.registered_at, correlationId: row.correlation_id }));
}

/** Of some calls those that may be purged, and why the others are kept. */
export async function judgePurge(
  session: Session,
  input: PurgeTerms & { correlationIds: readonly string[] },
): Promise<{ purgeable: string[]; kept: WhyKept[] }> {
  const purgeable: string[] = [];
  const kept: WhyKept[] = [];
  for (const id of input.correlationIds) {
    const call = await selectCall.first(session, { id });
    const why = call && (await whyKept(session, call, input));
    if (why) kept.push(why);
    else if (call) purgeable.push(id);
  }
  return { purgeable, kept };
}

/** Null when the call may go. */
export async function whyKept(session: Session, call: CallRow, terms: PurgeTerms): Promise<WhyKept | null> {
  const id = call.correlation_id;
  const isOptedOut = (await selectOptOut.first(session, { id })) !== undefined;
  if (isOptedOut) return 'opt-out';
  // As old as the last thing that was told of it: an opt-out that was taken back has been evidence until then.
  const told = await selectLastTold.first(session, { id });
  const at = [call.registered_at, call.created_at, told?.received_at ?? ''].sort().at(-1) ?? call.registered_at;
  if (!mayPurge({ at, isOptedOut }, terms.now, terms.keepYears) || at >= terms.before) return 'evidence';
  if (call.expires_at >= terms.now) return 'open';
  if (await selectOpenRow.first(session, { id })) return 'write-back';
  return (await selectItem.first(session, { id })) ? 'attention' : null;
}

/** All rows of some calls, for an archive. */
export async function rowsOfCalls(
  session: Session,
  correlationIds: readonly string[],
): Promise<{ table: TableOfCall; rows: object[] }[]> {
  const found: { table: TableOfCall; rows: object[] }[] = [];
  if (correlationIds.length === 0) return found;
  for (const table of tablesOfCall) {
    const query = session.db.selectFrom(table as 'calls').selectAll();
    found.push({ table, rows: await query.where('correlation_id', 'in', correlationIds).execute() });
  }
  return found;
}

const selectOld = prepareQuery(
  (db, param: Param<{ dialer: string; before: Instant; at: Instant; id: string; limit: number }>) =>
    db
      .selectFrom('calls')
      .select(['registered_at', 'correlation_id'])
      .where('dialer', '=', param('dialer'))
      .where('registered_at', '>=', param('at'))
      .where('registered_at', '<', param('before'))
      .where((row) => row.or([row('registered_at', '>', param('at')), row('correlation_id', '>', param('id'))]))
      .orderBy('registered_at')
      .orderBy('correlation_id')
      .limit(param('limit')),
);

/** When the call was registered that ends a page of calls of after an instant; none when there are fewer. */
const selectEnd = prepareQuery((db, param: Param<{ dialer: string; before: Instant; at: Instant; skip: number }>) =>
  db
    .selectFrom('calls')
    .select('registered_at')
    .where('dialer', '=', param('dialer'))
    .where('registered_at', '>', param('at'))
    .where('registered_at', '<', param('before'))
    .orderBy('registered_at')
    .limit(1)
    .offset(param('skip')),
);

const selectCall = prepareQuery((db, param: Param<{ id: string }>) =>
  db.selectFrom('calls').selectAll().where('correlation_id', '=', param('id')),
);

const selectOptOut = prepareQuery((db, param: Param<{ id: string }>) =>
  db.selectFrom('opt_outs').select('phone').where('correlation_id', '=', param('id')).where('undone', '=', 0).limit(1),
);

const selectLastTold = prepareQuery((db, param: Param<{ id: string }>) =>
  db
    .selectFrom('facts')
    .select('received_at')
    .where('correlation_id', '=', param('id'))
    .orderBy('received_at', 'desc')
    .limit(1),
);

const selectOpenRow = prepareQuery((db, param: Param<{ id: string }>) =>
  db
    .selectFrom('write_backs')
    .select('id')
    .where('correlation_id', '=', param('id'))
    .where('state', 'not in', ended)
    .limit(1),
);

const selectItem = prepareQuery((db, param: Param<{ id: string }>) =>
  db
    .selectFrom('attention')
    .select('kind')
    .where('correlation_id', '=', param('id'))
    .where('settled_at', 'is', null)
    .limit(1),
);

import { type Expression, type ExpressionBuilder, expressionBuilder, type Kysely, type SqlBool } from 'kysely';
import type { Aspect } from '../../domain/write-back.ts';
import { databaseClock } from '../database-clock.ts';
import { notByIndex } from '../not-by-index.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import { writeBackOf } from '../rows.ts';
import type { OperationContext, Session, StoreKind } from '../session.ts';
import type { ClaimedWriteBack, ClaimInput } from '../store.ts';
import type { Tables, WriteBackRow } from '../tables.ts';

/**
 * Takes due rows of a dialer: first those whose worker's time is up (they may have taken effect, so they come in doubt),
 * then waiting ones, earliest first. A row waits while an earlier revision of its aspect is still under way, or while its
 * last request, or that of an earlier revision, may still be carried out: by the database's clock, which no other can move.
 * So do callback and disposition of one call, which share a place in the record, for each other.
 *
 * Nothing at all is claimed while something of the dialer is paused: who knows of it asks `claimBetweenPauses`, and who does
 * not must not send it.
 */
export async function claimWriteBacks(
  trx: Session,
  input: ClaimInput,
  context: OperationContext,
): Promise<ClaimedWriteBack[]> {
  const { dialer, now, leaseMs } = input;
  const claim = context.newId();
  const expired = await selectExpired.all(trx, { dialer, limit: input.limit });
  await take(trx, takeExpired, expired, { claim, leaseMs });

  const room = input.limit - expired.length;
  const waiting = room > 0 ? await waitingRows(trx, { dialer, now, limit: room }, input.aspects) : [];
  await take(trx, takeWaiting, waiting, { claim, leaseMs });
  return expired.length + waiting.length > 0 ? claimedBy(trx, claim) : [];
}

/** Takes submitted rows whose confirmation is due; they stay submitted. */
export async function claimReceipts(
  trx: Session,
  input: ClaimInput,
  context: OperationContext,
): Promise<ClaimedWriteBack[]> {
  const { dialer, now, leaseMs } = input;
  const claim = context.newId();
  const due = await selectSubmitted.all(trx, { dialer, now, limit: input.limit });
  await take(trx, takeSubmitted, due, { claim, leaseMs });
  return due.length > 0 ? claimedBy(trx, claim) : [];
}

/** Rows of one claim that were not settled yet are held on. */
export async function renewClaim(trx: Session, input: { claim: string; leaseMs: number }): Promise<number> {
  return renew.change(trx, input);
}

/** Aspect by aspect where not all are wanted, so that many rows of another are not read through. */
async function waitingRows(
  trx: Session,
  values: { dialer: string; now: string; limit: number },
  aspects: readonly string[] | undefined,
): Promise<{ id: string }[]> {
  if (!aspects) return selectWaiting.all(trx, values);
  const found = [];
  for (const aspect of aspects) found.push(...(await selectWaitingOf.all(trx, { ...values, aspect })));
  const placeOf = (row: { id: string; due_at: string }) => `${row.due_at} ${row.id}`;
  return found.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)).slice(0, values.limit);
}

/** Marks rows as claimed. The condition of the row's state is asked again in the update: the rows that changed are ours, no others. */
export async function take(
  trx: Session,
  queryOf: typeof takeWaiting,
  rows: readonly { id: string }[],
  values: { claim: string; leaseMs: number },
): Promise<void> {
  if (rows.length === 0) return;
  const padded = padList(rows);
  const ids = Object.fromEntries(padded.map((row, index) => [`id${index}`, row.id]));
  await queryOf(padded.length).change(trx, { ...ids, ...values });
}

/** The rows of a claim, earliest first. */
export async function claimedBy(trx: Session, claim: string): Promise<ClaimedWriteBack[]> {
  const rows = await selectClaimed.all(trx, { claim });
  return rows.map((row) => ({ ...writeBackOf(row), claim }));
}

const selectExpired = prepareQuery((db, param: Param<{ dialer: string; limit: number }>, kind) =>
  db
    .selectFrom('write_backs')
    .select('id')
    .where('state', '=', 'claimed')
    .where('dialer', '=', param('dialer'))
    .where('claimed_until', '<=', databaseClock(kind))
    .where(isNothingPaused(param('dialer')))
    .orderBy('due_at')
    .orderBy('id')
    .limit(param('limit')),
);

/** A callback sets what becomes of a record next, in the place of its disposition (VICIdial's status) or over it (Five9). */
const ofOnePlace: readonly Aspect[] = ['callback', 'disposition'];

interface WaitingValues extends Record<string, string | number> {
  dialer: string;
  now: string;
  limit: number;
}

const selectWaiting = prepareQuery(selectWaitingRows);

const selectWaitingOf = prepareQuery((db, param: Param<WaitingValues & { aspect: string }>, kind) =>
  selectWaitingRows(db, param as Param<WaitingValues>, kind).where('row.aspect', '=', param('aspect')),
);

function selectWaitingRows(db: Kysely<Tables>, param: Param<WaitingValues>, kind: StoreKind) {
  return db
    .selectFrom('write_backs as row')
    .select(['row.id', 'row.due_at'])
    .where('row.state', '=', 'pending')
    .where('row.dialer', '=', param('dialer'))
    .where('row.due_at', '<=', param('now'))
    .where(mayGo(kind))
    .where(isNothingPaused(param('dialer')))
    .orderBy('row.due_at')
    .orderBy('row.id')
    .limit(param('limit'));
}

type RowBuilder = ExpressionBuilder<Tables & { row: WriteBackRow }, 'row'>;

/** Nothing that comes before the row, or shares its place, is under way. */
export function mayGo(kind: StoreKind): (row: RowBuilder) => Expression<SqlBool> {
  return (expression) =>
    expression.and([
      expression.not(
        expression.exists(
          expression
            .selectFrom('write_backs as earlier')
            .select('earlier.id')
            .whereRef('earlier.correlation_id', '=', 'row.correlation_id')
            .whereRef('earlier.dialer', '=', 'row.dialer')
            .whereRef('earlier.aspect', '=', 'row.aspect')
            .whereRef('earlier.revision', '<=', 'row.revision')
            .where(({ eb, or }) =>
              or([
                eb('earlier.state', 'in', ['claimed', 'submitted']),
                eb('earlier.claimed_until', '>', databaseClock(kind)),
              ]),
            ),
        ),
      ),
      expression.or([
        expression('row.aspect', 'not in', ofOnePlace),
        expression.not(
          expression.exists(
            expression
              .selectFrom('write_backs as other')
              .select('other.id')
              .whereRef('other.correlation_id', '=', 'row.correlation_id')
              .whereRef('other.dialer', '=', 'row.dialer')
              .where('other.aspect', 'in', ofOnePlace)
              .whereRef('other.aspect', '<>', 'row.aspect')
              .where('other.state', '<>', 'submitted')
              .where('other.claimed_until', '>', databaseClock(kind)),
          ),
        ),
      ]),
    ]);
}

/** Asked once for a statement, of a table that is nearly always empty. */
function isNothingPaused(dialer: string): Expression<SqlBool> {
  const { not, exists, selectFrom } = expressionBuilder<Tables, never>();
  const pauses = selectFrom('controls').select('controls.kind').where('controls.kind', '=', 'pause');
  return not(exists(pauses.where('controls.dialer', 'in', ['', dialer])));
}

const selectSubmitted = prepareQuery((db, param: Param<{ dialer: string; now: string; limit: number }>, kind) =>
  db
    .selectFrom('write_backs')
    .select('id')
    .where('state', '=', 'submitted')
    .where('dialer', '=', param('dialer'))
    .where('due_at', '<=', param('now'))
    .where((expression) =>
      expression.or([expression('claimed_until', 'is', null), expression('claimed_until', '<=', databaseClock(kind))]),
    )
    .orderBy('due_at')
    .orderBy('id')
    .limit(param('limit')),
);

const selectClaimed = prepareQuery((db, param: Param<{ claim: string }>) =>
  db.selectFrom('write_backs').selectAll().where('claim', '=', param('claim')).orderBy('due_at').orderBy('id'),
);

interface TakeValues extends Record<string, string | number> {
  claim: string;
  leaseMs: number;
}

const renew = prepareQuery((db, param: Param<{ claim: string; leaseMs: number }>, kind) =>
  db
    .updateTable('write_backs')
    .set({ claimed_until: databaseClock(kind, param('leaseMs')) })
    .where('claim', '=', param('claim'))
    .where('state', 'in', ['claimed', 'submitted']),
);

const state = notByIndex<string>('state');

/** Rows that wait. */
export const takeWaiting = prepareBySize((size) =>
  prepareQuery((db, param: Param<TakeValues>, kind) =>
    db
      .updateTable('write_backs')
      .set({ state: 'claimed', claim: param('claim'), claimed_until: databaseClock(kind, param('leaseMs')) })
      .where('id', 'in', idParams(size, param))
      .where(state, '=', 'pending'),
  ),
);

/** Rows whose worker's time is up. */
export const takeExpired = prepareBySize((size) =>
  prepareQuery((db, param: Param<TakeValues>, kind) =>
    db
      .updateTable('write_backs')
      .set(({ eb }) => ({
        in_doubt: 1,
        // It was a try, whatever came of it: who knows of an earlier one sees that this is another.
        attempts: eb('attempts', '+', 1),
        claim: param('claim'),
        claimed_until: databaseClock(kind, param('leaseMs')),
      }))
      .where('id', 'in', idParams(size, param))
      .where(state, '=', 'claimed')
      .where('claimed_until', '<=', databaseClock(kind)),
  ),
);

const takeSubmitted = prepareBySize((size) =>
  prepareQuery((db, param: Param<TakeValues>, kind) =>
    db
      .updateTable('write_backs')
      .set({ claim: param('claim'), claimed_until: databaseClock(kind, param('leaseMs')) })
      .where('id', 'in', idParams(size, param))
      .where(state, '=', 'submitted')
      .where((expression) =>
        expression.or([
          expression('claimed_until', 'is', null),
          expression('claimed_until', '<=', databaseClock(kind)),
        ]),
      ),
  ),
);

function idParams(size: number, param: Param<TakeValues>): string[] {
  return Array.from({ length: size }, (_, index) => param(`id${index}`) as string);
}

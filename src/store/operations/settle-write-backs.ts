import type { Instant } from '../../domain/call.ts';
import { databaseClock } from '../database-clock.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { OperationContext, Session } from '../session.ts';
import type { Settlement } from '../store.ts';
import { replanCall } from './replan.ts';
import { lockCalls } from './resolve-call.ts';

const maxWordLength = 1000;
const finals: readonly Settlement['state'][] = ['confirmed', 'refused', 'dead', 'cancelled'];

/**
 * Writes what became of claimed rows. Only the holder of the claim may; what was lost meanwhile is given back. A row that
 * waits again is compared with the call's present facts: it may be overtaken, or no longer wanted.
 */
export async function settleWriteBacks(
  trx: Session,
  settlements: readonly Settlement[],
  context: OperationContext,
): Promise<{ lost: string[] }> {
  const lost: string[] = [];
  for (const settlement of settlements) {
    const isSettled = await settle(trx, settlement, context);
    if (!isSettled) lost.push(settlement.id);
  }
  return { lost };
}

async function settle(trx: Session, settlement: Settlement, context: OperationContext): Promise<boolean> {
  const waits = settlement.state === 'pending';
  const leavesDoubt = settlement.inDoubt && (settlement.state === 'dead' || settlement.state === 'refused');
  if (!waits && !leavesDoubt) {
    return writeSettlement(trx, settlement, settlement.state);
  }

  const row = await selectHeld.first(trx, { id: settlement.id, claim: settlement.claim });
  if (!row) return false;
  // Facts of the call may be adding a newer revision right now: one of the two must wait for the other.
  await lockCalls(trx, [row.correlation_id]);
  const newer = await selectNewer.first(trx, row);
  const isSettled = await writeSettlement(trx, settlement, waits && newer ? 'superseded' : settlement.state);
  // What may have taken effect, or may do so yet, is the next revision's concern.
  if (isSettled && newer && settlement.inDoubt) await handOnDoubt.change(trx, { id: newer.id });
  if (isSettled && waits && !newer && !context.ignoresIdempotency) {
    // The row waits until `dueAt` for a reason: comparing it with the facts must not bring it forward.
    await replanCall(trx, row.correlation_id, settlement.dueAt, context);
  }
  return isSettled;
}

async function writeSettlement(
  trx: Session,
  settlement: Settlement,
  state: Settlement['state'] | 'superseded',
): Promise<boolean> {
  const isFinal = state === 'superseded' || finals.includes(state);
  const count = await updateRow.change(trx, {
    id: settlement.id,
    claim: settlement.claim,
    state,
    dueAt: settlement.dueAt,
    attempts: settlement.attempts,
    spared: settlement.spared ?? 0,
    inDoubt: settlement.inDoubt ? 1 : 0,
    receipt: settlement.receipt,
    why: settlement.why.slice(0, maxWordLength).toWellFormed(),
    hint: settlement.hint.slice(0, maxWordLength).toWellFormed(),
    settledAt: isFinal ? settlement.now : null,
  });
  const { id, lateMs = 0 } = settlement;
  if (count === 1 && lateMs > 0) await holdRow.change(trx, { id, lateMs });
  return count === 1;
}

const selectHeld = prepareQuery((db, param: Param<{ id: string; claim: string }>) =>
  db
    .selectFrom('write_backs')
    .select(['correlation_id', 'dialer', 'aspect', 'revision'])
    .where('id', '=', param('id'))
    .where('claim', '=', param('claim'))
    .where('state', 'in', ['claimed', 'submitted']),
);

/** A later revision that stands for a wish. One that was itself replaced or taken back says nothing about this one. */
const selectNewer = prepareQuery(
  (db, param: Param<{ correlation_id: string; dialer: string; aspect: string; revision: number }>) =>
    db
      .selectFrom('write_backs')
      .select('id')
      .where('correlation_id', '=', param('correlation_id'))
      .where('dialer', '=', param('dialer'))
      .where('aspect', '=', param('aspect'))
      .where('revision', '>', param('revision'))
      .where('state', 'not in', ['superseded', 'cancelled'])
      .limit(1),
);

const handOnDoubt = prepareQuery((db, param: Param<{ id: string }>) =>
  db.updateTable('write_backs').set({ in_doubt: 1 }).where('id', '=', param('id')),
);

const holdRow = prepareQuery((db, param: Param<{ id: string; lateMs: number }>, kind) =>
  db
    .updateTable('write_backs')
    .set({ claimed_until: databaseClock(kind, param('lateMs')) })
    .where('id', '=', param('id')),
);

interface RowValues extends Record<string, string | number | null> {
  id: string;
  claim: string;
  state: string;
  dueAt: Instant;
  attempts: number;
  spared: number;
  inDoubt: number;
  receipt: string;
  why: string;
  hint: string;
  settledAt: Instant | null;
}

const updateRow = prepareQuery((db, param: Param<RowValues>) =>
  db
    .updateTable('write_backs')
    .set({
      state: param('state'),
      due_at: param('dueAt'),
      attempts: param('attempts'),
      spared: param('spared'),
      in_doubt: param('inDoubt'),
      receipt: param('receipt'),
      why: param('why'),
      hint: param('hint'),
      settled_at: param('settledAt'),
      claim: '',
      claimed_until: null,
    })
    .where('id', '=', param('id'))
    .where('claim', '=', param('claim'))
    .where('state', 'in', ['claimed', 'submitted']),
);

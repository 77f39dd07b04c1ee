import type { Instant } from '../../domain/call.ts';
import { diffWriteBacks, replaceable, type WriteBackDiff } from '../../domain/diff-write-backs.ts';
import type { StoredFact } from '../../domain/fact.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { isErased, type PlanRules, planWriteBacks, standingOf } from '../../domain/plan-write-backs.ts';
import { firstState, overtakenWhy, type WantedWriteBack, type WriteBack } from '../../domain/write-back.ts';
import { prepareInsert } from '../prepared-insert.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import { writeBacksOfCalls } from '../reads/write-backs.ts';
import type { OperationContext, Session } from '../session.ts';
import { conflict } from '../store-errors.ts';
import type { WriteBackRow } from '../tables.ts';
import type { KeptOptOuts } from './keep-opt-outs.ts';

export interface CallToPlan extends KeptOptOuts {
  correlationId: string;
  /** Version of the mapping that the call began with. */
  mapping: string;
  facts: readonly StoredFact[];
  outcome: Outcome | null;
  now: Instant;
  isForced: boolean;
}

export interface PlannedCalls {
  /** Calls of which something had to change. */
  differing: ReadonlySet<string>;
  /** Calls of which a row waits that can go at once. */
  due: ReadonlySet<string>;
}

/** Writes the difference between what the dialers should hold for calls and what was last wanted. */
export async function planCalls(
  trx: Session,
  plans: readonly CallToPlan[],
  context: OperationContext,
): Promise<PlannedCalls> {
  const held = await writeBacksOfCalls(
    trx,
    plans.map(({ correlationId }) => correlationId),
  );
  const inserted: WriteBackRow[] = [];
  const differing = new Set<string>();
  const due = new Set<string>();
  for (const plan of plans) {
    const { correlationId, now } = plan;
    const rules = (await context.rulesOf?.(trx, plan.mapping)) ?? context.rules;
    const diff = differenceOf(plan, held.get(correlationId) ?? [], rules);
    await changeWaiting(trx, plan, diff);
    const fresh = diff.insert.map((insert) => rowOf(context.newId(), correlationId, insert, now));
    inserted.push(...fresh);
    if (fresh.some((row) => isDue(row.state, row.due_at, now)) || leavesDue(held.get(correlationId) ?? [], diff, now)) {
      due.add(correlationId);
    }
    if (diff.supersede.length + diff.cancel.length + diff.refresh.length + diff.insert.length > 0) {
      differing.add(correlationId);
    }
  }
  await insertRows(trx, inserted);
  return { differing, due };
}

/** Whether a row that waited before goes on waiting, and can go at once. */
function leavesDue(held: readonly WriteBack[], diff: WriteBackDiff, now: Instant): boolean {
  const refreshed = new Map(diff.refresh.map(({ id, dueAt }) => [id, dueAt]));
  const ended = new Set([...diff.supersede, ...diff.cancel]);
  return held.some(({ id, state, dueAt }) => !ended.has(id) && isDue(state, refreshed.get(id) ?? dueAt, now));
}

function isDue(state: string, dueAt: Instant, now: Instant): boolean {
  return state === 'pending' && dueAt <= now;
}

/** A row that a worker took in the meantime is no longer waiting: the unit runs again and sees it. */
async function changeWaiting(trx: Session, { facts, now }: CallToPlan, diff: WriteBackDiff): Promise<void> {
  for (const id of diff.supersede) await end(trx, { id, state: 'superseded', now });
  for (const id of diff.cancel) await end(trx, { id, state: 'cancelled', now });
  await showOvertaken(trx, facts, diff.cancel);
  for (const { id, dueAt, target } of diff.refresh) {
    const count = await refreshRow.change(trx, { id, dueAt, target: JSON.stringify(target) });
    if (count !== 1) throw conflict('a write-back');
  }
}

/**
 * What would have to change for the dialers to hold what they should. Writes nothing.
 *
 * @param held all that was ever wanted for the call
 * @param rules those of the call
 */
export function differenceOf(plan: CallToPlan, held: readonly WriteBack[], rules: PlanRules): WriteBackDiff {
  const { correlationId, now } = plan;
  const wanted = planWriteBacks(correlationId, plan.facts, plan.outcome, rules, plan.person);
  // Of a call that was erased only its opt-out is still told, and nothing that was told is taken back for it.
  const own = isErased(plan.facts) ? held.filter(({ aspect }) => aspect === 'dnc') : held;
  // A dialer that is missing from the configuration for a while keeps what its lists have of an opt-out that stands.
  const keepsLists = (dialer: string) => plan.person && !rules.dialers[dialer]?.aspects.includes('dnc');
  const rows = own.filter(({ dialer, aspect }) => aspect !== 'dnc' || !keepsLists(dialer));
  return plan.isForced ? allAnew(rows, wanted) : diffWriteBacks(rows, wanted, now, plan.listedStill);
}

async function end(
  trx: Session,
  values: { id: string; state: 'superseded' | 'cancelled'; now: Instant },
): Promise<void> {
  const count = await endRow.change(trx, values);
  if (count !== 1) throw conflict('a write-back');
}

/** An operator sees which rows ended because the dialer's record has a human's word now. */
async function showOvertaken(trx: Session, facts: readonly StoredFact[], ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const told = facts.flatMap(({ body }) => (body.kind === 'dispositioned' ? body.dialer : []));
  for (const dialer of new Set(told)) {
    if (standingOf(facts, dialer)) continue;
    for (const id of ids) await overtakeRow.change(trx, { id, dialer, why: overtakenWhy });
  }
}

function allAnew(rows: readonly WriteBack[], wanted: readonly WantedWriteBack[]): WriteBackDiff {
  const insert = wanted.map((wish) => {
    const history = rows.filter((row) => row.dialer === wish.dialer && row.aspect === wish.desired.aspect);
    return { wanted: wish, revision: Math.max(0, ...history.map((row) => row.revision)) + 1, inDoubt: false };
  });
  return { insert, supersede: [], cancel: [], refresh: [] };
}

function rowOf(
  id: string,
  call: string,
  { wanted: wish, revision, inDoubt }: WriteBackDiff['insert'][number],
  now: Instant,
): WriteBackRow {
  const state = firstState(wish);
  return {
    id,
    correlation_id: call,
    dialer: wish.dialer,
    aspect: wish.desired.aspect,
    revision,
    target: JSON.stringify(wish.target),
    desired: JSON.stringify(wish.desired),
    state,
    // What is at its end lies among what ended then.
    due_at: state === 'shadow' ? now : (wish.notBefore ?? now),
    attempts: 0,
    in_doubt: inDoubt ? 1 : 0,
    receipt: '',
    why: wish.held ?? '',
    hint: '',
    created_at: now,
    settled_at: state === 'shadow' ? now : null,
    claim: '',
    claimed_until: null,
    cancelled_by: '',
    spared: 0,
  };
}

const insertRows = prepareInsert('write_backs', [
  'id',
  'correlation_id',
  'dialer',
  'aspect',
  'revision',
  'target',
  'desired',
  'state',
  'due_at',
  'attempts',
  'in_doubt',
  'receipt',
  'why',
  'hint',
  'created_at',
  'settled_at',
  'claim',
  'claimed_until',
  'cancelled_by',
  'spared',
]);

const endRow = prepareQuery((db, param: Param<{ id: string; state: string; now: string }>) =>
  db
    .updateTable('write_backs')
    .set({ state: param('state'), settled_at: param('now') })
    .where('id', '=', param('id'))
    .where('state', 'in', replaceable),
);

const overtakeRow = prepareQuery((db, param: Param<{ id: string; dialer: string; why: string }>) =>
  db
    .updateTable('write_backs')
    .set({ why: param('why'), hint: '' })
    .where('id', '=', param('id'))
    .where('dialer', '=', param('dialer'))
    .where('aspect', 'in', ['disposition', 'callback']),
);

const refreshRow = prepareQuery((db, param: Param<{ id: string; dueAt: string; target: string }>) =>
  db
    .updateTable('write_backs')
    .set({ due_at: param('dueAt'), target: param('target') })
    .where('id', '=', param('id'))
    .where('state', 'in', replaceable),
);

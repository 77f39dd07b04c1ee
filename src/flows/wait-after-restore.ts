import type { AttentionToRaise } from '../domain/attention.ts';
import { instantOf } from '../domain/clock.ts';
import { ourInstance } from '../domain/connector.ts';
import type { DeliveryAnswer } from '../domain/delivery.ts';
import type { Fence } from '../domain/lease.ts';
import { restoredCursor, restoredFinding, restoredWaitCursor } from '../domain/restored.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';

const lookAgainMs = 60_000;
const lookThrough = 5000;
const why = 'a backup was put back: it waits for `patchbay reconcile`, as a later call may have set the record since';

/**
 * Which of these rows wait as a backup was put back, by its answer: those of calls before it, as a later call that the
 * backup does not know may have set the same place since. One that gives way to a known later call as a whole goes on. Costs nothing where no row is in doubt: each of a call of before is.
 */
export async function waitsAfterRestore(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  rows: readonly WriteBack[],
): Promise<(row: WriteBack) => DeliveryAnswer | null> {
  if (!rows.some(({ inDoubt }) => inDoubt)) return () => null;
  const callsSince = await store.readCursor(restoredWaitCursor);
  if (callsSince === '') return () => null;
  const restoredAt = await store.readCursor(restoredCursor);
  const until = new Date(clock.now() + lookAgainMs).toISOString();
  return (row) => {
    if (!row.inDoubt || row.target.calledAt >= restoredAt) return null;
    return givesWay(row) ? null : { kind: 'notYet', until, why };
  };
}

function givesWay({ desired, hasLaterCall, hasLaterCallback }: WriteBack): boolean {
  if (desired.aspect === 'callback') return hasLaterCallback === true;
  if (!hasLaterCall) return false;
  return desired.aspect !== 'fields' || Object.keys(desired.fields).length === 0;
}

/**
 * Lets those rows go on once every call since the backup is known here with its record. Gives what a person must do where
 * one is not: which lead it was about, whose disposition would be written over, only its dialer knows.
 */
export async function endWaitWhereKnown(
  deps: Pick<Deps, 'store' | 'clock' | 'nudge'>,
  under: Fence | undefined,
): Promise<AttentionToRaise[]> {
  const callsSince = await deps.store.readCursor(restoredWaitCursor);
  const count = await callsWithoutRecord(deps);
  if (count === 0) {
    await endWaitAfterRestore(deps, { by: ourInstance, settlement: 'reconciled', ...(under && { under }) });
    return [];
  }
  const calls = count === 1 ? 'a call' : `${count} calls`;
  const details = {
    since: callsSince,
    why: `dispositions, callbacks and fields of calls before the restored backup wait: ${calls} since came back without the lead`,
    hint: 'Go on (npx patchbay store restored --go-on). When nothing waits any more, set their leads in the dialer by hand, and cancel their rows here: npx patchbay writebacks --state held',
  };
  return [{ kind: 'finding', key: restoredFinding(callsSince), details }];
}

/** Calls of before the restore that were planned since it, and name no record. */
async function callsWithoutRecord({ store }: Pick<Deps, 'store'>): Promise<number> {
  const restoredAt = await store.readCursor(restoredCursor);
  const held = await store.writeBacks({ states: ['held'], limit: lookThrough });
  const nameless = held.filter(
    ({ createdAt, target: { calledAt, leadKey, number, phone } }) =>
      createdAt >= restoredAt && calledAt < restoredAt && !leadKey && !number && !phone,
  );
  return new Set(nameless.map(({ correlationId }) => correlationId)).size;
}

/** Lets those rows go on. False when none waited. */
export async function endWaitAfterRestore(
  { store, clock, nudge }: Pick<Deps, 'store' | 'clock' | 'nudge'>,
  { by, settlement, under }: { by: string; settlement: string; under?: Fence },
): Promise<boolean> {
  const callsSince = await store.readCursor(restoredWaitCursor);
  if (callsSince === '') return false;
  const [key, now] = [restoredFinding(callsSince), instantOf(clock)];
  // First: cut off behind it, the next run does both again; the other way round nobody would settle it any more.
  await store.settleAttention({ kind: 'finding', key, by, settlement, now });
  await store.writeCursor(restoredWaitCursor, '', under);
  nudge();
  return true;
}

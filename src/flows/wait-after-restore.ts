import { instantOf } from '../domain/clock.ts';
import type { DeliveryAnswer } from '../domain/delivery.ts';
import type { Fence } from '../domain/lease.ts';
import { restoredCursor, restoredFinding, restoredWaitCursor } from '../domain/restored.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';

const lookAgainMs = 60_000;
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

function givesWay({ desired, hasLaterCall }: WriteBack): boolean {
  if (!hasLaterCall) return false;
  return desired.aspect !== 'fields' || Object.keys(desired.fields).length === 0;
}

/** Lets those rows go on. False when none waited. */
export async function endWaitAfterRestore(
  { store, clock, nudge }: Pick<Deps, 'store' | 'clock' | 'nudge'>,
  { by, settlement, under }: { by: string; settlement: string; under?: Fence },
): Promise<boolean> {
  const callsSince = await store.readCursor(restoredWaitCursor);
  if (callsSince === '') return false;
  await store.writeCursor(restoredWaitCursor, '', under);
  const [key, now] = [restoredFinding(callsSince), instantOf(clock)];
  await store.settleAttention({ kind: 'finding', key, by, settlement, now });
  nudge();
  return true;
}

import { instantOf } from '../domain/clock.ts';
import type { CancelledWriteBacks } from '../store/operations/cancel-write-backs.ts';
import type { Deps } from './deps.ts';

const mostNamed = 100;

/** Takes write-backs back on a person's word: what waits or failed is not sent, nor planned again. Audited. */
export async function cancelWriteBacks(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  { ids, by, why }: { ids: readonly string[]; by: string; why: string },
): Promise<CancelledWriteBacks> {
  const now = instantOf(clock);
  const done = await store.cancelWriteBacks({ ids, by, why, now });
  if (done.cancelled.length === 0) return done;
  const rows = await store.writeBacksById(done.cancelled.slice(0, mostNamed));
  const calls = new Set(rows.map(({ correlationId }) => correlationId));
  const [only] = calls;
  const dialers = [...new Set(rows.map(({ dialer }) => dialer))].join(' ');
  await store.appendAudit({
    at: now,
    by,
    act: 'write-backs-cancel',
    subject: calls.size === 1 && only ? only : dialers,
    details: { why, count: String(done.cancelled.length), ids: rows.map(({ id }) => id).join(' ') },
  });
  return done;
}

/** Why a write-back stays as it is, and what can be done. */
export const keptWords: Readonly<Record<CancelledWriteBacks['kept'][number]['because'], string>> = {
  'under-way': 'is under way to the dialer: wait for its answer',
  'opt-out': 'is an opt-out: take the opt-out itself back, where the person wants that',
  over: 'has ended already',
  unknown: 'is not there',
};

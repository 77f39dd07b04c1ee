import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { notYet } from './answers.ts';

/** A batch import may run so long, at least. */
const bulkImportMs = 600_000;

/**
 * For a row in doubt that does not show yet: the import that may be under way gets its time, from when the row is first
 * seen, before another is sent. Null when that time is over; it begins anew once the row was sent again, by whatever
 * process: each such try counts in the row's attempts.
 *
 * @param isBulk so many rows are in doubt that it may have been a batch import, which runs longer
 */
export function waitForLostImport(five9: Five9, row: WriteBack, isBulk = false): DeliveryAnswer | null {
  const { doubts } = five9.memory;
  const now = five9.deps.clock.now();
  const known = doubts.get(row.id);
  const until =
    known?.attempts === row.attempts
      ? known.until
      : now + Math.max(five9.config.imports.lostAfterSec * 1000, isBulk ? bulkImportMs : 0);
  doubts.set(row.id, { until, attempts: row.attempts });
  return until > now ? notYet(five9, until - now, 'an import may still be under way') : null;
}

/** For a row in whose place a later call's word is. An import of it whose answer was lost runs out first: that word waits for it. */
export function giveWay(five9: Five9, row: WriteBack, isBulk = false): DeliveryAnswer {
  const mayBeUnderWay = row.inDoubt && !five9.deps.ignoresIdempotency;
  const wait = mayBeUnderWay ? waitForLostImport(five9, row, isBulk) : null;
  if (!wait) five9.memory.doubts.delete(row.id);
  return wait ?? { kind: 'done', note: 'redialled' };
}

/** A try that sent nothing which could be under way: what was waited for stays waited for. */
export function keepWaitedFor({ memory: { doubts } }: Five9, row: WriteBack): void {
  const known = doubts.get(row.id);
  if (known) doubts.set(row.id, { ...known, attempts: row.attempts + 1 });
}

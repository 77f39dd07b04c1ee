import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { notYet } from './answers.ts';

/** How long an import whose answer was lost may still be running before its absence proves anything. */
const importMs = 20_000;
const bulkImportMs = 600_000;

/**
 * For a row in doubt that does not show yet: the import that may be under way gets its time before another is sent. Null
 * when that time is over.
 *
 * @param isBulk so many rows are in doubt that it may have been a batch import, which runs longer
 */
export function waitForLostImport(five9: Five9, row: WriteBack, isBulk = false): DeliveryAnswer | null {
  const { doubts } = five9.memory;
  const now = five9.deps.clock.now();
  const seenAt = doubts.get(row.id) ?? now;
  const leftMs = seenAt + (isBulk ? bulkImportMs : importMs) - now;
  if (leftMs <= 0) {
    doubts.delete(row.id);
    return null;
  }
  doubts.set(row.id, seenAt);
  return notYet(five9, leftMs, 'an import may still be under way');
}

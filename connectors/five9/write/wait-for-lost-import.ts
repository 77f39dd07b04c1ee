import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBack } from '../../../src/domain/write-back.ts';
import type { Five9 } from '../five9.ts';
import { notYet } from './answers.ts';

/** A batch import may run so long, at least. */
const bulkImportMs = 600_000;

/**
 * For a row in doubt that does not show yet: the import that may be under way gets its time, from when the row is first
 * seen, before another is sent. Null when that time is over; it begins anew once the row was sent again.
 *
 * @param isBulk so many rows are in doubt that it may have been a batch import, which runs longer
 */
export function waitForLostImport(five9: Five9, row: WriteBack, isBulk = false): DeliveryAnswer | null {
  const { doubts } = five9.memory;
  const now = five9.deps.clock.now();
  const until =
    doubts.get(row.id) ?? now + Math.max(five9.config.imports.lostAfterSec * 1000, isBulk ? bulkImportMs : 0);
  doubts.set(row.id, until);
  return until > now ? notYet(five9, until - now, 'an import may still be under way') : null;
}

import type { Five9 } from '../five9.ts';
import type { Operation } from '../soap/operations.ts';

/** A minute that is full is waited for: both kinds of imports are few, and an opt-out needs the batch kind at night. */
const aWhileMs = 120_000;

/** True when the limit of the asynchronous operation is used up for a while, and that of the batch one is not. */
export function mustGoInBulk({ api, deps }: Pick<Five9, 'api' | 'deps'>, small: Operation, bulk: Operation): boolean {
  return api.openAt(small) > deps.clock.now() + aWhileMs && api.openAt(bulk) === 0;
}

import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Vicidial } from '../vicidial.ts';
import type { Situation } from './situation.ts';
import { writeStatus } from './write-status.ts';

/**
 * A person's disposition stands. Where our write and theirs crossed and ours came last, theirs is put back first: the log,
 * which has it, is written by the agent's screen alone.
 */
export async function yieldToHuman(
  vicidial: Vicidial,
  { disposition, by, at, isOverwritten, lead }: Extract<Situation, { kind: 'human' }>,
): Promise<DeliveryAnswer> {
  if (isOverwritten) {
    const failure = await writeStatus(vicidial, lead, disposition);
    if (failure) return failure;
    vicidial.deps.log.warn({ dialer: vicidial.id }, "a human agent's disposition, overwritten by ours, was put back");
  }
  return { kind: 'overtaken', disposition, by, at };
}

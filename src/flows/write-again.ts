import { writtenAgain } from '../domain/attention.ts';
import { instantOf } from '../domain/clock.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Deps } from './deps.ts';

const findingOf = 'lost-again:';
/** Who it was is in the audit log. */
const writtenByWord = 'a person had it written again';

/** Whether a finding is of a write-back that its dialer lost twice, and which. */
export function lostWriteBack(key: string): string | null {
  return key.startsWith(findingOf) ? key.slice(findingOf.length) : null;
}

/**
 * Writes once more what a dialer lost again after it was written again, on a person's word. Audited. False when there was
 * nothing to write: the call wants something else by now.
 */
export async function writeAgain(
  { store, clock, nudge }: Pick<Deps, 'store' | 'clock' | 'nudge'>,
  { key, by }: { key: string; by: string },
): Promise<boolean> {
  const id = lostWriteBack(key);
  const [item] = await store.attentionNamed({ kind: 'finding', key });
  if (!id || !item || item.settledAt !== null) {
    throw new ConnectorError('not_found', 'this finding is not open any more', {
      hint: 'See on the second tab who settled it, and how.',
    });
  }
  const now = instantOf(clock);
  const due = await store.redoWriteBacks({ ids: [id], why: writtenByWord, now });
  const settlement = due.length > 0 ? writtenAgain : 'nothing to write: the call wants something else by now';
  await store.settleAttention({ kind: 'finding', key, by, settlement, now });
  await store.appendAudit({
    at: now,
    by,
    act: 'write-back-again',
    subject: item.correlationId,
    details: { id, settlement },
  });
  if (due.length > 0) nudge();
  return due.length > 0;
}

import { type AttentionKind, type AttentionToRaise, isNewEachTime } from '../../domain/attention.ts';
import type { Instant } from '../../domain/call.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { Session } from '../session.ts';

/**
 * Shows things to the people in charge. What is there already counts up; what was settled stays settled, but where being
 * told again means that it happened again.
 */
export async function raiseAttention(
  trx: Session,
  input: { items: readonly AttentionToRaise[]; now: Instant },
): Promise<void> {
  for (const item of input.items) await raiseOne(trx, item, input.now);
}

async function raiseOne(
  trx: Session,
  { kind, key, details, correlationId, times = 1 }: AttentionToRaise,
  now: Instant,
) {
  const itemKey = fitKey(key);
  const known = await trx.db
    .selectFrom('attention')
    .select(['told', 'settlement'])
    .where('kind', '=', kind)
    .where('item_key', '=', itemKey)
    .executeTakeFirst();
  const told = { details: JSON.stringify(details), last_at: now };
  if (known) {
    await trx.db
      .updateTable('attention')
      .set({ ...told, told: known.told + times, ...(isNewEachTime(kind, known.settlement) && notSettled) })
      .where('kind', '=', kind)
      .where('item_key', '=', itemKey)
      .execute();
    return;
  }
  await trx.db
    .insertInto('attention')
    .values({
      ...told,
      kind,
      item_key: itemKey,
      correlation_id: fitKey(correlationId ?? '', keyLengths.name),
      told: times,
      first_at: now,
      ...notSettled,
    })
    .execute();
}

const notSettled = { settled_by: '', settlement: '', settled_at: null };

/** Says what was done about it. False when it is not there, or was settled before. */
export async function settleAttention(
  trx: Session,
  input: { kind: AttentionKind; key: string; by: string; settlement: string; now: Instant },
): Promise<boolean> {
  const result = await trx.db
    .updateTable('attention')
    .set({ settled_by: fitKey(input.by, keyLengths.name), settlement: input.settlement, settled_at: input.now })
    .where('kind', '=', input.kind)
    .where('item_key', '=', fitKey(input.key))
    .where('settled_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

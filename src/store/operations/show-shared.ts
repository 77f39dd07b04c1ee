import type { Instant } from '../../domain/call.ts';
import type { Session } from '../session.ts';
import { raiseAttention } from './attention.ts';

/** Shows an operator the opted-out numbers whose leads were left alone because too many share them. */
export async function showShared(trx: Session, call: string, shared: readonly string[], now: Instant): Promise<void> {
  if (shared.length === 0) return;
  const details = {
    numbers: shared.join(', '),
    why: 'more leads have this number than can be one person',
    hint: 'The number itself goes on every DNC list. Look its leads up, and opt out those who are the person.',
  };
  const known = await trx.db
    .selectFrom('attention')
    .select('details')
    .where('kind', '=', 'shared-number')
    .where('item_key', '=', call)
    .executeTakeFirst();
  if (known?.details === JSON.stringify(details)) return;
  await raiseAttention(trx, { items: [{ kind: 'shared-number', key: call, correlationId: call, details }], now });
}

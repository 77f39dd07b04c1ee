import type { DeliveryAnswer } from '../domain/delivery.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';

/**
 * Rows as they may be sent: what takes numbers off DNC lists goes without those that are opted out now. While it waited
 * another call may have told so, and found the number listed still. `spared`: the answers of rows of which nothing is left.
 */
export async function spareOptedOut<Row extends WriteBack>(
  { store }: Pick<Deps, 'store'>,
  rows: readonly Row[],
): Promise<{ rows: Row[]; spared: Map<string, DeliveryAnswer> }> {
  const sent: Row[] = [];
  const spared = new Map<string, DeliveryAnswer>();
  for (const row of rows) {
    const { desired } = row;
    if (desired.aspect !== 'dnc' || desired.listed) {
      sent.push(row);
      continue;
    }
    const phones: string[] = [];
    for (const phone of desired.phones) if (!(await store.isOptedOut(phone))) phones.push(phone);
    if (phones.length > 0) sent.push({ ...row, desired: { ...desired, phones } });
    else spared.set(row.id, { kind: 'done', note: 'left on the lists: opted out again, by another call' });
  }
  return { rows: sent, spared };
}

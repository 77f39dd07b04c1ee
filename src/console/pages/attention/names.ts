import { createHash } from 'node:crypto';
import type { Attention } from '../../../domain/attention.ts';

/** An id for the page: a key may hold anything. */
export function idOf({ kind, key }: Pick<Attention, 'kind' | 'key'>): string {
  return `item-${createHash('sha256').update(`${kind} ${key}`).digest('hex').slice(0, 12)}`;
}

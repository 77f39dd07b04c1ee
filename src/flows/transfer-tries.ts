import type { StoredFact } from '../domain/fact.ts';
import { orderLastsMs } from './steer-call.ts';

export interface TransferTries {
  /** The customer is with people. */
  isDone: boolean;
  /** An order of which nobody knows yet how it went. One older than an order can last was lost with its process. */
  isUnderWay: boolean;
  /** How many orders came to nothing. */
  failed: number;
}

const keyStart = 'transfer:';

/** Key of the outcome that a transfer is to make true: the same for a repeated request, a new one after a failure. */
export function transferKey(round: number, name: string): string {
  return `${keyStart}${round}:${name}`;
}

/** What became of the transfers of a call. `now` in ms since 1970. */
export function readTransferTries(facts: readonly StoredFact[], now: number): TransferTries {
  const results = facts.flatMap(({ body }) => (body.kind === 'steered' && body.act === 'transfer' ? [body] : []));
  const told = new Set(results.map(({ commit }) => commit));
  const isOpen = ({ key, receivedAt, body }: StoredFact) =>
    body.kind === 'committed' &&
    key.startsWith(keyStart) &&
    !told.has(key) &&
    now - Date.parse(receivedAt) < orderLastsMs;
  return {
    isDone: results.some(({ result }) => result === 'done'),
    isUnderWay: facts.some(isOpen),
    failed: told.size,
  };
}

import type { CallRecord } from './calls.ts';

const over: readonly string[] = ['ended', 'not_connected', 'error', 'completed', 'failed'];

/** True when the conversation is over, or never came about. */
export function isOver({ status }: Pick<CallRecord, 'status'>): boolean {
  return over.includes(status);
}

import { ConnectorError, type ErrorCode, messageOf } from '../../domain/errors.ts';
import type { PresentRules } from '../rule-book.ts';
import { translateStoreError } from '../store-errors.ts';

/** One unit of work for a store thread: a name out of its table of functions, and plain data. */
export interface Job {
  id: number;
  name: string;
  /** JSON, where the unit is one of `asText`. */
  input: unknown;
  /** From it the unit mints its ids. Empty for reads. */
  seed: string;
}

/** What goes between the threads as JSON, both ways: it is made and read faster than copies of many small objects. */
export const asText: ReadonlySet<string> = new Set(['recordFacts']);

export type Answer = { id: number; value: unknown } | { id: number; error: PlainError };

export type ToThread = { kind: 'jobs'; jobs: Job[] } | { kind: 'close' } | { kind: 'rules'; present: PresentRules };
export type FromThread =
  | { kind: 'ready' }
  | { kind: 'failed'; error: PlainError }
  | { kind: 'answers'; answers: Answer[] };

/** An error as plain data: a class does not survive the way between threads. */
export interface PlainError {
  code: ErrorCode | '';
  message: string;
  retryable: boolean;
  hint: string;
  afterMs?: number;
  inDoubt: boolean;
}

export function toPlainError(thrown: unknown): PlainError {
  const error = translateStoreError(thrown);
  if (!(error instanceof ConnectorError)) {
    return { code: '', message: messageOf(error), retryable: false, hint: '', inDoubt: false };
  }
  const { code, message, retryable, hint, afterMs, inDoubt } = error;
  return { code, message, retryable, hint, inDoubt, ...(afterMs !== undefined && { afterMs }) };
}

export function fromPlainError(plain: PlainError): Error {
  const { code, message, ...details } = plain;
  return code === '' ? new Error(message) : new ConnectorError(code, message, details);
}

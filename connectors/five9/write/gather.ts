import type { Five9 } from '../five9.ts';
import type { FoundRow } from '../read/find-contact.ts';
import { type Answers, answerAll } from './answers.ts';

/**
 * Rows that may wait for company do so, `batch.flushMs` after the oldest at most: imports are few a day. Full imports go at
 * once, and so do rows when one of them was tried before; the rest waits. A row in doubt goes at once, and alone: it takes
 * no other along.
 *
 * @returns the rows to go now; the others are answered
 */
export function gather<R extends FoundRow['row']>({ config, deps }: Five9, answers: Answers, rows: readonly R[]): R[] {
  const { rows: full, flushMs } = config.batch;
  const oldestFirst = [...rows].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const sure = oldestFirst.filter(({ inDoubt }) => !inDoubt);
  const isUrgent = (row: R) => row.attempts > 0 || Date.parse(row.createdAt) + flushMs <= deps.clock.now();
  if (sure.some(isUrgent)) return oldestFirst;
  const waiting = sure.slice(sure.length - (sure.length % full));
  const [oldest] = waiting;
  if (oldest) {
    const until = new Date(Date.parse(oldest.createdAt) + flushMs).toISOString();
    answerAll(answers, waiting, { kind: 'notYet', until, why: 'waits for more rows for its import' });
  }
  return oldestFirst.filter((row) => !waiting.includes(row));
}

import { type RawBuilder, sql } from 'kysely';
import type { StoreKind } from './session.ts';

/**
 * The database's own time as text, so many milliseconds from now. Only compared with itself: SQLite gives three digits
 * of a second, MySQL six.
 */
export function databaseClock(kind: StoreKind, plusMs: number = 0): RawBuilder<string> {
  if (kind === 'sqlite') return sql<string>`strftime('%Y-%m-%dT%H:%M:%fZ', 'now', (${plusMs} / 1000.0) || ' seconds')`;
  return sql<string>`date_format(date_add(utc_timestamp(3), interval (${plusMs} * 1000) microsecond), '%Y-%m-%dT%H:%i:%s.%fZ')`;
}

import type { Instant } from '../../domain/call.ts';
import type { TryAnswer, TryCounter } from '../../domain/log-in.ts';
import { fitKey } from '../fit-key.ts';
import type { Session } from '../session.ts';

/**
 * Counts a password as wrong before it is looked at, so that many at once are no way around the limit; `forgiveTry`
 * takes it back. What is locked counts nothing. After `lockMs` without a try a count begins anew.
 */
export async function countTry(
  trx: Session,
  input: { counters: readonly TryCounter[]; now: Instant; lockMs: number },
): Promise<TryAnswer> {
  const { now, lockMs } = input;
  const counters = input.counters.map(({ key, limit }) => ({ key: fitKey(key), limit }));
  const keys = counters.map(({ key }) => key);
  const until = await lockOf(trx, keys, now);
  if (until) return { kind: 'locked', until };

  const later = new Date(Date.parse(now) + lockMs).toISOString();
  const countsSince = new Date(Date.parse(now) - lockMs).toISOString();
  let lockedUntil: Instant | null = null;
  for (const { key, limit } of counters) {
    const failures = await countOne(trx, key, now, countsSince);
    // Another process locked it between the look and now.
    if (failures === null) return { kind: 'locked', until: (await lockOf(trx, keys, now)) ?? later };
    if (failures < limit) continue;
    lockedUntil = later;
    await trx.db.updateTable('log_in_failures').set({ locked_until: later }).where('failure_key', '=', key).execute();
  }
  return { kind: 'counted', lockedUntil };
}

/** The password was right: what counts in a row begins anew, the rest loses this one try. */
export async function forgiveTry(
  trx: Session,
  input: { inARow: readonly string[]; others: readonly string[] },
): Promise<void> {
  if (input.inARow.length > 0) {
    await trx.db
      .deleteFrom('log_in_failures')
      .where(
        'failure_key',
        'in',
        input.inARow.map((key) => fitKey(key)),
      )
      .execute();
  }
  for (const key of input.others) {
    await trx.db
      .updateTable('log_in_failures')
      .set((row) => ({ failures: row('failures', '-', 1), locked_until: '' }))
      .where('failure_key', '=', fitKey(key))
      .where('failures', '>', 0)
      .execute();
  }
}

/** Forgets a count, and those that begin with it: `user:1f` also `user:1f:…`. Gives how many were locked. */
export async function forgetTries(trx: Session, input: { key: string; now: Instant }): Promise<number> {
  const rows = await trx.db
    .selectFrom('log_in_failures')
    .select(['failure_key', 'locked_until'])
    .where((row) =>
      row.or([row('failure_key', '=', fitKey(input.key)), row('failure_key', 'like', `${fitKey(input.key)}:%`)]),
    )
    .execute();
  for (const { failure_key } of rows) {
    await trx.db.deleteFrom('log_in_failures').where('failure_key', '=', failure_key).execute();
  }
  return rows.filter(({ locked_until }) => locked_until > input.now).length;
}

/** Drops counts to which nothing was added since an instant. Gives how many. */
export async function dropOldTries(trx: Session, input: { before: Instant; now: Instant }): Promise<number> {
  const { numDeletedRows } = await trx.db
    .deleteFrom('log_in_failures')
    .where('last_at', '<', input.before)
    .where('locked_until', '<=', input.now)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function lockOf(trx: Session, keys: readonly string[], now: Instant): Promise<Instant | null> {
  const row = await trx.db
    .selectFrom('log_in_failures')
    .select('locked_until')
    .where('failure_key', 'in', keys)
    .where('locked_until', '>', now)
    .orderBy('locked_until', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.locked_until ?? null;
}

/** How many failures there are with this one; null when it is locked. Whoever else counts it waits for the row. */
async function countOne(trx: Session, key: string, now: Instant, countsSince: Instant): Promise<number | null> {
  const look = trx.db.selectFrom('log_in_failures').selectAll().where('failure_key', '=', key);
  const row = await (trx.kind === 'mysql' ? look.forUpdate() : look).executeTakeFirst();
  if (!row) {
    // Where another was first this is a duplicate, and the unit runs again.
    const first = { failure_key: key, failures: 1, last_at: now, locked_until: '' };
    await trx.db.insertInto('log_in_failures').values(first).execute();
    return 1;
  }
  if (row.locked_until > now) return null;
  const failures = row.locked_until === '' && row.last_at > countsSince ? row.failures + 1 : 1;
  const counted = { failures, last_at: now, locked_until: '' };
  await trx.db.updateTable('log_in_failures').set(counted).where('failure_key', '=', key).execute();
  return failures;
}

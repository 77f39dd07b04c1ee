import { ConnectorError, messageOf } from '../domain/errors.ts';

/** Duplicate key, deadlock, lock time-out, record changed since last read, certification of a Galera cluster. */
const mysqlConflicts = new Set([1062, 1213, 1205, 1020, 1180, 4025]);
/** Too long, wrong characters, out of range, null or no default where a value must be. */
const mysqlBadData = new Set([1406, 1366, 1264, 1048, 1364, 1292]);
const sqliteDuplicates = new Set([1555, 2067]);
/** TOOBIG, CONSTRAINT, MISMATCH: the primary codes. */
const sqliteBadData = new Set([18, 19, 20]);

/** Another transaction changed the same thing first. The whole unit runs again. */
export function conflict(what: string): ConnectorError {
  return new ConnectorError('store_conflict', `${what} was changed by another process meanwhile`, { retryable: true });
}

export function storeAway(what: string): ConnectorError {
  return new ConnectorError('store_away', `the store did not answer: ${what}`, {
    retryable: true,
    hint: 'Look whether the database of `store` is up, reachable and not locked, and whether its disk has room.',
  });
}

/** What was done under a lease that another process has by now. */
export function leaseLost(name: string): ConnectorError {
  return new ConnectorError('lease_lost', `another process has the lease ${name} now: this one leaves the work to it`, {
    hint: 'Nothing is to be done, unless it is often: then this process, or its database, stands still for seconds.',
  });
}

/** True when a plain insert met a row with the same unique key. */
export function isDuplicate(thrown: unknown): boolean {
  return numberOf(thrown, 'errno') === 1062 || sqliteDuplicates.has(numberOf(thrown, 'errcode'));
}

/** True when running the same unit again may succeed at once. */
export function isConflict(thrown: unknown): boolean {
  if (thrown instanceof ConnectorError) return thrown.code === 'store_conflict';
  return isDuplicate(thrown) || mysqlConflicts.has(numberOf(thrown, 'errno'));
}

/** True when SQLite could not get its lock. */
export function isBusy(thrown: unknown): boolean {
  const primary = numberOf(thrown, 'errcode') & 0xff;
  return primary === 5 || primary === 6;
}

/**
 * Makes a driver's error ours. The original is not kept as cause: its message and `sql` may hold a person's data, so
 * only the code goes on.
 */
export function translateStoreError(thrown: unknown): unknown {
  if (thrown instanceof ConnectorError) return thrown;
  const errno = numberOf(thrown, 'errno');
  const errcode = numberOf(thrown, 'errcode');
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (isConflict(thrown)) return conflict('a row');
  if (mysqlBadData.has(errno) || sqliteBadData.has(errcode & 0xff)) {
    return new ConnectorError('bad_request', `the store can't hold a value (${code} ${errno || errcode})`);
  }
  if (thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof SyntaxError) {
    // A value of the wrong shape: the store lives, and will never take it.
    return new ConnectorError('bad_request', `the store can't hold a value (${thrown.name} ${code})`);
  }
  if (errcode) {
    const text = thrown instanceof Error && 'errstr' in thrown ? String(thrown.errstr) : '';
    return storeAway(`SQLite says ${errcode} ${text}`);
  }
  if (code) return storeAway(`the server or its connection says ${code}`);
  return storeAway(messageOf(thrown).slice(0, 80));
}

function numberOf(thrown: unknown, key: 'errno' | 'errcode'): number {
  if (typeof thrown !== 'object' || thrown === null || !(key in thrown)) return 0;
  const value = (thrown as Record<string, unknown>)[key];
  return typeof value === 'number' ? value : 0;
}

import { ConnectorError } from '../../../src/domain/errors.ts';

/** The code of an error that means: no answer within the configured time. */
export const lateCode = 'PATCHBAY_LATE';

/**
 * An error of the driver in the operator's words. Its message may quote the query with its values, so only its code is
 * kept. `what`: which database, e.g. "VICIdial's database".
 */
export function databaseError(what: string, keys: string, cause: unknown): ConnectorError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
  if (/ACCESS_DENIED|DBACCESS|TABLEACCESS|COLUMNACCESS/.test(code)) {
    return new ConnectorError('dialer_denied', `${what} did not let us read (${code})`, {
      retryable: true,
      hint: `Check ${keys}.user and ${keys}.password, and grant SELECT as the README of this connector lists it.`,
    });
  }
  if (/^ER_(NO_SUCH_TABLE|BAD_FIELD|PARSE)/.test(code)) {
    return new ConnectorError('dialer_odd', `${what} lacks a table or column that we read (${code})`, {
      retryable: true,
      hint: `Check ${keys}.name; a very old release of VICIdial may need an upgrade.`,
    });
  }
  const said = code === lateCode ? 'did not answer in time' : `can't be reached (${code})`;
  return new ConnectorError('dialer_away', `${what} ${said}`, {
    retryable: true,
    hint: `Check that the database runs, and ${keys}.host and ${keys}.port.`,
  });
}

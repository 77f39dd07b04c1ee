import { ConnectorError } from '../../../src/domain/errors.ts';
import type { VicidialDatabase } from '../tables/database.ts';
import type { Vicidial } from '../vicidial.ts';

/** The tables, or an error that says what can't be done without them. */
export function needTables({ database }: Pick<Vicidial, 'database'>, what: string): VicidialDatabase {
  if (database) return database;
  throw new ConnectorError('bad_request', `${what} needs VICIdial's tables, and no database is configured`, {
    hint: 'Configure dialers.<id>.database, or use the admin pages of VICIdial.',
  });
}

import type { Mapping } from '../../domain/mapping.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/** What a mapping says; null when none is kept under this version. */
export async function mappingByVersion(session: Session, version: string): Promise<Mapping | null> {
  const row = await selectMapping.first(session, { version });
  return row ? (JSON.parse(row.mapping) as Mapping) : null;
}

const selectMapping = prepareQuery((db, param: Param<{ version: string }>) =>
  db.selectFrom('mappings').select('mapping').where('version', '=', param('version')),
);

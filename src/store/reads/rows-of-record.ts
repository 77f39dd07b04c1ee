import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Instant } from '../../domain/call.ts';
import type { Aspect, WriteBack } from '../../domain/write-back.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import { writeBackOf } from '../rows.ts';
import type { Session } from '../session.ts';
import type { CallRow, Tables, WriteBackRow } from '../tables.ts';

/** Records of one dialer, by the keys of their leads and by their numbers. */
export interface RecordsQuery {
  dialer: string;
  leadKeys: readonly string[];
  phones: readonly string[];
  /** Of calls that were registered before, only what is on its way is given. */
  since: Instant;
}

const keysAtOnce = 256;
/** A number for tests, or a switchboard, has thousands a day: its latest calls tell what its record should hold. */
const mostCalls = 200;
const byTurns: readonly Aspect[] = ['disposition', 'fields', 'callback'];

/**
 * What was wanted of records that several calls had, in the aspects in which a later call's word takes the place of an
 * earlier one's, or undoes it. Records with one call, nearly all, are left out by the index alone. Of one with very many the latest count.
 */
export async function rowsOfRecords(
  session: Session,
  { dialer, leadKeys, phones, since }: RecordsQuery,
): Promise<WriteBack[]> {
  const found = new Map<string, WriteBack>();
  const asked = [
    [byLead, leadKeys.map((key) => fitKey(key))],
    [byPhone, phones.map((phone) => fitKey(phone, keyLengths.phone))],
  ] as const;
  for (const [queries, keys] of asked) {
    const known = [...new Set(keys)].filter(Boolean);
    for (let start = 0; start < known.length; start += keysAtOnce) {
      const some = await queries.count(session, known.slice(start, start + keysAtOnce));
      const [few, many] = [
        some.filter(({ calls }) => calls <= mostCalls),
        some.filter(({ calls }) => calls > mostCalls),
      ];
      const rows = await queries.rowsOf(session, few, { dialer, since });
      for (const { record } of many) rows.push(...(await queries.latest.all(session, { record, dialer, since })));
      for (const row of rows) found.set(row.id, writeBackOf(row));
    }
  }
  return [...found.values()];
}

const byLead = prepareRecords('lead_key');
const byPhone = prepareRecords('phone');

interface CountedRecord {
  record: string;
  calls: number;
}

type OfDialer = Pick<RecordsQuery, 'dialer' | 'since'>;

function prepareRecords(column: 'lead_key' | 'phone') {
  const counted = prepareBySize((size) =>
    prepareQuery((db, param: Param<Record<string, string>>) =>
      db
        .selectFrom('calls')
        .select(({ fn }) => [`${column} as record`, fn.countAll<number>().as('calls')])
        .where(column, 'in', keyParams(size, param))
        .groupBy(column)
        .having(({ fn }) => fn.countAll(), '>', 1),
    ),
  );
  const ofFew = prepareBySize((size) =>
    prepareQuery((db, param: Param<Record<string, string> & OfDialer>) =>
      wishes(
        db.selectFrom('calls').select(['correlation_id', 'registered_at']).where(column, 'in', keyParams(size, param)),
        db,
        param,
      ),
    ),
  );
  return {
    /** Those that had more than one call. */
    count: async (session: Session, keys: readonly string[]): Promise<CountedRecord[]> =>
      counted(padList(keys).length).all(session, keyValues(keys)),
    rowsOf: async (
      session: Session,
      records: readonly CountedRecord[],
      ofDialer: OfDialer,
    ): Promise<WriteBackRow[]> => {
      if (records.length === 0) return [];
      const keys = records.map(({ record }) => record);
      return ofFew(padList(keys).length).all(session, { ...keyValues(keys), ...ofDialer });
    },
    latest: prepareQuery((db, param: Param<OfDialer & { record: string }>) =>
      wishes(
        db
          .selectFrom('calls')
          .select(['correlation_id', 'registered_at'])
          .where(column, '=', param('record'))
          .orderBy('registered_at', 'desc')
          .limit(mostCalls),
        db,
        param,
      ),
    ),
  };
}

/** What the dialer should hold by turns for some calls. */
function wishes(
  calls: SelectQueryBuilder<Tables, 'calls', Pick<CallRow, 'correlation_id' | 'registered_at'>>,
  db: Kysely<Tables>,
  param: Param<OfDialer>,
) {
  return db
    .selectFrom(calls.as('call'))
    .innerJoin('write_backs as row', 'row.correlation_id', 'call.correlation_id')
    .selectAll('row')
    .where('row.dialer', '=', param('dialer'))
    .where('row.aspect', 'in', byTurns)
    .where(({ eb, or }) =>
      or([eb('call.registered_at', '>=', param('since')), eb('row.state', 'in', ['pending', 'claimed', 'submitted'])]),
    );
}

function keyParams(size: number, param: Param<Record<string, string>>): string[] {
  return Array.from({ length: size }, (_, index) => param(`key${index}`) as string);
}

function keyValues(keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(padList(keys).map((key, index) => [`key${index}`, key]));
}

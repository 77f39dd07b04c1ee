import type { Instant } from '../../domain/call.ts';
import type { Aspect, WriteBack } from '../../domain/write-back.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, padList, prepareBySize, prepareQuery } from '../prepared-query.ts';
import { writeBackOf } from '../rows.ts';
import type { Session } from '../session.ts';

/** Records of one dialer, by the keys of their leads and by their numbers. */
export interface RecordsQuery {
  dialer: string;
  leadKeys: readonly string[];
  phones: readonly string[];
  /** Of calls that were registered before, only what is on its way is given. */
  since: Instant;
}

const keysAtOnce = 256;
const byTurns: readonly Aspect[] = ['disposition', 'fields'];

/**
 * What was wanted of records that several calls had, in the aspects in which a later call's word takes the place of an
 * earlier one's. Calls whose record had no other call are left out by the index alone: most are.
 */
export async function rowsOfRecords(
  session: Session,
  { dialer, leadKeys, phones, since }: RecordsQuery,
): Promise<WriteBack[]> {
  const found = new Map<string, WriteBack>();
  const asked = [
    [selectByLead, leadKeys.map((key) => fitKey(key))],
    [selectByPhone, phones.map((phone) => fitKey(phone, keyLengths.phone))],
  ] as const;
  for (const [queryOf, keys] of asked) {
    const known = [...new Set(keys)].filter(Boolean);
    for (let start = 0; start < known.length; start += keysAtOnce) {
      const padded = padList(known.slice(start, start + keysAtOnce));
      const values = Object.fromEntries(padded.map((key, index) => [`key${index}`, key]));
      const rows = await queryOf(padded.length).all(session, { ...values, dialer, since });
      for (const row of rows) found.set(row.id, writeBackOf(row));
    }
  }
  return [...found.values()];
}

const selectByLead = prepareBySize((size) => prepareRows('lead_key', size));
const selectByPhone = prepareBySize((size) => prepareRows('phone', size));

function prepareRows(column: 'lead_key' | 'phone', size: number) {
  return prepareQuery((db, param: Param<Record<string, string>>) =>
    db
      .selectFrom('calls as call')
      .innerJoin('write_backs as row', 'row.correlation_id', 'call.correlation_id')
      .selectAll('row')
      .where(
        `call.${column}`,
        'in',
        Array.from({ length: size }, (_, index) => param(`key${index}`)),
      )
      .where('row.dialer', '=', param('dialer'))
      .where('row.aspect', 'in', byTurns)
      .where(({ eb, or }) =>
        or([
          eb('call.registered_at', '>=', param('since')),
          eb('row.state', 'in', ['pending', 'claimed', 'submitted']),
        ]),
      )
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('calls as other')
            .select('other.correlation_id')
            .whereRef(`other.${column}`, '=', `call.${column}`)
            .whereRef('other.correlation_id', '<>', 'call.correlation_id'),
        ),
      ),
  );
}

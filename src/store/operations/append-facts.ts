import { fitKey, keyLengths } from '../fit-key.ts';
import { prepareInsert, rowsAtOnce } from '../prepared-insert.ts';
import type { OperationContext, Session } from '../session.ts';
import type { FactToRecord } from '../store.ts';
import { isDuplicate } from '../store-errors.ts';
import type { CallRow, FactRow } from '../tables.ts';

export interface FactsOfCall {
  call: CallRow;
  entries: readonly FactToRecord[];
}

/**
 * Appends facts of calls: all in one statement, unless one of them is known already. Gives which are new, in the order of each
 * call's entries.
 */
export async function appendFacts<Of extends FactsOfCall>(
  trx: Session,
  told: readonly Of[],
  context: OperationContext,
): Promise<Map<Of, boolean[]>> {
  const rows = told.map(({ call, entries }) => entries.map((entry) => factRow(call.correlation_id, entry, context)));
  const all = rows.flat();
  const isOne = all.length > 1 && all.length <= rowsAtOnce;
  if (isOne && (await appendOnce(trx, all))) {
    return new Map(told.map((each) => [each, each.entries.map(() => true)]));
  }
  const added = new Map<Of, boolean[]>();
  for (const [index, each] of told.entries()) {
    const ofCall: boolean[] = [];
    for (const row of rows[index] ?? []) ofCall.push(await appendOnce(trx, [row]));
    added.set(each, ofCall);
  }
  return added;
}

/** False when there was one of them already: then none is appended. */
async function appendOnce(trx: Session, rows: readonly FactRow[]): Promise<boolean> {
  try {
    await insertFacts(trx, rows);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** A fact as the store keeps it. */
export function factRow(correlationId: string, { fact, receivedAt }: FactToRecord, context: OperationContext): FactRow {
  return {
    correlation_id: correlationId,
    source: fitKey(fact.source, keyLengths.name),
    fact_key: fitKey(fact.key),
    copy: context.ignoresIdempotency ? context.newId() : '',
    at: fact.at,
    received_at: receivedAt,
    body: JSON.stringify(fact.body),
  };
}

export const insertFacts = prepareInsert('facts', [
  'correlation_id',
  'source',
  'fact_key',
  'copy',
  'at',
  'received_at',
  'body',
]);

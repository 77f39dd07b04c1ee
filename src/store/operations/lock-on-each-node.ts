import { fitKey } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/**
 * Keeps other writers off these names until the transaction ends, on every node of a cluster: a row that is only locked is
 * free on the others, one that is written there is not. It is taken back at once, so nothing stays. Whoever comes second
 * waits on the same node, and fails at its commit on another: its unit runs again.
 */
export async function lockOnEachNode(trx: Session, names: readonly string[]): Promise<void> {
  // In one order, so that no two wait for each other.
  for (const name of names.map((each) => fitKey(each)).sort()) {
    await insertRow.change(trx, { name });
    await deleteRow.change(trx, { name });
  }
}

const insertRow = prepareQuery((db, param: Param<{ name: string }>) =>
  db.insertInto('leases').values({ name: param('name'), holder: '', fence: 0, expires_at: '' }),
);

const deleteRow = prepareQuery((db, param: Param<{ name: string }>) =>
  db.deleteFrom('leases').where('name', '=', param('name')),
);

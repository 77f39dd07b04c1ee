import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/** Makes the confirmation of one receipt due now. Gives how many rows wait for it. */
export function settleSoon(trx: Session, input: { dialer: string; receipt: string; now: Instant }): Promise<number> {
  return bringForward.change(trx, input);
}

const bringForward = prepareQuery((db, param: Param<{ dialer: string; receipt: string; now: Instant }>) =>
  db
    .updateTable('write_backs')
    .set({ due_at: param('now') })
    .where('state', '=', 'submitted')
    .where('dialer', '=', param('dialer'))
    .where('receipt', '=', param('receipt')),
);

import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/**
 * Makes the confirmation of one receipt due now. Gives how many rows it brought forward: those that are due already are not
 * looked through, of which a dialer that is behind has very many.
 */
export function settleSoon(trx: Session, input: { dialer: string; receipt: string; now: Instant }): Promise<number> {
  return bringForward.change(trx, input);
}

const bringForward = prepareQuery((db, param: Param<{ dialer: string; receipt: string; now: Instant }>) =>
  db
    .updateTable('write_backs')
    .set({ due_at: param('now') })
    .where('state', '=', 'submitted')
    .where('dialer', '=', param('dialer'))
    .where('due_at', '>', param('now'))
    .where('receipt', '=', param('receipt')),
);

import type { Instant } from '../../domain/call.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import { isDuplicate } from '../store-errors.ts';
import type { CallRow } from '../tables.ts';

/** Notes that a call is no longer where it was counted. What never was registered never was counted. */
export async function leaveHour(
  trx: Session,
  call: Pick<CallRow, 'correlation_id' | 'registered_at' | 'is_registered'>,
): Promise<void> {
  if (call.is_registered === 0) return;
  try {
    await insertLeft.change(trx, { call: call.correlation_id, at: call.registered_at });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

const insertLeft = prepareQuery((db, param: Param<{ call: string; at: Instant }>) =>
  db.insertInto('left_hours').values({ correlation_id: param('call'), registered_at: param('at') }),
);

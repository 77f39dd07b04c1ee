import type { Instant } from '../../domain/call.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';

/** True while any call's opt-out stands for this number. */
export async function isOptedOut(session: Session, phone: string): Promise<boolean> {
  const row = await selectStanding.first(session, { phone: fitKey(phone, keyLengths.phone) });
  return row !== undefined;
}

/** Opted-out numbers in pages, in the order of the numbers, each once with its earliest opt-out. */
export async function optOuts(
  session: Session,
  input: { after: string; limit: number },
): Promise<{ phone: string; at: Instant }[]> {
  return session.db
    .selectFrom('opt_outs')
    .select(['phone', (expression) => expression.fn.min('at').as('at')])
    .where('undone', '=', 0)
    .where('phone', '>', input.after)
    .groupBy('phone')
    .orderBy('phone')
    .limit(input.limit)
    .execute();
}

const selectStanding = prepareQuery((db, param: Param<{ phone: string }>) =>
  db.selectFrom('opt_outs').select('phone').where('phone', '=', param('phone')).where('undone', '=', 0).limit(1),
);

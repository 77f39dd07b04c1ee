import type { Instant } from '../../domain/call.ts';
import type { Session } from '../session.ts';

/** Where a page of the latest opt-outs ended. */
export interface OptOutPlace {
  toldAt: Instant;
  correlationId: string;
}

/** Calls that told opt-outs, the latest first, by the index of times: a call whose numbers have two times comes twice. */
export async function latestOptOuts(
  session: Session,
  { after, limit }: { after?: OptOutPlace; limit: number },
): Promise<OptOutPlace[]> {
  let select = session.db.selectFrom('opt_outs').select(['at', 'correlation_id']).distinct();
  if (after) {
    select = select
      .where('at', '<=', after.toldAt)
      .where((expression) =>
        expression.or([expression('at', '<', after.toldAt), expression('correlation_id', '<', after.correlationId)]),
      );
  }
  const rows = await select.orderBy('at', 'desc').orderBy('correlation_id', 'desc').limit(limit).execute();
  return rows.map((row) => ({ toldAt: row.at, correlationId: row.correlation_id }));
}

import type { ProcessReport, SeenProcess } from '../../domain/link-report.ts';
import { databaseClock } from '../database-clock.ts';
import type { Session } from '../session.ts';

/** What processes told of themselves, and how long ago by the database's clock; the one that told last comes first. */
export async function processes(session: Session): Promise<SeenProcess[]> {
  const rows = await session.db
    .selectFrom('processes')
    .select(['report', 'seen_at', databaseClock(session.kind).as('now')])
    .orderBy('seen_at', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(({ report, seen_at, now }) => ({
    ...(JSON.parse(report) as ProcessReport),
    silentSec: Math.max(0, (Date.parse(now) - Date.parse(seen_at)) / 1000),
  }));
}

import type { Session } from '../session.ts';
import type { Transcript } from '../store.ts';
import { callById } from './calls.ts';

/** What is kept of what was spoken in a call: one text per platform. */
export async function transcriptsOf(session: Session, correlationId: string): Promise<Transcript[]> {
  const call = await callById(session, correlationId);
  const rows = await session.db
    .selectFrom('transcripts')
    .selectAll()
    .where('correlation_id', '=', call?.correlationId ?? correlationId)
    .orderBy('platform')
    .execute();
  return rows.map(({ correlation_id, platform, spoken, kept_at }) => ({
    correlationId: correlation_id,
    platform,
    spoken,
    keptAt: kept_at,
  }));
}

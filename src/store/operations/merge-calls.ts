import type { Instant } from '../../domain/call.ts';
import type { Session } from '../session.ts';
import type { CallRow } from '../tables.ts';

/**
 * Makes two calls one. The registered one stays, else the older; the other's facts and names move, its correlation ID
 * included. Only a shell ever goes, and a shell has no leg: so none of its write-backs ever went out, and the survivor
 * derives its opt-out again, of its own numbers.
 */
export async function mergeCalls(trx: Session, one: CallRow, other: CallRow): Promise<CallRow> {
  const [survivor, loser] = isStronger(one, other) ? [one, other] : [other, one];
  await moveFacts(trx, loser.correlation_id, survivor.correlation_id);

  const { db } = trx;
  await db
    .updateTable('call_refs')
    .set({ correlation_id: survivor.correlation_id })
    .where('correlation_id', '=', loser.correlation_id)
    .execute();
  for (const table of ['write_backs', 'opt_outs', 'plans_to_renew'] as const) {
    await db.deleteFrom(table).where('correlation_id', '=', loser.correlation_id).execute();
  }
  await moveTranscripts(trx, loser.correlation_id, survivor.correlation_id);
  await db.deleteFrom('calls').where('correlation_id', '=', loser.correlation_id).execute();

  const merged = {
    created_at: inOrder(survivor.created_at, loser.created_at)[0],
    expires_at: inOrder(survivor.expires_at, loser.expires_at)[1],
  };
  await db.updateTable('calls').set(merged).where('correlation_id', '=', survivor.correlation_id).execute();
  return { ...survivor, ...merged };
}

function isStronger(one: CallRow, other: CallRow): boolean {
  if (one.is_registered !== other.is_registered) return one.is_registered > other.is_registered;
  if (one.created_at !== other.created_at) return one.created_at < other.created_at;
  return one.correlation_id < other.correlation_id;
}

function inOrder(one: Instant, other: Instant): [earlier: Instant, later: Instant] {
  if (other < one) return [other, one];
  return [one, other];
}

/** Both may hold the same fact: told once by each name. */
async function moveFacts(trx: Session, from: string, to: string): Promise<void> {
  const keys = trx.db.selectFrom('facts').select(['source', 'fact_key', 'copy']);
  const held = await keys.where('correlation_id', '=', to).execute();
  const known = new Set(held.map((fact) => JSON.stringify([fact.source, fact.fact_key, fact.copy])));

  for (const fact of await keys.where('correlation_id', '=', from).execute()) {
    if (!known.has(JSON.stringify([fact.source, fact.fact_key, fact.copy]))) continue;
    await trx.db
      .deleteFrom('facts')
      .where('correlation_id', '=', from)
      .where('source', '=', fact.source)
      .where('fact_key', '=', fact.fact_key)
      .where('copy', '=', fact.copy)
      .execute();
  }
  await trx.db.updateTable('facts').set({ correlation_id: to }).where('correlation_id', '=', from).execute();
}

/** Of one platform's two the survivor's own stays. */
async function moveTranscripts({ db }: Session, from: string, to: string): Promise<void> {
  const held = await db.selectFrom('transcripts').select('platform').where('correlation_id', '=', to).execute();
  for (const { platform } of held) {
    await db.deleteFrom('transcripts').where('correlation_id', '=', from).where('platform', '=', platform).execute();
  }
  await db.updateTable('transcripts').set({ correlation_id: to }).where('correlation_id', '=', from).execute();
}

import type { Instant } from '../../domain/call.ts';
import type { KeptSession } from '../../domain/log-in.ts';
import { fitKey, keyLengths } from '../fit-key.ts';
import type { Session } from '../session.ts';

/** Keeps a new session. Those that are over by now go. */
export async function startSession(
  trx: Session,
  input: { session: KeptSession; now: Instant; idleSince: Instant },
): Promise<void> {
  const { session } = input;
  await trx.db
    .deleteFrom('console_sessions')
    .where((row) => row.or([row('expires_at', '<=', input.now), row('seen_at', '<', input.idleSince)]))
    .execute();
  await trx.db
    .insertInto('console_sessions')
    .values({
      id_hash: session.idHash,
      user_name: fitKey(session.user, keyLengths.name),
      how: session.how,
      claims: JSON.stringify(session.claims),
      created_at: session.createdAt,
      seen_at: session.seenAt,
      expires_at: session.expiresAt,
      address: fitKey(session.address, keyLengths.name),
      browser: fitKey(session.browser),
    })
    .execute();
}

/** Writes down that a session was used. */
export async function renewSession(trx: Session, input: { idHash: string; now: Instant }): Promise<void> {
  await trx.db
    .updateTable('console_sessions')
    .set({ seen_at: input.now })
    .where('id_hash', '=', input.idHash)
    .where('seen_at', '<', input.now)
    .execute();
}

/** Ends one session, or all of a user. Gives how many there were. */
export async function endSessions(trx: Session, input: { idHash: string } | { user: string }): Promise<number> {
  const all = trx.db.deleteFrom('console_sessions');
  const chosen =
    'idHash' in input
      ? all.where('id_hash', '=', input.idHash)
      : all.where('user_name', '=', fitKey(input.user, keyLengths.name));
  const { numDeletedRows } = await chosen.executeTakeFirst();
  return Number(numDeletedRows);
}

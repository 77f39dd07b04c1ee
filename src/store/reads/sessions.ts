import type { Instant } from '../../domain/call.ts';
import type { KeptSession, LogInLock } from '../../domain/log-in.ts';
import { type Param, prepareQuery } from '../prepared-query.ts';
import type { Session } from '../session.ts';
import type { ConsoleSessionRow } from '../tables.ts';

const mostSessions = 500;
const mostLocks = 1000;

/** A session by the hash of its secret, over or not. */
export async function sessionById(session: Session, idHash: string): Promise<KeptSession | null> {
  const row = await selectSession.first(session, { idHash });
  return row ? sessionOf(row) : null;
}

/** The sessions that are kept, those used last first. */
export async function sessions(session: Session): Promise<KeptSession[]> {
  const rows = await session.db
    .selectFrom('console_sessions')
    .selectAll()
    .orderBy('seen_at', 'desc')
    .orderBy('id_hash')
    .limit(mostSessions)
    .execute();
  return rows.map(sessionOf);
}

/** What wrong passwords have locked, and until when. */
export async function logInLocks(session: Session, now: Instant): Promise<LogInLock[]> {
  const rows = await session.db
    .selectFrom('log_in_failures')
    .select(['failure_key', 'locked_until'])
    .where('locked_until', '>', now)
    .orderBy('locked_until', 'desc')
    .limit(mostLocks)
    .execute();
  return rows.map((row) => ({ key: row.failure_key, until: row.locked_until }));
}

const selectSession = prepareQuery((db, param: Param<{ idHash: string }>) =>
  db.selectFrom('console_sessions').selectAll().where('id_hash', '=', param('idHash')),
);

function sessionOf(row: ConsoleSessionRow): KeptSession {
  return {
    idHash: row.id_hash,
    user: row.user_name,
    how: row.how === 'oidc' ? 'oidc' : 'password',
    claims: JSON.parse(row.claims) as string[],
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
    address: row.address,
    browser: row.browser,
  };
}

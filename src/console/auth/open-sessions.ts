import type { Instant } from '../../domain/call.ts';
import type { KeptSession } from '../../domain/log-in.ts';
import type { Role } from '../../domain/roles.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { roleOf } from './session-keeper.ts';

export interface OpenSession extends KeptSession {
  role: Role;
  /** By the clock that sessions go by: the machine's. */
  now: Instant;
}

/** The sessions that are open now, of everybody or of one user, the one used last first. */
export async function listSessions(
  deps: Pick<ConsoleDeps, 'console' | 'keyedHash' | 'store' | 'wallClock'>,
  { user }: { user?: string },
): Promise<OpenSession[]> {
  const nowMs = deps.wallClock.now();
  const now = new Date(nowMs).toISOString();
  const idleSince = new Date(nowMs - deps.console.session.idleMin * 60_000).toISOString();
  return (await deps.store.sessions()).flatMap((session) => {
    const role = roleOf(deps, session);
    const isOpen = role !== null && session.expiresAt > now && session.seenAt >= idleSince;
    return isOpen && (user === undefined || session.user === user) ? [{ ...session, role, now }] : [];
  });
}

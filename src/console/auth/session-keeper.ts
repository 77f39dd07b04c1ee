import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { ConnectorError } from '../../domain/errors.ts';
import type { KeptSession } from '../../domain/log-in.ts';
import { type Role, roles } from '../../domain/roles.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import type { ConsoleSession } from '../guard.ts';
import type { Cookies } from './cookies.ts';

const storeBudgetMs = 2000;
const mostRemembered = 1000;

export interface NewSession {
  user: string;
  how: KeptSession['how'];
  claims: readonly string[];
}

export interface SessionKeeper {
  /** Begins a session under a new id; one that the browser had before is over. */
  start(request: Request, response: Response, session: NewSession): Promise<void>;
  ofRequest(request: Request, isClick: boolean): Promise<ConsoleSession | null>;
  stillIn(idHash: string): Promise<ConsoleSession | null>;
  end(idHash: string): Promise<void>;
}

/**
 * Sessions lie in the store, for all processes. While it is away, those that this process saw lately go on: the pages
 * are needed most then.
 */
export function createSessionKeeper(deps: ConsoleDeps, cookies: Cookies): SessionKeeper {
  const idleMs = deps.console.session.idleMin * 60_000;
  const lifeMs = deps.console.session.maxHours * 3_600_000;
  /** Seldom enough for the store, often enough that nobody is out while they click. */
  const renewAfterMs = Math.min(60_000, idleMs / 4);
  const remembered = new Map<string, KeptSession>();

  async function look(idHash: string): Promise<KeptSession | null> {
    const answer = await deps.gate.read(storeBudgetMs, () => deps.store.sessionById(idHash));
    const known = remembered.get(idHash);
    if (answer.kind === 'away') {
      if (known) return known;
      throw new ConnectorError('store_away', `the store can't tell who is logged in: ${answer.why}`, {
        retryable: true,
        hint: 'Whoever was logged in here before the store went away can go on; others wait until it is back.',
      });
    }
    if (answer.value) remember(answer.value);
    else remembered.delete(idHash);
    return answer.value;
  }

  async function open(idHash: string, isClick: boolean): Promise<ConsoleSession | null> {
    const kept = await look(idHash);
    if (!kept) return null;
    const at = deps.wallClock.now();
    const role = roleOf(deps, kept);
    if (!role || at >= Date.parse(kept.expiresAt) || at - Date.parse(kept.seenAt) > idleMs) {
      remembered.delete(idHash);
      await deps.gate.write(storeBudgetMs, () => deps.store.endSessions({ idHash }));
      return null;
    }
    if (isClick && at - Date.parse(kept.seenAt) > renewAfterMs) {
      const seenAt = new Date(at).toISOString();
      remember({ ...kept, seenAt });
      await deps.gate.write(storeBudgetMs, () => deps.store.renewSession({ idHash, now: seenAt }));
    }
    const { user, how, createdAt, expiresAt } = kept;
    return { idHash, user: { name: user, role }, how, createdAt, expiresAt };
  }

  function remember(session: KeptSession): void {
    remembered.delete(session.idHash);
    remembered.set(session.idHash, session);
    const oldest = remembered.keys().next();
    if (remembered.size > mostRemembered && !oldest.done) remembered.delete(oldest.value);
  }

  return {
    async start(request, response, { user, how, claims }) {
      const before = cookies.read(request, 'session');
      if (before) await deps.store.endSessions({ idHash: hashOf(before) });
      const secret = Buffer.from(deps.randomBytes(32)).toString('base64url');
      const at = deps.wallClock.now();
      const instant = (ms: number) => new Date(ms).toISOString();
      const session: KeptSession = {
        idHash: hashOf(secret),
        user,
        how,
        claims: how === 'password' ? [passwordMark(deps, user)] : claims,
        createdAt: instant(at),
        seenAt: instant(at),
        expiresAt: instant(at + lifeMs),
        address: request.ip ?? '',
        browser: request.get('user-agent') ?? '',
      };
      await deps.store.startSession({ session, now: instant(at), idleSince: instant(at - idleMs) });
      remember(session);
      cookies.set(response, 'session', secret);
    },
    async ofRequest(request, isClick) {
      const secret = cookies.read(request, 'session');
      return secret ? open(hashOf(secret), isClick) : null;
    },
    stillIn: (idHash) => open(idHash, false),
    async end(idHash) {
      remembered.delete(idHash);
      await deps.store.endSessions({ idHash });
    },
  };
}

/** The role as the configuration gives it now; null when it gives none. */
export function roleOf(deps: Pick<ConsoleDeps, 'console' | 'keyedHash'>, session: KeptSession): Role | null {
  const { users, oidc } = deps.console;
  if (session.how === 'oidc') return oidc ? highestRole(oidc.roles, session.claims) : null;
  if (!Object.hasOwn(users, session.user)) return null;
  // A new password ends what began with the old one.
  return session.claims[0] === passwordMark(deps, session.user) ? (users[session.user]?.role ?? null) : null;
}

/** The highest role that some values of the role claim give. */
export function highestRole(given: Readonly<Record<string, Role>>, claims: readonly string[]): Role | null {
  const held = claims.filter((claim) => Object.hasOwn(given, claim)).map((claim) => given[claim]);
  return roles.findLast((role) => held.includes(role)) ?? null;
}

function passwordMark(deps: Pick<ConsoleDeps, 'console' | 'keyedHash'>, user: string): string {
  const hash = Object.hasOwn(deps.console.users, user) ? deps.console.users[user]?.passwordHash : '';
  return Buffer.from(deps.keyedHash(`console password ${hash ?? ''}`))
    .toString('hex')
    .slice(0, 32);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

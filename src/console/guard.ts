import type { Request, Router } from 'express';
import type { Instant } from '../domain/call.ts';
import type { ConsoleUser } from './page.ts';

/** Who may come in, and whether a form is our own. */
export interface Guard {
  /** Reads cookies for what comes after it; log-in, log-out and OpenID Connect, below `/console`. */
  routes: Router;
  /**
   * The session behind a request's cookie; null when nobody is logged in. Rejects while the store can't tell.
   *
   * @param isClick whether it renews the session: not what a page that is left open asks for by itself. (Default: true)
   */
  sessionOf(request: Request, isClick?: boolean): Promise<ConsoleSession | null>;
  /** The session as it is by now, its role too, without renewing it: a page that is left open is no click. */
  stillIn(session: ConsoleSession): Promise<ConsoleSession | null>;
  /** What every form of a session carries. */
  formToken(session: ConsoleSession): string;
  /** Whether a form came from one of our pages, in this session. */
  isOwnForm(request: Request, session: ConsoleSession): boolean;
}

export interface ConsoleSession {
  /** SHA-256 of what the cookie holds. */
  idHash: string;
  user: ConsoleUser;
  how: 'password' | 'oidc';
  createdAt: Instant;
  expiresAt: Instant;
}

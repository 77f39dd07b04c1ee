import type { Request, Router } from 'express';
import type { Instant } from '../domain/call.ts';
import type { ConsoleUser } from './page.ts';

/** Who may come in, and whether a form is our own. */
export interface Guard {
  /** Log-in, log-out, OpenID Connect, below `/console`. */
  routes: Router;
  /** The session behind a request's cookie, renewed; null when nobody is logged in. */
  sessionOf(request: Request): Promise<ConsoleSession | null>;
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

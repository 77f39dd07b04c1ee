import type { Instant } from './call.ts';

/** Somebody who is logged in to the console, as the store keeps it. */
export interface KeptSession {
  /** SHA-256 of what the browser holds. */
  idHash: string;
  user: string;
  how: 'password' | 'oidc';
  /** Of `oidc`: the values of its role claim that meant something when the session began. */
  claims: readonly string[];
  createdAt: Instant;
  /** The last click, to the minute. */
  seenAt: Instant;
  expiresAt: Instant;
  address: string;
  browser: string;
}

/** What wrong passwords are counted under, and how many of them lock it. */
export interface TryCounter {
  key: string;
  limit: number;
}

/** What is counted under this key is locked. */
export interface LogInLock {
  key: string;
  until: Instant;
}

/** Whether a password may be looked at. */
export type TryAnswer =
  | { kind: 'locked'; until: Instant }
  /** `lockedUntil`: from now on it is locked, unless this password is right. */
  | { kind: 'counted'; lockedUntil: Instant | null };

import type { Instant } from './call.ts';
import type { Lead } from './lead.ts';

/**
 * Route of a call that a platform places: no dialer has it, and perhaps nobody has called yet. It is no candidate for a
 * conversation that names no call, and its silence says nothing.
 */
export const dialRoute = 'dial';

/** Having a platform call leads of a dialer. A lead is called once for one purpose, however often it is asked for. */
export interface Dialling {
  /** Leads of a list as the last sync had them, in the order of their keys, from the key after `after` on. */
  leadsOfList(query: ListQuery): Promise<Lead[]>;
  lead(dialer: string, key: string): Promise<Lead | null>;
  /** What `claim` would answer, for a look beforehand: writes nothing. */
  judge(requests: readonly DialRequest[]): Promise<DialClaim[]>;
  /**
   * Asks the gate about each lead, registers its call, and notes that it is about to be dialled: who is told `ready` is
   * the only one. Fails with ConnectorError while the store is away: nobody is dialled then.
   */
  claim(requests: readonly DialRequest[]): Promise<DialClaim[]>;
  /** Notes what became of what was `ready` or `in-doubt`. What was not placed may be claimed again. */
  settle(results: readonly DialResult[]): Promise<void>;
}

export interface ListQuery {
  dialer: string;
  list: string;
  after: string;
  limit: number;
}

export interface DialRequest {
  lead: Lead;
  /** What it is called for, such as the name of a campaign. */
  purpose: string;
  /** The dialer's campaign whose settings count. (Default: the lead's own) */
  campaign?: string;
  /** What is sent together with it: tells afterwards where to look. */
  batch: string;
  /** When the customer is called: now, or when that is scheduled. */
  at: Instant;
  /** The number that the customer sees, and the agent that speaks: evidence of the call. */
  callerId: string;
  agent: string;
}

export type DialClaim =
  | {
      kind: 'ready';
      correlationId: string;
      attempt: number;
      /** E.164. */
      phone: string;
      /** What the agent is told: what the dialer's headers would carry. Only those with a value. */
      variables: Readonly<Record<string, string>>;
    }
  | { kind: 'dialled'; correlationId: string }
  /** It was about to be dialled, and nobody noted what became of it. */
  | { kind: 'in-doubt'; correlationId: string; attempt: number; batch: string; since: Instant }
  | { kind: 'refused'; reason: string };

export interface DialResult {
  correlationId: string;
  attempt: number;
  isPlaced: boolean;
  /** The platform's key of the call, where it told one. */
  callKey?: string;
  /** Why it was not placed; free of personal data. */
  why?: string;
}

/** ISO-8601 UTC with milliseconds, e.g. `2026-11-21T14:03:07.120Z`. Sorts as text. */
export type Instant = string;

/**
 * One name under which one system knows a call. `instance` is a configured dialer or platform (`vicidial`, `five9-eu`,
 * `sigmamind`); our own correlation ID has the instance `patchbay`. A key that is only unique for some months (a VICIdial
 * caller code) carries its date: `V1211403070000012345@2026-11-21`.
 */
export interface CallRef {
  instance: string;
  kind: string;
  key: string;
}

/** The part of a call that one dialer owns, in that dialer's own words. */
export interface Leg {
  /** Instance id of the dialer. */
  dialer: string;
  /** The dialer's own key of the call: caller code, Five9 call id. */
  callKey: string;
  campaign: string;
  list: string;
  /** The dialer's own key of the lead: VICIdial lead_id, Five9 contact key. Empty when not known. */
  leadKey: string;
  /** The customer's number as the dialer writes it. */
  number: string;
  /** The customer's number as E.164; empty when it can't be read as one. */
  phone: string;
  /** The line or agent that the dialer gave the call to; empty when not known. */
  agent: string;
  calledAt: Instant;
}

/** What a dialer (or a header that came from it) says about a call that is going on now. */
export interface CallSighting {
  refs: readonly CallRef[];
  leg: Leg;
  /** Lead fields that came along, by our field names (see lead.ts). */
  fields: Readonly<Record<string, string>>;
  /** True when a customer's call may go on here under a new name: only the dialer knows its other one. */
  isContinuation?: true;
  /** True when the customer called us: what binds calls to customers does not bind this one. */
  isInbound?: true;
}

/** What a register request gets back. `route`: what the dialer's script shall do with the call. */
export type Route = 'ai' | 'skill' | 'hangup' | (string & {});

/** A call as the store holds it: the key, the derived outcome, and what the hot paths need. */
export interface Call {
  correlationId: string;
  dialer: string;
  campaign: string;
  leadKey: string;
  phone: string;
  route: Route;
  reason: string;
  registeredAt: Instant;
  expiresAt: Instant;
  /** False for a shell: a call of which we only hold facts from elsewhere, no dialer has told us about it yet. */
  isRegistered: boolean;
  outcome: import('./outcome.ts').Outcome | null;
  /** Version of the mapping that it began with. (Default: it goes by today's) */
  mapping?: string;
}

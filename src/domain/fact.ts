import type { CallRef, Instant, Leg } from './call.ts';
import type { OutcomeCode } from './outcome-codes.ts';
import type { Aspect } from './write-back.ts';

/** Something that a system told us about a call. Appended once, never changed. */
export interface Fact {
  /** Every name of the call that the teller gave, strongest first. Our own correlation ID comes first when it is there. */
  refs: readonly CallRef[];
  /** Who said it: an instance id, `operator:<name>`, or `patchbay`. */
  source: string;
  /** Unique per source and call: the same thing told twice has the same key, and is kept once. */
  key: string;
  /** When it happened, by the teller's clock; when the teller gave none, when we heard it. */
  at: Instant;
  body: FactBody;
}

export type FactBody =
  /** A dialer's leg of the call became known. `via` says how. */
  | {
      kind: 'registered';
      leg: Leg;
      via: RegisteredVia;
      route: string;
      reason: string;
      fields: Record<string, string>;
      gate?: GateEvidence;
      evidence?: CallEvidence;
      /** Where we gave headers for the AI's leg. */
      headers?: HeaderNames;
      /** Where nothing is written for the call: see shadow.ts. */
      shadow?: readonly string[];
      /** Nobody could read the stages when it began. Decided before the store takes it, which never holds this. */
      stage?: 'unknown';
      /** Version of the mapping that held at this moment: see `NamedMapping`. */
      mapping?: string;
    }
  /** The AI's conversation began. `agent`: the AI agent as its platform names it, here and below. */
  | { kind: 'started'; agent?: string }
  /** The AI agent committed an outcome during the call. */
  | {
      kind: 'committed';
      outcome: OutcomeCode;
      summary: string;
      /** For `callback`: when the customer asked to be called. */
      callbackAt?: Instant;
      fields: Record<string, string>;
    }
  /** What became of our order to a dialer to act on the live call. */
  | Steered
  /** The conversation is over. `outcome` is the technical end: `hung_up`, `voicemail`, `no_answer`, `busy`, `failed`. */
  | {
      kind: 'ended';
      outcome: OutcomeCode;
      reason: string;
      durationSec?: number;
      recordingUrl?: string;
      agent?: string;
    }
  /** Analysis after the call. `outcome` only when a configured rule reads one from it. */
  | {
      kind: 'analysed';
      outcome?: OutcomeCode;
      /** For `callback`. */
      callbackAt?: Instant;
      summary: string;
      fields: Record<string, string>;
      recordingUrl?: string;
      agent?: string;
    }
  /** A human agent's disposition in a dialer. `outcome` when the mapping can be read backwards. */
  | { kind: 'dispositioned'; dialer: string; disposition: string; by: string; outcome?: OutcomeCode }
  /** How a platform's conversation was found to be this call. */
  | { kind: 'matched'; by: MatchedBy }
  /** The dialer's own record of its leg: what it says by itself, once the call is over. */
  | { kind: 'leg-record'; dialer: string; answeredAt?: Instant; endedAt?: Instant; recordingUrls: readonly string[] }
  /** Something that we have no other word for. `text` is what was said of the call, without what was spoken in it. */
  | { kind: 'noted'; event: string; text: string }
  /** Nobody tells how the call ended: every system that could know was asked. Any other word beats it. */
  | { kind: 'silent'; why: string }
  /** A script of people asked what the AI's call was about. `to`: its own call, as its dialer names it; empty when it did not say. */
  | { kind: 'handed-over'; to: string }
  /** An operator corrected the outcome by hand. */
  | { kind: 'corrected'; outcome: OutcomeCode; callbackAt?: Instant; by: string; why: string }
  /** An operator took back an opt-out: the only thing that can. */
  | { kind: 'opt-out-undone'; by: string; why: string }
  /** A person had written what was only shown: the call ran in shadow. */
  | { kind: 'released'; dialer: string; aspect: Aspect; by: string }
  /** What was held of the person was erased on demand; the facts that are left are the evidence of the opt-out. */
  | { kind: 'erased'; by: string };

/** For whom and what was called, as it was configured at the time of the call. Empty where nothing was. */
export interface CallEvidence {
  seller: string;
  purpose: string;
  goods: string;
  /** The number that the customer saw. */
  callerId: string;
  /** Version of the script or agent that spoke. */
  agentVersion: string;
  /** What the lead's own field said of where consent was given. */
  consentSource: string;
}

/** Names of the configured headers by what became of them. Their values are the lead's, and stay with it. */
export interface HeaderNames {
  sent: readonly string[];
  /** Nothing was known for them. */
  empty: readonly string[];
  /** They did not fit the budget. */
  dropped: readonly string[];
}

export interface Steered {
  kind: 'steered';
  dialer: string;
  act: 'transfer' | 'hang-up';
  /** The dialer's own target of a transfer; empty for its default. */
  to: string;
  /** `over`: the customer was gone already. `shadow`: nothing was sent, for the call runs in shadow. */
  result: 'done' | 'over' | 'refused' | 'shadow';
  why: string;
  /** Key of the committed fact that was to become true by it; when the order failed, it does not count. */
  commit: string;
}

/** On what the gate decided: `zone`, `local_time`, `consent`, `scrub` …, short texts by name. */
export type GateEvidence = Readonly<Record<string, string>>;

export type FactKind = FactBody['kind'];
/** `dialled`: we had a platform call the lead. */
export const registeredVia = ['register', 'headers', 'start', 'tool', 'event', 'poll', 'dialled'] as const;
export type RegisteredVia = (typeof registeredVia)[number];

/** Strongest first: our ID; a dialer's own name of the call; the inbound-call answer; both numbers and the time. */
export const matchedBy = ['correlation-id', 'dialer-name', 'inbound-call', 'numbers', 'operator'] as const;
export type MatchedBy = (typeof matchedBy)[number];

/** A fact as the store gives it back: bound to a call. */
export interface StoredFact {
  correlationId: string;
  source: string;
  key: string;
  at: Instant;
  receivedAt: Instant;
  body: FactBody;
}

import type { CallRef, Instant } from './call.ts';
import type { ConnectorFactory, Contributions, PlainRequest, Variables } from './connector.ts';
import type { FactBody } from './fact.ts';
import type { OutcomeCode } from './outcome-codes.ts';
import type { PlatformView, ViewReader } from './site-view.ts';
import type { SoftphoneAccount } from './test-call.ts';

/** The port of an AI platform. */
export interface Platform extends Contributions {
  /** Calls at once that it takes. (Default: not known, and nothing is held to it) */
  concurrency?: number | undefined;
  /** Of these, slots that are left to calls which can not be turned away. (Default: none) */
  keepFree?: number | undefined;
  /**
   * Whether the secret part of a path is one of ours, asked before the body is read: what has none is denied whatever it
   * says. (Default: only the body shows it)
   */
  knowsToken?(of: 'event' | 'inbound-call', token: string): boolean;
  /** Verifies a webhook over its raw bytes, and only then reads it. */
  receiveEvent(request: PlainRequest): EventReading;
  /** Reads the body of an agent's tool call. The caller is already authenticated. */
  readToolCall(body: Variables): ToolCall;
  /** Reads the request that asks what to tell the agent about a call that is coming in. */
  readInboundCall(request: PlainRequest): InboundReading;
  /** Addresses to which that question can be sent, with `<token>` for the secret part. None while it is not configured. */
  inboundCallUrls?(): readonly string[];
  /** The answer to it. */
  answerInboundCall(variables: Readonly<Record<string, string>>): string;
  /** What the platform's own record of a call tells, by its key of the call. Null when it has none. */
  readCall?(callKey: string, signal?: AbortSignal): Promise<PlatformRecord | null>;
  /**
   * Records of calls, a page at a time, in no order that could be relied on. An empty cursor begins anew. May give
   * calls older than `since`: no platform need be able to search by time.
   */
  listCalls?(since: Instant, cursor: string, signal?: AbortSignal): Promise<PlatformPage>;
  /** Deletes the platform's record of a call for good. False when there was none. */
  eraseCall?(callKey: string): Promise<boolean>;
  /**
   * What a captured delivery, or the insights of one call by themselves, would tell, and by which rule. Nothing is sent or
   * kept. Throws a ConnectorError (bad_request) when it is neither.
   */
  explain?(value: unknown): PlatformReading;
  /** Made anew for each run of the doctor. */
  view?(): ViewReader<PlatformView>;
  softphone?(number: string): SoftphoneAccount;
}

/** A reading with its reasons: for the operator who writes rules. May repeat what the platform said of the call. */
export interface PlatformReading {
  body: FactBody;
  /** Empty where it tells no time. */
  at: Instant | '';
  rules: readonly RuleFinding[];
  /** What was left out, and why. */
  notes: readonly string[];
}

/** Why a configured rule hit, or did not. */
export interface RuleFinding {
  /** As it is named in the configuration. */
  rule: string;
  outcome: OutcomeCode;
  hits: boolean;
  why: string;
}

export interface PlatformRecord {
  callKey: string;
  createdAt: Instant;
  /** True when the conversation is over, so that the record will not say more but for the analysis. */
  isOver: boolean;
  /** What it tells, as if webhooks had told it: each with the key that the webhook's has. */
  events: readonly PlatformEvent[];
  /** What was spoken; empty where the platform keeps none. */
  transcript: string;
}

export interface PlatformPage {
  records: readonly PlatformRecord[];
  /** Records that could not be read. */
  rejects: number;
  /** Empty when the read is through. */
  cursor: string;
  /** True when there is more that was not read: a call that is missing may be there all the same. */
  isCut?: boolean;
}

export type EventReading =
  | { kind: 'event'; event: PlatformEvent }
  /** Authentic, but nothing for us (a chat). Acknowledged. */
  | { kind: 'ignored'; why: string }
  /** Authentic, but we don't know it and it names no call: shown to the people in charge, without what was spoken. */
  | { kind: 'unknown'; event: string; text: string }
  | { kind: 'denied'; why: string }
  | { kind: 'unreadable'; why: string };

export interface PlatformEvent {
  /** Names under which the platform knows the call. */
  refs: readonly CallRef[];
  /** Variables of the conversation: our headers come back here. */
  variables: Variables;
  /** Unique per call: event name and platform call id. */
  key: string;
  at: Instant;
  body: FactBody;
  /** The numbers of both sides as the platform wrote them, where it did. */
  numbers?: { customer: string; own: string };
  /** What was spoken, where it came along. Goes nowhere but into the store's transcripts, and there only if a site wants it. */
  transcript?: string;
  /** When the conversation began, where the platform says. Without it no call is looked for by its numbers. */
  startedAt?: Instant;
  /** It counts only once the platform's own record of the call bears it out. `bare`: it says nothing but the call's name. */
  confirm?: 'bare' | 'whole';
}

export interface ToolCall {
  correlationId: string;
  variables: Variables;
  outcome: string;
  summary: string;
  callbackAt: string;
  /** Whom the customer shall be handed to, as the agent calls them. Empty: nobody in particular. */
  to: string;
  fields: Readonly<Record<string, string>>;
}

export type InboundReading =
  | { kind: 'call'; from: string; to: string }
  | { kind: 'other' }
  | { kind: 'denied'; why: string };

export type PlatformConnector<Config extends { type: string }> = ConnectorFactory<Config, Platform>;

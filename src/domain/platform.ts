import type { CallRef, Instant } from './call.ts';
import type { ConnectorFactory, Contributions, PlainRequest, Variables } from './connector.ts';
import type { FactBody } from './fact.ts';

/** The port of an AI platform. */
export interface Platform extends Contributions {
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
}

export type EventReading =
  | { kind: 'event'; event: PlatformEvent }
  /** Authentic, but nothing for us (an unknown event, a chat). Acknowledged. */
  | { kind: 'ignored'; why: string }
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

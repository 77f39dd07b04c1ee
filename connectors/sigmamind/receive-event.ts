import { hash } from 'node:crypto';
import { type Clock, instantOf } from '../../src/domain/clock.ts';
import type { Log, PlainRequest } from '../../src/domain/connector.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import type { EventReading, PlatformEvent } from '../../src/domain/platform.ts';
import { readAnalysis } from './analysis/read-analysis.ts';
import type { Capture } from './capture/capture.ts';
import type { SigmamindConfig } from './config.ts';
import { confirmation } from './confirmation.ts';
import { notedText } from './noted-text.ts';
import { callEvents, type EventPayload, readPayload, snakeName } from './payload.ts';
import { isKnownToken, type SignatureRule, verify } from './signature.ts';

export interface ReceiveEventDeps {
  id: string;
  config: SigmamindConfig;
  rule: SignatureRule | null;
  clock: Clock;
  log: Log;
  capture?: Pick<Capture, 'see'>;
}

/** Proves the sender by path token and signature over the raw bytes, and only then looks at what was sent. */
export function receiveEvent(deps: ReceiveEventDeps, request: PlainRequest): EventReading {
  if (!isKnownToken(deps.config.webhook.tokens, request.params.token)) {
    return { kind: 'denied', why: 'the token in the URL is not one of ours' };
  }
  const { rule } = deps;
  const verdict = rule ? verify(rule, request.body, request.headers, deps.clock.now()) : ({ isGood: true } as const);
  deps.capture?.see(request, verdict.isGood ? '' : verdict.why);
  if (!verdict.isGood) return { kind: 'denied', why: verdict.why };

  const body = parse(request.body);
  const payload = readPayload(body);
  if (!payload) {
    if (Array.isArray(body)) return { kind: 'unknown', event: 'list', text: notedText(body) };
    return { kind: 'unreadable', why: 'the body is not a JSON object' };
  }
  const { event, variables } = payload;
  if (payload.isChat) return { kind: 'ignored', why: 'the conversation is no call' };
  const name = payload.callId || (variables.correlation_id ?? '');
  if (!isCallEvent(event)) return readUnknown(deps, payload, { name, body, bytes: request.body });
  if (!name) return { kind: 'unknown', event, text: notedText(body) };

  return {
    kind: 'event',
    event: {
      ...contextOf(deps, payload),
      key: `${event}:${name}`,
      at: payload.at || instantOf(deps.clock),
      body: readBody(deps, event, payload),
      ...confirmation(deps.config.webhook.confirm, payload),
    },
  };
}

/** What every event of a call tells of it, whatever it is about. */
export function contextOf(
  { id }: Pick<ReceiveEventDeps, 'id'>,
  { callId, variables, numbers, startedAt, transcript }: EventPayload,
): Pick<PlatformEvent, 'refs' | 'variables' | 'numbers' | 'startedAt' | 'transcript'> {
  return {
    refs: callId ? [{ instance: id, kind: 'call-id', key: callId }] : [],
    variables,
    ...((numbers.customer || numbers.own) && { numbers }),
    ...(startedAt && { startedAt }),
    ...(transcript && { transcript }),
  };
}

/** An event that we have no word for is a note on its call; the same bytes sent again are the same note. */
function readUnknown(
  deps: ReceiveEventDeps,
  payload: EventPayload,
  { name, body, bytes }: { name: string; body: unknown; bytes: Buffer },
): EventReading {
  const event = payload.event || 'unnamed';
  const text = notedText(body);
  if (!name) return { kind: 'unknown', event, text };
  return {
    kind: 'event',
    event: {
      ...contextOf(deps, payload),
      key: `${event}:${name}:${hash('sha256', bytes).slice(0, 12)}`,
      at: payload.at || instantOf(deps.clock),
      body: { kind: 'noted', event, text },
    },
  };
}

export type CallEvent = (typeof callEvents)[number];

function isCallEvent(event: string): event is CallEvent {
  return (callEvents as readonly string[]).includes(event);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function readBody(deps: ReceiveEventDeps, event: CallEvent, payload: EventPayload): FactBody {
  const { durationSec, recordingUrl, agent } = payload;
  switch (event) {
    case 'conversation_started':
      return { kind: 'started', ...(agent && { agent }) };
    case 'conversation_ended':
      return {
        kind: 'ended',
        outcome: technicalEnd(deps.config, payload),
        reason: payload.terminationReason || payload.status,
        ...(durationSec !== undefined && { durationSec }),
        ...(recordingUrl && { recordingUrl }),
        ...(agent && { agent }),
      };
    case 'conversation_analysed':
      return analysedBody(deps, payload);
  }
}

/** Reasons and states that are more than a hang-up; both are enums that grew over the years, so the rest passes. */
const endsByReason = new Map([
  ['busy', 'busy'],
  ['no_answer', 'no_answer'],
  ['voicemail', 'voicemail'],
  ['failed', 'failed'],
]);
const endsByStatus = new Map([
  ['not_connected', 'no_answer'],
  ['error', 'failed'],
  ['failed', 'failed'],
]);

function technicalEnd(config: SigmamindConfig, { terminationReason, status }: EventPayload): string {
  for (const [reason, outcome] of Object.entries(config.terminationReasons)) {
    if (snakeName(reason) === terminationReason) return outcome;
  }
  return endsByReason.get(terminationReason) ?? endsByStatus.get(status) ?? 'hung_up';
}

function analysedBody(deps: ReceiveEventDeps, { insights, recordingUrl, agent }: EventPayload): FactBody {
  const { analysis } = deps.config;
  const { outcome, callbackAt, summary, fields, rules, notes } = readAnalysis(analysis, insights);
  if (outcome === undefined && rules.length > 0) {
    const hint = 'Try it: npx patchbay outcome try FILE';
    deps.log.info({ rules: rules.length, hint }, 'an analysis tells no outcome: no rule of `analysis` hits');
  }
  if (notes.length > 0) deps.log.warn({ outcome }, 'an analysis has no time for its callback that can be used');
  return {
    kind: 'analysed',
    ...(outcome !== undefined && { outcome }),
    ...(callbackAt !== undefined && { callbackAt }),
    summary,
    fields,
    ...(recordingUrl && { recordingUrl }),
    ...(agent && { agent }),
  };
}

import { type Clock, instantOf } from '../../src/domain/clock.ts';
import type { Log, PlainRequest } from '../../src/domain/connector.ts';
import type { FactBody } from '../../src/domain/fact.ts';
import type { EventReading } from '../../src/domain/platform.ts';
import type { SigmamindConfig } from './config.ts';
import { callEvents, type EventPayload, readPayload, snakeName } from './payload.ts';
import { isKnownToken, type SignatureRule, verify } from './signature.ts';

export interface ReceiveEventDeps {
  id: string;
  config: SigmamindConfig;
  rule: SignatureRule | null;
  clock: Clock;
  log: Log;
}

/** Proves the sender by path token and signature over the raw bytes, and only then looks at what was sent. */
export function receiveEvent(deps: ReceiveEventDeps, request: PlainRequest): EventReading {
  if (!isKnownToken(deps.config.webhook.tokens, request.params.token)) {
    return { kind: 'denied', why: 'the token in the URL is not one of ours' };
  }
  if (deps.rule) {
    const verdict = verify(deps.rule, request.body, request.headers, deps.clock.now());
    if (!verdict.isGood) return { kind: 'denied', why: verdict.why };
  }

  const payload = readPayload(parse(request.body));
  if (!payload) return { kind: 'unreadable', why: 'the body is not a JSON object' };
  const { event, variables } = payload;
  if (!isCallEvent(event)) return { kind: 'ignored', why: `the event ${event || 'without a name'} is not used` };
  if (payload.isChat) return { kind: 'ignored', why: 'the conversation is no call' };
  const name = payload.callId || (variables.correlation_id ?? '');
  if (!name) return { kind: 'unreadable', why: `the event ${event} names no call` };

  return {
    kind: 'event',
    event: {
      refs: payload.callId ? [{ instance: deps.id, kind: 'call-id', key: payload.callId }] : [],
      variables,
      key: `${event}:${name}`,
      at: payload.at || instantOf(deps.clock),
      body: readBody(deps, event, payload),
    },
  };
}

type CallEvent = (typeof callEvents)[number];

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

function readBody(deps: ReceiveEventDeps, event: CallEvent, payload: EventPayload): FactBody {
  const { durationSec, recordingUrl } = payload;
  switch (event) {
    case 'conversation_started':
      return { kind: 'started' };
    case 'conversation_ended':
      return {
        kind: 'ended',
        outcome: technicalEnd(deps.config, payload),
        reason: payload.terminationReason || payload.status,
        ...(durationSec !== undefined && { durationSec }),
        ...(recordingUrl && { recordingUrl }),
      };
    case 'conversation_analysed':
      return readAnalysis(deps, payload);
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

function readAnalysis(deps: ReceiveEventDeps, { insights, recordingUrl }: EventPayload): FactBody {
  const { outcomeFrom, outcomes, summaryFrom } = deps.config.analysis;
  const summaryName = snakeName(summaryFrom);
  const { [summaryName]: summary = '', ...fields } = insights;
  const verdict = outcomeFrom ? insights[snakeName(outcomeFrom)] : undefined;
  const outcome = verdict === undefined ? undefined : outcomeOf(outcomes, verdict);
  if (verdict !== undefined && outcome === undefined) {
    deps.log.warn({ insight: outcomeFrom }, 'an analysis has a value that `analysis.outcomes` does not name');
  }
  return {
    kind: 'analysed',
    ...(outcome !== undefined && { outcome }),
    summary,
    fields,
    ...(recordingUrl && { recordingUrl }),
  };
}

function outcomeOf(outcomes: Readonly<Record<string, string>>, value: string): string | undefined {
  for (const [known, outcome] of Object.entries(outcomes)) if (snakeName(known) === snakeName(value)) return outcome;
  return undefined;
}

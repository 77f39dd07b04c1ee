import type { Switches } from './options.ts';
import type { SimCall } from './world.ts';

export type CallEvent = 'conversation_started' | 'conversation_ended' | 'conversation_analysed';
export type PayloadStyle = Switches['payloadStyle'];

export interface EventAbout {
  event: string;
  /** When it is sent first. */
  timestamp: string;
  webhookId: string;
  call: SimCall;
}

export const workspaceId = 'org_simulated';

/** An event's payload. ASSUMPTION: the reference knows none; these are the two house styles, and bare ids. */
export function eventPayload(
  about: EventAbout,
  switches: Pick<Switches, 'payloadStyle' | 'variablesInEvents'> & Partial<ShowsVariables>,
): Record<string, unknown> {
  const { event, timestamp, webhookId, call } = about;
  if (switches.payloadStyle === 'ids-only') return { event, timestamp, webhookId, callId: call.callId };

  const data = {
    ...dataOf(event, call),
    ...(switches.variablesInEvents && { dynamicVariables: shownVariables(call, switches) }),
  };
  const envelope = { event, timestamp, webhookId, workspaceId, agentId: call.agentId };
  if (switches.payloadStyle === 'camelCase') return { ...envelope, data };
  return snakeKeys({ ...envelope, ...data, fromNumber: call.customer, toNumber: call.ownNumber });
}

/** The call record of the REST API. */
export function callRecord(
  call: SimCall,
  switches: Pick<Switches, 'variablesInCallRecord' | 'analysisInCallRecord'> & Partial<ShowsVariables>,
): Record<string, unknown> {
  return {
    callId: call.callId,
    callType: call.callType,
    phoneNumber: { sipPhoneNumber: call.ownNumber, active: true },
    campaign: null,
    status: call.status,
    transcript: call.transcript,
    startTime: call.startTime,
    endTime: call.endTime,
    duration: call.duration,
    terminationReason: call.terminationReason,
    createdAt: call.createdAt,
    updatedAt: call.endTime ?? call.createdAt,
    dynamicVariables: switches.variablesInCallRecord ? shownVariables(call, switches) : {},
    recordingUrl: call.recordingUrl,
    agent: { agentId: call.agentId, status: 'Live' },
    ...(switches.analysisInCallRecord && call.analysis && { postConversationAnalysis: call.analysis }),
  };
}

type ShowsVariables = Pick<Switches, 'variablesOnlyIfReferenced'>;

/** Those that the prompt uses, where the platform is switched so. */
function shownVariables({ variables, promptVariables }: SimCall, switches: Partial<ShowsVariables>) {
  if (!switches.variablesOnlyIfReferenced || !promptVariables) return variables;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => promptVariables.includes(name)));
}

function dataOf(event: string, call: SimCall): Record<string, unknown> {
  const { callId, callType, status, startTime, endTime, duration, terminationReason, recordingUrl } = call;
  if (event === 'conversation_analysed') return { callId, recordingUrl, postConversationAnalysis: call.analysis ?? [] };
  if (event === 'conversation_ended') {
    return {
      callId,
      callType,
      status,
      endTime,
      duration,
      terminationReason,
      transcript: call.transcript,
      recordingUrl,
    };
  }
  return { callId, callType, status, startTime, phoneNumber: { sipPhoneNumber: call.ownNumber } };
}

/** Names in snake_case at every depth, but for the variables: those are the customer's own. */
function snakeKeys(value: Record<string, unknown>): Record<string, unknown> {
  const snake: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const key = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snake[key] = name === 'dynamicVariables' ? inner : snakeValue(inner);
  }
  return snake;
}

function snakeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeValue);
  return value !== null && typeof value === 'object' ? snakeKeys(value as Record<string, unknown>) : value;
}

import type { Instant } from '../../src/domain/call.ts';
import { instantOf } from '../../src/domain/clock.ts';
import type { PlatformEvent, PlatformPage, PlatformRecord } from '../../src/domain/platform.ts';
import type { SigmamindApi } from './api/api.ts';
import { marginMs, type Place, readCallPage } from './api/call-pages.ts';
import type { CallRecord } from './api/calls.ts';
import { isOver as isCallOver } from './api/states.ts';
import { type EventPayload, readPayload } from './payload.ts';
import { type CallEvent, contextOf, type ReceiveEventDeps, readBody } from './receive-event.ts';

export interface ReadCallsDeps extends ReceiveEventDeps {
  api: Pick<SigmamindApi, 'getCall' | 'listCalls'>;
}

/** What the platform's own record of a call tells. Null when it has none. */
export async function readCall(
  deps: ReadCallsDeps,
  callId: string,
  signal?: AbortSignal,
): Promise<PlatformRecord | null> {
  const call = await deps.api.getCall(callId, signal);
  return call && recordOf(deps, call);
}

/** One page of the calls since an instant. The cursor is the place of the next. */
export async function listCalls(
  deps: ReadCallsDeps,
  since: Instant,
  cursor: string,
  signal?: AbortSignal,
): Promise<PlatformPage> {
  const { callList } = deps.config;
  const place = cursor === '' ? null : (JSON.parse(cursor) as Place);
  const { rows, rejects, next, isCut, isOrdered } = await readCallPage(deps.api, callList, since, place, signal);
  if (isCut) {
    const hint = `Raise platforms.${deps.id}.callList.maxPages if the calls in question are not among these.`;
    deps.log.warn({ pages: callList.maxPages, isOrdered, hint }, 'the list of calls is longer than what is read of it');
  }
  return {
    records: rows.filter(({ createdAt }) => !isOlder(createdAt, since)).map((call) => recordOf(deps, call)),
    rejects,
    cursor: next ? JSON.stringify(next) : '',
    ...(isCut && { isCut }),
  };
}

/** By more than the clocks of both sides may differ. */
function isOlder(createdAt: string, since: Instant): boolean {
  return Date.parse(createdAt) < Date.parse(since) - marginMs;
}

/** The record as the events that would have told it, each with the key that the webhook's has. */
function recordOf(deps: ReadCallsDeps, call: CallRecord): PlatformRecord {
  const payload = readPayload(call);
  const isOver = payload !== null && isCallOver(payload);
  const createdAt = timeOf(call.createdAt) || instantOf(deps.clock);
  return {
    callKey: call.callId,
    createdAt,
    isOver,
    events: payload && !payload.isChat ? eventsOf(deps, call, payload, { isOver, createdAt }) : [],
    transcript: payload?.transcript ?? '',
  };
}

function eventsOf(
  deps: ReadCallsDeps,
  call: CallRecord,
  payload: EventPayload,
  { isOver, createdAt }: { isOver: boolean; createdAt: Instant },
): PlatformEvent[] {
  const events: PlatformEvent[] = [];
  const tell = (event: CallEvent, at: Instant) => {
    events.push({
      ...contextOf(deps, { ...payload, callId: call.callId }),
      key: `${event}:${call.callId}`,
      at,
      body: readBody(deps, event, payload),
    });
  };
  const startedAt = timeOf(call.startTime);
  const endedAt = timeOf(call.endTime) || timeOf(call.updatedAt) || startedAt || createdAt;
  if (startedAt) tell('conversation_started', startedAt);
  if (isOver) tell('conversation_ended', endedAt);
  // No word on the analysis is no analysis: the event, which may come yet, would count as told.
  if (isOver && Object.keys(payload.insights).length > 0) tell('conversation_analysed', endedAt);
  return events;
}

function timeOf(value: unknown): Instant | '' {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? new Date(ms).toISOString() : '';
}

import { z } from 'zod';
import type { Page, PageQuery } from './page.ts';
import type { ApiRequests } from './request.ts';
import { Id, part, Text, TextMap, Word } from './values.ts';

/**
 * Call record. The rest of it (transcript, analysis, recording) varies between the platform's generations and is read by
 * payload.ts: unknown keys pass. Status: `scheduled`, `in_progress`, `ended`, `not_connected`, `error`, or another.
 */
export const CallRecord = z.preprocess(
  withNewNames,
  z.looseObject({
    callId: Id,
    callType: Word,
    status: Word,
    createdAt: Text,
    terminationReason: Word,
    dynamicVariables: TextMap,
    campaign: part(z.looseObject({ campaignId: Id, campaignName: Text })),
  }),
);
export type CallRecord = z.infer<typeof CallRecord>;

export interface NewCall {
  /** E.164, both. */
  fromPhoneNumber: string;
  toPhoneNumber: string;
  /** (Default: the outbound agent of the number) */
  agentId?: string;
  dynamicVariables: Readonly<Record<string, string>>;
}

export interface CallsApi {
  /** Dials, once. What is in doubt must be looked for in the list before anybody dials again. */
  createCall(call: NewCall): Promise<CallRecord>;
  /** Null when there is no such call. */
  getCall(callId: string, signal?: AbortSignal): Promise<CallRecord | null>;
  listCalls(query: PageQuery & { status?: string }, signal?: AbortSignal): Promise<Page<CallRecord>>;
  /** For good. False when there was no such call. */
  deleteCall(callId: string): Promise<boolean>;
}

export function callsApi(requests: ApiRequests): CallsApi {
  return {
    createCall: (call) => requests.write('POST', ['calls'], call, CallRecord),
    getCall: (callId, signal) => requests.read(['calls', callId], CallRecord, signal),
    listCalls: (query, signal) => requests.list(['calls'], query, CallRecord, signal),
    deleteCall: (callId) => requests.remove(['calls', callId]),
  };
}

/** Names of the first two generations under those of the third. */
function withNewNames(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const record = value as Record<string, unknown>;
  return 'dynamicVariables' in record ? record : { ...record, dynamicVariables: record.variables };
}

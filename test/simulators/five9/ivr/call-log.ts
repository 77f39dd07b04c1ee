import type { CallRequest } from '../options.ts';
import type { QueryResult } from './query-module.ts';

/** Everything that one simulated call went through. Times are instants of the simulated clock. */
export interface CallLog {
  call_id: string;
  session_id: string;
  campaign: string;
  list: string;
  number1: string;
  call_type: CallRequest['callType'];
  startedAt: string;
  /** Empty while the call goes on. */
  endedAt: string;
  queries: QueryLog[];
  /** What register answered; empty on the error branch. */
  registerRoute: string;
  correlation_id: string;
  handedToAi: boolean;
  /** HTTP status of the simulated AI's answer; 0 when it was not asked or did not answer. */
  aiStatus: number;
  sipHeaders: Record<string, string>;
  byeHeaders: Record<string, string>;
  /** Why the AI says that its leg is over. */
  byeReason: string;
  /** The branch that the script took after the AI's leg, or without it. */
  branch: string;
  humanDisposition: string;
  /** What broke in the simulation itself. */
  error: string;
}

export interface QueryLog extends Pick<QueryResult, 'status' | 'ms' | 'error'> {
  module: 'register' | 'outcome';
  at: string;
  /** `status` and `route` in the answer. */
  answered: { status: string; route: string };
}

/** A call that has just been answered. */
export function newCallLog(
  input: Pick<CallLog, 'call_id' | 'session_id' | 'list' | 'startedAt'> & CallRequest,
): CallLog {
  const { call_id, session_id, list, startedAt, campaign, number1, callType } = input;
  return {
    call_id,
    session_id,
    campaign,
    list,
    number1,
    call_type: callType,
    startedAt,
    endedAt: '',
    queries: [],
    registerRoute: '',
    correlation_id: '',
    handedToAi: false,
    aiStatus: 0,
    sipHeaders: {},
    byeHeaders: {},
    byeReason: '',
    branch: '',
    humanDisposition: '',
    error: '',
  };
}

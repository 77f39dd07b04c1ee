import type { CallRequest } from '../options.ts';

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
  /** Names of the modules that ran, in order. */
  path: string[];
  queries: QueryLog[];
  /** What register answered; empty on the error branch. */
  registerRoute: string;
  correlation_id: string;
  handedToAi: boolean;
  /** HTTP status of the simulated AI's answer; 0 when it was not asked or did not answer. */
  aiStatus: number;
  /** The `X-` headers of the INVITE as Five9 sent it. */
  sipHeaders: Record<string, string>;
  byeHeaders: Record<string, string>;
  /** Why the AI says that its leg is over. */
  byeReason: string;
  /** How the script ended: `skill`, `caller hung up`, else the last branch that a Case took; `hangup` without one. */
  branch: string;
  /** The disposition that the script gave the call. */
  disposition: string;
  humanDisposition: string;
  /** The variables with a value: what an agent's screen pop could show, and what was left in the end. */
  variables: Record<string, string>;
  /** What broke in the script or in the simulation itself. */
  error: string;
}

/** One Query module's request, as the witness saw it. */
export interface QueryLog {
  /** Last part of the path: `register`, `outcome`, `context`. */
  module: string;
  name: string;
  at: string;
  /** 0 when there was no answer. */
  status: number;
  /** Machine milliseconds until the answer, or until it was given up. */
  ms: number;
  error: string;
  /** `status` and `route` in the answer. */
  answered: { status: string; route: string };
}

/** A call that has just been answered. */
export function newCallLog(
  input: Pick<CallLog, 'call_id' | 'session_id' | 'list' | 'startedAt'> &
    Pick<CallRequest, 'campaign' | 'number1' | 'callType'>,
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
    path: [],
    queries: [],
    registerRoute: '',
    correlation_id: '',
    handedToAi: false,
    aiStatus: 0,
    sipHeaders: {},
    byeHeaders: {},
    byeReason: '',
    branch: '',
    disposition: '',
    humanDisposition: '',
    variables: {},
    error: '',
  };
}

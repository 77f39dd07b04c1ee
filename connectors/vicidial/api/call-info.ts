import { z } from 'zod';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import { isInboundCode, isPlainCode } from '../caller-code.ts';
import type { CallLog, CallLogFinding } from '../reads.ts';
import { fromServerText, instantsOf, offsetMinutes } from '../server-time.ts';
import { cellRows, oddAnswer, tabbed } from './answer-cells.ts';
import { findLine } from './api-answer.ts';
import type { LeadValues } from './lead-info.ts';
import { type AgentLine, isBusyWith } from './lines.ts';
import type { LookUps } from './look-ups.ts';

/** What callid_info tells of a call. */
export interface CallInfo {
  /** Server-local. */
  callDate: string;
  number: string;
  campaign: string;
  list: string;
  status: string;
  user: string;
}

const dayMs = 86_400_000;

/** The log row of a call as callid_info shows it; null when there is none, or only one of another season. */
export async function readCallInfo(
  lookUps: LookUps,
  callerCode: string,
  calledAt: number,
  timeZone: string,
  signal?: AbortSignal,
): Promise<CallInfo | null> {
  const answer = await lookUps.ask('callid_info', { call_id: callerCode, detail: 'YES', ...tabbed }, signal);
  if (answer.kind !== 'lines' || findLine(answer, 'error', 'NOT FOUND')) return null;
  const cells = cellRows(answer.body).find(([first]) => first === callerCode) ?? [];
  const read = (cells.length === 9 ? Detail : DocumentedDetail).safeParse(cells);
  if (!read.success) throw oddAnswer('callid_info');
  const at = fromServerText(read.data.callDate, timeZone);
  return at !== null && Math.abs(at - calledAt) > dayMs ? null : read.data;
}

/**
 * The log row of our call, and whether the lead was not called since, as far as look-ups can tell: neither its uniqueid
 * nor the end of the call is shown. The call counts as over when no line has it any more.
 */
export function judgeCall(
  target: WriteBackTarget,
  info: CallInfo | null,
  lead: LeadValues,
  lines: readonly AgentLine[],
  timeZone: string,
): CallLogFinding {
  const isNewest = !wasCalledSince(target, lead, timeZone);
  if (!info) return { log: null, isNewest };
  const isOnLine = lines.some((line) => isBusyWith(line, target.callKey, ''));
  const log: CallLog = {
    uniqueid: '',
    startedBetween: channelSpan(target),
    campaign: info.campaign,
    status: info.status,
    isEnded: !isOnLine && !underWay.includes(info.status),
    isInbound: isInboundCode(target.callKey),
    isArchived: false,
    startedSec: Math.floor((fromServerText(info.callDate, timeZone) ?? 0) / 1000),
    endedSec: 0,
  };
  return { log, isNewest };
}

const underWay: readonly string[] = ['QUEUE', 'INCALL', 'DIAL'];

/** The dialer's caller code and the lead's time of call are made in the same moment. */
const sameCallMs = 30_000;

/**
 * Whether the lead was called after our call. last_local_call_time is in the customer's own time, or in the server's,
 * depending on who wrote it: it is our call's when either reading fits, and a later one's when any reading is later.
 */
function wasCalledSince(target: WriteBackTarget, lead: LeadValues, timeZone: string): boolean {
  const text = lead?.get('last_local_call_time') ?? '';
  const calledAt = Date.parse(target.calledAt);
  const offset = offsetMinutes(lead?.get('gmt_offset_now') ?? '');
  const asUtc = instantsOf(text, 'UTC');
  const instants = [
    ...instantsOf(text, timeZone),
    ...(offset === null ? [] : asUtc.map((each) => each - offset * 60_000)),
  ];
  const isOurs = target.callKey !== '' && instants.some((each) => Math.abs(each - calledAt) <= sameCallMs);
  return !isOurs && instants.some((each) => each - calledAt > sameCallMs);
}

const beforeSec = 60;
const afterSec = 180;
/** Who calls in may have been in a menu before. */
const menuSec = 7200;

/** A uniqueid begins with the second in which the call's channel began: at the dial, within the time for an answer. */
function channelSpan({ callKey, calledAt }: WriteBackTarget): readonly [from: number, to: number] {
  const sec = Math.floor(Date.parse(calledAt) / 1000);
  const isDialled = isPlainCode(callKey) && !isInboundCode(callKey);
  return [sec - (isDialled ? beforeSec : menuSec), sec + afterSec];
}

const cell = z.string();
const dateCell = cell.regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);

/** code, talk time, date, number, kind, campaign, list, status, user */
const Detail = z
  .tuple([cell, cell, dateCell, cell, cell, cell, cell, cell, cell])
  .transform(([, , callDate, number, , campaign, list, status, user]): CallInfo => {
    return { callDate, number, campaign, list, status, user };
  });

/** As it is documented, and as other releases may print it: code, talk time, date, campaign, list, status, user, number */
const DocumentedDetail = z
  .tuple([cell, cell, dateCell, cell, cell, cell, cell, cell])
  .transform(([, , callDate, campaign, list, status, user, number]): CallInfo => {
    return { callDate, number, campaign, list, status, user };
  });

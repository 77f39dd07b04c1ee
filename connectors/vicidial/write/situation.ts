import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import type { CallLog } from '../reads.ts';
import type { LeadRow } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';

/** How a lead stands to a call of ours: who may write to it now, and where. */
export type Situation =
  | { kind: 'missing' }
  /** Our call, or another one of the lead, goes on. */
  | { kind: 'live'; why: string; lead: LeadRow }
  /** A person dispositioned the lead since our call. */
  | { kind: 'human'; disposition: string; by: string; at: string; lead: LeadRow }
  /** A newer call of the dialer owns lead and newest log row. */
  | { kind: 'redialled'; lead: LeadRow }
  /** Ours to write. `log` is null when the call left no row, or never had one. */
  | { kind: 'ready'; lead: LeadRow; log: CallLog | null };

/** What the dialer itself puts there while, or because, nobody dispositioned the call. */
const dialerStatuses: readonly string[] = ['QUEUE', 'INCALL', 'XFER', 'DROP', 'PU', 'PDROP', 'RAXFER', 'TIMEOT', 'ERI'];
const wrappingUp: readonly string[] = ['QUEUE', 'INCALL'];

/** A log row is written when the customer answers; so long after the dial it may still come. */
const logLateMs = 300_000;
/** An end that never came (a crashed server) is not waited for longer, nor an agent who never finished. */
const endLateMs = 4 * 3_600_000;

/**
 * Reads the dialer's tables for one lead and one call. Results written before the call is over are overwritten by the
 * remote-agent daemon up to 10 s after the hand-over, so only an ended call is `ready`.
 *
 * @param wanted the lead status that is to be written; a mirrored lead that holds it already is nobody else's work
 */
export async function readSituation(
  vicidial: Vicidial,
  target: WriteBackTarget,
  leadId: string,
  wanted = '',
): Promise<Situation> {
  const { reads, deps } = vicidial;
  const lead = await reads.leadRow(leadId);
  if (!lead) return { kind: 'missing' };

  const calls = await reads.liveCalls(target.callKey, leadId);
  const isOurs = target.callKey !== '' && calls.some((call) => call.callerid === target.callKey);
  if (isOurs) return { kind: 'live', why: 'the call is still going on', lead };
  if (calls.length > 0) return { kind: 'live', why: 'another call of the lead is going on', lead };

  const isMirrored = target.callKey === '';
  const calledAt = Date.parse(target.calledAt);
  const age = deps.clock.now() - calledAt;
  const changedSince = lead.modified * 1000 + 999 >= calledAt;
  const isHuman =
    changedSince && !(isMirrored && lead.status === wanted) && (await vicidial.lines.isHuman(lead.user, target.agent));
  if (isHuman && !dialerStatuses.includes(lead.status)) {
    const at = new Date(Math.max(lead.modified * 1000, calledAt)).toISOString();
    return { kind: 'human', disposition: lead.status, by: lead.user, at, lead };
  }
  if (isHuman && wrappingUp.includes(lead.status) && age < endLateMs) {
    return { kind: 'live', why: 'a human agent has the lead', lead };
  }

  const { log, isNewest } = await reads.callLog(target, leadId);
  if (!isNewest) return { kind: 'redialled', lead };
  if (isMirrored) return { kind: 'ready', lead, log: null };
  if (log && !log.isEnded && age < endLateMs) {
    return { kind: 'live', why: 'the log does not show the end of the call yet', lead };
  }
  if (!log && age < logLateMs) return { kind: 'live', why: 'the call is not in the log yet', lead };
  return { kind: 'ready', lead, log };
}

/** The answer that a situation has by itself, whatever was to be written; null when it is ours to write. */
export function answerWithoutWriting(
  { deps, config }: Pick<Vicidial, 'deps' | 'config'>,
  situation: Situation,
): DeliveryAnswer | null {
  switch (situation.kind) {
    case 'missing':
      return {
        kind: 'refused',
        why: 'VICIdial has no such lead',
        hint: 'The lead was deleted or archived. Bring it back to vicidial_list, then replay.',
      };
    case 'live': {
      const until = new Date(deps.clock.now() + config.settle.liveRecheckSec * 1000).toISOString();
      return { kind: 'notYet', until, why: situation.why };
    }
    case 'human': {
      const { disposition, by, at } = situation;
      return { kind: 'overtaken', disposition, by, at };
    }
    default:
      return null;
  }
}

import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { WriteBackTarget } from '../../../src/domain/write-back.ts';
import type { CallLog } from '../reads.ts';
import type { LeadRow } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';
import { holdsStatus } from './lead-status.ts';

/** How a lead stands to a call of ours: who may write to it now, and where. */
export type Situation =
  | { kind: 'missing' }
  /** Our call, or another one of the lead, goes on. */
  | { kind: 'live'; why: string; lead: TargetLead }
  /** A person dispositioned the lead since our call. `isOverwritten`: with our status in their place. */
  | { kind: 'human'; disposition: string; by: string; at: string; isOverwritten: boolean; lead: TargetLead }
  /** A newer call of the dialer owns lead and newest log row. */
  | { kind: 'redialled'; lead: TargetLead; log: CallLog | null }
  /** Ours to write. `log` is null when the call left no row, or never had one. */
  | { kind: 'ready'; lead: TargetLead; log: CallLog | null };

/** A lead, and whether it lies in the archive, where nobody dials it. */
export type TargetLead = LeadRow & { isArchived: boolean };

/** What the dialer itself puts there while, or because, nobody dispositioned the call. */
export const dialerStatuses: readonly string[] = [
  'QUEUE',
  'INCALL',
  'XFER',
  'DROP',
  'PU',
  'PDROP',
  'RAXFER',
  'TIMEOT',
  'ERI',
];
const wrappingUp: readonly string[] = ['QUEUE', 'INCALL'];

/** A log row is written when the customer answers; so long after the dial it may still come. */
const logLateMs = 300_000;
/**
 * A log whose end never came is not waited for longer. Without a live row, as after a restart of the database, which
 * keeps those in memory, VICIdial's own scripts leave lead and log alone: neither XFER nor DROP comes any more.
 */
const endLateMs = 15 * 60_000;
/** Nor is an agent who never finished. */
const wrapUpLateMs = 4 * 3_600_000;
/** An agent's disposition goes to the lead first and to the log a moment later. */
const humanLogLateMs = 60_000;

/**
 * Reads the dialer's tables for one lead and one call. Results written before the call is over are overwritten by the
 * remote-agent daemon up to 10 s after the hand-over, so only an ended call is `ready`.
 *
 * @param wanted the lead status that is to be written; a mirrored lead that holds it already is nobody else's work
 * @param overrules instant up to which an operator's correction stands above a person's disposition; empty: above none
 */
export async function readSituation(
  vicidial: Vicidial,
  target: WriteBackTarget,
  leadId: string,
  wanted = '',
  overrules = '',
): Promise<Situation> {
  const { reads, deps, database } = vicidial;
  // By the API each look costs a request, and a call that goes on needs no more.
  const live = reads.liveCalls(target.callKey, leadId, { mayWait: true });
  // After the live calls: one that ended between the two looks is seen in the log, and the other way round in neither.
  const asked = database && live.then(() => reads.callLog(target, leadId));
  asked?.catch(() => undefined);
  const [lead, calls] = await Promise.all([readLead(vicidial, leadId, true), live]);
  if (!lead) return { kind: 'missing' };

  const isOurs = target.callKey !== '' && calls.some((call) => call.callerid === target.callKey);
  if (isOurs) return { kind: 'live', why: 'the call is still going on', lead };
  if (calls.length > 0) return { kind: 'live', why: 'another call of the lead is going on', lead };

  const isMirrored = target.callKey === '';
  const age = deps.clock.now() - Date.parse(target.calledAt);
  if (!isOverruled(lead, wanted, overrules) && (await isHumans(vicidial, target, lead, wanted))) {
    const human = dialerStatuses.includes(lead.status) ? null : await humanSituation(vicidial, target, lead, wanted);
    if (human) return human;
    if (wrappingUp.includes(lead.status) && age < wrapUpLateMs) {
      return { kind: 'live', why: 'a human agent has the lead', lead };
    }
  }

  const { log, isNewest } = await (asked ?? reads.callLog(target, leadId));
  if (!isNewest) return { kind: 'redialled', lead, log };
  if (isMirrored) return { kind: 'ready', lead, log: null };
  if (log && !log.isEnded && age < endLateMs) {
    return { kind: 'live', why: 'the log does not show the end of the call yet', lead };
  }
  if (!log && age < logLateMs) return { kind: 'live', why: 'the call is not in the log yet', lead };
  return { kind: 'ready', lead, log };
}

/** A lead where the dialer has it, else where it was archived. */
export async function readLead(
  { reads }: Pick<Vicidial, 'reads'>,
  leadId: string,
  mayWait = false,
): Promise<TargetLead | null> {
  const lead = await reads.leadRow(leadId, mayWait);
  if (lead) return { ...lead, isArchived: false };
  const archived = await reads.archivedLead(leadId);
  return archived && { ...archived, isArchived: true };
}

/** The person's name stays in the lead when an operator's correction is written over their status. */
function isOverruled(lead: TargetLead, wanted: string, overrules: string): boolean {
  return overrules !== '' && (lead.modified * 1000 <= Date.parse(overrules) || holdsStatus(lead.status, wanted));
}

/**
 * Whether a person set the lead since our call. The dialer's own dial puts its user there, so that a person's name after
 * an automatic call (`V…`) needs no look at clocks, which may differ between the servers.
 */
async function isHumans(
  { lines }: Vicidial,
  target: WriteBackTarget,
  lead: TargetLead,
  wanted: string,
): Promise<boolean> {
  const isMirrored = target.callKey === '';
  const changedSince = target.callKey.startsWith('V') || lead.modified * 1000 + 999 >= Date.parse(target.calledAt);
  if (!changedSince || (isMirrored && lead.status === wanted)) return false;
  return await lines.isHuman(lead.user, target.agent);
}

/**
 * A lead that has the person's name and our status was written by both: the log tells what the person said. Null when
 * nobody said anything: an incoming call that no line had long enough leaves the name that an earlier call put there.
 */
async function humanSituation(
  { reads, deps, lines }: Vicidial,
  target: WriteBackTarget,
  lead: TargetLead,
  wanted: string,
): Promise<Situation | null> {
  const at = new Date(Math.max(lead.modified * 1000, Date.parse(target.calledAt))).toISOString();
  const theirs = { kind: 'human', by: lead.user, at, lead } as const;
  if (!wanted || !holdsStatus(lead.status, wanted)) {
    return { ...theirs, disposition: lead.status, isOverwritten: false };
  }
  const last = await reads.lastWord(lead.lead_id);
  if (last?.user === lead.user && !dialerStatuses.includes(last.status)) {
    return { ...theirs, disposition: last.status, isOverwritten: !holdsStatus(last.status, wanted) };
  }
  if (last && target.callKey.startsWith('Y') && !(await lines.isHuman(last.user, target.agent))) return null;
  if (last && deps.clock.now() - lead.modified * 1000 < humanLogLateMs) {
    return { kind: 'live', why: 'a human agent is about to finish', lead };
  }
  return { ...theirs, disposition: lead.status, isOverwritten: false };
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
        hint: 'The lead was deleted. Bring it back to vicidial_list, then replay.',
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

import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import { campaignSettings } from '../../../src/domain/settings.ts';
import type { Vicidial } from '../vicidial.ts';
import { readLead, type TargetLead } from './situation.ts';
import { writeStatus } from './write-status.ts';

const waiting: readonly string[] = ['ACTIVE', 'LIVE'];
/** VICIdial's own: dispositioned so, or found on a list by the hopper. */
const dialersDnc: readonly string[] = ['DNC', 'DNCL', 'DNCC'];

/**
 * Gives leads of an opted-out person the opt-out status of their campaign, one request per lead, those that have such a
 * status already none. What a person said of a lead stands: the DNC lists hold its numbers all the same.
 */
export async function stopLeads(
  vicidial: Vicidial,
  leadIds: readonly string[],
): Promise<{ notes: string[]; failures: DeliveryAnswer[] }> {
  const notes: string[] = [];
  const failures: DeliveryAnswer[] = [];
  if (leadIds.length === 0) return { notes, failures };
  const flagged = ((await vicidial.reads.statuses()) ?? []).filter(({ dnc }) => dnc).map(({ status }) => status);
  const dncStatuses = new Set([...dialersDnc, ...flagged]);
  for (const leadId of leadIds) {
    if (!/^[1-9]\d*$/.test(leadId)) continue;
    const result = await stopLead(vicidial, leadId, dncStatuses);
    if (typeof result === 'string') notes.push(`lead ${leadId} ${result}`);
    else failures.push(result);
  }
  return { notes, failures };
}

/** What became of it in words, or the answer that it asks for. */
async function stopLead(
  vicidial: Vicidial,
  leadId: string,
  dncStatuses: ReadonlySet<string>,
): Promise<string | DeliveryAnswer> {
  const { reads, config, lines, deps } = vicidial;
  const lead = await readLead(vicidial, leadId);
  if (!lead) return 'is gone';
  const status = campaignSettings(config, lead.campaign_id).dispositions.opt_out;
  if (lead.status === status || dncStatuses.has(lead.status)) return `has ${lead.status}`;
  if (await lines.isHuman(lead.user, '')) return `left at ${lead.status}, which an agent set`;
  if (!status) return `left at ${lead.status}: campaign ${lead.campaign_id} maps opt_out to no status`;
  if ((await reads.liveCalls('', leadId)).length > 0) {
    const until = new Date(deps.clock.now() + config.settle.liveRecheckSec * 1000).toISOString();
    return { kind: 'notYet', until, why: `the lists have the numbers; lead ${leadId} has a call that goes on` };
  }
  const failure = await writeStatus(vicidial, lead, status, await ending(vicidial, lead));
  if (failure) return failure;
  const after = await readLead(vicidial, leadId);
  if (!after || after.status === status) return `set from ${lead.status || 'nothing'} to ${status}`;
  return { kind: 'retry', why: `lead ${leadId} says ${after.status} after ${status} was written`, inDoubt: true };
}

/** A callback that falls due would bring the lead back; one of a person's own is theirs. */
async function ending(vicidial: Vicidial, lead: TargetLead): Promise<Record<string, string>> {
  const callbacks = (await vicidial.reads.callbacks(lead.lead_id)) ?? [];
  const due = callbacks.filter(({ status }) => waiting.includes(status));
  const isTheirs = await Promise.all(
    due.map(({ user }) => user !== vicidial.config.api.user && vicidial.lines.isHuman(user, '')),
  );
  const isOurs = due.length > 0 && !isTheirs.includes(true);
  return { remove_from_hopper: 'Y', ...(isOurs && { callback: 'REMOVE' }) };
}

import type { CallSighting } from '../../../src/domain/call.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { Vicidial } from '../vicidial.ts';

/** The lead of a call, by its key. A list that belongs to no campaign leaves that to the live call. */
export async function findLead(
  { reads }: Pick<Vicidial, 'reads'>,
  sighting: CallSighting,
  signal: AbortSignal,
): Promise<Lead | null> {
  const { leadKey, callKey } = sighting.leg;
  if (!/^[1-9]\d*$/.test(leadKey)) return null;
  const lead = await reads.lead(leadKey, signal);
  if (!lead || lead.campaign || !callKey) return lead;
  const live = (await reads.liveCalls(callKey, leadKey, signal)).find((call) => call.callerid === callKey);
  return { ...lead, campaign: live?.campaign_id ?? '' };
}

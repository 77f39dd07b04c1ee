import type { CallSighting } from '../../../src/domain/call.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { Prefetch } from '../live/prefetch.ts';
import type { Vicidial } from '../vicidial.ts';

/**
 * The lead of a call, by its key: from the leads read ahead, else from the dialer; what was read long ago serves while
 * the dialer is away. A list that belongs to no campaign leaves that to the live call.
 */
export async function findLead(
  { reads, prefetch }: Pick<Vicidial, 'reads'> & { prefetch: Pick<Prefetch, 'held' | 'lastKnown'> },
  sighting: CallSighting,
  signal: AbortSignal,
): Promise<Lead | null> {
  const { leadKey, callKey } = sighting.leg;
  if (!/^[1-9]\d*$/.test(leadKey)) return null;
  const held = prefetch.held(sighting);
  if (held) return held;
  try {
    const lead = await reads.lead(leadKey, signal);
    if (!lead || lead.campaign || !callKey) return lead;
    const live = (await reads.liveCalls(callKey, leadKey, { signal })).find((call) => call.callerid === callKey);
    return { ...lead, campaign: live?.campaign_id ?? '' };
  } catch (error) {
    const known = prefetch.lastKnown(sighting);
    if (known) return known;
    throw error;
  }
}

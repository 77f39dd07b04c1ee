import type { TestCall } from '../../../src/domain/test-call.ts';
import type { Vicidial } from '../vicidial.ts';
import { ourMark } from './made-up-lead.ts';

/**
 * Takes the lead out of the hopper, and deletes it when we made it up. While its call goes on it stays: the call's result
 * belongs to it.
 */
export async function endTestCall({ api, reads }: Vicidial, { leadKey }: TestCall): Promise<void> {
  const lead = await reads.leadRow(leadKey);
  if (!lead) return;
  const search = { search_method: 'LEAD_ID', lead_id: leadKey };
  await api.call('update_lead', { ...search, no_update: 'Y', remove_from_hopper: 'Y' });
  if (lead.vendor_lead_code !== ourMark) return;
  if ((await reads.liveCalls('', leadKey)).length > 0) return;
  await api.call('update_lead', { ...search, delete_lead: 'Y' });
}

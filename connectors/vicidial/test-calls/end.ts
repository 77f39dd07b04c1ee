import { ConnectorError } from '../../../src/domain/errors.ts';
import type { TestCall } from '../../../src/domain/test-call.ts';
import type { Vicidial } from '../vicidial.ts';
import { ourMark } from './made-up-lead.ts';

/**
 * Deletes the lead that was made up, and takes it out of the hopper; nobody else's is touched. While its call goes on it
 * stays: the call's result belongs to it.
 */
export async function endTestCall({ api, reads }: Vicidial, { leadKey }: Pick<TestCall, 'leadKey'>): Promise<void> {
  const lead = await reads.leadRow(leadKey);
  if (lead?.vendor_lead_code !== ourMark) return;
  const search = { search_method: 'LEAD_ID', lead_id: leadKey };
  await api.call('update_lead', { ...search, no_update: 'Y', remove_from_hopper: 'Y' });
  if ((await reads.liveCalls('', leadKey)).length > 0) {
    throw new ConnectorError('dialer_refused', `the call of the made-up lead ${leadKey} still goes on`, {
      hint: 'Hang up. The next test call to the same number takes the lead back, or delete it by hand (Admin → Lists → Search For A Lead).',
    });
  }
  await api.call('update_lead', { ...search, delete_lead: 'Y' });
}

import type { GateAnswer } from '../../domain/connector.ts';
import type { DialRequest } from '../../domain/dialling.ts';
import type { Deps } from '../deps.ts';
import { mayCall } from '../gate/may-call.ts';

/** Whether a lead may be called at that time: no number of it is opted out, and the gate has nothing against it. */
export async function judgeLead(
  deps: Deps,
  { lead, campaign, at }: Pick<DialRequest, 'lead' | 'campaign' | 'at'>,
): Promise<GateAnswer> {
  const [phone] = lead.phones;
  if (!phone) return { isAllowed: false, reason: 'no_number', evidence: {} };
  // Whoever opted out on one number must not be reached on another. Asked of the store itself: it has to be there.
  for (const each of lead.phones) {
    if (await deps.store.isOptedOut(each)) return { isAllowed: false, reason: 'opt_out', evidence: {} };
  }
  const { dialer, fields } = lead;
  return await mayCall(deps, { dialer, campaign: campaign || lead.campaign, phone, fields, at });
}

import { z } from 'zod';
import type { CallOptions, Five9Api } from '../soap/api.ts';

/** How the calls of a campaign come to an IVR script. */
export interface CampaignWay {
  /** Name of the script; empty when none runs. */
  script: string;
  /** Why none runs; empty when one does. */
  why: string;
  /** The AI's side sees the customer's number as the caller; null where the campaign does not tell, or places no calls. */
  showsCustomer: boolean | null;
}

const text = z.preprocess((value) => (typeof value === 'string' ? value : ''), z.string());
const maybe = z.preprocess(
  (value) => (value == null ? null : value === true || value === 'true'),
  z.boolean().nullable(),
);
/** A child that may be missing, or come as a list of one. */
const part = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value[0] : value) ?? {}, item);

const Schedule = part(z.object({ scriptName: text }));
const Outbound = z.object({
  dnisAsAni: maybe,
  dialingMode: text,
  actionOnQueueExpiration: part(z.object({ actionType: text, actionArgument: text })),
});
const Autodial = z.object({ dnisAsAni: maybe, defaultIvrSchedule: Schedule });
const Inbound = z.object({ defaultIvrSchedule: part(z.object({ ivrSchedule: Schedule })) });

const options: CallOptions = { purpose: 'interactive' };
const notScheduled = 'its IVR schedule has no script';

/**
 * Asks how the calls of a campaign come to a script. An outbound campaign takes its calls there only when no agent was
 * free in time; that machines may be sent there as well is left out.
 *
 * @param type OUTBOUND, AUTODIAL or INBOUND
 */
export async function campaignWay({ call }: Pick<Five9Api, 'call'>, name: string, type: string): Promise<CampaignWay> {
  const args = { campaignName: name };
  if (type === 'INBOUND') {
    const { defaultIvrSchedule } = await call('getInboundCampaign', args, Inbound, options);
    return wayOf(defaultIvrSchedule.ivrSchedule.scriptName, notScheduled, null);
  }
  if (type === 'AUTODIAL') {
    const { defaultIvrSchedule, dnisAsAni } = await call('getAutodialCampaign', args, Autodial, options);
    return wayOf(defaultIvrSchedule.scriptName, notScheduled, dnisAsAni);
  }
  const { dialingMode, actionOnQueueExpiration, dnisAsAni } = await call(
    'getOutboundCampaign',
    args,
    Outbound,
    options,
  );
  if (dialingMode === 'PREVIEW') return wayOf('', 'in preview mode an agent has every call', dnisAsAni);
  const { actionType, actionArgument } = actionOnQueueExpiration;
  const script = actionType === 'START_IVR_SCRIPT' ? actionArgument : '';
  return wayOf(script, `on queue expiration it does ${actionType || 'nothing'}`, dnisAsAni);
}

/** The numbers that reach an inbound campaign. */
export function numbersOf({ call }: Pick<Five9Api, 'call'>, campaignName: string): Promise<string[]> {
  return call('getCampaignDNISList', { campaignName }, Numbers, options);
}

const Numbers = z.preprocess((value) => (Array.isArray(value) ? value : value == null ? [] : [value]), z.array(text));

function wayOf(script: string, why: string, showsCustomer: boolean | null): CampaignWay {
  return { script, why: script ? '' : why, showsCustomer };
}

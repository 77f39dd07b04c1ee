import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Five9 } from '../five9.ts';

const rememberMs = 600_000;
/** Short, so that an operator who has just mended it need not wait. */
const rememberMissingMs = 30_000;

/**
 * Why a callback would never be dialled: Five9 heeds a call time only when the list belongs to a campaign already. Null when
 * all is well. Remembered for some minutes.
 *
 * @param campaign the one to look at first
 */
export async function whyNotDialled(five9: Five9, list: string, campaign: string): Promise<DeliveryAnswer | null> {
  const { deps, memory } = five9;
  const now = deps.clock.now();
  if (!memory.callbackList || memory.callbackList.until <= now) {
    const isInCampaign = await isInAnyCampaign(five9, list, campaign);
    memory.callbackList = { isInCampaign, until: now + (isInCampaign ? rememberMs : rememberMissingMs) };
  }
  if (memory.callbackList.isInCampaign) return null;
  return {
    kind: 'refused',
    why: `the list ${list} belongs to no campaign, so that Five9 would not dial the callback`,
    hint: `Assign the list ${list} to an outbound or autodial campaign in Five9, then replay the row.`,
  };
}

async function isInAnyCampaign({ api }: Five9, list: string, first: string): Promise<boolean> {
  const campaigns = await api.campaigns();
  const dialling = campaigns.filter(({ name, type }) => name !== '' && type !== 'INBOUND').map(({ name }) => name);
  dialling.sort((a, b) => Number(b === first) - Number(a === first));
  for (const name of dialling) {
    if ((await api.listsOfCampaign(name)).includes(list)) return true;
  }
  return false;
}

import { dial } from '../dial.ts';
import { newCall, note, type World } from '../world.ts';
import type { CampaignRow } from './campaign-rows.ts';

export interface SimCampaign {
  campaignId: string;
  campaignName: string;
  campaignStatus: 'live' | 'scheduled' | 'paused' | 'completed';
  /** Epoch ms; null: at once. */
  startsAt: number | null;
  concurrentCalls: number;
  sipPhoneNumber: string;
  agentId: string;
  /** For every row. */
  variables: Record<string, string>;
  /** Those that were not dialled yet. */
  rows: CampaignRow[];
  errors: string[];
}

const longestSleepMs = 60_000;

/** Waits for the campaign's time, then dials its rows, so many at once as it says at that moment. */
export async function runCampaign(world: World, campaign: SimCampaign): Promise<void> {
  for (;;) {
    const leftMs = (campaign.startsAt ?? 0) - world.clock.now();
    if (leftMs <= 0 || world.signal.aborted) break;
    await world.clock.sleep(Math.min(leftMs, longestSleepMs), world.signal);
  }
  campaign.campaignStatus = 'live';
  const going = new Set<Promise<void>>();
  while (campaign.rows.length > 0 && !world.signal.aborted) {
    if (going.size >= campaign.concurrentCalls) await Promise.race(going);
    const row = going.size < campaign.concurrentCalls ? campaign.rows.shift() : undefined;
    if (!row) continue;
    const one: Promise<void> = dialRow(world, campaign, row).finally(() => going.delete(one));
    going.add(one);
  }
  await Promise.all(going);
  campaign.campaignStatus = 'completed';
}

/** Resolves when nothing more will happen for the call. */
function dialRow(world: World, campaign: SimCampaign, { number, variables }: CampaignRow): Promise<void> {
  const { campaignId, campaignName, campaignStatus, agentId, sipPhoneNumber } = campaign;
  const call = newCall(world, {
    callType: 'outbound',
    agentId,
    customer: number,
    ownNumber: sipPhoneNumber,
    variables: { ...campaign.variables, ...variables },
  });
  call.campaign = { campaignId, campaignName, campaignStatus };
  world.calls.set(call.callId, call);
  note(world, 'dialled', call.callId, call.variables.correlation_id ?? '', 'api');
  return dial(world, call);
}

import type { CampaignHold } from '../../../src/domain/dialer.ts';
import type { Vicidial } from '../vicidial.ts';

/** Campaigns that map to a status which VICIdial does not have: the APIs would take it, and reports would not know it. */
export async function reviewCampaigns({ id, config, reads }: Vicidial): Promise<CampaignHold[]> {
  const statuses = await reads.statuses();
  if (statuses === null) return [];

  const holds: CampaignHold[] = [];
  for (const [campaign, { dispositions }] of Object.entries(config.campaigns)) {
    const isKnown = (status: string) =>
      statuses.some((row) => row.status === status && ['', campaign].includes(row.campaign_id));
    const unknown = Object.entries(dispositions).filter(([, status]) => !isKnown(status));
    const [first] = unknown;
    if (!first) continue;
    const keys = unknown.map(([outcome]) => `dialers.${id}.campaigns.${campaign}.dispositions.${outcome}`);
    holds.push({
      campaign,
      why: `VICIdial has no status ${unknown.map(([, status]) => `"${status}"`).join(', ')}`,
      hint: `Add it in VICIdial (System Statuses, or the campaign's own), or change ${keys.join(', ')}.`,
    });
  }
  return holds;
}

import type { CampaignHold } from '../../src/domain/dialer.ts';
import { StatusRow } from './schema.ts';
import type { Vicidial } from './vicidial.ts';

/** Campaigns that map to a status which VICIdial does not have: the APIs would take it, and reports would not know it. */
export async function reviewCampaigns({ id, config, database }: Vicidial): Promise<CampaignHold[]> {
  const system = await database.select(StatusRow, 'SELECT status FROM vicidial_statuses', []);
  const own = await database.select(StatusRow, 'SELECT status, campaign_id FROM vicidial_campaign_statuses', []);
  const shared = new Set(system.map((row) => row.status));

  const holds: CampaignHold[] = [];
  for (const [campaign, { dispositions }] of Object.entries(config.campaigns)) {
    const isKnown = (status: string) =>
      shared.has(status) || own.some((row) => row.status === status && [row.campaign_id, '*'].includes(campaign));
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

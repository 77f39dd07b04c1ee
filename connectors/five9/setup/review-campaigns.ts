import type { CampaignHold } from '../../../src/domain/dialer.ts';
import type { Five9 } from '../five9.ts';

/** Campaigns that map an outcome to a disposition which Five9 does not have: their write-backs would all be refused. */
export async function reviewCampaigns(five9: Five9): Promise<CampaignHold[]> {
  const known = new Set(await five9.api.dispositions());
  const holds: CampaignHold[] = [];
  for (const [campaign, { dispositions }] of Object.entries(five9.config.campaigns)) {
    const missing = [...new Set(Object.values(dispositions))].filter((name) => !known.has(name));
    if (missing.length === 0) continue;
    const names = missing.map((name) => `"${name}"`).join(', ');
    holds.push({
      campaign,
      why: `Five9 has no disposition named ${names}`,
      hint: `Create it in Five9, or change dialers.${five9.id}.campaigns.${campaign}.dispositions.`,
    });
  }
  return holds;
}

import type { CampaignSetUp } from '../tables/site-rows.ts';

/** Why VICIdial calls nobody of a campaign by itself, and what to do; null when it does. */
export function whyNotDialling(row: CampaignSetUp): { why: string; fix: string } | null {
  const detail = `Admin → Campaigns → ${row.id} → Detail`;
  if (!row.isActive) return { why: `campaign ${row.id} is not active`, fix: `${detail} → Active: Y.` };
  if (['MANUAL', 'INBOUND_MAN'].includes(row.dialMethod)) {
    return { why: `campaign ${row.id} has the dial method ${row.dialMethod}`, fix: `${detail} → Dial Method: RATIO.` };
  }
  if (!(Number(row.dialLevel) > 0)) {
    return {
      why: `campaign ${row.id} has the dial level ${row.dialLevel || 'none'}`,
      fix: `${detail} → Auto Dial Level: 1.`,
    };
  }
  return null;
}

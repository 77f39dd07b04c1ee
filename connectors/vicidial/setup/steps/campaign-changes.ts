import type { VicidialConfig } from '../../config.ts';
import type { CampaignSetUp } from '../../tables/site-rows.ts';

/** Routing extensions of VICIdial itself: without and with machine detection, surveys, and their variants. */
export const routingExtensions: readonly string[] = ['8364', '8365', '8366', '8367', '8368', '8369', '8373'];
/** Who has one of these talked to the AI, or opted out. */
export const neverDialled: readonly string[] = ['XFER', 'DNC'];
const usualRouting = '8368';
/** For the first test calls. */
const firstLevel = '1';

/** One setting of a campaign as set-up wants it. */
export type CampaignChange =
  | { campaign: string; field: CampaignField; from: string; to: string }
  | { campaign: string; field: 'dial_status'; from: string; to: '' };
export type CampaignField = 'campaign_vdad_exten' | 'auto_dial_level' | 'hopper_level';

export const fieldLabels = {
  campaign_vdad_exten: 'Routing Extension',
  auto_dial_level: 'Auto Dial Level',
  hopper_level: 'Minimum Hopper Level',
  dial_status: 'Dial Statuses',
} as const;

/** Whether a campaign is at work, or was: then nothing that speeds it up, slows it down or sends its calls elsewhere is changed. */
export function hasCalled(campaigns: readonly CampaignSetUp[], name: string): boolean {
  return campaigns.some(({ id, lastCallAt }) => id === name && lastCallAt !== '');
}

/**
 * Whether a campaign's calls go by an extension that is none of VICIdial's routing, nor the platform's: before its first call
 * that is a mistake, later it may be an entry of the site's own.
 */
export function hasOwnRouting({ carrier }: Pick<VicidialConfig, 'carrier'>, row: CampaignSetUp): boolean {
  const { routingExtension: held } = row;
  return row.lastCallAt !== '' && held !== '' && !routingExtensions.includes(held) && !held.startsWith(carrier.prefix);
}

/**
 * What set-up changes in a campaign. Level and hopper are made small before its first call only: later they are what the
 * site runs with.
 */
export function campaignChanges(config: VicidialConfig, row: CampaignSetUp, lines: number): CampaignChange[] {
  const { id: campaign } = row;
  const changes: CampaignChange[] = [];
  if (!routingExtensions.includes(row.routingExtension) && !hasOwnRouting(config, row)) {
    changes.push({ campaign, field: 'campaign_vdad_exten', from: row.routingExtension, to: usualRouting });
  }
  const never = new Set([...neverDialled, ...optOutStatuses(config, campaign)]);
  // The last first: taken back newest first, they stand in their order again.
  for (const status of row.dialStatuses.filter((each) => never.has(each)).toReversed()) {
    changes.push({ campaign, field: 'dial_status', from: status, to: '' });
  }
  if (row.lastCallAt === '') {
    if (Number(row.dialLevel) !== 1) {
      changes.push({ campaign, field: 'auto_dial_level', from: row.dialLevel, to: firstLevel });
    }
    // As many leads as lines: with fewer the lines wait, with more the first test is not a small one.
    const hopper = String(Math.max(1, lines));
    if (row.hopperLevel !== hopper)
      changes.push({ campaign, field: 'hopper_level', from: row.hopperLevel, to: hopper });
  }
  return changes;
}

function optOutStatuses({ campaigns, optOutDispositions }: VicidialConfig, campaign: string): string[] {
  const mapped = (campaigns[campaign] ?? campaigns['*'])?.dispositions.opt_out;
  return [...optOutDispositions, ...(mapped ? [mapped] : [])];
}

/** What the campaign holds now of something that was changed; empty for a dial status that it has not. */
export function heldValue(row: CampaignSetUp, field: CampaignField | 'dial_status', status: string): string {
  switch (field) {
    case 'campaign_vdad_exten':
      return row.routingExtension;
    case 'auto_dial_level':
      return row.dialLevel;
    case 'hopper_level':
      return row.hopperLevel;
    case 'dial_status':
      return row.dialStatuses.includes(status) ? status : '';
  }
}

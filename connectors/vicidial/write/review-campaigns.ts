import type { CampaignHold } from '../../../src/domain/dialer.ts';
import type { VicidialReads } from '../reads.ts';
import type { CampaignRow, StatusRow } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';
import { isFinal } from './lead-status.ts';

type Reviewed = Pick<Vicidial, 'id' | 'config'> & {
  reads: Pick<VicidialReads, 'statuses' | 'campaigns' | 'inGroups'>;
};

interface Site {
  statuses: readonly StatusRow[];
  campaigns: readonly CampaignRow[];
  inGroups: readonly string[];
}

/**
 * Campaigns whose mapping the site contradicts: the APIs would take it, and nobody would notice before people are called
 * again who said no. One hold per campaign, with all that is wrong with it.
 */
export async function reviewCampaigns({ id, config, reads }: Reviewed): Promise<CampaignHold[]> {
  const [statuses, campaigns, inGroups] = await Promise.all([reads.statuses(), reads.campaigns(), reads.inGroups()]);
  if (statuses === null || campaigns === null || inGroups === null) return [];

  const holds: CampaignHold[] = [];
  for (const [campaign, { dispositions }] of Object.entries(config.campaigns)) {
    const keys = `dialers.${id}.campaigns.${campaign}`;
    const faults = faultsOf({ statuses, campaigns, inGroups }, campaign, dispositions, keys);
    if (faults.length === 0) continue;
    holds.push({
      campaign,
      why: faults.map(({ why }) => why).join('; '),
      hint: faults.map(({ hint }) => hint).join(' '),
    });
  }
  return holds;
}

interface Fault {
  why: string;
  hint: string;
}

function faultsOf(site: Site, campaign: string, dispositions: Readonly<Record<string, string>>, keys: string): Fault[] {
  const own = site.campaigns.find((row) => row.campaign_id === campaign);
  const faults: Fault[] = [];
  if (campaign !== '*' && !own && !site.inGroups.includes(campaign)) {
    faults.push({
      why: `VICIdial has no campaign or in-group "${campaign}"`,
      hint: `Make it there, or rename or remove ${keys}: names are written as VICIdial shows them.`,
    });
  }
  const unknown = Object.entries(dispositions).filter(([, status]) => !isKnown(site, campaign, status));
  if (unknown.length > 0) {
    faults.push({
      why: `VICIdial has no status ${unknown.map(([, status]) => `"${status}"`).join(', ')}`,
      hint: `Add it in VICIdial (System Statuses, or the campaign's own), or change ${keysOf(keys, unknown)}.`,
    });
  }
  const dialled = Object.entries(dispositions).filter(([outcome, status]) => isDialledAgain(own, outcome, status));
  if (dialled.length > 0) {
    faults.push({
      why: dialled
        .map(([outcome, status]) => `${outcome} maps to ${status}, which the campaign dials again`)
        .join(', '),
      hint: `Take ${namesOf(dialled)} out of the campaign's Dial Statuses, or change ${keysOf(keys, dialled)}.`,
    });
  }
  if (dispositions.callback !== undefined && own?.dial_statuses.includes('CBHOLD')) {
    faults.push({
      why: 'the campaign dials CBHOLD, so that callbacks would not be waited for',
      hint: "Take CBHOLD out of the campaign's Dial Statuses.",
    });
  }
  return faults;
}

/** A status of the system, or of the campaign. An in-group and `*` have none of their own. */
function isKnown({ statuses }: Site, campaign: string, status: string): boolean {
  return statuses.some((row) => row.status === status && ['', campaign].includes(row.campaign_id));
}

function isDialledAgain(campaign: CampaignRow | undefined, outcome: string, status: string): boolean {
  return isFinal(outcome) && campaign?.dial_statuses.includes(status) === true;
}

function keysOf(keys: string, entries: readonly (readonly [string, string])[]): string {
  return entries.map(([outcome]) => `${keys}.dispositions.${outcome}`).join(', ');
}

function namesOf(entries: readonly (readonly [string, string])[]): string {
  return [...new Set(entries.map(([, status]) => status))].join(', ');
}

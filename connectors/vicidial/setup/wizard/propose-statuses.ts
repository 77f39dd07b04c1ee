import type { SiteSetUp } from '../../tables/site-set-up.ts';
import { proposeMapping } from '../../write/proposals.ts';
import { neverDialled } from '../steps/campaign-changes.ts';

/** New statuses where a site has none that fits: the set-up gives their names and flags to make. */
const newStatuses: Readonly<Record<string, string>> = {
  opt_out: 'DNC',
  sale: 'SALE',
  qualified: 'AIQUAL',
  not_qualified: 'AINQ',
  callback: 'CALLBK',
  not_interested: 'NI',
  wrong_number: 'AIWRNG',
  language: 'AILANG',
  transferred: 'AIXFER',
  voicemail: 'A',
  no_answer: 'NA',
  busy: 'B',
  hung_up: 'AIHU',
  failed: 'AIFAIL',
  unknown: 'AIUNK',
};

export interface ProposedStatus {
  outcome: string;
  status: string;
  why: string;
}

/** One status for each outcome: of the site's own where one fits, else a new one. Without the tables, the usual ones. */
export function proposeStatuses(found: SiteSetUp | null, campaign: string): ProposedStatus[] {
  const row = found?.campaigns.find(({ id }) => id === campaign);
  // These the set-up takes out of the dial statuses.
  const dialled = (row?.dialStatuses ?? []).filter((status) => !neverDialled.includes(status));
  const proposals = found ? proposeMapping(found.statuses, { campaign_id: campaign, dial_statuses: dialled }) : [];
  return Object.entries(newStatuses).map(([outcome, fresh]) => {
    const proposal = proposals.find((each) => each.outcome === outcome);
    if (proposal?.status) return { outcome, status: proposal.status, why: proposal.why };
    const isThere = found?.statuses.some(
      ({ status, campaign_id }) => status === fresh && ['', campaign].includes(campaign_id),
    );
    const why = isThere ? 'a status of VICIdial' : found ? 'to be made' : 'the usual code, where it exists';
    // A final outcome must not wear what the campaign dials again.
    const status = dialled.includes(fresh) && isShipped(fresh) ? '' : fresh;
    return { outcome, status, why };
  });
}

function isShipped(status: string): boolean {
  return ['DNC', 'SALE', 'NI', 'CALLBK'].includes(status);
}

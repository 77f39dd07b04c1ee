import type { CampaignRow, StatusFlag, StatusRow } from '../tables/schema.ts';
import { isFinal } from './lead-status.ts';

/** What an outcome could map to; `status` is null when the site has nothing that fits. */
export interface Proposal {
  outcome: string;
  status: string | null;
  why: string;
}

interface Rule {
  outcome: string;
  /** The flag that says it. */
  flag?: StatusFlag;
  /** Flags that say something else. */
  not?: readonly StatusFlag[];
  /** Names that say it, where no flag does, or several have the flag. */
  name: RegExp;
  /** Codes that VICIdial ships for it. */
  shipped: readonly string[];
}

const rules: readonly Rule[] = [
  { outcome: 'opt_out', flag: 'dnc', name: /do not call|\bdnc\b/i, shipped: ['DNC'] },
  { outcome: 'sale', flag: 'sale', name: /\bsale\b|\bsold\b/i, shipped: ['SALE'] },
  {
    outcome: 'qualified',
    not: ['not_interested', 'dnc', 'unworkable', 'answering_machine'],
    name: /(?<!not |un|dis)qualif|\binterested\b(?<!not interested)/i,
    shipped: [],
  },
  { outcome: 'not_qualified', name: /not qualif|unqualif|disqualif|not eligible/i, shipped: [] },
  { outcome: 'callback', flag: 'scheduled_callback', name: /call ?back/i, shipped: ['CALLBK'] },
  { outcome: 'not_interested', flag: 'not_interested', name: /not interested/i, shipped: ['NI'] },
  { outcome: 'wrong_number', flag: 'unworkable', name: /wrong|disconnected/i, shipped: ['DC'] },
  { outcome: 'language', name: /language|spanish/i, shipped: [] },
  { outcome: 'transferred', name: /transfer/i, shipped: ['RAXFER', 'XFER'] },
  { outcome: 'voicemail', flag: 'answering_machine', name: /machine|voice ?mail/i, shipped: ['A', 'AA'] },
  { outcome: 'no_answer', not: ['answering_machine'], name: /no answer/i, shipped: ['N', 'NA'] },
  { outcome: 'busy', name: /busy/i, shipped: ['B', 'AB'] },
  { outcome: 'hung_up', not: ['dnc'], name: /hung ?up|hang ?up/i, shipped: [] },
  { outcome: 'failed', name: /fail|\berror\b/i, shipped: [] },
];

/** The dialer needs these for itself: an outcome that wore them would be lost among its own. */
const dialersOwn: readonly string[] = [
  ...['NEW', 'QUEUE', 'INCALL', 'PU', 'DROP', 'PDROP', 'CBHOLD', 'DNCL', 'DNCC', 'QVMAIL'],
  ...['TIMEOT', 'ERI', 'LRERR'],
];

/** One proposal per outcome, from flags first, then names; a final outcome never gets what the campaign dials again. */
export function proposeMapping(statuses: readonly StatusRow[], campaign: CampaignRow): Proposal[] {
  const usable = statuses.filter(
    (row) => ['', campaign.campaign_id].includes(row.campaign_id) && !dialersOwn.includes(row.status),
  );
  return rules.map((rule) => propose(rule, usable, campaign));
}

function propose(rule: Rule, usable: readonly StatusRow[], campaign: CampaignRow): Proposal {
  const { outcome, flag } = rule;
  const isDialled = (row: StatusRow) => campaign.dial_statuses.includes(row.status);
  const fitting = usable
    .filter((row) => (flag !== undefined && row[flag]) || rule.name.test(row.status_name))
    .filter((row) => !(rule.not ?? []).some((other) => row[other]))
    .sort((a, b) => weightOf(rule, b) - weightOf(rule, a) || (a.status < b.status ? -1 : 1));
  const best = isFinal(outcome) ? fitting.find((row) => !isDialled(row)) : fitting[0];
  if (best) return { outcome, status: best.status, why: reasonOf(rule, best, isDialled(best)) };
  const [dialled] = fitting;
  if (dialled) {
    const why = `only ${dialled.status} fits, and the campaign dials it again: take it out of the dial statuses, or add a status`;
    return { outcome, status: null, why };
  }
  const wish = flag === undefined ? 'whose name says so' : `with the flag ${flag}`;
  return { outcome, status: null, why: `no status ${wish}: add one` };
}

/** The flag counts most, then the name, then the campaign's own before the system's, then what VICIdial ships. */
function weightOf({ flag, name, shipped }: Rule, row: StatusRow): number {
  const place = shipped.indexOf(row.status);
  return (
    (flag !== undefined && row[flag] ? 16 : 0) +
    (name.test(row.status_name) ? 8 : 0) +
    (row.campaign_id ? 4 : 0) +
    (place < 0 ? 0 : 2 - place) +
    (row.selectable ? 0.5 : 0)
  );
}

function reasonOf({ flag, name }: Rule, row: StatusRow, isDialled: boolean): string {
  const where = row.campaign_id ? 'its own status' : 'a system status';
  const hasFlag = flag !== undefined && row[flag];
  const said = hasFlag && !name.test(row.status_name) ? `flag ${flag} only: look whether it is meant` : null;
  const shown = row.status_name.replace(/[^\x20-\x7e]/g, '?');
  const reason = said ?? (hasFlag ? `flag ${flag}` : 'by its name');
  return `${shown}: ${where}, ${reason}${isDialled ? '; dialled again' : ''}`;
}

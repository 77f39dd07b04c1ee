import type { Check } from '../../../../src/domain/connector.ts';
import type { VicidialConfig } from '../../config.ts';
import type { Vicidial } from '../../vicidial.ts';
import { isFinal } from '../../write/lead-status.ts';
import type { DiallingRow } from '../site-tables/rows.ts';
import type { Site } from '../site-tables/site.ts';
import { field } from './campaign-checks.ts';
import { type CheckRun, type Fault, type Findings, tableCheck } from './check-of.ts';

/** Ids only: VICIdial runs the URL through a shell, where a lead's text could be a command. */
const harmless =
  /^(call_id|lead_id|list_id|uniqueid|user|campaign|campaign_id|group|closecallid|entry_date|modify_date|called_count|SQLdate|status)$/;

/** Whether results can be written as they are mapped, and hand-overs are told. */
export function resultChecks(run: CheckRun): Check[] {
  const { vicidial } = run;
  const { config } = vicidial;
  return [
    tableCheck(
      run,
      {
        id: 'statuses.there',
        title: 'Every mapped status exists',
        looksAt: 'vicidial_statuses.status, vicidial_campaign_statuses.status',
        needs: ['campaign.there'],
        why: 'The API takes any status: reports and filters know nothing of one that does not exist, and of more than 6 letters the rest is lost.',
        byHand: 'Admin → System Settings → Statuses, and Admin → Campaigns → the campaign → Statuses',
      },
      (site) => lookAtStatuses(config, site),
    ),
    tableCheck(
      run,
      {
        id: 'statuses.not-dialled',
        title: 'No final outcome maps to a status that is dialled again',
        looksAt: 'vicidial_campaigns.dial_statuses against the mapping',
        needs: ['campaign.there', 'campaign.dial-statuses'],
        why: 'People who said yes or no would be called again.',
        byHand: 'Admin → Campaigns → the campaign → Detail → Dial Statuses',
      },
      async (site) => lookAtDialled(config, await site.campaigns()),
    ),
    tableCheck(
      run,
      {
        id: 'start-url.set',
        title: 'The Start Call URL tells Patchbay of each hand-over',
        looksAt: 'vicidial_campaigns.start_call_url',
        needs: ['campaign.there'],
        why: 'It is the second, independent notice of a call, should its headers get lost.',
        byHand: 'Admin → Campaigns → the campaign → Detail → Start Call URL',
      },
      async (site) => {
        const rows = await site.campaigns();
        const found = rows.map(({ campaign_id }) => `${campaign_id} has it`).join(', ') || 'no campaign is configured';
        return { found, faults: rows.flatMap((row) => judgeStartUrl(vicidial, row)) };
      },
    ),
    tableCheck(
      run,
      {
        id: 'start-url.safe',
        title: 'The Start Call URL carries ids and nothing else',
        looksAt: 'vicidial_campaigns.start_call_url',
        needs: ['campaign.there'],
        why: 'The dialer runs it through a shell: a name or comment of a lead that holds $( or a backtick would be executed.',
        byHand: 'Admin → Campaigns → the campaign → Detail → Start Call URL',
      },
      async (site) => {
        const rows = await site.campaigns();
        return { found: 'no text of a lead is in it', faults: rows.flatMap(judgeVariables) };
      },
    ),
  ];
}

async function lookAtStatuses({ campaigns }: VicidialConfig, site: Site): Promise<Findings> {
  const known = await site.statuses();
  const mapped = Object.entries(campaigns).flatMap(([campaign, { dispositions }]) =>
    Object.entries(dispositions).map(([outcome, status]) => ({ campaign, outcome, status })),
  );
  const missing = mapped.filter(
    ({ campaign, status }) => !known.some((row) => row.status === status && ['', campaign].includes(row.campaign_id)),
  );
  const faults = [...new Set(missing.map(({ campaign }) => campaign))].map((campaign) => {
    const own = missing.filter((each) => each.campaign === campaign);
    const statuses = [...new Set(own.map(({ status }) => status))].join(', ');
    const outcomes = own.map(({ outcome, status }) => `${status} for ${outcome}`).join(', ');
    return {
      found: `${campaign} has no status ${outcomes}`,
      fix: `Admin → Campaigns → ${campaign} → Statuses: add ${statuses}; or change \`campaigns.${campaign}.dispositions\`.`,
    };
  });
  return { found: mapped.length === 0 ? 'nothing is mapped yet' : `all ${mapped.length} exist`, faults };
}

function lookAtDialled({ campaigns }: VicidialConfig, rows: readonly DiallingRow[]): Findings {
  const faults = rows.flatMap(({ campaign_id, dial_statuses }): Fault[] => {
    const { dispositions = {} } = campaigns[campaign_id] ?? campaigns['*'] ?? {};
    const dialled = Object.entries(dispositions).filter(
      ([outcome, status]) => isFinal(outcome) && dial_statuses.includes(status),
    );
    return dialled.map(([outcome, status]) => ({
      found: `${outcome} maps to ${status}, which ${campaign_id} dials again`,
      fix: field(
        campaign_id,
        'Dial Statuses',
        `take ${status} out; or change \`campaigns.${campaign_id}.dispositions.${outcome}\``,
      ),
    }));
  });
  return {
    found:
      rows.map((row) => `${row.campaign_id} dials ${row.dial_statuses.join(' ')}`).join('; ') ||
      'no campaign is configured',
    faults,
  };
}

/** The log-in that may stand in the URL is never shown. */
function judgeStartUrl({ id, deps }: Vicidial, { campaign_id, start_call_url: text }: DiallingRow): Fault[] {
  const fix = field(campaign_id, 'Start Call URL', 'as `npx patchbay <id> snippets start-url` prints it');
  const wanted = new URL(`${deps.publicUrl}/v1/dialers/${id}/start`);
  if (text === '') return [{ found: `${campaign_id} has none`, fix, isWarning: true }];
  if (text === 'ALT')
    return [{ found: `${campaign_id} has several (ALT), which can not be read`, fix, isWarning: true }];
  const address = text.replace(/^VAR/, '');
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || url.pathname !== wanted.pathname)
    return [{ found: `that of ${campaign_id} does not lead to …${wanted.pathname}`, fix }];
  if (url.host !== wanted.host)
    return [
      {
        found: `that of ${campaign_id} leads to ${url.host}, Patchbay calls itself ${wanted.host}`,
        fix: `${fix}. If both addresses lead here, set server.publicUrl to the one that the dialers use.`,
        isWarning: true,
      },
    ];
  if (!text.startsWith('VAR'))
    return [{ found: `that of ${campaign_id} does not begin with VAR: its variables are not filled in`, fix }];
  const names = ['call_id', 'lead_id'].filter((name) => !url.search.includes(`${name}=--A--${name}--B--`));
  if (names.length > 0) return [{ found: `that of ${campaign_id} lacks ${names.join(', ')}`, fix }];
  if (url.username === '') return [{ found: `that of ${campaign_id} has no log-in`, fix }];
  return [];
}

function judgeVariables({ campaign_id, start_call_url: text }: DiallingRow): Fault[] {
  const used = [...text.matchAll(/--A--(\w+)--B--/g)].map(([, name = '']) => name);
  const risky = used.filter((name) => !harmless.test(name));
  if (risky.length === 0) return [];
  const fix = field(campaign_id, 'Start Call URL', `take ${risky.join(', ')} out`);
  return [{ found: `that of ${campaign_id} carries ${risky.join(', ')}`, fix }];
}

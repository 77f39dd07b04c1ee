import type { Check } from '../../../../src/domain/connector.ts';
import type { DiallingRow } from '../site-tables/rows.ts';
import { isActive, type Site } from '../site-tables/site.ts';
import { type CheckPlan, type CheckRun, type Fault, type Findings, tableCheck } from './check-of.ts';
import { answerTimes, middleOf, slowAnswerSec } from './read-traffic.ts';

const byHand = 'Admin → Campaigns → the campaign → Detail';

/** Routing extensions that look for an agent; 8369 listens for machines first. */
const routings: readonly string[] = ['8364', '8365', '8367', '8368', '8369'];
const surveys: readonly string[] = ['8366', '8373'];
/** Nobody shall be called again who stands on these. */
const neverDialled: readonly string[] = ['XFER', 'DNC', 'DNCL', 'DNCC', 'CBHOLD'];
/** Lines come free by a daemon that looks every two seconds. */
const leastDropSec = 3;
const mostDropSec = 10;

/** Campaigns that dial by themselves. One that only takes calls which come in dials nobody, and that is no fault. */
export async function dialling(site: Site): Promise<DiallingRow[]> {
  const agents = (await site.ourAgents()).filter(isActive);
  return (await site.campaigns()).filter(({ campaign_id, dial_method, campaign_allow_inbound }) => {
    const takesInbound = agents.some((agent) => agent.campaign_id === campaign_id && agent.closer_campaigns.length > 0);
    return dials(dial_method) || campaign_allow_inbound !== 'Y' || !takesInbound;
  });
}

function dials(method: string): boolean {
  return /RATIO|ADAPT/.test(method);
}

export function field(campaign: string, label: string, value: string): string {
  return `Admin → Campaigns → ${campaign} → Detail → ${label}: ${value}`;
}

/** How the campaigns dial, and whether what they dial reaches the AI. */
export function campaignChecks(run: CheckRun): Check[] {
  const { config } = run.vicidial;
  const each = (
    plan: Omit<CheckPlan, 'looksAt'> & { column: string; isForDialling?: boolean },
    judge: (row: DiallingRow, site: Site) => Fault[] | Promise<Fault[]>,
  ) => {
    const needs = ['campaign.there', ...(plan.needs ?? [])];
    const looksAt = `vicidial_campaigns.${plan.column}`;
    return tableCheck(run, { ...plan, looksAt, reads: [looksAt], needs, byHand }, async (site) => {
      const rows = plan.isForDialling ? await dialling(site) : await site.campaigns();
      const faults = (await Promise.all(rows.map((row) => judge(row, site)))).flat();
      return { found: rows.map((row) => shown(row, plan.column)).join('; ') || 'no campaign is configured', faults };
    });
  };

  return [
    tableCheck(
      run,
      {
        id: 'campaign.there',
        title: 'The configured campaigns are there',
        looksAt: 'vicidial_campaigns.campaign_id, vicidial_inbound_groups.group_id',
        why: 'Results of a campaign are mapped by its name, written as VICIdial shows it.',
        byHand: 'Admin → Campaigns',
      },
      (site) => lookForCampaigns(Object.keys(config.campaigns), site),
    ),
    each(
      {
        id: 'campaign.active',
        title: 'The campaign is active',
        column: 'active',
        why: 'A campaign that is not active dials nobody.',
      },
      ({ campaign_id, active }) =>
        active ? [] : [{ found: `${campaign_id} is not active`, fix: field(campaign_id, 'Active', 'Y') }],
    ),
    each(
      {
        id: 'campaign.routing-extension',
        title: 'The routing extension is one of VICIdial',
        column: 'campaign_vdad_exten',
        why: 'It leads to the remote agents. With the remote extension in its place calls bypass them: no log, status PDROP, nothing that could be hung up.',
      },
      judgeRouting,
    ),
    each(
      {
        id: 'campaign.caller-id',
        title: 'Customers see a number',
        column: 'campaign_cid',
        isForDialling: true,
        why: 'Carriers refuse calls without a valid number, and the law asks for one that can be called back.',
      },
      judgeCallerId,
    ),
    each(
      {
        id: 'campaign.dial-method',
        title: 'The campaign dials by itself',
        column: 'dial_method',
        isForDialling: true,
        why: 'A line of the AI has no screen from which anybody would dial.',
      },
      ({ campaign_id, dial_method }) =>
        dials(dial_method)
          ? []
          : [{ found: `${campaign_id} is on ${dial_method}`, fix: field(campaign_id, 'Dial Method', 'RATIO') }],
    ),
    each(
      {
        id: 'campaign.dial-level',
        title: 'The dial level fits',
        column: 'auto_dial_level',
        isForDialling: true,
        why: 'It is the number of calls for each free line: with 0 nobody is dialled, and what is above 1 is dropped when more answer than there are lines.',
      },
      judgeLevel,
    ),
    each(
      {
        id: 'campaign.hopper-level',
        title: 'The hopper holds enough leads',
        column: 'hopper_level',
        isForDialling: true,
        why: 'The dialer takes leads from the hopper, which is filled once a minute: when it is empty, lines wait.',
      },
      async (row, site) => {
        const wanted = Math.ceil((await linesOf(site, row.campaign_id)) * Math.max(1, row.auto_dial_level || 1));
        if (row.auto_hopper_level === 'Y' || row.hopper_level >= wanted) return [];
        const fix = field(row.campaign_id, 'Hopper Level', `at least ${wanted}, better ${wanted * 5}`);
        return [
          {
            found: `${row.campaign_id} holds ${row.hopper_level} leads, and dials ${wanted} at once`,
            fix,
            isWarning: true,
          },
        ];
      },
    ),
    each(
      {
        id: 'campaign.drop-seconds',
        title: 'Answered calls are given time to find a line',
        column: 'drop_call_seconds',
        why: 'So long an answered call waits for a line. A line comes free some seconds after its call; a customer who hears nothing for longer hangs up.',
      },
      async ({ campaign_id, drop_call_seconds: seconds }, site) => {
        if (seconds < leastDropSec || seconds > mostDropSec) {
          const fix = field(campaign_id, 'Drop Call Seconds', '5');
          return [{ found: `${campaign_id} drops after ${seconds} s`, fix, isWarning: true }];
        }
        const answersAfter = middleOf(answerTimes(await site.handedCalls().catch(() => [])));
        if (answersAfter > slowAnswerSec || seconds + answersAfter <= mostDropSec) return [];
        const fix = field(campaign_id, 'Drop Call Seconds', String(mostDropSec - answersAfter));
        const found = `${campaign_id} lets a customer wait ${seconds} s for a line, and the AI answers ${answersAfter} s later`;
        return [{ found, fix, isWarning: true }];
      },
    ),
    each(
      {
        id: 'campaign.dial-statuses',
        title: 'Nobody is dialled who talked to the AI or opted out',
        column: 'dial_statuses',
        why: 'XFER is what the AI talked to, DNC who opted out, CBHOLD who waits for a callback: as dial statuses they are all called again.',
      },
      ({ campaign_id, dial_statuses }) => {
        if (dial_statuses.length === 0)
          return [
            { found: `${campaign_id} dials no status`, fix: field(campaign_id, 'Dial Statuses', 'NEW at least') },
          ];
        const wrong = dial_statuses.filter((status) => neverDialled.includes(status));
        if (wrong.length === 0) return [];
        return [
          {
            found: `${campaign_id} dials ${wrong.join(', ')}`,
            fix: field(campaign_id, 'Dial Statuses', `take ${wrong.join(', ')} out`),
          },
        ];
      },
    ),
    each(
      {
        id: 'campaign.recording',
        title: 'Whether calls are recorded is decided',
        column: 'campaign_recording',
        why: 'ONDEMAND waits for an agent to press a button, which no line of the AI has: nothing is recorded, though it looks so.',
      },
      async (row, site) => {
        const users = row.campaign_recording === 'ONDEMAND' ? await site.lineUsers() : [];
        const isOverridden = users.some(({ vicidial_recording_override: own }) => own !== '' && own !== 'DISABLED');
        if (row.campaign_recording !== 'ONDEMAND' || isOverridden) return [];
        const fix = field(
          row.campaign_id,
          'Campaign Recording',
          'ALLFORCE to record from the hand-over on, NEVER to leave it to the platform',
        );
        return [{ found: `${row.campaign_id} records ONDEMAND`, fix, isWarning: true }];
      },
    ),
    each(
      {
        id: 'campaign.call-times',
        title: 'Calls go out in calling hours only',
        column: 'local_call_time',
        why: 'People may be called within certain hours of their own day: around the clock is nowhere allowed.',
      },
      ({ campaign_id, local_call_time: hours }) =>
        hours !== '' && hours !== '24hours'
          ? []
          : [
              {
                found: `${campaign_id} calls at ${hours || 'any time'}`,
                fix: field(campaign_id, 'Local Call Time', '9am-9pm, or narrower'),
                isWarning: true,
              },
            ],
    ),
  ];
}

function shown(row: DiallingRow, column: string): string {
  const value = row[column as keyof DiallingRow];
  return `${row.campaign_id}: ${Array.isArray(value) ? value.join(' ') : value === true ? 'Y' : String(value)}`;
}

async function lookForCampaigns(names: readonly string[], site: Site): Promise<Findings> {
  const [rows, inGroups] = await Promise.all([site.campaigns(), site.inGroups()]);
  const known = [...rows.map(({ campaign_id }) => campaign_id), ...inGroups];
  const faults = names
    .filter((name) => name !== '*' && !known.includes(name))
    .map((name) => ({
      found: `VICIdial has no campaign or in-group "${name}"`,
      fix: `Make it (Admin → Campaigns), or rename \`campaigns.${name}\` in the configuration: names are written as VICIdial shows them.`,
    }));
  return { found: rows.map(({ campaign_id }) => campaign_id).join(', ') || 'no campaign is configured', faults };
}

async function judgeRouting({ campaign_id, campaign_vdad_exten: exten }: DiallingRow, site: Site): Promise<Fault[]> {
  if (routings.includes(exten)) return [];
  const fix = field(campaign_id, 'Routing Extension', '8368, or 8369 with answering machine detection');
  if (surveys.includes(exten))
    return [{ found: `${campaign_id} routes to ${exten}, a survey: no agent gets the call`, fix }];
  const isRemote = (await site.agents()).some(({ conf_exten }) => conf_exten === exten);
  return [
    {
      found: `${campaign_id} routes to ${exten}${isRemote ? ', the extension of a remote agent' : ', which is no routing extension'}`,
      fix,
    },
  ];
}

/** A list or a group of caller ids may stand before that of the campaign. */
async function judgeCallerId(row: DiallingRow, site: Site): Promise<Fault[]> {
  const { campaign_id, campaign_cid: number, cid_group_id: group } = row;
  const lists = (await site.lists()).filter((list) => list.campaign_id === campaign_id && list.active);
  const odd = lists
    .filter(({ campaign_cid_override: own }) => own !== '' && !isNumber(own))
    .map(({ list_id, campaign_cid_override: own }) => ({
      found: `list ${list_id} shows ${own}`,
      fix: `Admin → Lists → ${list_id} → Campaign CID Override: your own number, or nothing`,
    }));
  const isElsewhere = (group !== '' && group !== '---DISABLED---') || !['', 'N'].includes(row.use_custom_cid);
  if (isNumber(number) || isElsewhere) return odd;
  const fix = field(campaign_id, 'Campaign CallerID', 'your own number, 10 digits or with the country code');
  return [{ found: `${campaign_id} shows ${number || 'nothing'}`, fix }, ...odd];
}

function isNumber(text: string): boolean {
  return /^\+?\d{8,15}$/.test(text) && !/^\+?(\d)\1+$/.test(text);
}

async function judgeLevel({ campaign_id, auto_dial_level: level }: DiallingRow, site: Site): Promise<Fault[]> {
  if (!(level > 0))
    return [{ found: `${campaign_id} has dial level ${level}`, fix: field(campaign_id, 'Auto Dial Level', '1') }];
  if (level <= 1) return [];
  if (await site.traffic.hasTalked(campaign_id)) return [];
  const fix = field(campaign_id, 'Auto Dial Level', '1, until a call went through from end to end');
  return [
    {
      found: `${campaign_id} has dial level ${level}, and no call of the last month talked to the AI`,
      fix,
      isWarning: true,
    },
  ];
}

/** Calls of a campaign that can talk at once. */
export async function linesOf(site: Site, campaign: string): Promise<number> {
  const own = (await site.ourAgents()).filter((agent) => isActive(agent) && agent.campaign_id === campaign);
  return own.reduce((sum, agent) => sum + agent.number_of_lines, 0);
}

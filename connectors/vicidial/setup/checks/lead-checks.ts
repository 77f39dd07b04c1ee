import type { Check } from '../../../../src/domain/connector.ts';
import { cellRows, tabbed } from '../../api/answer-cells.ts';
import { lineUsersOf } from '../../line-users.ts';
import { toServerText } from '../../server-time.ts';
import type { Vicidial } from '../../vicidial.ts';
import type { CalledListRow } from '../site-tables/rows.ts';
import { isActive, type Site } from '../site-tables/site.ts';
import { mostLooked } from '../site-tables/traffic.ts';
import type { ApiAsked } from './api-checks.ts';
import { dialling } from './campaign-checks.ts';
import { type CheckRun, checkOf, type Fault, type Findings, tableCheck } from './check-of.ts';

/** The dialer itself gives calls to lines with a heartbeat of the last 5 s (7 s inbound); the daemon loops every 2 s. */
const freshSec = 7;
const fewLeads = 3;
/** A result is written within seconds after the call, or after the platform's analysis. */
const settledSec = 3600;

/** Whether there are lines to take calls, and leads to be called. */
export function leadChecks(run: CheckRun, asked: ApiAsked): Check[] {
  const { vicidial, site } = run;
  const today = () => toServerText(vicidial.deps.clock.now(), vicidial.config.timeZone).slice(0, 10);
  const isOpen = (list: CalledListRow) =>
    list.active && (list.expiration_date === '' || list.expiration_date >= today());
  return [
    checkOf(
      {
        id: 'lines.ready',
        title: "The AI's lines are logged in and alive",
        looksAt: 'vicidial_live_agents.last_update_time; without tables: logged_in_agents',
        needs: site ? ['remote-agent.server', 'remote-agent.lines', 'clock.apart'] : ['api.login'],
        why: 'Only a line with a fresh heartbeat gets calls: without one every answered call is dropped.',
      },
      () => lookAtLines(vicidial, site, asked),
    ),
    site ? activeListCheck(run, isOpen) : listInfoCheck(vicidial),
    tableCheck(
      run,
      {
        id: 'list.dialable-leads',
        title: 'There are leads to be dialled',
        looksAt: 'vicidial_hopper; vicidial_list.status, called_since_last_reset',
        needs: ['list.active', 'campaign.dial-statuses'],
        why: 'The dialer takes leads with a dial status that were not called since the last reset of their list; there is nothing else to call.',
        byHand: 'Admin → Lists → the list: its leads by status and called since last reset',
      },
      async (open) => {
        const lists = (await open.lists()).filter(isOpen);
        const faults: Fault[] = [];
        const untold: string[] = [];
        for (const { campaign_id, dial_statuses } of await dialling(open)) {
          if (await open.traffic.isInHopper(campaign_id)) continue;
          const own = lists.filter((list) => list.campaign_id === campaign_id).map(({ list_id }) => list_id);
          const { dialable, looked, isCut } = await lookForLeads(open, own, dial_statuses);
          if (dialable > 0) continue;
          if (isCut) {
            untold.push(campaign_id);
            continue;
          }
          const fix = `Admin → Lists → ${own[0]} → Reset Lead-Called-Status: Y (or \`npx patchbay <id> reset-list ${own[0]}\`), load leads, or add their status to the Dial Statuses of ${campaign_id}.`;
          faults.push({
            found: `the hopper of ${campaign_id} is empty, and of ${looked} leads with status ${dial_statuses.join(', ')} each is called already`,
            fix,
            isWarning: true,
          });
        }
        if (faults.length === 0 && untold.length > 0) {
          return {
            found: `the hopper of ${untold.join(', ')} is empty, which it is outside of calling hours too; none of the leads that were looked at may be dialled, and not all were: that would stall the dialer`,
            isUnknown: true,
            fix: 'Look yourself: Admin → Campaigns → the campaign → Detail: its count of dialable leads.',
          };
        }
        return { found: 'each campaign has one at least', faults };
      },
    ),
    tableCheck(
      run,
      {
        id: 'leads.left-on-xfer',
        title: 'No leads are left on XFER',
        looksAt: 'vicidial_list.status XFER, of leads that the AI talked to between an hour and a day ago',
        why: 'XFER is how a call of the AI ends as long as nobody writes its result.',
        byHand: 'Admin → Lists → the list: its leads by status',
      },
      async (open) => {
        const lists = (await open.lists()).map(({ list_id }) => list_id);
        const until = vicidial.deps.clock.now() / 1000 - settledSec;
        const { campaigns } = vicidial.config;
        const isMeant = (name: string) =>
          Object.values((campaigns[name] ?? campaigns['*'])?.dispositions ?? {}).includes('XFER');
        const talked = (await open.handedCalls()).filter(
          (call) => call.status === 'XFER' && call.start_epoch < until && !isMeant(call.campaign_id),
        );
        const left = await open.traffic.leadsOnXfer([...new Set(talked.map(({ lead_id }) => lead_id))]);
        const fix = `\`npx patchbay writebacks\` shows what waits and why; \`npx patchbay <id> show <lead id>\` what is known of one. Map an outcome for calls without a result (hung_up). Leads that were called before Patchbay ran are given a status by hand: Admin → Lists → ${lists.join(' or ')}.`;
        const fault = {
          found: `${left} leads that the AI talked to in the last day stand on XFER`,
          fix,
          isWarning: true,
        };
        return { found: `${left} leads`, faults: left >= fewLeads ? [fault] : [] };
      },
    ),
  ];
}

const activeList = {
  id: 'list.active',
  title: 'Each campaign has an active list',
  why: 'Leads of a list that is not active, or has expired, are not dialled.',
};

function activeListCheck(run: CheckRun, isOpen: (list: CalledListRow) => boolean): Check {
  const looksAt = 'vicidial_lists.active, expiration_date';
  return tableCheck(
    run,
    { ...activeList, looksAt, needs: ['campaign.there'], byHand: 'Admin → Lists' },
    async (open) => {
      const lists = await open.lists();
      const faults = (await dialling(open)).flatMap(({ campaign_id }) => {
        const own = lists.filter((list) => list.campaign_id === campaign_id);
        if (own.some(isOpen)) return [];
        const [first] = own;
        const fix = first
          ? `Admin → Lists → ${first.list_id} → Active: Y${first.active ? '; and Expiration Date: a day to come' : ''}`
          : `Admin → Lists → Add A New List: Campaign ${campaign_id}, Active Y.`;
        return [{ found: `${campaign_id} has ${own.length === 0 ? 'no list' : 'no active list'}`, fix }];
      });
      const found = lists.filter(isOpen).map(({ list_id, campaign_id }) => `${list_id} of ${campaign_id}`);
      return { found: found.join(', '), faults };
    },
  );
}

/** Without the tables only lists that are named can be asked for. */
function listInfoCheck({ api, config }: Vicidial): Check {
  const looksAt = 'Non-Agent API: list_info of the configured lists';
  return checkOf({ ...activeList, looksAt, needs: ['api.rights'] }, async () => {
    if (config.sync.lists.length === 0) {
      const fix = 'Name them in `sync.lists`, or look yourself: Admin → Lists.';
      return { found: 'without access to the tables nobody can tell which lists there are', isUnknown: true, fix };
    }
    const faults: Fault[] = [];
    for (const list of config.sync.lists) {
      const answer = await api.call('list_info', { list_id: String(list), ...tabbed });
      const row = answer.kind === 'lines' ? cellRows(answer.body).find(([id]) => id === String(list)) : undefined;
      // id, name, campaign, active, …
      if (row?.[3] === 'Y') continue;
      const found = row ? `list ${list} is not active` : `list_info tells nothing of list ${list}`;
      faults.push({ found, fix: `Admin → Lists → ${list} → Active: Y` });
    }
    return { found: `lists ${config.sync.lists.join(', ')} are active`, faults };
  });
}

async function lookForLeads(
  site: Site,
  lists: readonly string[],
  statuses: readonly string[],
): Promise<{ dialable: number; looked: number; isCut: boolean }> {
  let looked = 0;
  let isCut = false;
  for (const list of lists) {
    const seen = await site.traffic.dialable(list, statuses);
    looked += seen.looked;
    isCut ||= seen.looked >= mostLooked;
    if (seen.dialable > 0) return { ...seen, looked, isCut };
  }
  return { dialable: 0, looked, isCut };
}

async function lookAtLines({ reads, deps, config }: Vicidial, site: Site | null, asked: ApiAsked): Promise<Findings> {
  const agents = site
    ? (await site.ourAgents())
        .filter(isActive)
        .map((agent) => ({ user: agent.user_start, lines: agent.number_of_lines }))
    : config.remoteAgents;
  const users = lineUsersOf(agents.map(({ user, lines: count }) => ({ user_start: user, number_of_lines: count })));
  const lines = (site ? await site.lines() : await reads.liveLines()).filter(({ user }) => users.has(user));
  const now = deps.clock.now() / 1000;
  const { aheadSec } = await asked.version();
  // The heartbeat is written by the clock of the database, which may be neither ours nor the web server's.
  const clocks = [now, now + aheadSec, ...(site ? [await site.databaseTime()] : [])];
  const isFresh = (updated: number) => Math.min(...clocks.map((at) => Math.abs(at - updated))) <= freshSec;
  // Over the API nobody tells the heartbeat: to be logged in has to do.
  const alive = lines.filter(({ updated }) => updated === 0 || isFresh(updated)).length;
  const found = `${alive} of ${users.size} lines are ${site ? 'alive' : 'logged in'}`;
  if (alive >= users.size) return { found };
  const stale = lines.length - alive;
  const fix =
    stale > 0
      ? 'Start AST_VDremote_agents.pl on the dialer again, or mend its clock: the lines are there, their heartbeat is old.'
      : 'Admin → Remote Agents → Server IP: one real dialer; Status: ACTIVE; and see that AST_VDremote_agents.pl runs there.';
  return { found, faults: [{ found, fix, isWarning: alive > 0 }] };
}

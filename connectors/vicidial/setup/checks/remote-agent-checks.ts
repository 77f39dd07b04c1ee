import type { Check } from '../../../../src/domain/connector.ts';
import { lineUser } from '../../line-users.ts';
import type { Vicidial } from '../../vicidial.ts';
import { longestExtension } from '../carrier-config.ts';
import type { AgentRow } from '../site-tables/rows.ts';
import { type AiWay, isActive, type Site } from '../site-tables/site.ts';
import { everyServer } from '../site-tables/site-carriers.ts';
import { type CheckRun, type Fault, type Findings, tableCheck } from './check-of.ts';
import { digitsOf, expectedExtension, expectedNumber, numberOf } from './expected.ts';

const byHand = 'Admin → Remote Agents';
const mostLines = 255;

/** The remote agents whose lines the AI answers. */
export function remoteAgentChecks(run: CheckRun): Check[] {
  const { vicidial } = run;
  const each = (id: string, title: string, column: string, why: string, judge: (agent: AgentRow) => Fault[]) =>
    tableCheck(
      run,
      {
        ...{ id, title, needs: ['remote-agent.active'], why, byHand },
        ...{ looksAt: `vicidial_remote_agents.${column}`, reads: [`vicidial_remote_agents.${column}`] },
      },
      async (site) => {
        const agents = (await site.ourAgents()).filter(isActive);
        return { found: agents.map((agent) => shown(agent, column)).join('; '), faults: agents.flatMap(judge) };
      },
    );

  return [
    tableCheck(
      run,
      {
        id: 'remote-agent.active',
        title: 'Each campaign has a remote agent that is ACTIVE',
        looksAt: 'vicidial_remote_agents.campaign_id, status',
        needs: ['campaign.there'],
        why: 'VICIdial hands calls to the AI over a remote agent.',
        byHand,
      },
      (site) => lookForAgents(vicidial, site),
    ),
    serverCheck(run),
    each(
      'remote-agent.extension',
      'The extension is a number of at most 20 digits',
      'conf_exten',
      'VICIdial cuts the extension at 20 characters without a word, and a host in it is dialled as digits: the call goes nowhere.',
      (agent) => judgeExtension(vicidial, agent),
    ),
    tableCheck(
      run,
      {
        id: 'remote-agent.number',
        title: "The number behind the carrier's prefix is the one that the AI answers",
        looksAt: 'vicidial_remote_agents.conf_exten, without what the carrier cuts off',
        needs: ['remote-agent.active', 'carrier.strip'],
        why: 'The platform knows by this number which agent to put on the call.',
        byHand,
      },
      async (site) => lookAtNumbers(vicidial, await site.ways()),
    ),
    each(
      'remote-agent.lines',
      'The number of lines can be what it says',
      'number_of_lines',
      'VICIdial holds at most 255 lines, and stores a larger number as 255; lines count up from a user that is a number.',
      judgeLines,
    ),
    each(
      'remote-agent.on-hook',
      'Lines take calls at once',
      'on_hook_agent',
      'A line that is on hook is rung before it gets a call: the customer waits, or the call is dropped.',
      (agent) =>
        agent.on_hook_agent === 'Y'
          ? [{ found: `${named(agent)} is on hook`, fix: `${page(agent)} → On-Hook Agent: N` }]
          : [],
    ),
    tableCheck(
      run,
      {
        id: 'remote-agent.in-groups',
        title: 'In-groups that the AI answers are there, and chosen for a remote agent',
        looksAt: 'vicidial_remote_agents.closer_campaigns, vicidial_inbound_groups',
        needs: ['remote-agent.active'],
        why: "Calls that come in reach a line only when its remote agent takes the in-group's calls.",
        byHand,
      },
      lookAtInGroups,
    ),
    tableCheck(
      run,
      {
        id: 'users.lines',
        title: 'Every line has its user',
        looksAt: 'vicidial_users.user, user_start and those that follow',
        needs: ['remote-agent.active'],
        why: 'Reports and agent_status know a line by its user.',
        byHand: 'Admin → Users',
      },
      lookAtUsers,
    ),
  ];
}

function serverCheck(run: CheckRun): Check {
  return tableCheck(
    run,
    {
      id: 'remote-agent.server',
      title: 'Each remote agent is on one real dialer',
      looksAt: 'vicidial_remote_agents.server_ip, servers.server_ip',
      needs: ['remote-agent.active'],
      why: 'The daemon on each dialer takes the remote agents with its own address only: with another one, or 0.0.0.0, no line ever logs in.',
      byHand,
    },
    async (site) => {
      const agents = (await site.ourAgents()).filter(isActive);
      const real = (await site.dialers()).map(({ server_ip }) => server_ip);
      const faults = agents
        .filter(({ server_ip }) => !real.includes(server_ip))
        .map((agent) => ({
          found: `${named(agent)} is on ${agent.server_ip || 'no server'}${agent.server_ip === everyServer ? ' (all servers)' : ', which is no active dialer'}`,
          fix: `${page(agent)} → Server IP: ${real.join(' or ')}${real.length > 1 ? ' (one remote agent for each dialer)' : ''}`,
        }));
      return { found: agents.map((agent) => `${named(agent)} on ${agent.server_ip}`).join('; '), faults };
    },
  );
}

export function named({ user_start }: Pick<AgentRow, 'user_start'>): string {
  return `remote agent ${user_start}`;
}

/** Where an admin finds it. */
export function page({ user_start }: Pick<AgentRow, 'user_start'>): string {
  return `Admin → Remote Agents → ${user_start}`;
}

function shown(agent: AgentRow, column: string): string {
  return `${named(agent)}: ${String(agent[column as keyof AgentRow])}`;
}

async function lookForAgents({ config }: Vicidial, site: Site): Promise<Findings> {
  const agents = await site.ourAgents();
  const campaigns = (await site.campaigns()).map(({ campaign_id }) => campaign_id);
  const active = agents.filter(isActive);
  const faults = campaigns.flatMap((campaign): Fault[] => {
    if (active.some(({ campaign_id }) => campaign_id === campaign)) return [];
    const [asleep] = agents.filter(({ campaign_id }) => campaign_id === campaign);
    if (asleep)
      return [
        { found: `${named(asleep)} of ${campaign} is ${asleep.status}`, fix: `${page(asleep)} → Status: ACTIVE` },
      ];
    const fix = `Admin → Remote Agents → Add New Remote Agents: Campaign ${campaign}, External Extension ${expectedExtension(config, campaign)}, Status ACTIVE; \`npx patchbay <id> snippets remote-agent\` prints the rest.`;
    return [{ found: `campaign ${campaign} has no remote agent`, fix }];
  });
  if (campaigns.length === 0 && active.length === 0) {
    faults.push({
      found: 'no remote agent is ACTIVE',
      fix: 'Admin → Remote Agents → Add New Remote Agents: make one and set it ACTIVE.',
    });
  }
  return { found: active.map((agent) => `${named(agent)} of ${agent.campaign_id}`).join('; '), faults };
}

function judgeExtension({ config }: Vicidial, agent: AgentRow): Fault[] {
  const { conf_exten: dialled, campaign_id: campaign } = agent;
  const fix = `${page(agent)} → External Extension: ${expectedExtension(config, campaign)}`;
  if (/@|[A-Za-z]/.test(dialled)) {
    const where = 'the host belongs into the Dial of the carrier';
    return [{ found: `${named(agent)} has a host or letters in its extension: ${where}`, fix }];
  }
  if (!/^\d+$/.test(dialled))
    return [{ found: `the extension of ${named(agent)} is ${dialled || 'empty'}: not digits alone`, fix }];
  const wanted = expectedExtension(config, campaign);
  if (dialled.length < longestExtension || dialled === wanted) return [];
  const found = `the extension of ${named(agent)} has ${longestExtension} digits, as many as the field holds: what followed was cut off`;
  return [{ found, fix: `${fix}; if that is longer, give the carrier a shorter prefix` }];
}

function lookAtNumbers({ config }: Vicidial, ways: readonly AiWay[]): Findings {
  const faults = ways.flatMap(({ agent, inForce }): Fault[] => {
    const wanted = expectedNumber(config, agent.campaign_id);
    const [entry] = inForce;
    if (wanted === '' || !entry) return [];
    const number = numberOf(agent, entry);
    if (digitsOf(number) === digitsOf(wanted)) return [];
    const fix = `${page(agent)} → External Extension: ${expectedExtension(config, agent.campaign_id)}`;
    return [{ found: `${named(agent)} of ${agent.campaign_id} dials ${number}, configured is ${wanted}`, fix }];
  });
  const numbers = ways.flatMap(({ agent, inForce: [entry] }) => (entry ? [numberOf(agent, entry)] : []));
  const isCompared = ways.some(({ agent }) => expectedNumber(config, agent.campaign_id) !== '');
  return {
    found: `${[...new Set(numbers)].join(', ')}${isCompared ? '' : ' (not compared: carrier.number is not configured)'}`,
    faults,
  };
}

function judgeLines(agent: AgentRow): Fault[] {
  const { number_of_lines: lines, user_start: first } = agent;
  const at = `${page(agent)} →`;
  if (lines < 1)
    return [
      {
        found: `${named(agent)} has no lines`,
        fix: `${at} Number of Lines: as many calls at once as the platform takes`,
      },
    ];
  if (lines >= mostLines) {
    const fix = `${at} Number of Lines: at most ${mostLines - 1}, and a second remote agent with other users for the rest`;
    return [
      { found: `${named(agent)} has ${lines} lines: a larger number is stored as ${mostLines}`, fix, isWarning: true },
    ];
  }
  if (lines > 1 && !/^\d+$/.test(first)) {
    return [
      {
        found: `${named(agent)} has ${lines} lines, and a first user that can't be counted up`,
        fix: `${at} User ID Start: a number`,
      },
    ];
  }
  return [];
}

async function lookAtInGroups(site: Site): Promise<Findings> {
  const [agents, inGroups, names] = await Promise.all([site.ourAgents(), site.inGroups(), site.campaignNames()]);
  const active = agents.filter(isActive);
  const unknown = active.flatMap((agent) =>
    agent.closer_campaigns
      .filter((group) => !inGroups.includes(group))
      .map((group) => ({
        found: `${named(agent)} takes calls of ${group}, which is no in-group`,
        fix: `${page(agent)} → Inbound Groups: take ${group} out, or make it (Admin → Inbound)`,
      })),
  );
  const untaken = names
    .filter(
      (name) => inGroups.includes(name) && !active.some(({ closer_campaigns }) => closer_campaigns.includes(name)),
    )
    .map((name) => ({
      found: `no remote agent takes calls of the in-group ${name}`,
      fix: `Admin → Remote Agents → the AI's → Inbound Groups: ${name}`,
    }));
  const taken = active.flatMap(({ closer_campaigns }) => closer_campaigns);
  return {
    found: taken.length > 0 ? taken.join(', ') : 'not used: no in-group goes to the AI',
    faults: [...unknown, ...untaken],
  };
}

async function lookAtUsers(site: Site): Promise<Findings> {
  const known = new Set((await site.lineUsers()).map(({ user }) => user));
  const agents = (await site.ourAgents()).filter(isActive);
  const faults = agents.flatMap((agent): Fault[] => {
    const users = Array.from({ length: Math.max(1, agent.number_of_lines) }, (_, line) =>
      lineUser(agent.user_start, line),
    );
    const missing = users.filter((user) => !known.has(user));
    if (missing.length === 0) return [];
    const which =
      missing.length > 3 ? `${missing.slice(0, 3).join(', ')} and ${missing.length - 3} more` : missing.join(', ');
    const fix = `Admin → Users → Add A New User: ${which}`;
    return [{ found: `${named(agent)} has no user for ${which}`, fix, isWarning: !missing.includes(agent.user_start) }];
  });
  return { found: `${known.size} line users are there`, faults };
}

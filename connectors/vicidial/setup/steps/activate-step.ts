import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { RemoteAgentSetUp } from '../../tables/site-rows.ts';
import { readRemoteAgents } from '../../tables/site-set-up.ts';
import { type WantedAgent, wantedAgents } from '../wanted-agents.ts';
import { hasCalled } from './campaign-changes.ts';
import { change, noted, type StepSite, whyNot } from './step-site.ts';

/** Of a remote agent, what the API changes. */
const fields = [
  { field: 'campaign_id', label: 'Campaign' },
  { field: 'number_of_lines', label: 'Number of Lines' },
  { field: 'status', label: 'Status' },
] as const;
type AgentField = (typeof fields)[number]['field'];

interface AgentChange {
  user: string;
  /** That it shall serve. */
  campaign: string;
  field: AgentField;
  from: string;
  to: string;
}

/**
 * The remote agents go to work: campaign and lines as configured, and ACTIVE. Only before the first call of the campaign:
 * later somebody may have stopped them, and their calls would leave the people who take them now.
 */
export function activateStep(site: StepSite): SetupStep {
  const { config, database, id } = site.vicidial;

  async function look(): Promise<{ changes: AgentChange[]; left: AgentChange[]; lacking: string[] } | null> {
    const found = await site.read();
    if (!found) return null;
    const wanted = wantedAgents(config, found);
    const named = wanted.filter(({ user }) => user !== '');
    const all = found.remoteAgents
      // Of two rows of one user, the API would change both.
      .filter((row, index) => found.remoteAgents.findIndex(({ user }) => user === row.user) === index)
      .flatMap((row) => changesOf(row, named));
    const known = new Set(found.remoteAgents.map(({ user }) => user));
    const unknown = named.filter(({ user }) => !known.has(user)).map(({ user }) => `remote agent ${user}`);
    const nobody = wanted
      .filter(({ user }) => user === '')
      .map(({ campaign }) => `remote agent of campaign ${campaign}`);
    const isLeft = ({ user, campaign }: AgentChange) =>
      hasCalled(found.campaigns, campaign) ||
      found.remoteAgents.some(
        (row) => row.user === user && row.status === 'ACTIVE' && hasCalled(found.campaigns, row.campaign),
      );
    return {
      changes: all.filter((each) => !isLeft(each)),
      left: all.filter(isLeft),
      lacking: [...new Set([...unknown, ...nobody])],
    };
  }

  async function plan(): Promise<PlannedChange[]> {
    const seen = await look();
    if (!seen) {
      const detail = 'without the tables nobody can see how it stands: Admin → Remote Agents, Status ACTIVE';
      return [{ what: 'remote agents', state: 'blocked', detail }];
    }
    const lacking = seen.lacking.map((what) => ({
      what,
      state: 'blocked' as const,
      detail: 'it is not there yet, and no API makes one: Admin → Remote Agents → Add New Remote Agents',
    }));
    const left = seen.left.map((each) => ({
      what: nameOf(each),
      state: 'blocked' as const,
      detail: `${each.from || 'nothing'}, wanted is ${each.to}; the campaign has called already, so that it is yours to change: Admin → Remote Agents → ${each.user}${each.field === 'campaign_id' ? '' : `, or \`npx patchbay ${id} lines\``}`,
    }));
    const blocked = [...lacking, ...left];
    if (seen.changes.length === 0) {
      if (blocked.length > 0) return blocked;
      return [{ what: 'remote agents', state: 'there', detail: 'ACTIVE, with their campaigns and lines' }];
    }
    const why = await whyNot(site, 'update_remote_agent');
    return [
      ...blocked,
      ...seen.changes.map((each) => ({
        what: nameOf(each),
        state: why ? ('blocked' as const) : ('differs' as const),
        detail: why || `from ${each.from || 'nothing'} to ${each.to}`,
      })),
    ];
  }

  async function apply(run: SetupRun): Promise<void> {
    for (const each of (await look())?.changes ?? []) {
      const { user, field, from, to } = each;
      await noted(run, nameOf(each), { user, field, from, to }, () =>
        change(site, 'update_remote_agent', { agent_user: user, [field]: to }),
      );
    }
  }

  async function undo({ undoData }: MadeThing): Promise<UndoAnswer> {
    const made = undoData as unknown as AgentChange;
    if (!database)
      return { kind: 'by-hand', what: `Set ${nameOf(made)} back to ${made.from} (Admin → Remote Agents).` };
    const row = (await readRemoteAgents(database)).find(({ user }) => user === made.user);
    if (!row) return { kind: 'gone' };
    const held = heldOf(row, made.field);
    if (held === made.from) return { kind: 'gone' };
    if (held !== made.to) return { kind: 'changed', why: `${nameOf(made)} is ${held} now` };
    if (made.from === '') return { kind: 'by-hand', what: `Empty ${nameOf(made)} (Admin → Remote Agents).` };
    await change(site, 'update_remote_agent', { agent_user: made.user, [made.field]: made.from });
    return { kind: 'undone' };
  }

  return {
    id: 'activate',
    title: 'The lines go to work',
    kind: 'api',
    phase: 'campaign',
    checks: ['remote-agent.active', 'lines.ready'],
    async describe() {
      const wanted = wantedAgents(config, await site.seen());
      const agents = wanted.map(({ user, lines, campaign }) => {
        const name = user || `of campaign ${campaign}`;
        return `- Remote agent ${name}: Status \`ACTIVE\`${lines > 0 ? `, Number of Lines \`${lines}\`` : ''}, Campaign \`${campaign}\``;
      });
      const [first] = wanted.map(({ user }) => user).filter(Boolean);
      return [
        '_Admin → Remote Agents_:',
        agents.join('\n'),
        'Within some seconds each line shows on the _Real-Time Screen_ as READY. One that does not: its Server IP is not one real dialer, or AST_VDremote_agents.pl does not run there.',
        `\`npx patchbay ${id} lines ${first ?? '<User ID Start>'} up\` does it too, and counts the lines that really logged in.`,
        '`setup --apply` does it before the first call of the campaign. One that has called already is switched over by you alone.',
      ].join('\n\n');
    },
    plan,
    apply,
    undo,
  };
}

/** One that is configured for every campaign stays with the one of them that it serves. */
function changesOf(row: RemoteAgentSetUp, named: readonly WantedAgent[]): AgentChange[] {
  const own = named.filter(({ user }) => user === row.user);
  const wanted = own.find(({ campaign }) => campaign === row.campaign) ?? own[0];
  if (!wanted) return [];
  const to: Record<AgentField, string> = {
    campaign_id: wanted.campaign,
    number_of_lines: String(wanted.lines > 0 ? wanted.lines : row.lines),
    status: 'ACTIVE',
  };
  return fields
    .map(({ field }) => ({
      ...{ user: row.user, campaign: wanted.campaign, field },
      ...{ from: heldOf(row, field), to: to[field] },
    }))
    .filter(({ from, to: wants }) => from !== wants);
}

function heldOf(row: RemoteAgentSetUp, field: AgentField): string {
  return { campaign_id: row.campaign, number_of_lines: String(row.lines), status: row.status }[field];
}

function nameOf({ user, field }: Pick<AgentChange, 'user' | 'field'>): string {
  return `${fields.find((each) => each.field === field)?.label ?? field} of remote agent ${user}`;
}

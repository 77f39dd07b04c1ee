import { longestExtension } from '../carrier-config.ts';
import { type WantedAgent, wantedAgents } from '../wanted-agents.ts';
import { placeholders, placeholdersIn, type Site, type Snippet } from './site.ts';

/** The remote agents whose lines the platform answers: one for each campaign and dialer. */
export function remoteAgentSnippet({ config, found = null }: Site): Snippet {
  const { prefix } = config.carrier;
  const nobody: WantedAgent = { campaign: '', user: '', lines: 0, server: '', extension: '' };
  const wanted = wantedAgents(config, found);
  const entries = (wanted.length > 0 ? wanted : [nobody]).map((agent) => fieldLines(fieldsOf(agent, prefix)));
  const text = entries.join('\n\n');
  const left = placeholdersIn(text);
  return {
    name: 'remote-agent',
    where: 'Admin, Remote Agents: one entry for each campaign and each dialer',
    text,
    notes: [
      `The extension is the carrier's prefix ${prefix} and the number, digits only and at most ${longestExtension}: no +, no @host.`,
      'Make users for all lines (Admin, Users), so that reports know them. Recording follows the settings of the first.',
      ...(left.length > 0 ? [`Replace ${left.join(' and ')}.`] : []),
    ],
  };
}

function fieldsOf({ campaign, user, lines, server, extension }: WantedAgent, prefix: string): [string, string][] {
  const realServer = 'one real dialer; never 0.0.0.0, with it no line logs in';
  return [
    [
      'User ID Start',
      user || `${placeholders.lineUser}  (a number; line 2 is that number + 1, and so on: none may be a person's)`,
    ],
    [
      'Number of Lines',
      lines > 0 ? String(lines) : '1 to 255  (as many calls at once, at most what the platform allows)',
    ],
    ['Server IP', `${server || placeholders.dialerIp}  (${realServer})`],
    ['External Extension', extension || `${prefix}${placeholders.number}`],
    ['Status', 'ACTIVE'],
    ['Campaign', campaign || 'the campaign whose customers the AI talks to'],
  ];
}

/** `*` stands for every campaign that the configuration does not name. */
export function campaignNames(campaigns: Site['config']['campaigns']): string {
  const names = Object.keys(campaigns).filter((name) => name !== '*');
  return names.length > 0 ? names.join(' or ') : 'the campaign whose customers the AI talks to';
}

/** `Field: value`, one a line, the values below each other. */
export function fieldLines(fields: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length)) + 2;
  return fields.map(([name, value]) => `${`${name}:`.padEnd(width)}${value}`).join('\n');
}

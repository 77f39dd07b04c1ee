import { extensionOf, longestExtension } from '../carrier-config.ts';
import { placeholders, placeholdersIn, type Site, type Snippet } from './site.ts';

/** The remote agents whose lines the platform answers: one for each campaign and dialer. */
export function remoteAgentSnippet({ config }: Site): Snippet {
  const { prefix, number } = config.carrier;
  const extension = number ? extensionOf(prefix, number) : `${prefix}${placeholders.number}`;
  const campaigns = campaignNames(config.campaigns);
  const fields: readonly (readonly [string, string])[] = [
    [
      'User ID Start',
      `${placeholders.lineUser}  (a number; line 2 is that number + 1, and so on: none may be a person's)`,
    ],
    ['Number of Lines', '1 to 255  (as many calls at once, at most what the platform allows)'],
    ['Server IP', `${placeholders.dialerIp}  (one real dialer; never 0.0.0.0, with it no line logs in)`],
    ['External Extension', extension],
    ['Status', 'ACTIVE'],
    ['Campaign', campaigns],
  ];
  const text = fieldLines(fields);
  return {
    name: 'remote-agent',
    where: 'Admin, Remote Agents: one entry for each campaign and each dialer',
    text,
    notes: [
      `The extension is the carrier's prefix ${prefix} and the number, digits only and at most ${longestExtension}: no +, no @host.`,
      'Make users for all lines (Admin, Users), so that reports know them. Recording follows the settings of the first.',
      `Replace ${placeholdersIn(text).join(' and ')}.`,
    ],
  };
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

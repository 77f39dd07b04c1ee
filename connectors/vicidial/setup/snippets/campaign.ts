import { campaignNames, fieldLines } from './remote-agent.ts';
import { placeholdersIn, type Site, type Snippet } from './site.ts';
import { startUrl } from './start-url.ts';

/** The campaign's fields that decide whether calls reach the AI, and what becomes of their leads. */
export function campaignSnippet(site: Site): Snippet {
  const { prefix } = site.config.carrier;
  const url = startUrl(site);
  return {
    name: 'campaign',
    where: `Admin, Campaigns, ${campaignNames(site.config.campaigns)}: Detail View`,
    text: fieldLines([
      ['Routing Extension', '8368  (8369 with answering machine detection; never the remote extension)'],
      ['Dial Prefix', `that of your customers' carrier; it must not begin with ${prefix}`],
      ['Dial Statuses', 'NEW and what else shall be redialled; never XFER or DNC'],
      ['Drop Call Seconds', '5 or more'],
      ['Use Internal DNC List', 'Y'],
      // Numbers on a list that the campaign does not look at are dialled on.
      ...(site.config.dnc.campaigns.length > 0 ? [['Use Campaign DNC List', 'Y'] as const] : []),
      ['Start Call URL', url],
    ]),
    notes: [
      'Dial statuses are set on the campaign, not on the list. XFER there redials everybody the AI talked to, DNC people who opted out.',
      'The routing extension leads to the remote agents. With the remote extension in its place calls bypass them: nothing is logged, nothing can be hung up.',
      `Replace ${placeholdersIn(url).join(' and ')}.`,
    ],
  };
}

import { campaignNames, fieldLines } from './remote-agent.ts';
import { placeholdersIn, type Site, type Snippet } from './site.ts';
import { startUrl } from './start-url.ts';

/** The campaign's fields that decide whether calls reach the AI, and what becomes of their leads. */
export function campaignSnippet(site: Site): Snippet {
  const { config, found } = site;
  const { prefix } = config.carrier;
  const url = startUrl(site);
  const callerIds = callerIdsOf(site);
  return {
    name: 'campaign',
    where: `Admin, Campaigns, ${campaignNames(config.campaigns)}: Detail View`,
    text: fieldLines([
      ['Routing Extension', '8368  (8369 with answering machine detection; never the remote extension)'],
      ['Dial Prefix', `that of your customers' carrier; it must not begin with ${prefix}`],
      ['Manual Dial Prefix', 'the same, or that of the carrier for calls by hand'],
      ['Campaign CallerID', callerIds || 'a number of yours that customers may call back, digits only'],
      ['Auto Dial Level', '1  (until the first test calls went well)'],
      ['Minimum Hopper Level', 'as many as there are lines  (until then)'],
      ['Dial Statuses', 'NEW and what else shall be redialled; never XFER or DNC'],
      ['Drop Call Seconds', '5 or more'],
      ['Use Internal DNC List', 'Y'],
      // Numbers on a list that the campaign does not look at are dialled on.
      ...(config.dnc.campaigns.length > 0 ? [['Use Campaign DNC List', 'Y'] as const] : []),
      ['Start Call URL', url],
    ]),
    notes: [
      'Dial statuses are set on the campaign, not on the list. XFER there redials everybody the AI talked to, DNC people who opted out.',
      'The routing extension leads to the remote agents. With the remote extension in its place calls bypass them: nothing is logged, nothing can be hung up.',
      ...dialPrefixNotes(found ?? null, prefix, Object.keys(config.campaigns)),
      `Replace ${placeholdersIn(url).join(' and ')}.`,
    ],
  };
}

/** The numbers that customers see, where the configuration says them. */
function callerIdsOf({ config }: Site): string {
  const named = Object.entries(config.campaigns).flatMap(([campaign, { evidence }]) => {
    const digits = evidence?.callerId.replace(/\D/g, '') ?? '';
    return digits ? [[campaign, digits] as const] : [];
  });
  if (named.length === 1) return named[0]?.[1] ?? '';
  return named.map(([campaign, digits]) => `${digits} in ${campaign}`).join(', ');
}

function dialPrefixNotes(found: Site['found'] | null, prefix: string, configured: readonly string[]): string[] {
  const wrong = (found?.campaigns ?? []).filter(
    ({ id, dialPrefix }) => configured.includes(id) && dialPrefix.startsWith(prefix),
  );
  return wrong.map(
    ({ id, dialPrefix }) =>
      `Campaign ${id} has the dial prefix ${dialPrefix} now, which leads its customers to the platform.`,
  );
}

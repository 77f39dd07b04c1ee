import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { checkOf, fail, notUsed, ok, rightsCheck, some, warn } from './results.ts';
import { namedCampaigns, type Site } from './site.ts';

/** Lists: a campaign dials what is in its lists, and nothing else. */
export function listChecks(site: Site): Check[] {
  const behindKnown = { needs: [rightsCheck, 'campaigns.known'] };
  return [
    checkOf({
      id: 'lists.in-campaign',
      title: 'The campaigns have lists to dial',
      looksAt: 'getListsForCampaign',
      ...behindKnown,
      run: () => inCampaign(site),
    }),
    checkOf({
      id: 'lists.filled',
      title: 'There are records in the lists of the campaigns',
      looksAt: 'getListsForCampaign, and getListsInfo: size',
      needs: [rightsCheck, 'lists.in-campaign'],
      run: () => filled(site),
    }),
    checkOf({
      id: 'callbacks.list',
      title: 'The callback list is dialled',
      looksAt: 'getListsForCampaign of every campaign that dials, against callbackList',
      ...behindKnown,
      run: () => callbackList(site),
    }),
  ];
}

/** Of the configured campaigns that dial, the lists. */
async function dialled(site: Site): Promise<{ name: string; lists: string[] }[]> {
  const found: { name: string; lists: string[] }[] = [];
  for (const { name, type } of await site.ways()) {
    if (type === 'INBOUND') continue;
    found.push({ name, lists: await site.listsOf(name) });
  }
  return found;
}

async function inCampaign(site: Site): Promise<CheckResult> {
  const campaigns = await dialled(site);
  const without = campaigns.filter(({ lists }) => lists.length === 0).map(({ name }) => name);
  if (without.length === 0) {
    return ok(campaigns.map(({ name, lists }) => `${name}: ${some(lists, 3)}`).join('; ') || 'none named');
  }
  return fail(
    `no list: ${without.join(', ')}`,
    'A campaign without a list dials nobody.',
    'VCC Administrator → Campaigns → the campaign → Lists → Add.',
  );
}

async function filled(site: Site): Promise<CheckResult> {
  const sizes = await site.lists();
  const campaigns = (await dialled(site)).flatMap(({ name, lists: all }) => {
    // That for callbacks fills by itself; a campaign may have no other.
    const lists = all.filter((list) => list !== site.config.callbackList);
    const size = lists.reduce((sum, list) => sum + (sizes.get(list) ?? 0), 0);
    return lists.length > 0 ? [{ name, lists, size }] : [];
  });
  const empty = campaigns.filter(({ size }) => size === 0);
  if (empty.length === 0)
    return ok(campaigns.map(({ name, size }) => `${name}: ${size}`).join(', ') || 'only lists for callbacks');
  return warn(
    `empty: ${empty.map(({ name, lists }) => `${some(lists, 3)} of ${name}`).join('; ')}`,
    'There is nobody to be called.',
    'VCC Administrator → Lists → the list → Update: import records.',
  );
}

async function callbackList(site: Site): Promise<CheckResult> {
  const list = site.config.callbackList;
  if (!list) return notUsed('no list for callbacks is configured');
  // The configured ones first: a domain may have hundreds.
  const all = await site.campaigns();
  const own = new Set(namedCampaigns(site.config));
  for (const { name, type } of [...all].sort((one, other) => Number(own.has(other.name)) - Number(own.has(one.name)))) {
    if (type !== 'INBOUND' && (await site.listsOf(name)).includes(list)) return ok(`${list} belongs to ${name}`);
  }
  return fail(
    `${list} belongs to no campaign`,
    'Five9 ignores the time of a callback in a list that no campaign dials.',
    'VCC Administrator → Lists → Add: make it, if it is not there. Then Campaigns → the campaign → Lists → Add.',
  );
}

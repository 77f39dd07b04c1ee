import type { Asker, WizardSite } from '../../../../src/domain/setup.ts';
import type { SiteSetUp } from '../../tables/site-set-up.ts';
import { presentKeys, presentText, presentValue } from './present.ts';
import { proposeStatuses } from './propose-statuses.ts';

type Site = Pick<WizardSite<never>, 'id' | 'present' | 'numbers'>;

const other = 'other';

/** The campaigns whose customers the AI talks to. */
export async function askCampaigns(ask: Asker, { id, present }: Site, found: SiteSetUp | null): Promise<string[]> {
  const before = presentKeys(present, 'campaigns').filter((name) => name !== '*');
  if (found && found.campaigns.length > 0) {
    return ask.chooseSome({
      key: `${id}.campaigns`,
      message: 'Campaigns whose customers the AI talks to',
      choices: found.campaigns.map(({ id: value, name, isActive }) => ({
        value,
        label: `${value} ${name}`.trim(),
        ...(!isActive && { hint: 'not active' }),
      })),
      byDefault: before,
    });
  }
  const names = await ask.text({
    key: `${id}.campaigns`,
    message: 'Campaigns whose customers the AI talks to: their Campaign IDs, with commas between',
    byDefault: before.join(', '),
    judge: (answer) =>
      listOf(answer).every((name) => /^[A-Za-z0-9_-]{1,8}$/.test(name)) && listOf(answer).length > 0
        ? null
        : 'At least one; letters and digits, at most 8 each.',
  });
  return listOf(names);
}

/** The number of the AI agent that talks to each campaign, as E.164. */
export async function askNumbers(
  ask: Asker,
  { id, present, numbers }: Site,
  campaigns: readonly string[],
): Promise<Map<string, string>> {
  const byCampaign = new Map<string, string>();
  for (const campaign of campaigns) {
    const before = presentText(present, 'campaigns', campaign, 'number') || presentText(present, 'carrier', 'number');
    byCampaign.set(campaign, await askNumber(ask, { id, numbers }, campaign, before));
  }
  return byCampaign;
}

async function askNumber(
  ask: Asker,
  { id, numbers }: Pick<Site, 'id' | 'numbers'>,
  campaign: string,
  before: string,
): Promise<string> {
  const key = `${id}.campaigns.${campaign}.number`;
  if (numbers.length > 0) {
    const choices = numbers.map(({ number, agentName, platform }) => ({
      value: number,
      label: `${number}: ${agentName}`,
      hint: platform,
    }));
    const held = numbers.some(({ number }) => number === before) ? before : (numbers[0]?.number ?? other);
    const chosen = await ask.choose({
      key,
      message: `Who talks to the customers of ${campaign}?`,
      choices: [...choices, { value: other, label: 'another number' }],
      byDefault: held,
    });
    if (chosen !== other) return chosen;
  }
  return ask.text({
    key: numbers.length > 0 ? `${key}.other` : key,
    message: `Number at the platform whose AI agent talks to the customers of ${campaign}, such as +19895551234`,
    byDefault: before,
    judge: (answer) => (/^\+\d{6,15}$/.test(answer) ? null : 'Give it with + and the country code.'),
  });
}

/** Lists whose leads are read, and that set-up may switch on. */
export async function askLists(
  ask: Asker,
  { id, present }: Site,
  campaigns: readonly string[],
  found: SiteSetUp | null,
): Promise<number[]> {
  const held = presentValue(present, 'sync', 'lists');
  const before = Array.isArray(held) ? held.map(String) : [];
  const lists = (found?.lists ?? []).filter(({ campaign }) => campaigns.includes(campaign));
  if (lists.length > 0) {
    const chosen = await ask.chooseSome({
      key: `${id}.lists`,
      message: 'Lists whose leads the AI talks to (they are read, and switched on by `setup --apply`)',
      choices: lists.map(({ id: value, name, campaign, isActive }) => ({
        value,
        label: `${value} ${name} (${campaign})`,
        ...(!isActive && { hint: 'not active' }),
      })),
      byDefault: before.length > 0 ? before : lists.filter(({ isActive }) => isActive).map(({ id: value }) => value),
    });
    return chosen.map(Number);
  }
  const text = await ask.text({
    key: `${id}.lists`,
    message: 'Lists whose leads the AI talks to: their List IDs, with commas between; empty for those of the campaigns',
    byDefault: before.join(', '),
    judge: (answer) => (listOf(answer).every((list) => /^[1-9]\d*$/.test(list)) ? null : 'Numbers only.'),
  });
  return listOf(text).map(Number);
}

/** Outcome → status of each campaign: what is configured stays, else a proposal that a person confirms. */
export async function askMapping(
  ask: Asker,
  { id, present }: Site,
  campaign: string,
  found: SiteSetUp | null,
): Promise<Record<string, string>> {
  const before = presentKeys(present, 'campaigns', campaign, 'dispositions');
  if (before.length > 0) {
    ask.say(`${campaign}: the mapping of its ${before.length} outcomes stays as it is.`);
    return Object.fromEntries(
      before.map((outcome) => [outcome, presentText(present, 'campaigns', campaign, 'dispositions', outcome)]),
    );
  }
  const proposed = proposeStatuses(found, campaign);
  for (const { outcome, status, why } of proposed) ask.say(`${campaign}: ${outcome} → ${status || 'nothing'} (${why})`);
  const isTaken = await ask.confirm({
    key: `${id}.campaigns.${campaign}.mapping`,
    message: `Map the outcomes of ${campaign} like this? You can change each later in the configuration`,
    byDefault: true,
  });
  if (!isTaken) return {};
  return Object.fromEntries(proposed.flatMap(({ outcome, status }) => (status ? [[outcome, status]] : [])));
}

export function listOf(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

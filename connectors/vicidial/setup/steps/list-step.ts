import type { MadeThing, PlannedChange, SetupRun, SetupStep, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { ListSetUp } from '../../tables/site-rows.ts';
import type { SiteSetUp } from '../../tables/site-set-up.ts';
import { campaignNames } from '../wanted-agents.ts';
import { hasCalled } from './campaign-changes.ts';
import { change, noted, type StepSite, whyNot } from './step-site.ts';
import { numbered, table } from './step-text.ts';

/**
 * The lists that are named in the configuration are switched on before the campaign's first call. Others may be old, and
 * what a campaign at work has off may be so on purpose: a person decides.
 */
export function listStep(site: StepSite): SetupStep {
  const { config, id: instance } = site.vicidial;

  function ofCampaigns(found: SiteSetUp | null): ListSetUp[] {
    return (found?.lists ?? []).filter(({ campaign }) => campaignNames(config).includes(campaign));
  }

  async function plan(): Promise<PlannedChange[]> {
    const found = await site.read();
    if (!found) {
      const detail = 'without the tables nobody can see whether they are active: look at Admin → Lists';
      return [{ what: 'lists', state: 'blocked', detail }];
    }
    const lists = ofCampaigns(found);
    const off = toSwitchOn(found);
    const held = named(lists).filter(({ id, isActive }) => !isActive && !off.some((each) => each.id === id));
    const without = campaignNames(config).filter(
      (name) => !lists.some(({ id, campaign, isActive }) => campaign === name && (isActive || isNamed(id))),
    );
    const blocked = [
      ...without.map((campaign) => ({
        what: `list of campaign ${campaign}`,
        state: 'blocked' as const,
        detail: 'no list of it is active: which one may be dialled is for you to say (Admin → Lists → Active)',
      })),
      ...held.map(({ id, campaign }) => ({
        what: `list ${id}`,
        state: 'blocked' as const,
        detail: `it is off, and campaign ${campaign} has called already: switch it on by hand if it shall be dialled (Admin → Lists → ${id} → Active: Y)`,
      })),
    ];
    if (off.length === 0) {
      if (blocked.length > 0) return blocked;
      return [{ what: 'lists', state: 'there', detail: 'every campaign has an active list' }];
    }
    const why = await whyNot(site, 'update_list');
    return [
      ...blocked,
      ...off.map(({ id, campaign }) => ({
        what: `list ${id}`,
        state: why ? ('blocked' as const) : ('differs' as const),
        detail: why || `made active: campaign ${campaign} may dial it`,
      })),
    ];
  }

  function isNamed(id: string): boolean {
    return config.sync.lists.includes(Number(id));
  }

  function named(lists: readonly ListSetUp[]): ListSetUp[] {
    return lists.filter(({ id }) => isNamed(id));
  }

  function toSwitchOn(found: SiteSetUp | null): ListSetUp[] {
    return named(ofCampaigns(found)).filter(
      ({ isActive, campaign }) => !isActive && !hasCalled(found?.campaigns ?? [], campaign),
    );
  }

  async function apply(run: SetupRun): Promise<void> {
    for (const { id, campaign } of toSwitchOn(await site.read())) {
      await noted(run, `list ${id}`, { list: id, campaign }, () =>
        change(site, 'update_list', { list_id: id, active: 'Y' }),
      );
    }
  }

  async function undo({ undoData }: MadeThing): Promise<UndoAnswer> {
    const id = String(undoData.list ?? '');
    const found = await site.read();
    if (!found) return { kind: 'by-hand', what: `Admin → Lists → ${id} → Active: N` };
    const list = found.lists.find((each) => each.id === id);
    if (!list?.isActive) return { kind: 'gone' };
    if (list.campaign !== undoData.campaign) {
      return { kind: 'changed', why: `list ${id} belongs to campaign ${list.campaign} now` };
    }
    await change(site, 'update_list', { list_id: id, active: 'N' });
    return { kind: 'undone' };
  }

  return {
    id: 'list',
    title: 'The call list',
    kind: 'api',
    phase: 'campaign',
    checks: ['list.active', 'list.dialable-leads'],
    async describe() {
      const lists = ofCampaigns(await site.seen());
      const rows = lists.map(({ id, name, campaign, isActive }) => [id, name, campaign, isActive ? 'Y' : 'N']);
      return [
        ...(rows.length > 0 ? ['As it is now:', table(['List', 'Name', 'Campaign', 'Active'], rows)] : []),
        numbered([
          '_Admin → Lists_: the list that shall be dialled has Active `Y` and its Campaign.',
          "Leads: Phone Number in national digits (no +, no country code), Phone Code the country's (1), Status `NEW`. A country left blank makes a number that nobody can dial.",
          'Dial statuses are set on the campaign, not on the list.',
          `Resetting makes called leads dialable again. It is yours to do: _Admin → Lists → Reset Lead-Called-Status_, or \`npx patchbay ${instance} reset-list <list>\`. For one test call you need no reset: \`npx patchbay call test\`.`,
        ]),
        '`setup --apply` switches on only the lists that `sync.lists` names, and only before the first call of their campaign.',
      ].join('\n\n');
    },
    plan,
    apply,
    undo,
  };
}

import { ofCampaign } from '../../../src/domain/settings.ts';
import type { Five9 } from '../five9.ts';
import { type DomainPlan, type Making, type PlannedThing, unlessThere } from './domain-plan.ts';
import { createSetupOperations } from './setup-operations.ts';

/** The list of callbacks, and a campaign that dials it: Five9 heeds the time of a callback in no other list. */
export async function planCallbackList({ api, config }: Five9): Promise<DomainPlan> {
  const list = config.callbackList;
  if (!list) return { things: [], obstacle: '' };
  const operations = createSetupOperations(api);
  const isThere = (await operations.lists()).has(list);
  const create: Making = {
    what: `list ${list}`,
    undo: { kind: 'list', name: list },
    make: () => unlessThere(() => operations.createList(list)),
  };
  const things: PlannedThing[] = [
    isThere
      ? { what: create.what, state: 'there', detail: '' }
      : { what: create.what, state: 'missing', detail: 'is made, empty', makings: [create] },
  ];
  const dialling = (await api.campaigns()).filter(({ type }) => type !== 'INBOUND').map(({ name }) => name);
  const named = dialling.filter((name) => name in config.campaigns);
  for (const campaign of named.filter((name) => ofCampaign(config.campaigns, name)?.dispositions.callback)) {
    const what = `list ${list} in the campaign ${campaign}`;
    if ((await api.listsOfCampaign(campaign)).includes(list)) {
      things.push({ what, state: 'there', detail: '' });
      continue;
    }
    const make = () => unlessThere(() => operations.assignList(campaign, list));
    const undo = { kind: 'assigned-list' as const, name: list, campaign };
    things.push({ what, state: 'missing', detail: 'is added', makings: [{ what, undo, make }] });
  }
  return { things, obstacle: '' };
}

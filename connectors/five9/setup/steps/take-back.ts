import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { MadeThing, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { createScriptOperations } from '../../ivr/script/script-operations.ts';
import { isRunning, whyRunning } from '../plan-contact-fields.ts';
import { createSetupOperations } from '../setup-operations.ts';
import { readUndoing, type Undoing } from '../undoing.ts';
import { changed, remove } from './remove.ts';
import { takeBackMembers, takeBackSchedule } from './take-back-campaign.ts';
import { takeBackScript } from './take-back-script.ts';

type Of<Kind extends Undoing['kind']> = Extract<NonNullable<ReturnType<typeof readUndoing>>, { kind: Kind }>;

/** Takes back one thing that set-up made in the domain, as far as it still is what was made and nobody uses it. */
export async function takeBack(five9: Five9, made: MadeThing): Promise<UndoAnswer> {
  const kept = readUndoing(made.undoData);
  if (!kept) return { kind: 'by-hand', what: `Take back in the VCC Administrator: ${made.what}.` };
  switch (kept.kind) {
    case 'contact-field':
      return takeBackField(five9, kept);
    case 'disposition':
      return takeBackDisposition(five9, kept);
    case 'assigned-disposition':
      // Five9 does not tell whether the campaign had it before: an answer that was lost leaves that open for good.
      if (!made.isCertain) return byHandIfThere(five9, kept);
      return remove(five9, 'removeDispositionsFromCampaign', {
        campaignName: kept.campaign,
        dispositions: [kept.name],
      });
    case 'variable':
      return takeBackVariable(five9, kept);
    case 'variable-group':
      return takeBackGroup(five9, kept);
    case 'skill':
      return takeBackSkill(five9, kept.name);
    case 'list':
    case 'assigned-list':
      return takeBackList(five9, kept);
    case 'number':
      return remove(five9, 'removeDNISFromCampaign', { campaignName: kept.campaign, DNISList: [kept.number] });
    case 'script':
      return takeBackScript(five9, kept, made.isCertain);
    case 'schedule':
      return takeBackSchedule(five9, kept);
    case 'members':
      return takeBackMembers(five9, kept);
  }
}

/** The field goes with what contacts hold in it: that was ours. */
async function takeBackField(five9: Five9, { name, type, mapTo }: Of<'contact-field'>): Promise<UndoAnswer> {
  const found = (await five9.api.contactFields()).find((field) => field.name === name);
  if (!found) return { kind: 'gone' };
  if (found.type !== type || (found.mapTo || 'None') !== mapTo) return changed(`it is ${found.type} now`);
  const running = (await five9.api.campaigns()).filter(isRunning).map((campaign) => campaign.name);
  if (running.length > 0) {
    throw new ConnectorError('dialer_refused', `the contact field ${name} can't be deleted now`, {
      hint: whyRunning(running),
    });
  }
  return remove(five9, 'deleteContactField', { fieldName: name });
}

async function takeBackDisposition(five9: Five9, { name, type }: Of<'disposition'>): Promise<UndoAnswer> {
  const found = (await createSetupOperations(five9.api).dispositions()).find((one) => one.name === name);
  if (!found) return { kind: 'gone' };
  if (found.type !== type) return changed(`it is of the type ${found.type} now`);
  return remove(five9, 'removeDisposition', { dispositionName: name });
}

async function takeBackVariable(five9: Five9, { group, name, type }: Of<'variable'>): Promise<UndoAnswer> {
  const operations = createSetupOperations(five9.api);
  if (!(await operations.callVariableGroups()).includes(group)) return { kind: 'gone' };
  const found = (await operations.callVariables(group)).find((one) => one.name === name);
  if (!found) return { kind: 'gone' };
  if (found.type !== type) return changed(`it is ${found.type} now`);
  return remove(five9, 'deleteCallVariable', { name, groupName: group });
}

async function takeBackGroup(five9: Five9, { name }: Of<'variable-group'>): Promise<UndoAnswer> {
  const operations = createSetupOperations(five9.api);
  if (!(await operations.callVariableGroups()).includes(name)) return { kind: 'gone' };
  const others = (await operations.callVariables(name)).map((variable) => variable.name);
  if (others.length > 0) return changed(`there are other variables in it: ${others.join(', ')}`);
  return remove(five9, 'deleteCallVariablesGroup', { name });
}

async function byHandIfThere(five9: Five9, { name, campaign }: Of<'assigned-disposition'>): Promise<UndoAnswer> {
  const held = await createSetupOperations(five9.api).dispositions();
  if (!held.some((one) => one.name === name)) return { kind: 'gone' };
  const where = `VCC Administrator → Campaigns → ${campaign} → Dispositions`;
  return {
    kind: 'by-hand',
    what: `${where}: remove "${name}", unless the campaign had it before set-up; Five9 did not answer when it was added.`,
  };
}

/** A skill that people were given is at work: calls of others may reach them by it. */
async function takeBackSkill(five9: Five9, name: string): Promise<UndoAnswer> {
  const operations = createSetupOperations(five9.api);
  if (!(await createScriptOperations(five9.api).skills()).has(name)) return { kind: 'gone' };
  const people = await operations.peopleInSkill(name);
  if (people > 0)
    return changed(`${people === 1 ? 'one person has' : `${people} people have`} the skill: take it from them`);
  return remove(five9, 'deleteSkill', { skillName: name });
}

/** A list with records in it is at work: neither it nor its place in a campaign is taken away. */
async function takeBackList(five9: Five9, kept: Of<'list'> | Of<'assigned-list'>): Promise<UndoAnswer> {
  const size = (await createSetupOperations(five9.api).lists()).get(kept.name);
  if (size === undefined) return { kind: 'gone' };
  if (size > 0) return changed(`the list ${kept.name} has ${size === 1 ? 'a record' : `${size} records`}`);
  if (kept.kind === 'list') return remove(five9, 'deleteList', { listName: kept.name });
  return remove(five9, 'removeListsFromCampaign', { campaignName: kept.campaign, lists: [kept.name] });
}

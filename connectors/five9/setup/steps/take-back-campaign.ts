import type { Json, UndoAnswer } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { holds, type Members, readCampaign, rewriteCampaign, visualModeOf } from '../campaign-rewrite.ts';
import { campaignWay } from '../campaign-ways.ts';
import { createSetupOperations, type ScriptParameter } from '../setup-operations.ts';

interface KeptSchedule {
  campaign: string;
  type: 'AUTODIAL' | 'INBOUND';
  script: string;
  before: { script: string; params: ScriptParameter[] } | null;
}

/** The script that ran before runs again. That a schedule can be emptied is not documented, so it is looked at again. */
export async function takeBackSchedule(five9: Five9, kept: KeptSchedule): Promise<UndoAnswer> {
  const { campaign, type, script, before } = kept;
  if (!(await isThere(five9, campaign, type))) return { kind: 'gone' };
  const now = (await campaignWay(five9.api, campaign, type)).script;
  if (now === (before?.script ?? '')) return { kind: 'gone' };
  if (now !== script) return { kind: 'changed', why: `its schedule runs the script "${now}" now` };
  const { defaultIvrSchedule } = await readCampaign(five9.api, campaign, type);
  if (before) {
    const visual = visualModeOf(defaultIvrSchedule);
    await createSetupOperations(five9.api).setSchedule(campaign, before.script, before.params, visual);
    return { kind: 'undone' };
  }
  const others = type === 'INBOUND' ? withoutSchedule(defaultIvrSchedule as Members) : undefined;
  await rewriteCampaign(five9.api, { name: campaign, type }, { defaultIvrSchedule: others });
  if ((await campaignWay(five9.api, campaign, type)).script === '') return { kind: 'undone' };
  return {
    kind: 'by-hand',
    what: `VCC Administrator → Campaigns → ${campaign} → IVR Schedule: take the script "${script}" out.`,
  };
}

/** What else the schedule of an inbound campaign holds: how it looks to chats and the like. */
function withoutSchedule(schedule: Members | undefined): Members | undefined {
  const { ivrSchedule: _script, ...others } = schedule ?? {};
  return Object.keys(others).length > 0 ? others : undefined;
}

interface KeptMembers {
  campaign: string;
  type: 'OUTBOUND' | 'AUTODIAL';
  set: Members;
  before: Members;
}

/** Gives a campaign the members back that it had, unless one was set since. */
export async function takeBackMembers(five9: Five9, { campaign, type, set, before }: KeptMembers): Promise<UndoAnswer> {
  if (!(await isThere(five9, campaign, type))) return { kind: 'gone' };
  const now = await readCampaign(five9.api, campaign, type);
  if (Object.keys(set).every((name) => isSame(now[name], before[name]))) return { kind: 'gone' };
  const touched = Object.entries(set).filter(([name, value]) => !holds(now[name], value));
  if (touched.length > 0) {
    return { kind: 'changed', why: `somebody set ${touched.map(([name]) => name).join(', ')} of the campaign since` };
  }
  const changes = Object.fromEntries(Object.keys(set).map((name) => [name, before[name]]));
  await rewriteCampaign(five9.api, { name: campaign, type }, changes);
  const then = await readCampaign(five9.api, campaign, type);
  const left = Object.keys(set).filter((name) => !isSame(then[name], before[name]));
  if (left.length === 0) return { kind: 'undone' };
  return {
    kind: 'by-hand',
    what: `VCC Administrator → Campaigns → ${campaign}: set ${left.map((name) => `${name} to ${wordsOf(before[name])}`).join(', ')}; Five9 keeps what it has.`,
  };
}

function wordsOf(before: Json | undefined): string {
  return before === undefined ? 'nothing' : JSON.stringify(before);
}

function isSame(now: Json | undefined, before: Json | undefined): boolean {
  return before === undefined ? now === undefined : holds(now, before);
}

async function isThere({ api }: Five9, campaign: string, type: string): Promise<boolean> {
  return (await api.campaigns()).some((one) => one.name === campaign && one.type === type);
}

import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { checkOf, fail, notUsed, ok, rightsCheck } from './results.ts';
import type { Site } from './site.ts';

const menu = 'VCC Administrator → Call Variables';

/** Scripts fill these variables; agents see them in the screen pop. */
export function callVariableChecks(site: Site): Check[] {
  const ofGroup = { needs: [rightsCheck, 'variables.group'] };
  return [
    checkOf({
      id: 'variables.group',
      title: 'The group of call variables for the screen pop exists',
      looksAt: 'getCallVariableGroups: name, against ivr.callVariableGroup',
      run: () => judge(site, { isGroup: true, state: 'missing' }),
    }),
    checkOf({
      id: 'variables.known',
      title: 'The call variables of the screen pop exist',
      looksAt: 'getCallVariables of the group: name',
      ...ofGroup,
      run: () => judge(site, { isGroup: false, state: 'missing' }),
    }),
    checkOf({
      id: 'variables.types',
      title: 'The call variables of the screen pop take texts',
      looksAt: 'getCallVariables of the group: type',
      ...ofGroup,
      run: () => judge(site, { isGroup: false, state: 'differs' }),
    }),
  ];
}

async function judge(site: Site, wanted: { isGroup: boolean; state: 'missing' | 'differs' }): Promise<CheckResult> {
  const group = site.config.ivr.callVariableGroup;
  if (!group) return notUsed('ivr.callVariableGroup is not set, so scripts fill no call variables');
  const { things } = await site.variablePlan();
  const looked = things.filter(({ what }) => what.startsWith('group ') === wanted.isGroup);
  const bad = looked.filter(({ state }) => state === wanted.state);
  if (bad.length === 0) return ok(wanted.isGroup ? group : `${looked.length} in the group ${group}`);
  if (wanted.state === 'missing') {
    return fail(
      `not in Five9: ${bad.map(({ what }) => what).join(', ')}`,
      'A script that names a call variable which is not there can not be saved, or shows the agent nothing.',
      `Run npx patchbay ${site.five9.id} call-variables --apply (by hand: ${menu} → Add). Then show them to agents: VCC Administrator → Campaign Profiles → the profile of the campaign → Layout.`,
    );
  }
  return fail(
    bad.map(({ what, detail }) => `${what} ${detail}`).join('; '),
    'A variable of another type refuses the text that the script puts there, and the agent sees nothing.',
    `${menu} → ${group}: delete the variable, and run npx patchbay ${site.five9.id} call-variables --apply.`,
  );
}

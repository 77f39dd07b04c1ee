import type { CheckResult } from '../../../src/domain/connector.ts';
import type { Five9 } from '../five9.ts';
import { ok, warn } from './check-results.ts';
import { planCallVariables } from './plan-call-variables.ts';

/** Scripts fill these variables; agents see them in the screen pop. */
export async function callVariablesKnown(five9: Five9): Promise<CheckResult> {
  if (!five9.config.ivr.callVariableGroup) return ok('no group is named, so scripts fill none');
  const { things } = await planCallVariables(five9);
  const bad = things.filter(({ state }) => state !== 'there');
  if (bad.length === 0) return ok(`the group ${five9.config.ivr.callVariableGroup} has all of them`);
  return warn(
    bad.map(({ what, state, detail }) => `${what}: ${state === 'missing' ? 'missing' : detail}`).join('; '),
    'A script that names a call variable which is not there can not be saved, or shows the agent nothing.',
    `Run npx patchbay ${five9.id} call-variables --apply (in the VCC Administrator: Call Variables).`,
  );
}

import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import type { Five9 } from '../five9.ts';
import { checkOf, ok, warn } from './check-results.ts';
import { planCallVariables } from './plan-call-variables.ts';

/** Scripts fill these variables; agents see them in the screen pop. */
export function callVariableChecks(five9: Five9): Check[] {
  if (!five9.config.ivr.callVariableGroup) return [];
  return [checkOf('variables.known', 'The call variables of the screen pop exist', () => known(five9))];
}

async function known(five9: Five9): Promise<CheckResult> {
  const { things } = await planCallVariables(five9);
  const bad = things.filter(({ state }) => state !== 'there');
  if (bad.length === 0) return ok(`the group ${five9.config.ivr.callVariableGroup} has all of them`);
  return warn(
    bad.map(({ what, state, detail }) => `${what}: ${state === 'missing' ? 'missing' : detail}`).join('; '),
    'A script that names a call variable which is not there can not be saved, or shows the agent nothing.',
    `Run npx patchbay ${five9.id} call-variables --apply (in the VCC Administrator: Call Variables).`,
  );
}

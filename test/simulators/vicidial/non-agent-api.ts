import { addLead } from './add-lead.ts';
import { type ApiAnswer, type ApiFunction, answer, hasRights, mayCall } from './api-function.ts';
import { logIn } from './api-login.ts';
import { batchUpdateLead } from './batch-update-lead.ts';
import { callLookups } from './call-lookups.ts';
import type { VicidialDeps } from './deps.ts';
import { dncFunctions } from './dnc-functions.ts';
import { newestBuild, type RequestFaults } from './faults.ts';
import { leadLookups } from './lead-lookups.ts';
import { logLookups } from './log-lookups.ts';
import type { Parameters } from './parameters.ts';
import { setupFunctions } from './setup-functions.ts';
import { siteLookups } from './site-lookups.ts';
import { steeringFunctions } from './steering-functions.ts';
import { updateLead } from './update-lead.ts';
import { updateLogEntry } from './update-log-entry.ts';

const functions: Readonly<Record<string, ApiFunction>> = {
  add_lead: addLead,
  update_lead: updateLead,
  batch_update_lead: batchUpdateLead,
  update_log_entry: updateLogEntry,
  ...dncFunctions,
  ...leadLookups,
  ...callLookups,
  ...logLookups,
  ...siteLookups,
  ...steeringFunctions,
  ...setupFunctions,
};

/** Answers `/vicidial/non_agent_api.php` in VICIdial's words. */
export async function answerNonAgentApi(
  deps: VicidialDeps,
  parameters: Parameters,
  faults: RequestFaults,
): Promise<ApiAnswer> {
  const name = parameters.get('function').replace(/[^_a-z0-9]/gi, '');
  if (name === 'version') return answer(versionLine(deps, faults.build));

  const source = parameters
    .get('source')
    .replace(/[^-_0-9a-zA-Z]/g, '')
    .slice(0, 20);
  if (source.length < 2) return answer(`ERROR: Invalid Source - ${source}`, `ERROR: Invalid Source - ${source}`);
  const login = await logIn(deps, parameters, { leastLevel: 7, isLocked: faults.loginLocked });
  if (login.kind === 'refused')
    return answer(`ERROR: Login incorrect, please try again: |${login.user}|${parameters.get('pass')}|${login.why}|`);

  if (faults.ipRefused) return answer('ERROR: Your IP Address is not allowed: 127.0.0.1');

  const { user, userName } = login;
  if (!mayCall(user, name))
    return answer(`ERROR: auth USER DOES NOT HAVE PERMISSION TO USE THIS FUNCTION: |${userName}|${name}|`);
  const wanted = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!wanted || wanted.firstBuild > faults.build) return answer('ERROR: NO FUNCTION SPECIFIED');
  if (!hasRights(user, wanted))
    return answer(`ERROR: ${name} USER DOES NOT HAVE PERMISSION TO ${wanted.permission}: |${userName}|0|`);
  return wanted.run(deps, { parameters, user, userName, build: faults.build });
}

function versionLine({ time }: VicidialDeps, build: number): string {
  const { now, standard } = time.offsetHours();
  const release = build === newestBuild ? '2.14-202|BUILD: 250720-1841' : `2.14-100|BUILD: ${build}-1200`;
  const isSummer = now === standard ? 0 : 1;
  const values = [`DATE: ${time.local()}`, `EPOCH: ${time.epochSec()}`, `DST: ${isSummer}`];
  return `VERSION: ${release}|${values.join('|')}|TZ: ${standard.toFixed(2)}|TZNOW: ${now.toFixed(2)}|`;
}

import type { Check } from '../../../../src/domain/connector.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { UsableAnswer } from '../../api/api.ts';
import { findLine, wordsOf } from '../../api/api-answer.ts';
import { apiFunctions, type FunctionUse, userRights } from '../../api/functions.ts';
import type { Vicidial } from '../../vicidial.ts';
import { once } from '../site-tables/once.ts';
import type { UserRow } from '../site-tables/rows.ts';
import type { Site } from '../site-tables/site.ts';
import { baseUses } from '../snippets/api-user.ts';
import { type CheckRun, checkOf, type Fault, type Findings, tableCheck, unseenOf } from './check-of.ts';
import { lookAtRights, noLead } from './rights.ts';
import { readVersion, type Version } from './version.ts';

/** What the API's checks share: each is asked once. */
export interface ApiAsked {
  version(): Promise<Version>;
  probe(): Promise<UsableAnswer | ConnectorError>;
}

export function askApi({ api, deps }: Vicidial): ApiAsked {
  return {
    version: once(async () => readVersion(await api.call('version'), deps.clock.now())),
    // Changes nothing, but asks for the log-in and every right that the real thing needs.
    probe: once(async () => {
      const asked = api.call('update_lead', { search_method: 'LEAD_ID', lead_id: noLead, no_update: 'Y' });
      return await asked.catch((thrown: unknown) => {
        if (thrown instanceof ConnectorError && thrown.code === 'dialer_denied') return thrown;
        throw thrown;
      });
    }),
  };
}

/** Whether the two HTTP interfaces answer, take our log-in and let us do what is needed, and no more. */
export function apiChecks(run: CheckRun, asked: ApiAsked): Check[] {
  const { vicidial, site } = run;
  return [
    checkOf(
      {
        id: 'api.reachable',
        title: 'The Non-Agent API answers',
        looksAt: 'Non-Agent API: version',
        why: 'Results reach VICIdial by it, and by nothing else.',
      },
      () => lookAtServer(asked),
    ),
    checkOf(
      {
        id: 'api.ip-list',
        title: 'The API takes requests from this machine',
        looksAt: 'Non-Agent API: update_lead of a lead that nobody has',
        needs: ['api.reachable'],
        why: 'No result reaches VICIdial from an address that is not on its list.',
      },
      async () => {
        const answer = await asked.probe();
        if (!isIpRefusal(answer)) return { found: 'our address is not refused' };
        const fix = `Admin → User Groups → the group of ${vicidial.config.api.user} → API Allowed IP List: add the address of this machine to that list (Admin → IP Lists), or choose no list.`;
        return { found: '', faults: [{ found: 'VICIdial refuses our address', fix }] };
      },
    ),
    checkOf(
      {
        id: 'api.login',
        title: 'The API takes our user and password',
        looksAt: 'Non-Agent API: update_lead of a lead that nobody has; vicidial_users of the API user',
        needs: ['api.ip-list'],
        why: 'Without it no result reaches VICIdial.',
      },
      () => lookAtLogin(vicidial, asked, site),
    ),
    checkOf(
      {
        id: 'agent-api.active',
        title: 'The Agent API is switched on',
        looksAt: 'system_settings.vdc_agent_api_active',
        needs: [site ? 'database.reachable' : 'api.login'],
        why: 'Live calls are hung up and transferred through it.',
      },
      () => lookAtAgentApi(vicidial, asked, site),
    ),
    checkOf(
      {
        id: 'api.rights',
        title: 'The API user may call every function that is needed',
        looksAt: 'Each function of the APIs, asked so that nothing changes',
        needs: ['api.login', 'agent-api.active'],
        why: 'What may not be called can neither be read nor written.',
      },
      () => lookAtRights(vicidial),
    ),
    tableCheck(
      run,
      {
        id: 'api.rights-too-many',
        title: 'The API user has no rights that are not needed',
        looksAt: 'vicidial_users of the API user',
        reads: ['vicidial_users.user_level', 'vicidial_users.api_allowed_functions'],
        needs: ['api.login'],
        why: 'Its password travels in requests: whoever gets hold of it should not be able to change users or campaigns.',
        byHand: `Admin → Users → ${vicidial.config.api.user}`,
      },
      async (open) => lookAtSurplus(vicidial, await open.apiUser()),
    ),
  ];
}

async function lookAtServer(asked: ApiAsked): Promise<Findings> {
  try {
    const { build } = await asked.version();
    return { found: `it answers; build ${build || 'unknown'}` };
  } catch (thrown) {
    if (!(thrown instanceof ConnectorError)) throw thrown;
    return { found: '', faults: [{ found: thrown.message, fix: thrown.hint || 'See the log.' }] };
  }
}

function isIpRefusal(answer: UsableAnswer | ConnectorError): boolean {
  return answer instanceof ConnectorError && answer.message.includes('IP Address');
}

function isRightsRefusal(answer: UsableAnswer | ConnectorError): boolean {
  return answer instanceof ConnectorError && answer.message.includes('DOES NOT HAVE PERMISSION');
}

async function lookAtLogin({ config }: Vicidial, asked: ApiAsked, site: Site | null): Promise<Findings> {
  const { user } = config.api;
  const answer = await asked.probe();
  // A refusal for want of a right comes after the log-in was taken.
  const isTaken = isRightsRefusal(answer) || (!(answer instanceof ConnectorError) && !isOdd(answer));
  if (isTaken) return { found: `${user} is logged in` };
  if (answer instanceof ConnectorError) {
    const why = await whyRefused(user, site);
    return {
      found: '',
      faults: [{ found: [answer.message, why?.found].filter(Boolean).join(': '), fix: why?.fix ?? answer.hint }],
    };
  }
  const fix = 'Set api.url to the Non-Agent API: http://<web server>/vicidial/non_agent_api.php.';
  return { found: '', faults: [{ found: `update_lead answered: ${wordsOf(answer)}`, fix }] };
}

/** A release without the function is a matter for another check. */
function isOdd(answer: UsableAnswer): boolean {
  return answer.kind !== 'noFunction' && !findLine(answer, 'error', 'NO MATCHES FOUND');
}

/** What the user's own row tells; the password itself nobody shows us. */
async function whyRefused(name: string, site: Site | null): Promise<Fault | null> {
  const user = site ? await site.apiUser().catch(() => null) : null;
  if (user === null) return null;
  const page = `Admin → Users → ${name}`;
  if (!user)
    return {
      found: `there is no user ${name}`,
      fix: 'Admin → Users → Add A New User: make it as `npx patchbay <id> snippets api-user` prints it.',
    };
  if (!user.active) return { found: 'the user is not active', fix: `${page} → Active: Y` };
  if (user.user_level < 7) return { found: `its User Level is ${user.user_level}`, fix: `${page} → User Level: 8` };
  if (user.failed_login_count >= 10) {
    return {
      found: `${user.failed_login_count} wrong passwords have locked it`,
      fix: 'Mend api.pass, and wait 15 minutes after the last wrong try.',
    };
  }
  return {
    found: 'the password is another one',
    fix: `Set api.pass to the password of ${page}: letters and digits only.`,
  };
}

async function lookAtAgentApi({ api }: Vicidial, asked: ApiAsked, site: Site | null): Promise<Findings> {
  const fault: Fault = { found: 'it is switched off', fix: 'Admin → System Settings → Agent API Active: 1' };
  if (site) {
    const [unseen] = await unseenOf(site, ['system_settings.vdc_agent_api_active']);
    if (unseen)
      return {
        found: `${unseen} can't be read: the release lacks it, or the grant leaves it out`,
        isUnknown: true,
        fix: 'See database.tables, or look yourself: Admin → System Settings → Agent API Active.',
      };
    const settings = await site.settings();
    return settings?.vdc_agent_api_active ? { found: 'it is active' } : { found: '', faults: [fault] };
  }
  // With a right missing, the Agent API says the same as for a wrong password, and would be asked no more.
  if (isRightsRefusal(await asked.probe())) {
    return { found: 'not asked: the API user lacks rights', isUnknown: true, fix: 'See api.rights.' };
  }
  try {
    await api.callAgent('ra_call_control', { agent_user: 'none', value: 'none', stage: 'none' });
  } catch (thrown) {
    if (thrown instanceof ConnectorError && thrown.message.includes('NOT ACTIVE'))
      return { found: '', faults: [fault] };
    if (!(thrown instanceof ConnectorError && isRightsRefusal(thrown))) throw thrown;
  }
  return { found: 'it is active' };
}

/** Only the set-up needs these, and it takes an admin's log-in for that. */
const neverNeeded = ['modify_users', 'ast_admin_access'] as const;

function lookAtSurplus({ config }: Vicidial, user: UserRow | undefined): Findings {
  const page = `Admin → Users → ${config.api.user}`;
  if (!user)
    return { found: `vicidial_users shows no ${config.api.user}`, isUnknown: true, fix: `Look yourself: ${page}.` };
  const faults: Fault[] = [];
  const warn = (found: string, fix: string) => faults.push({ found, fix: `${page} → ${fix}.`, isWarning: true });
  if (user.user_level >= 9) warn(`its User Level is ${user.user_level}`, 'User Level: 8');
  for (const right of neverNeeded) {
    const { label } = userRights[right];
    if (user[right] === '1') warn(`${label} is 1`, `${label}: 0`);
  }
  const allowed = user.api_allowed_functions;
  const wanted: readonly FunctionUse[] = [...baseUses(config), 'undo', 'steer', 'test-call'];
  const needed = Object.entries(apiFunctions).filter(([, { use }]) => wanted.includes(use));
  const names = needed.map(([name]) => name).join(' ');
  if (allowed.includes('ALL_FUNCTIONS')) warn('it may call ALL_FUNCTIONS', `API Allowed Functions: ${names}`);
  if (user.api_list_restrict === '0') warn('it may write to the lists of every campaign', 'API List Restrict: 1');
  return { found: `level ${user.user_level}, ${allowed.length} functions`, faults };
}

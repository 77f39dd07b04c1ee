import { z } from 'zod';
import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import { faultOf } from '../../soap/errors.ts';
import { checkOf, fail, ok, rightsCheck, unknown, warn } from './results.ts';
import { namedCampaigns, type Site } from './site.ts';

/** What the API users may do. */
export function rightsChecks(site: Site): Check[] {
  return [
    checkOf({
      id: rightsCheck,
      title: 'The API user may read what Patchbay needs',
      looksAt: 'each operation that reads: an answer, or AccessDisallowed',
      needs: ['users.single-use'],
      run: () => mayRead(site),
    }),
    checkOf({
      id: 'users.permissions',
      title: 'The API user has the permissions to write',
      looksAt: 'getUserInfo: roles.admin.permissions, generalInfo.active, generalInfo.mustChangePassword',
      run: () => permissions(site),
    }),
  ];
}

const usersMenu = 'VCC Administrator → Users → the API user → Roles → Administrator';

/** Everything that later checks ask, so that a right that lacks is told once, by the name of the operation. */
async function mayRead(site: Site): Promise<CheckResult> {
  const { config } = site;
  const hasScripts = Object.values(config.campaigns).some(({ script }) => script);
  const reads: (() => Promise<unknown>)[] = [
    ...[site.campaigns, site.contactFields, site.sample, site.dispositionPlan, site.lists, site.dnc, site.ways],
    ...namedCampaigns(config).map((name) => () => site.listsOf(name)),
    ...(hasScripts ? [site.skills, site.scripts] : []),
    ...(config.ivr.callVariableGroup ? [site.variablePlan] : []),
  ];
  const denied = new Set<string>();
  for (const read of reads) {
    const error = await read().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ConnectorError)) continue;
    if (error.code === 'dialer_denied') denied.add(error.message);
    // What else is refused is for the check whose question it is; but who does not answer is not asked ten times.
    if (error.code === 'dialer_away' || (error.code === 'dialer_limit' && !faultOf(error))) {
      return unknown(error.message, 'Nothing more was asked of Five9.', error.hint || 'Run the doctor again later.');
    }
  }
  if (denied.size === 0) return ok(`${reads.length} questions were answered`);
  return fail(
    [...denied].join('; '),
    'What the user may not read, Patchbay neither finds nor writes.',
    `${usersMenu}: tick the permission that the refused operation belongs to, with that for the web services (API).`,
  );
}

const flag = z.preprocess(
  (value) => (value == null ? null : value === true || value === 'true'),
  z.boolean().nullable(),
);
const list = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : value == null ? [] : [value]), z.array(item));
const UserInfo = z.preprocess(
  (value) => value ?? {},
  z.object({
    generalInfo: z.object({ active: flag, mustChangePassword: flag }).nullish(),
    roles: z
      .object({ admin: z.object({ permissions: list(z.object({ type: z.string(), value: flag })) }).nullish() })
      .nullish(),
  }),
);

/** Five9 names permissions and documents no operations for them: these are taken by their names. */
function wantedPermissions({ campaigns, callbackList, ivr }: Site['config']): { name: string; lets: string }[] {
  const hasScripts = Object.values(campaigns).some(({ script }) => script);
  return [
    { name: 'CanUseAdminSoapApi', lets: 'use the web services' },
    { name: 'ManageCRM', lets: 'write contacts and make contact fields' },
    ...(callbackList ? [{ name: 'ManageLists', lets: 'put callbacks into their list' }] : []),
    { name: 'ManageDNC', lets: 'put numbers on the DNC list' },
    { name: 'EditDispositions', lets: 'make dispositions' },
    ...(ivr.callVariableGroup ? [{ name: 'EditCallAttachedData', lets: 'make call variables' }] : []),
    // Who describes no script makes and binds his own.
    ...(hasScripts
      ? [
          { name: 'EditIvr', lets: 'install IVR scripts' },
          { name: 'ManageCampaignsProperties', lets: 'bind scripts, lists and dispositions to campaigns' },
        ]
      : []),
  ];
}

async function permissions({ five9, config }: Site): Promise<CheckResult> {
  const bad: string[] = [];
  const lacking = new Set<string>();
  const why = 'Five9 refuses a write without the right to it: write-backs would wait, and set-up steps fail.';
  for (const [index, { user }] of config.soap.users.entries()) {
    const info = await five9.api
      .call('getUserInfo', { userName: user }, UserInfo, { purpose: 'interactive' })
      .catch((error: unknown) => {
        const fault = faultOf(error)?.fault;
        // The whole message would name the user.
        if (fault) return `Five9 answered getUserInfo with ${fault}`;
        throw error;
      });
    if (typeof info === 'string') {
      const fix = `${usersMenu}: compare it with "Rights" in the README of the connector by eye; with the permission to manage users Patchbay sees it itself.`;
      return unknown(info, why, fix);
    }
    const { generalInfo, roles } = info;
    if (!roles?.admin) bad.push(`user ${index + 1} of soap.users has no role Administrator`);
    if (generalInfo?.active === false) bad.push(`user ${index + 1} of soap.users is not active`);
    if (generalInfo?.mustChangePassword) bad.push(`user ${index + 1} of soap.users has to change its password`);
    const held = new Map(roles?.admin?.permissions.map(({ type, value }) => [type, value]));
    if (!roles?.admin || held.get('FullPermissions')) continue;
    for (const { name, lets } of wantedPermissions(config)) if (!held.get(name)) lacking.add(`${name} (${lets})`);
  }
  if (bad.length > 0)
    return fail(bad.join('; '), why, `${usersMenu}. Log in once by hand where a password has to be changed.`);
  if (lacking.size === 0) return ok('role Administrator with all that is needed');
  return warn(
    `not ticked: ${[...lacking].join(', ')}`,
    why,
    `${usersMenu}: tick ${[...lacking].map((one) => one.split(' ')[0]).join(', ')}.`,
  );
}

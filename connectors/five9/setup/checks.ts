import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../src/domain/errors.ts';
import type { Five9 } from '../five9.ts';
import { reviewCampaigns } from './review-campaigns.ts';

/** What the doctor asks Five9. Nothing is changed, and a login that was refused is not tried again. */
export function checks(five9: Five9): readonly Check[] {
  const after = { needs: ['soap.login'] };
  return [
    { id: 'soap.login', title: 'Five9 accepts the API user', run: () => guarded(() => login(five9)) },
    { id: 'campaigns.known', title: 'The campaigns exist', ...after, run: () => guarded(() => campaigns(five9)) },
    {
      id: 'dispositions.known',
      title: 'The dispositions exist',
      ...after,
      run: () => guarded(() => dispositions(five9)),
    },
    { id: 'fields.known', title: 'The contact fields exist', ...after, run: () => guarded(() => fields(five9)) },
    {
      id: 'callbacks.list',
      title: 'The callback list is dialled',
      ...after,
      run: () => guarded(() => callbacks(five9)),
    },
  ];
}

async function login({ api, config }: Five9): Promise<CheckResult> {
  const { maxVersion } = await api.versions();
  if (!maxVersion || maxVersion === config.soap.version) return ok(`version ${config.soap.version}`);
  return ok(`version ${config.soap.version}, Five9 offers up to ${maxVersion}`);
}

async function campaigns({ api, config }: Five9): Promise<CheckResult> {
  const types = new Map((await api.campaigns()).map(({ name, type }) => [name, type]));
  const named = Object.keys(config.campaigns).filter((name) => name !== '*');
  const missing = named.filter((name) => !types.has(name));
  if (missing.length > 0) {
    return fail(
      `not in Five9: ${missing.join(', ')}`,
      'Settings under a name that no campaign has are never used.',
      'Correct the names under `campaigns`.',
    );
  }
  const inbound = named.filter((name) => types.get(name) === 'INBOUND');
  if (inbound.length === 0) return ok(`${named.length} of ${types.size} campaigns are configured`);
  return {
    status: 'warn',
    found: `inbound: ${inbound.join(', ')}`,
    why: 'Five9 takes dispositions for records of outbound and autodial campaigns only.',
    fix: 'Let the IVR script set the disposition of inbound calls when it hangs up.',
  };
}

async function dispositions(five9: Five9): Promise<CheckResult> {
  const [hold, ...others] = await reviewCampaigns(five9);
  if (!hold) return ok('every mapped disposition is there');
  const more = others.length > 0 ? ` (and ${others.length} more campaigns)` : '';
  return fail(`${hold.campaign}: ${hold.why}${more}`, 'The write-backs of the campaign wait.', hold.hint);
}

async function fields({ api, config }: Five9): Promise<CheckResult> {
  const known = new Set((await api.contactFields()).map(({ name }) => name));
  const written = Object.values(config.campaigns).flatMap((campaign) => Object.keys(campaign.fields));
  const read = Object.values(config.fields).filter((name) => name !== undefined);
  const missing = [...new Set([config.keyField, ...written, ...read])].filter((name) => !known.has(name));
  if (missing.length === 0) return ok('every contact field is there');
  return fail(
    `not in Five9: ${missing.join(', ')}`,
    'Five9 refuses an import that names a field which it does not have.',
    'Create the contact fields while no campaign runs, or correct the names.',
  );
}

async function callbacks({ api, config }: Five9): Promise<CheckResult> {
  const { callbackList } = config;
  if (!callbackList) return ok('callbacks are not used');
  for (const { name } of await api.campaigns()) {
    if ((await api.listsOfCampaign(name)).includes(callbackList)) return ok(`${callbackList} belongs to ${name}`);
  }
  return fail(
    `${callbackList} belongs to no campaign`,
    'Five9 ignores the time of a callback in a list that no campaign dials.',
    'Assign the list to a campaign in Five9.',
  );
}

async function guarded(work: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await work();
  } catch (error) {
    const isKnown = error instanceof ConnectorError;
    const status = isKnown && error.code === 'dialer_limit' ? 'unknown' : 'fail';
    const why = 'Without Five9 nothing is read or written back.';
    return { status, found: messageOf(error), why, fix: isKnown && error.hint ? error.hint : 'See the log.' };
  }
}

function ok(found: string): CheckResult {
  return { status: 'ok', found };
}

function fail(found: string, why: string, fix: string): CheckResult {
  return { status: 'fail', found, why, fix };
}

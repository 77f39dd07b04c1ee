import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';
import { faultOf } from '../../soap/errors.ts';
import { dataCentreTimeZone } from '../../times.ts';
import { checkOf, fail, ok, unknown, warn } from './results.ts';
import type { Site } from './site.ts';

/** The way to the web services, and the users that Patchbay logs in with. */
export function accessChecks(site: Site): Check[] {
  return [
    checkOf({
      id: 'soap.region',
      title: 'The address is that of the region of the domain',
      looksAt: 'soap.host, soap.dataCentreTimeZone of the configuration',
      needs: [],
      run: async () => region(site),
    }),
    checkOf({
      id: 'soap.reachable',
      title: 'Five9 can be reached',
      looksAt: 'GET of the description of the web services (AdminWebService?wsdl), without a log-in',
      needs: ['soap.region'],
      run: () => reachable(site),
    }),
    checkOf({
      id: 'clock.apart',
      title: 'Our clock and that of Five9 agree',
      looksAt: 'the header Date of an answer of Five9',
      needs: ['soap.reachable'],
      run: () => clock(site),
    }),
    checkOf({
      id: 'soap.login',
      title: 'Five9 accepts an API user',
      looksAt: 'getCallCountersState as each of soap.users; one that is refused is not tried again',
      needs: ['soap.reachable'],
      run: () => login(site),
    }),
    checkOf({
      id: 'users.credentials',
      title: 'Five9 accepts every API user of the pool',
      looksAt: 'getCallCountersState as each of soap.users',
      needs: ['soap.login'],
      run: () => credentials(site),
    }),
    checkOf({
      id: 'users.single-use',
      title: 'Nobody else uses the API users',
      looksAt: 'names in soap.users; UserAlreadyLoggedIn and SessionClosed among the answers to each of them',
      needs: ['soap.login'],
      run: () => singleUse(site),
    }),
    checkOf({
      id: 'soap.version',
      title: 'Five9 offers the configured version of its web services',
      looksAt: 'getApiVersions against soap.version',
      needs: ['users.single-use'],
      run: () => version(site),
    }),
  ];
}

/** Five9's documented hosts. */
const regions: Readonly<Record<string, string>> = {
  'api.five9.com': 'United States',
  'api.five9.eu': 'United Kingdom',
  'api.eu.five9.com': 'European Union (Frankfurt)',
  'api.five9.ca': 'Canada',
  'api.in.five9.com': 'India',
};
const hostNames = Object.keys(regions).join(', ');

function region({ config: { soap } }: Site): CheckResult {
  const { protocol, hostname, pathname, search } = new URL(soap.host);
  const fix = `Set soap.host to https:// and the host of your region alone: ${hostNames}.`;
  if (pathname !== '/' || search !== '') {
    return fail(`${soap.host} has more than a host`, 'Patchbay adds the path itself: requests would go astray.', fix);
  }
  // A simulator, or a proxy that an operator runs.
  if (/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)) return ok(`${hostname}: this machine, no region`);
  const place = regions[hostname];
  if (protocol !== 'https:') {
    return fail(`${soap.host} is not https`, 'The password would go through the network for all to read.', fix);
  }
  if (!place) {
    const why = 'Each region of Five9 has its own host, and knows only the users of its own domains.';
    return warn(`${hostname} is none of Five9's documented hosts`, why, fix);
  }
  if (place === 'India' && !soap.dataCentreTimeZone) {
    return warn(
      `${hostname} (${place}), and no soap.dataCentreTimeZone`,
      'By the clock of the data centre limits begin anew and reports are written; for India it is not documented.',
      'Ask Five9 support for the time zone, and set soap.dataCentreTimeZone.',
    );
  }
  const usual = dataCentreTimeZone({ ...soap, dataCentreTimeZone: undefined });
  if (place !== 'India' && soap.dataCentreTimeZone && soap.dataCentreTimeZone !== usual) {
    return warn(
      `${hostname} (${place}) keeps ${usual}, configured is ${soap.dataCentreTimeZone}`,
      'By the clock of the data centre limits begin anew and reports are written: by another one, times are off by hours.',
      'Take soap.dataCentreTimeZone out of the configuration. The time zone of the domain is domainTimeZone, which may be another.',
    );
  }
  return ok(`${hostname}: ${place}`);
}

async function reachable(site: Site): Promise<CheckResult> {
  const { hostname } = new URL(site.config.soap.host);
  const { why } = await site.door();
  if (!why) return ok(`${hostname} answers`);
  return fail(
    `${hostname}: ${why}`,
    'Write-backs wait and no contact is found while Five9 does not answer; live calls go on without it.',
    'Let this machine go out to port 443 of the host (firewall, proxy, DNS), and see the status page of Five9.',
  );
}

const usualSec = 30;
const mostSec = 300;

async function clock(site: Site): Promise<CheckResult> {
  const { serverTime, ourTime } = await site.door();
  const why = 'Times of callbacks, the DNC window and who was first, an agent or the AI, are judged by our clock.';
  if (serverTime === null) return unknown('the answer has no date', why, 'See that NTP runs here: timedatectl status.');
  const apart = Math.round(Math.abs(ourTime - serverTime) / 1000);
  if (apart <= usualSec) return ok(`${apart} s apart`);
  const found = `${apart} s apart: ours is ${ourTime < serverTime ? 'behind' : 'ahead'}`;
  return (apart > mostSec ? fail : warn)(
    found,
    why,
    'Let NTP set the clock of this machine: timedatectl set-ntp true.',
  );
}

async function login(site: Site): Promise<CheckResult> {
  const answers = await site.users();
  const served = answers.filter((answer) => answer.kind === 'answer' || isBusy(answer.error));
  if (served.length > 0) return ok(`${served.length} of ${answers.length} API users`);
  const [first] = answers.flatMap((answer) => (answer.kind === 'refused' ? [answer.error] : []));
  const found = messageOf(first);
  if (first instanceof ConnectorError && first.code === 'dialer_denied') {
    return fail(found, 'Nothing can be read or written.', first.hint || refusedFix);
  }
  const why = 'What answers there does not serve the API user.';
  if (first instanceof ConnectorError && (first.code === 'dialer_away' || first.code === 'dialer_odd')) {
    const fix = 'Set soap.host to the host of your region, and soap.version to one that Five9 offers, such as v13.';
    return fail(found, why, fix);
  }
  // Another process has every user, or the store can't say who has them.
  return unknown(found, why, (first instanceof ConnectorError && first.hint) || 'Run the doctor again in a minute.');
}

const refusedFix =
  'VCC Administrator → Users → the API user: name, password, role Administrator. Enter them under soap.users, then: npx patchbay reload.';

async function credentials(site: Site): Promise<CheckResult> {
  const answers = await site.users();
  const refused = answers.filter((answer) => answer.kind === 'refused' && !isBusy(answer.error));
  if (refused.length === 0) return ok(answers.length === 1 ? 'the only one' : `all ${answers.length}`);
  const [first] = refused.flatMap((answer) => (answer.kind === 'refused' ? [messageOf(answer.error)] : []));
  return fail(
    `refused: user ${refused.map(({ place }) => place).join(', ')} of soap.users (${first ?? ''})`,
    'Five9 serves one call at a time per user: with fewer users all waits longer. A refused one is not tried again, since Five9 locks accounts.',
    refusedFix,
  );
}

async function singleUse(site: Site): Promise<CheckResult> {
  const names = site.config.soap.users.map(({ user }) => user);
  const twice = names.flatMap((name, index) => (names.indexOf(name) < index ? [index + 1] : []));
  const why = 'Five9 serves one session per user: two that share one cut each other off, and both are refused.';
  if (twice.length > 0) {
    const found = `user ${twice.join(', ')} of soap.users is there already under another number`;
    return fail(found, why, 'Take the second entry out of soap.users, or make another user in Five9 for it.');
  }
  const busy = (await site.users()).filter((answer) => answer.kind === 'refused' && isBusy(answer.error));
  if (busy.length === 0) return ok(`${names.length} user${names.length === 1 ? '' : 's'}, each by itself`);
  return fail(
    `in use elsewhere: user ${busy.map(({ place }) => place).join(', ')} of soap.users`,
    why,
    'Log the user out of the VCC Administrator and of other programs, and leave it to this one Patchbay: VCC Administrator → Users → Add User for all others, also for a second dialer section of the same domain. Where nobody else has it, a request of Patchbay that Five9 still works on had it: run the doctor again.',
  );
}

/** The password is right, and somebody else is logged in with it. */
function isBusy(error: unknown): boolean {
  return ['UserAlreadyLoggedIn', 'SessionClosed', 'AdminSessionClosed'].includes(faultOf(error)?.fault ?? '');
}

async function version(site: Site): Promise<CheckResult> {
  const wanted = site.config.soap.version;
  const { maxVersion } = await site.versions();
  const why = 'Requests go to an address that Five9 does not have.';
  if (!maxVersion) return unknown(`${wanted}; Five9 does not say what it offers`, why, 'Ask Five9 support.');
  if (rank(wanted) > rank(maxVersion)) {
    return fail(`${wanted}, Five9 offers up to ${maxVersion}`, why, `Set soap.version to ${maxVersion}.`);
  }
  return ok(wanted === maxVersion ? wanted : `${wanted}; Five9 offers up to ${maxVersion}`);
}

/** `v9_5` is 9.5; Five9 calls its oldest version by no name at all. */
function rank(name: string): number {
  return Number(name.replace(/^v/, '').replace('_', '.'));
}

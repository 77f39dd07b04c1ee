import type { ConnectorDeps } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';
import { nobodysLease } from '../../../../src/domain/lease.ts';
import type { Asker, WizardSite } from '../../../../src/domain/setup.ts';
import { Five9Config } from '../../config.ts';
import { createApi } from '../../soap/api.ts';
import { type DomainFacts, readDomainFacts } from './domain-facts.ts';
import { presentKeys, presentText } from './present.ts';

type Site = WizardSite<ConnectorDeps>;

export interface Access {
  section: { host: string; users: { user: string; password: string }[] };
  /** What the domain holds; null when nobody could log in. */
  facts: DomainFacts | null;
}

const hosts = {
  'https://api.five9.com': 'United States',
  'https://api.five9.eu': 'United Kingdom',
  'https://api.eu.five9.com': 'Europe (Frankfurt)',
  'https://api.five9.ca': 'Canada',
  'https://api.in.five9.com': 'India',
} as const;
const other = 'other';
const timeoutMs = 10_000;

/** Asks for region and API users, and logs in with each of them once. */
export async function askAccess(ask: Asker, site: Site): Promise<Access> {
  const host = await askHost(ask, site);
  const before = presentKeys(site.present, 'soap', 'users').map((place) =>
    presentText(site.present, 'soap', 'users', place, 'user'),
  );
  const text = await ask.text({
    key: `${site.id}.users`,
    message:
      'API users of Five9, with commas between: for Patchbay alone, one per call at a time; the runbook says with which rights',
    byDefault: before.join(', ') || 'patchbay@example.com',
    judge: (answer) => (namesIn(answer).length > 0 ? null : 'At least one.'),
  });
  const users: { user: string; password: string }[] = [];
  const references: Access['section']['users'] = [];
  for (const [index, user] of namesIn(text).entries()) {
    const password = await askPassword(ask, site, user, index);
    users.push({ user, password });
    references.push({ user, password: site.keepSecret(secretName(site.id, index), password) });
  }
  const section = { host, users: references };
  if (ask.isRehearsal) return { section, facts: null };
  return { section, facts: await logIn(ask, site, host, users) };
}

async function askHost(ask: Asker, { id, present }: Site): Promise<string> {
  const before = presentText(present, 'soap', 'host');
  const isListed = Object.hasOwn(hosts, before);
  const chosen = await ask.choose({
    key: `${id}.host`,
    message: 'Region of the Five9 domain: the host of its web services',
    choices: [
      ...Object.entries(hosts).map(([value, label]) => ({ value, label, hint: new URL(value).hostname })),
      { value: other, label: 'another address' },
    ],
    byDefault: before && !isListed ? other : before || 'https://api.five9.com',
  });
  if (chosen !== other) return chosen;
  return ask.text({
    key: `${id}.host.other`,
    message: 'Address of the web services',
    ...(before && { byDefault: before }),
    judge: (answer) => (URL.canParse(answer) ? null : 'Give an address such as https://api.five9.com.'),
  });
}

function askPassword(ask: Asker, site: Site, user: string, index: number): Promise<string> {
  const places = presentKeys(site.present, 'soap', 'users');
  const held = places.find((place) => presentText(site.present, 'soap', 'users', place, 'user') === user);
  const known = held === undefined ? '' : site.valueOf(presentText(site.present, 'soap', 'users', held, 'password'));
  return ask.secret({
    key: `${site.id}.users.${index + 1}.password`,
    message: `Password of the API user ${user}`,
    ...(known && { byDefault: known }),
    judge: (answer) => (answer === '' ? 'It must be given.' : null),
  });
}

/** Each user once: Five9 locks accounts whose password is wrong too often. */
async function logIn(
  ask: Asker,
  { id, deps }: Site,
  host: string,
  users: readonly { user: string; password: string }[],
): Promise<DomainFacts | null> {
  const { soap, quota } = Five9Config.shape;
  const config = { soap: soap.parse({ host, users, timeoutMs }), quota: quota.parse({}) };
  // Before there is a store no other process can have the users.
  const alone: ConnectorDeps = {
    ...deps,
    withLease: (_name, work) => work(new AbortController().signal, nobodysLease),
    readCursor: async () => '',
    writeCursor: async () => undefined,
  };
  const api = createApi(alone, id, config);
  try {
    let served = 0;
    for (const answer of await api.askEachUser()) {
      const user = users[answer.place - 1]?.user ?? '';
      if (answer.kind === 'answer') {
        served += 1;
        ask.say(`${user} may log in.`);
      } else sayTrouble(ask, `${user} could not log in`, answer.error);
    }
    if (served === 0) return null;
    const facts = await readDomainFacts(api);
    ask.say(
      `The domain can be read: ${facts.campaigns.length} campaigns, ${facts.lists.length} lists, ${facts.skills.length} skills, ${facts.dispositions.length} dispositions.`,
    );
    return facts;
  } catch (error) {
    sayTrouble(ask, 'The domain could not be read', error);
    return null;
  } finally {
    await api.close();
  }
}

function sayTrouble(ask: Asker, what: string, error: unknown): void {
  const hint = error instanceof ConnectorError && error.hint ? ` ${error.hint}` : '';
  ask.say(`${what}: ${messageOf(error)}.${hint} Go on: the runbook says how it is set up, and the doctor looks again.`);
}

function namesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

function secretName(id: string, index: number): string {
  const name = id.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return `${/^[A-Z]/.test(name) ? name : `FIVE9_${name}`}_PASSWORD${index > 0 ? `_${index + 1}` : ''}`;
}

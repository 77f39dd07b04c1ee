import type { ConnectorDeps } from '../../../../src/domain/connector.ts';
import { ConnectorError, messageOf } from '../../../../src/domain/errors.ts';
import type { Asker, WizardSite } from '../../../../src/domain/setup.ts';
import { createApi } from '../../api/api.ts';
import { findLine, wordsOf } from '../../api/api-answer.ts';
import { type DatabaseConfig, VicidialConfig } from '../../config.ts';
import { offsetMinutes } from '../../server-time.ts';
import { openDatabase } from '../../tables/database.ts';
import { readSiteSetUp, type SiteSetUp } from '../../tables/site-set-up.ts';
import { noLead } from '../checks/rights.ts';
import { grantsSnippet } from '../snippets/grants.ts';
import { presentText, presentValue } from './present.ts';

type Site = WizardSite<ConnectorDeps>;

/** How long a wizard waits for a system that may not be there. */
const timeoutMs = 5000;
const apiPath = '/vicidial/non_agent_api.php';

export interface ApiAccess {
  section: { url: string; user: string; pass: string };
  /** Minutes from UTC of the web server, in winter and now; null when nobody told. */
  offsets: { winter: number | null; now: number | null };
}

/** Asks for the API, and tries the log-in once. */
export async function askApi(ask: Asker, site: Site): Promise<ApiAccess> {
  const key = `${site.id}.api`;
  const url = asApiUrl(
    await ask.text({
      key: `${key}.url`,
      message: 'Address of VICIdial (its web server, or its non_agent_api.php)',
      byDefault: presentText(site.present, 'api', 'url'),
      judge: (answer) =>
        /^https?:\/\/[^\s/]+/.test(answer) ? null : 'Give an address such as http://dialer.example.com.',
    }),
  );
  const user = await ask.text({
    key: `${key}.user`,
    message: 'API user: one for Patchbay alone; the runbook says with which rights',
    byDefault: presentText(site.present, 'api', 'user') || 'patchbay',
    judge: (answer) => (/^[A-Za-z0-9]{1,20}$/.test(answer) ? null : 'Letters and digits only, at most 20.'),
  });
  const known = site.valueOf(presentText(site.present, 'api', 'pass'));
  const pass = await ask.secret({
    key: `${key}.pass`,
    message: `Password of the API user ${user}`,
    ...(known && { byDefault: known }),
    judge: (answer) =>
      /^[A-Za-z0-9_-]+$/.test(answer) ? null : 'Letters, digits, _ and - only: VICIdial drops everything else.',
  });
  const section = { url, user, pass: site.keepSecret(secretName(site.id, 'API_PASS'), pass) };
  if (ask.isRehearsal) return { section, offsets: { winter: null, now: null } };
  return { section, offsets: await tryApi(ask, site, { url, user, pass }) };
}

async function tryApi(
  ask: Asker,
  { deps }: Site,
  place: { url: string; user: string; pass: string },
): Promise<ApiAccess['offsets']> {
  const memory = { read: async () => '', write: async () => undefined };
  const config = VicidialConfig.shape.api.parse({ ...place, timeoutMs });
  const api = createApi(config, { clock: deps.clock, memory, who: place.user });
  try {
    const version = await api.call('version');
    const parts = version.kind === 'lines' ? (version.lines[0]?.parts ?? []) : [];
    const said = (name: string) => parts.find((part) => part.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
    ask.say(`VICIdial answers${said('BUILD') ? `, build ${said('BUILD')}` : ''}.`);
    // Changes nothing: it asks for a lead that no site has.
    const answer = await api.call('update_lead', { search_method: 'LEAD_ID', lead_id: noLead, no_update: 'Y' });
    const isIn = findLine(answer, 'error', 'NO MATCHES FOUND') !== undefined;
    ask.say(isIn ? `${place.user} may log in and update leads.` : `update_lead answered: ${wordsOf(answer)}.`);
    return { winter: offsetMinutes(said('TZ')), now: offsetMinutes(said('TZNOW')) };
  } catch (thrown) {
    sayTrouble(ask, thrown, 'Go on: the runbook says how the API user is made, and the doctor looks again.');
    return { winter: null, now: null };
  } finally {
    api.close();
  }
}

export interface DatabaseAccess {
  /** Null: everything is read through the API. */
  section: { host: string; port: number; user: string; password: string; name: string } | null;
  /** What the tables hold; null when they could not be read. */
  found: SiteSetUp | null;
}

/** Asks for the database, reads it, and prints the grants where it can't be read yet. */
export async function askDatabase(ask: Asker, site: Site, apiUrl: string): Promise<DatabaseAccess> {
  const key = `${site.id}.database`;
  const isWanted = await ask.confirm({
    key: `${key}.use`,
    message: 'May Patchbay read the database (SELECT only)? Without it less can be seen and checked',
    byDefault: site.present === null || presentValue(site.present, 'database') !== undefined,
  });
  if (!isWanted) return { section: null, found: null };

  const text = (name: string, message: string, byDefault: string) =>
    ask.text({
      key: `${key}.${name}`,
      message,
      byDefault: presentText(site.present, 'database', name) || byDefault,
      judge: (answer) => (answer.trim() === '' ? 'It must be given.' : null),
    });
  const host = await text('host', 'Host of the database', URL.canParse(apiUrl) ? new URL(apiUrl).hostname : '');
  const port = Number(
    await ask.text({
      key: `${key}.port`,
      message: 'Its port',
      byDefault: presentText(site.present, 'database', 'port') || '3306',
      judge: (answer) => (/^\d{1,5}$/.test(answer) ? null : 'Give a number.'),
    }),
  );
  const name = await text('name', 'Name of the database', 'asterisk');
  const user = await text('user', 'Database user for Patchbay', 'patchbay');
  if (
    await ask.confirm({
      key: `${key}.printGrants`,
      message: 'Print the statements that make this user?',
      byDefault: false,
    })
  ) {
    for (const line of grantLines(site, { host, port, user, name })) ask.say(line);
  }
  const known = site.valueOf(presentText(site.present, 'database', 'password'));
  const password = await ask.secret({
    key: `${key}.password`,
    message: `Password of the database user ${user}`,
    ...(known && { byDefault: known }),
    judge: (answer) => (answer === '' ? 'It must be given.' : null),
  });
  const reference = site.keepSecret(secretName(site.id, 'DB_PASSWORD'), password);
  const section = { host, port, user, password: reference, name };
  if (ask.isRehearsal) return { section, found: null };
  return { section, found: await tryDatabase(ask, { host, port, user, password, name, timeoutMs }) };
}

async function tryDatabase(ask: Asker, place: DatabaseConfig): Promise<SiteSetUp | null> {
  const database = openDatabase(place);
  try {
    const found = await readSiteSetUp(database);
    ask.say(
      `The database can be read: ${found.campaigns.length} campaigns, ${found.lists.length} lists, ${found.servers.length} dialers, ${found.remoteAgents.length} remote agents.`,
    );
    return found;
  } catch (thrown) {
    sayTrouble(ask, thrown, 'Go on: the runbook holds the statements that make the user; run this again then.');
    return null;
  } finally {
    await database.close();
  }
}

function grantLines(site: Site, place: { host: string; port: number; user: string; name: string }): string[] {
  const config = VicidialConfig.parse({
    type: 'vicidial',
    api: { url: 'http://localhost', user: 'patchbay', pass: 'unused' },
    database: { ...place, password: 'unused' },
    timeZone: 'UTC',
  });
  return grantsSnippet({ id: site.id, config, publicUrl: site.publicUrl }).text.split('\n');
}

function sayTrouble(ask: Asker, thrown: unknown, then: string): void {
  const hint = thrown instanceof ConnectorError && thrown.hint ? ` ${thrown.hint}` : '';
  ask.say(`${messageOf(thrown)}.${hint} ${then}`);
}

/** `http://dialer` → the API's own address; one that names a script stays as it is. */
export function asApiUrl(text: string): string {
  const url = text.trim().replace(/\/+$/, '');
  return url.endsWith('.php') ? url : `${url}${apiPath}`;
}

/** `five9-eu` → `FIVE9_EU_…`: the environment's own form of names. */
export function secretName(id: string, what: string): string {
  return `${id.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_${what}`;
}

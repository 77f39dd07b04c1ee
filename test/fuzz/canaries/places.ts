import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { createBrowser } from '../../support/cookie-browser.ts';
import { eventually } from '../../support/eventually.ts';
import { type Canary, sightings } from '../../support/planted.ts';
import { personal } from './people.ts';
import type { PlantedService } from './planted-service.ts';
import type { Overheard } from './story.ts';

/** Somewhere that something shows, and what must not be seen there. */
export interface Place {
  name: string;
  text: string;
  canaries: readonly Canary[];
}

/** Gathers what shows of a service, wherever somebody may look who is not meant to see it all. */
export async function gatherPlaces(
  service: PlantedService,
  { answers, told }: Overheard,
  { isShort = false }: { isShort?: boolean } = {},
): Promise<Place[]> {
  const { url, secrets, folder, traces } = service;
  const secret = service.hidden.map((text) => ({ kind: 'secret', text }) as const);
  const everything = [...secret, ...personal];
  const numbers = personal.filter(({ kind }) => kind === 'number');
  const texts = async (...paths: string[]) =>
    (await Promise.all(paths.map(async (path) => (await fetch(url + path)).text()))).join('\n');

  const viewer = await crawl(url, 'vera', secrets.VIEWER_PASSWORD, isShort ? 40 : 200);
  const admin = await crawl(url, 'ada', secrets.ADMIN_PASSWORD, isShort ? 15 : 200);
  const cookies = [...viewer.cookies, ...admin.cookies].map((text) => ({ kind: 'secret', text }) as const);
  const ran = isShort ? [] : await runCommands(service);
  // What an agent or a platform said stands there for whoever settles it, without its numbers.
  const listed = isShort ? '' : (await service.run(['attention'])).out;
  const metrics = await texts('/metrics');
  const faults = await faultsOf(service, isShort ? 1 : 4);
  await eventually(() => {
    if (traces.spans.length < 20) throw new Error('there are no traces yet');
  }, 20_000);
  const health = await texts('/livez', '/readyz', '/openapi.json');
  const database = isShort ? '' : await service.store.read();
  if (!isShort && service.storeKind === 'mysql') ran.push(...(await loseStore(service)));

  return [
    { name: 'log at trace', text: service.said(), canaries: [...everything, ...cookies] },
    { name: 'answers to strangers', text: answers.join('\n'), canaries: everything },
    { name: 'answers to who has a key', text: told.join('\n'), canaries: secret },
    { name: 'metrics', text: metrics, canaries: everything },
    { name: 'health', text: health, canaries: everything },
    { name: 'traces', text: traces.bodies.join('\n'), canaries: [...everything, ...cookies] },
    { name: 'console as viewer', text: viewer.text, canaries: everything },
    { name: 'console as admin', text: admin.text, canaries: secret },
    { name: 'faults of a configuration', text: faults, canaries: everything },
    { name: 'process list', text: service.shown(), canaries: everything },
    { name: 'file names', text: namesIn(folder).join('\n'), canaries: everything },
    ...(isShort ? [] : written(service, ran, database, [...secret, ...cookies])),
    ...(isShort ? [] : [{ name: 'list of what needs a person', text: listed, canaries: [...secret, ...numbers] }]),
  ];
}

/** What only the long form looks at: each takes a start of its own. */
function written({ folder }: PlantedService, ran: readonly string[], database: string, hidden: Canary[]): Place[] {
  const archive = namesIn(join(folder, 'archive')).filter((name) => name.endsWith('.gz'));
  const archived = archive.map((name) => gunzipSync(readFileSync(name)).toString()).join('\n');
  const bundle = readFileSync(join(folder, 'bundle.zip')).toString('latin1');
  return [
    { name: 'command line', text: ran.join('\n'), canaries: [...hidden, ...personal] },
    { name: 'support bundle', text: `\u0000${bundle}`, canaries: [...hidden, ...personal] },
    { name: 'database', text: database, canaries: hidden },
    { name: 'archive', text: archived, canaries: hidden },
    { name: 'evidence', text: readFileSync(join(folder, 'evidence.csv'), 'utf8'), canaries: hidden },
  ];
}

/** Gives what each said. What they write lies in the service's folder. */
async function runCommands({ run, said, folder }: PlantedService): Promise<string[]> {
  const [log, bundle] = [join(folder, 'service.log'), join(folder, 'bundle.zip')];
  writeFileSync(log, said(), { mode: 0o600 });
  const commands = [
    ...['status --json', 'status', 'serve --check', 'calls show nobody', 'doctor --json', 'purge --preview'],
    ...['calls', 'writebacks', 'opt-outs', 'scorecard', 'setup'],
    `store backup --to ${join(folder, 'backup')}`,
    `archive --to ${join(folder, 'archive')} --before 2099-01-01`,
    `evidence calls --from 2020-01-01 --to 2098-12-31 --out ${join(folder, 'evidence.csv')}`,
    `support bundle --out ${bundle} --log ${log}`,
  ];
  const ran: string[] = [];
  for (const command of commands) ran.push(`${command}\n${(await run(command.split(' '))).out}`);
  return ran;
}

/** The database knows the service no more: what is said of that, and by the commands meanwhile. */
async function loseStore({ url, store, run, folder }: PlantedService): Promise<string[]> {
  await store.denyLogIn();
  await eventually(async () => {
    const { status } = (await (await fetch(`${url}/readyz`)).json()) as { status: string };
    if (status !== 'degraded') throw new Error(`it is ${status} still`);
  }, 30_000);
  const ran: string[] = [];
  for (const command of ['status', 'doctor --json', `store backup --to ${join(folder, 'backup')}`, 'store restored']) {
    ran.push((await run(command.split(' '))).out);
  }
  return ran;
}

/** What is seen of the canaries in a place. */
export function seenAt({ text, canaries }: Place): string[] {
  const isArchive = text.startsWith('\u0000PK');
  const archive = isArchive ? Buffer.from(text.slice(1), 'latin1') : zipSync({ text: Buffer.from(text) });
  return [...new Set(sightings(new Uint8Array(archive), canaries))];
}

/** Files and folders that somebody else on the machine could read. */
export function openFilesIn(folder: string): string[] {
  return namesIn(folder).filter((path) => (statSync(path).mode & 0o077) !== 0);
}

function namesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Every page and download that a user can reach by links, without the session's own token. */
async function crawl(
  origin: string,
  user: string,
  password: string,
  most: number,
): Promise<{ text: string; cookies: string[] }> {
  const browser = createBrowser(origin);
  await browser.logIn(user, password);
  if (browser.cookies.size === 0) throw new Error(`${user} could not log in`);
  const seen = new Set<string>();
  const waiting = [
    '/console',
    '/console/leads',
    '/console/audit.csv',
    '/console/scorecard',
    '/console/write-backs?view=dead',
  ];
  const pages: string[] = [];
  for (let path = waiting.shift(); path !== undefined && seen.size < most; path = waiting.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { text, status } = await browser.get(path);
    if (status < 400) pages.push(`${path}\n${text}`);
    for (const [, link = ''] of text.matchAll(/href="(\/console[^"#]*)"/g)) {
      const plain = link.replaceAll('&amp;', '&');
      if (!/assets|log-out|\/live/.test(plain)) waiting.push(plain);
    }
  }
  const cookies = [...browser.cookies].filter(([name]) => !name.includes('theme')).map(([, value]) => value);
  return { text: pages.join('\n'), cookies: cookies.filter((value) => value.length >= 16) };
}

/** The same configuration with a fault beside each of its secrets. */
async function faultsOf(service: PlantedService, most: number): Promise<string> {
  const config = JSON.parse(readFileSync(service.configFile, 'utf8')) as Record<string, Record<string, unknown>>;
  const filled = JSON.stringify({ ...config, outbax: {}, store: { kind: 'odd' } }).replace(
    /\$\{(\w+)\}/g,
    (_whole, name: keyof PlantedService['secrets']) => service.secrets[name],
  );
  const file = join(service.folder, 'broken.json');
  const told: string[] = [];
  const broken = [
    filled,
    filled.replace('"type":"five9"', '"type":1'),
    filled.slice(0, -40),
    filled.replaceAll(':"', ':["'),
  ];
  for (const text of broken.slice(0, most)) {
    writeFileSync(file, text, { mode: 0o600 });
    told.push((await service.run(['-c', file, 'serve', '--check'])).out);
  }
  return told.join('\n');
}

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { createBrowser } from '../../support/cookie-browser.ts';
import { type Canary, sightings } from '../../support/planted.ts';
import { personal, secretCanaries } from './people.ts';
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
  overheard: Overheard,
  { isShort = false }: { isShort?: boolean } = {},
): Promise<Place[]> {
  const { url, secrets, folder } = service;
  const secret = secretCanaries(secrets);
  const everything = [...secret, ...personal];
  const texts = async (...paths: string[]) =>
    (await Promise.all(paths.map(async (path) => (await fetch(url + path)).text()))).join('\n');

  const viewer = await crawl(url, 'vera', secrets.VIEWER_PASSWORD, isShort ? 40 : 200);
  const admin = await crawl(url, 'ada', secrets.ADMIN_PASSWORD, isShort ? 15 : 200);
  const cookies = [...viewer.cookies, ...admin.cookies].map((text) => ({ kind: 'secret', text }) as const);
  const log = join(folder, 'service.log');
  const bundle = join(folder, 'bundle.zip');
  writeFileSync(log, service.said(), { mode: 0o600 });
  const commands = isShort ? [] : ['status --json', 'status', 'serve --check', 'calls show nobody', 'doctor --json'];
  const ran: string[] = [];
  for (const command of commands) ran.push((await service.run(command.split(' '))).out);
  // It starts all connectors: a test of its own looks into it.
  if (!isShort) ran.push((await service.run(['support', 'bundle', '--out', bundle, '--log', log])).out);

  const bundled = (): Place => ({
    name: 'support bundle',
    text: `\u0000${readFileSync(bundle).toString('latin1')}`,
    canaries: [...everything, ...cookies],
  });
  return [
    { name: 'log at trace', text: service.said(), canaries: [...everything, ...cookies] },
    { name: 'HTTP errors', text: overheard.answers.join('\n'), canaries: everything },
    { name: 'metrics', text: await texts('/metrics'), canaries: everything },
    { name: 'health', text: await texts('/livez', '/readyz', '/openapi.json'), canaries: everything },
    { name: 'console as viewer', text: viewer.text, canaries: everything },
    { name: 'console as admin', text: admin.text, canaries: secret },
    { name: 'faults of a configuration', text: await faultsOf(service, isShort ? 1 : 4), canaries: everything },
    { name: 'process list', text: processList(service.pid), canaries: everything },
    { name: 'file names', text: filesIn(folder).join('\n'), canaries: everything },
    ...(isShort ? [] : [{ name: 'command line', text: ran.join('\n'), canaries: everything }, bundled()]),
  ];
}

/** What is seen of the canaries in a place. */
export function seenAt({ text, canaries }: Place): string[] {
  const isArchive = text.startsWith('\u0000PK');
  const archive = isArchive ? Buffer.from(text.slice(1), 'latin1') : zipSync({ text: Buffer.from(text) });
  return [...new Set(sightings(new Uint8Array(archive), canaries))];
}

/** Files that somebody else on the machine could read. */
export function openFilesIn(folder: string): string[] {
  return filesIn(folder).filter((path) => (statSync(path).mode & 0o077) !== 0);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
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

/** What `ps` shows of the service and its children, and what its children are handed. */
function processList(pid: number): string {
  const all = [pid, ...childrenOf(pid)];
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8').replaceAll('\0', ' ');
    } catch {
      // It has ended, or is another user's.
      return '';
    }
  };
  return all.map((each) => `${read(`/proc/${each}/cmdline`)}\n${read(`/proc/${each}/environ`)}`).join('\n');
}

function childrenOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return (
        /^\d+$/.test(name) && readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid)
      );
    } catch {
      return false;
    }
  });
  return children.map(Number).flatMap((child) => [child, ...childrenOf(child)]);
}

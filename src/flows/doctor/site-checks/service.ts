import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Check, CheckResult } from '../../../domain/connector.ts';
import type { DoctorSite } from '../site.ts';
import { askWhoIsThere } from './ask-who-is-there.ts';
import { fail, ok, warn } from './results.ts';

const leastFreeMb = 200;

/** Whether Patchbay itself is set up: its configuration, its database, its folders, its clients, its service. */
export function serviceChecks(site: DoctorSite): Check[] {
  return [
    {
      id: 'configuration.loaded',
      title: 'The configuration says what is meant',
      looksAt: 'the configuration file',
      run: async () => judgeConfiguration(site),
    },
    {
      id: 'store.ready',
      title: 'The store is there, and its tables are up to date',
      looksAt: 'the database of `store`, table schema_migrations',
      run: () => judgeStore(site),
    },
    {
      id: 'spool.writable',
      title: 'What arrives while the store is away can be kept',
      looksAt: 'the folder of `spool.folder`, and the room on its disk',
      run: () => judgeSpool(site.spoolFolder),
    },
    {
      id: 'clients.keys',
      title: 'Dialers and AI agents have a key',
      looksAt: '`clients` in the configuration',
      run: async () => judgeClients(site),
    },
    {
      id: 'service.running',
      title: 'The service runs',
      looksAt: 'GET /livez where it listens, else at `server.publicUrl`',
      run: () => judgeService(site),
    },
  ];
}

function judgeConfiguration({ configuration, dialers, platforms }: DoctorSite): CheckResult {
  const { file, warnings } = configuration;
  if (warnings.length > 0) {
    const fix = `Change what is named in ${file}, and start the service anew.`;
    return warn(warnings.join('\n'), 'It can be used as it is, but is hardly meant so.', fix);
  }
  if (dialers.size === 0 || platforms.size === 0) {
    const missing = [dialers.size === 0 && 'dialer', platforms.size === 0 && 'platform'].filter(Boolean);
    return warn(
      `${file} names no ${missing.join(' and no ')}`,
      'Without both, no outcome comes back to a dialer.',
      'Run `npx patchbay setup`.',
    );
  }
  return ok(`${file}: ${[...dialers.keys(), ...platforms.keys()].join(', ')}`);
}

async function judgeStore({ store }: DoctorSite): Promise<CheckResult> {
  const state = await store.look();
  if (state.kind === 'ready') return ok(`${store.name}, tables up to date`);
  if (state.kind === 'new') {
    return warn(
      `${store.name} has no tables yet`,
      'No call can be kept before they are made.',
      'Start the service once: `npx patchbay serve` makes them.',
    );
  }
  if (state.kind === 'old') {
    return warn(
      `${store.name} was made by an earlier version (${state.missing.join(', ')} missing)`,
      'Commands that need the store refuse to work, and the running service is the earlier version.',
      'Stop the service, and start it in this version: `npx patchbay serve` brings the tables up to date.',
    );
  }
  return fail(`${store.name}: ${state.why}`, 'Events wait in the spool, and nothing reaches a dialer.', state.hint);
}

async function judgeSpool(folder: string): Promise<CheckResult> {
  const why = 'While the store is away, events and tool calls would be lost.';
  const fix = `Make the folder ${folder} (or set \`spool.folder\`), owned by the user that the service runs as.`;
  let there = folder;
  for (; there !== dirname(there); there = dirname(there)) {
    const kind = await stat(there).then(
      (entry) => (entry.isDirectory() ? 'folder' : 'file'),
      () => 'missing',
    );
    if (kind === 'folder') break;
    if (kind === 'file') return fail(`${there} is a file`, why, fix);
  }
  try {
    await access(there, constants.W_OK | constants.X_OK);
  } catch {
    return fail(`this user may not write to ${there}`, why, fix);
  }
  const { bavail, bsize } = await statfs(there);
  const freeMb = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMb < leastFreeMb) return warn(`${freeMb} MB are free at ${there}`, why, 'Free some of that disk.');
  return ok(there === folder ? folder : `${folder} will be made in ${there}`);
}

function judgeClients({ clients, dialers, platforms }: DoctorSite): CheckResult {
  const may = (right: string) => Object.keys(clients).filter((name) => clients[name]?.may.includes(right));
  const missing = [
    ...(dialers.size > 0 && may('dialer').length === 0 ? ['dialer'] : []),
    ...(platforms.size > 0 && may('tools').length === 0 ? ['tools'] : []),
  ];
  if (missing.length > 0) {
    const whose = missing.map((right) => (right === 'dialer' ? "a dialer's requests" : "the AI agent's tool calls"));
    return fail(
      `no client may ask for ${missing.join(' or ')}`,
      `${whose.join(' and ')} are refused with 401.`,
      `Make a key with \`npx patchbay key\`, and put its hash under \`clients.<name>.keys\` with \`may: [${missing.join(', ')}]\`.`,
    );
  }
  const named = [...new Set([...may('dialer'), ...may('tools')])];
  return ok(named.length > 0 ? named.join(', ') : 'not used: nobody needs one');
}

async function judgeService({ listenUrl, publicUrl, store }: DoctorSite): Promise<CheckResult> {
  const here = listenUrl ? await askWhoIsThere(listenUrl) : null;
  if (here?.kind === 'patchbay') return ok(`it answers at ${listenUrl}`);
  if (here?.kind === 'other') {
    return fail(
      `${listenUrl} answers, but not as Patchbay (${here.what})`,
      'Another program has the port: the service can not start.',
      'Set `server.port` to a free port, and start the service.',
    );
  }
  const there = await askWhoIsThere(publicUrl);
  if (there.kind === 'patchbay') return ok(`it answers at ${publicUrl}`);
  const nobody = `nobody answers at ${listenUrl || publicUrl}${here ? ` (${here.what})` : ''}`;
  const why = 'Dialers get no headers and no outcome, and events are lost.';
  const fix = 'Start it: `npx patchbay serve`, best as a service of the system.';
  if ((await store.look()).kind === 'new') return warn(`${nobody}; it has never run yet`, why, fix);
  return fail(nobody, why, fix);
}

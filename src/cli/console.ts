import { password } from '@inquirer/prompts';
import type { Command } from 'commander';
import type { PatchbayConfig } from '../../config/schema.ts';
import type { App } from '../app.ts';
import { systemClock } from '../clock.ts';
import { browserName } from '../console/auth/browser-name.ts';
import { listSessions } from '../console/auth/open-sessions.ts';
import { forgetTriesOf, locksOf, type UserLock } from '../console/auth/tries.ts';
import { instantOf } from '../domain/clock.ts';
import { messageOf } from '../domain/errors.ts';
import { roles } from '../domain/roles.ts';
import { consoleSettings } from '../flow-settings.ts';
import { dropUser, judgePassword, needNewUser, putUser } from './console-users.ts';
import type { CliContext } from './context.ts';
import { operatorName } from './operator.ts';
import { tableLines } from './terminal-table.ts';
import { withApp } from './with-app.ts';

/** `patchbay console`: who may log in to the pages, and who is. */
export function addConsoleCommand(program: Command, context: CliContext): void {
  const group = program.command('console').description('who may log in to the pages under /console, and who is');

  group
    .command('add-user')
    .description('make a user, who logs in with a password')
    .argument('<name>', 'lower-case letters, digits, and . _ @ -')
    .requiredOption('--role <role>', `${roles.join(', ')}: looks, acts, sees everything`)
    .option('--password-stdin', 'read the password from standard input instead of asking for it')
    .option('--replace', 'a new password, or another role, for a user who is there')
    .action((name: string, options: AddOptions) => addUser(context, name, options));
  group
    .command('users')
    .description('who may log in with a password, and who is locked out by wrong ones')
    .option('--json', 'one JSON line each')
    .action((options: { json?: boolean }) =>
      withApp(context, (app, config) => listUsers(context, app, config, options)),
    );
  group
    .command('remove-user')
    .description('take a user out, and end what they have open')
    .argument('<name>')
    .action((name: string) => removeUser(context, name));
  group
    .command('unlock')
    .description('let a user try again at once who typed too many wrong passwords')
    .argument('<name>')
    .action((name: string) => withApp(context, (app) => unlock(context, app, name)));
  group
    .command('sessions')
    .description('who is logged in')
    .option('--json', 'one JSON line each')
    .action((options: { json?: boolean }) =>
      withApp(context, (app, config) => showSessions(context, app, config, options)),
    );
  group
    .command('end-sessions')
    .description('log a user out everywhere')
    .argument('<name>')
    .action((name: string) => withApp(context, (app) => endSessions(context, app, name)));
}

interface AddOptions {
  role: string;
  passwordStdin?: boolean;
  replace?: boolean;
}

async function addUser(context: CliContext, name: string, options: AddOptions): Promise<void> {
  const role = roles.find((each) => each === options.role);
  if (!role) return refuse(context, `There is no role "${options.role}": ${roles.join(', ')}.`);
  await needNewUser(context, name, options.replace === true);
  const word = options.passwordStdin ? await readPassword() : await askPassword(context, name);
  if (word === null) return;
  const fault = judgePassword(name, word);
  if (fault) return refuse(context, `This password is not good enough. ${fault}`);
  await putUser(context, name, role, word);
  await inStore(context, async (app) => {
    await forgetTriesOf(app.deps, name, systemClock.now());
    await app.deps.store.endSessions({ user: name });
    await audit(app, 'user-added', name, { role });
  });
  context.out(`${name} is in the configuration as ${role}, and the hash of the password in the secrets beside it.`);
  context.out('A service that runs takes it up by: npx patchbay reload');
}

async function listUsers(
  context: CliContext,
  { deps }: App,
  config: PatchbayConfig,
  { json }: { json?: boolean },
): Promise<void> {
  const sessions = await openSessions(context, deps, config);
  const locks = await locksOf(deps, Object.keys(config.console.users), systemClock.now());
  const users = Object.entries(config.console.users).map(([name, { role }]) => ({
    name,
    role,
    sessions: sessions.filter(({ user, how }) => user === name && how === 'password').length,
    locked: lockWords(locks.users.get(name)),
  }));
  if (json) for (const user of users) context.out(JSON.stringify(user));
  else if (users.length === 0) {
    context.out('There is none. Make one: npx patchbay console add-user <name> --role admin');
  } else {
    const rows = users.map((user) => [user.name, user.role, user.sessions, user.locked]);
    for (const line of tableLines({ head: ['Name', 'Role', 'Logged in', 'Locked'], rows })) context.out(line);
    const { addresses } = locks;
    if (addresses > 0)
      context.out(`${addresses} address(es) from which many names were tried are locked for everybody.`);
  }
}

function lockWords(lock: UserLock | undefined): string {
  if (!lock) return '';
  return `${lock.isEverywhere ? 'everywhere' : 'from where it was tried'}, until ${lock.until}`;
}

async function removeUser(context: CliContext, name: string): Promise<void> {
  if (!(await dropUser(context, name))) return refuse(context, `There is no user ${name} in the configuration.`);
  await inStore(context, async (app) => {
    await app.deps.store.endSessions({ user: name });
    await audit(app, 'user-removed', name, {});
  });
  context.out(`${name} is no user any more. Now run: npx patchbay reload. Until then they could log in anew.`);
}

async function unlock(context: CliContext, app: App, name: string): Promise<void> {
  const locks = await forgetTriesOf(app.deps, name, systemClock.now());
  if (locks > 0) await audit(app, 'log-in-unlocked', name, {});
  context.out(locks > 0 ? `${name} can log in again.` : `${name} was not locked.`);
  context.out('An address from which many names were tried stays locked until its time is over.');
}

async function showSessions(
  context: CliContext,
  { deps }: App,
  config: PatchbayConfig,
  { json }: { json?: boolean },
): Promise<void> {
  const sessions = (await openSessions(context, deps, config)).map((session) => {
    const { user, role, how, createdAt, seenAt, address, browser } = session;
    return { user, role, how, createdAt, seenAt, address, browser: browserName(browser) };
  });
  if (json) for (const session of sessions) context.out(JSON.stringify(session));
  else if (sessions.length === 0) context.out('Nobody is logged in.');
  else {
    const head = ['User', 'Role', 'By', 'Since', 'Last click', 'Address', 'Browser'];
    const rows = sessions.map((session) => Object.values(session));
    for (const line of tableLines({ head, rows })) context.out(line);
  }
}

async function endSessions(context: CliContext, app: App, name: string): Promise<void> {
  const count = await app.deps.store.endSessions({ user: name });
  if (count > 0) await audit(app, 'session-ended', name, { count: String(count) });
  context.out(count > 0 ? `${count} ended.` : `${name} is not logged in.`);
}

function openSessions(context: CliContext, deps: App['deps'], config: PatchbayConfig) {
  const settings = consoleSettings(config, context.version);
  return listSessions({ ...deps, console: settings, wallClock: systemClock }, {});
}

function audit({ deps }: App, act: string, subject: string, details: Record<string, string>): Promise<void> {
  return deps.store.appendAudit({ at: instantOf(deps.clock), by: operatorName(), act, subject, details });
}

/** What goes on without the store too: before the first start there is none. */
async function inStore(context: CliContext, work: (app: App) => Promise<void>): Promise<void> {
  try {
    await withApp(context, work);
  } catch (error) {
    context.err(`warning: the store was not told, so the audit log does not have it: ${messageOf(error)}`);
  }
}

/** Asks twice, and shows nothing of it. Null when it could not be asked, or the two are not the same: that was said. */
async function askPassword(context: CliContext, name: string): Promise<string | null> {
  if (!process.stdin.isTTY) {
    refuse(context, 'There is no terminal to ask at. Give the password on standard input: --password-stdin');
    return null;
  }
  try {
    const message = `Password of ${name} (nothing is shown)`;
    const first = await password({ message, mask: false, validate: (text) => judgePassword(name, text) ?? true });
    if (first === (await password({ message: 'The same again', mask: false }))) return first;
    refuse(context, 'The two are not the same. Nothing was changed.');
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExitPromptError')) throw error;
    refuse(context, 'Stopped. Nothing was changed.');
  }
  return null;
}

/** The first line. */
async function readPassword(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > 10_000) break;
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

function refuse(context: CliContext, words: string): void {
  context.err(words);
  context.exit(1);
}

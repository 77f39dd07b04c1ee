import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DemoOptions } from './options.ts';
import type { World } from './world.ts';

/** Lays addresses, keys and log-ins down for a shell to use. */
export function writeEnvFile(options: DemoOptions, world: World): void {
  const logIns = world.users.map(({ name, password }) => [`CONSOLE_${name.toUpperCase()}_PASSWORD`, password] as const);
  const lines = {
    PATCHBAY_URL: world.patchbayUrl,
    CONSOLE_URL: consoleUrl(world),
    ...Object.fromEntries(logIns),
    FIVE9_KEY: world.secrets.five9Key,
    TOOLS_KEY: world.secrets.toolsKey,
    FIVE9_SIM: world.five9Url,
    VICIDIAL_SIM: world.vicidialUrl,
    SIGMAMIND_SIM: world.sigmamindUrl,
    PATCHBAY_CONFIG: `${world.folder}/patchbay.json`,
    PATCHBAY_CLOCK_FILE: world.clock.path,
  };
  const text = Object.entries(lines).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(envFileOf(options), text.join(''), { mode: 0o600 });
}

export function removeEnvFile(options: DemoOptions): void {
  if (!options.isOnce) rmSync(envFileOf(options), { force: true });
}

/** Where the console is, and who may log in. */
export function tellConsole(world: World, tell: (line: string) => void): void {
  tell(`the console is at ${consoleUrl(world)}`);
  for (const { name, password } of world.users) tell(`  log in as ${name} with the password ${password}`);
}

/** Stays until it is stopped. */
export async function stayUp(options: DemoOptions, world: World, tell: (line: string) => void): Promise<void> {
  tellConsole(world, tell);
  tell(
    `the demo stays up; in another shell: . ${options.envFile || 'var/demo.env'} (the README shows what to try). Ctrl-C ends it.`,
  );
  await new Promise(() => setInterval(() => undefined, 60_000));
}

function consoleUrl({ patchbayUrl }: World): string {
  return `${patchbayUrl}/console`;
}

function envFileOf({ envFile }: DemoOptions): string {
  return envFile || fileURLToPath(new URL('../../var/demo.env', import.meta.url));
}

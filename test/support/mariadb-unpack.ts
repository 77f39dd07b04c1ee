import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Unpacks Debian's or Ubuntu's server package into the folder, without root and without installing it. Gives the folder
 * that stands for `/`, or null where there is no apt-get.
 */
export async function unpackServer(folder: string): Promise<string | null> {
  const root = join(folder, 'root');
  if (existsSync(root)) return root;
  if (!(await works('apt-get', ['--version'])) || !(await works('dpkg', ['--version']))) return null;

  // Two processes may be here at once: each unpacks for itself, and the first to finish gives the folder its name.
  const own = join(folder, `new-${randomBytes(6).toString('hex')}`);
  const apt = makeApt(own);
  await apt.update();
  const server = await apt.serverPackage();
  if (!server) {
    rmSync(own, { recursive: true, force: true });
    return null;
  }
  await apt.unpack([server, server.replace('server', 'client'), 'mariadb-common']);
  await unpackLibraries(apt, server);
  keepFirst(apt.root, root);
  rmSync(own, { recursive: true, force: true });
  return root;
}

/** Adds the packages of those libraries that the machine itself lacks; their names differ by release. */
async function unpackLibraries(apt: Apt, server: string): Promise<void> {
  const missing = await missingLibraries(apt.root);
  if (missing.length === 0) return;
  const needed = await apt.dependencies(server);
  const packages = missing.map((library) => {
    const stem = library.slice(0, library.indexOf('.so'));
    return needed.find((name) => name.startsWith(stem)) ?? `${stem}1`;
  });
  await apt.unpack(packages);
  const still = await missingLibraries(apt.root);
  if (still.length > 0) throw new Error(`MariaDB was unpacked, but these libraries are missing: ${still.join(', ')}`);
}

async function missingLibraries(root: string): Promise<string[]> {
  const libraries = ['usr/lib', 'lib'].map((folder) => join(root, folder, libraryTriplet())).join(':');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries };
  const { stdout } = await run('ldd', [join(root, 'usr/sbin/mariadbd')], { env });
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name ?? '');
}

type Apt = ReturnType<typeof makeApt>;

/** apt-get as an ordinary user, with state and cache of its own, so that nothing of the machine changes. */
function makeApt(folder: string) {
  const root = join(folder, 'root');
  for (const part of ['state/lists/partial', 'cache/archives/partial', 'packages', 'root'])
    mkdirSync(join(folder, part), { recursive: true });
  const settings = [
    `Dir::State=${folder}/state`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${folder}/cache`,
    'Acquire::Languages=none',
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting]);
  const ask = async (program: string, args: readonly string[]) =>
    (await run(program, [...settings, ...args], { cwd: join(folder, 'packages'), maxBuffer: 1 << 26 })).stdout;

  return {
    root,
    /** A source that can't be reached fails the whole command, though the others are there: the download will tell. */
    async update() {
      await ask('apt-get', ['update']).catch(() => undefined);
    },
    async serverPackage() {
      const found = await ask('apt-cache', ['search', '--names-only', '^mariadb-server-core(-[0-9.]+)?$']);
      return found
        .split('\n')
        .map((line) => line.split(' ')[0] ?? '')
        .sort()[1];
    },
    async dependencies(name: string) {
      const found = await ask('apt-cache', ['depends', name]);
      return [...found.matchAll(/^\s*Depends: (\S+)/gm)].map(([, dependency]) => dependency ?? '');
    },
    async unpack(names: readonly string[]) {
      await ask('apt-get', ['download', ...names]);
      for (const file of readdirSync(join(folder, 'packages'))) {
        await run('dpkg', ['-x', join(folder, 'packages', file), root]);
        rmSync(join(folder, 'packages', file));
      }
    },
  };
}

async function works(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}

/** Debian's folder name for libraries of this machine. */
export function libraryTriplet(): string {
  const machines: Partial<Record<NodeJS.Architecture, string>> = { x64: 'x86_64', arm64: 'aarch64' };
  return `${machines[process.arch] ?? process.arch}-linux-gnu`;
}

/** Gives a folder its name, unless another process was faster: then that one's stays and ours goes. */
export function keepFirst(own: string, name: string): void {
  try {
    renameSync(own, name);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(name)) throw error;
  }
}

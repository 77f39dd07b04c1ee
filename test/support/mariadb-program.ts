import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type DockerImage, findDockerImage } from './mariadb-docker.ts';
import { keepFirst, libraryTriplet, unpackServer } from './mariadb-unpack.ts';

const run = promisify(execFile);

/** A `mariadbd` that can be run as it lies. */
export interface ServerProgram {
  kind: 'program';
  mariadbd: string;
  installDb: string;
  /** The folder that holds `bin`, `lib` and `share`. */
  base: string;
  /** With LD_LIBRARY_PATH where the libraries were unpacked too. */
  env: NodeJS.ProcessEnv;
}

/** Where MariaDB of the tests lives in the checkout; not under version control. */
export const cacheFolder = fileURLToPath(new URL('../../.cache/mariadb', import.meta.url));

/** A `mariadbd` of the machine, else Docker, else Debian's or Ubuntu's package unpacked without root. */
export async function findServer(): Promise<ServerProgram | DockerImage> {
  const server = (await findOnPath()) ?? (await findDockerImage()) ?? (await findUnpacked());
  if (server) return server;
  throw new Error(
    'MariaDB is needed: install the package mariadb-server, or start Docker (on Debian and Ubuntu it is unpacked by itself when apt-get works)',
  );
}

async function findOnPath(): Promise<ServerProgram | null> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = folders.map((folder) => join(folder, 'mariadbd')).find(isExecutable);
  if (!found) return null;
  const mariadbd = realpathSync(found);
  const base = dirname(dirname(mariadbd));
  const installDb = ['bin', 'scripts'].map((folder) => join(base, folder, 'mariadb-install-db')).find(isExecutable);
  return installDb ? { kind: 'program', mariadbd, installDb, base, env: process.env } : null;
}

async function findUnpacked(): Promise<ServerProgram | null> {
  const root = await unpackServer(cacheFolder);
  if (!root) return null;
  const libraries = ['usr/lib', 'lib'].flatMap((folder) => [join(root, folder), join(root, folder, libraryTriplet())]);
  return {
    kind: 'program',
    mariadbd: join(root, 'usr/sbin/mariadbd'),
    installDb: join(root, 'usr/bin/mariadb-install-db'),
    base: join(root, 'usr'),
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(':') },
  };
}

/** What every run of the program needs, whatever it does. */
export function serverArguments(program: ServerProgram): string[] {
  const messages = join(program.base, 'share/mysql');
  const plugins = join(program.base, 'lib/mysql/plugin');
  return [
    '--no-defaults',
    `--basedir=${program.base}`,
    ...(existsSync(messages) ? [`--lc-messages-dir=${messages}`, `--character-sets-dir=${messages}/charsets`] : []),
    ...(existsSync(plugins) ? [`--plugin-dir=${plugins}`] : []),
    '--innodb-log-file-size=16M',
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ];
}

/** An initialised data folder to be copied; made once per server version, since that takes most of a start. */
export async function dataFolderTemplate(program: ServerProgram): Promise<string> {
  const version = await run(program.mariadbd, ['--no-defaults', '--version'], { env: program.env });
  const name = /Ver ([\w.-]+)/.exec(version.stdout)?.[1] ?? 'unknown';
  const template = join(cacheFolder, `template-${name}`);
  if (existsSync(template)) return template;

  mkdirSync(cacheFolder, { recursive: true });
  const own = join(cacheFolder, `new-${randomBytes(6).toString('hex')}`);
  await run(
    program.installDb,
    [
      ...serverArguments(program),
      `--datadir=${own}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
      // A machine whose own name nobody knows, such as a container without a hosts file, is good enough.
      '--force',
    ],
    { env: program.env },
  );
  keepFirst(own, template);
  return template;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { forgetServer, noteServer } from './mariadb-leftovers.ts';
import { type RunningServer, untilReady } from './mariadb-ready.ts';

const run = promisify(execFile);
const image = 'mariadb:11.4';

export interface DockerImage {
  kind: 'docker';
  image: string;
}

/** MariaDB's own image, when a Docker daemon answers and has it or can fetch it. */
export async function findDockerImage(): Promise<DockerImage | null> {
  try {
    await run('docker', ['info'], { timeout: 10_000 });
    await run('docker', ['image', 'inspect', image]).catch(() => run('docker', ['pull', '--quiet', image]));
    return { kind: 'docker', image };
  } catch {
    return null;
  }
}

/** Runs the server in a container that is removed when it is stopped. */
export async function startInDocker(program: DockerImage, args: readonly string[]): Promise<RunningServer> {
  const container = `patchbay-mariadb-${randomBytes(6).toString('hex')}`;
  const login = { port: await freePort(), user: 'root', password: randomBytes(12).toString('hex') };
  noteServer({ folder: '', pid: 0, container });
  const child = spawn(
    'docker',
    [
      ...['run', '--name', container, '-p', `127.0.0.1:${login.port}:3306`],
      ...['-e', 'MARIADB_ROOT_PASSWORD', '-e', 'MARIADB_ROOT_HOST=%', program.image, ...args],
    ],
    { stdio: 'ignore', env: { ...process.env, MARIADB_ROOT_PASSWORD: login.password } },
  );
  async function stop(): Promise<void> {
    await run('docker', ['rm', '--force', '--volumes', container]).catch(() => undefined);
    forgetServer(container);
  }

  try {
    await untilReady(login, () => child.exitCode === null);
    let pid = await pidOf(container);
    return {
      ...login,
      pid: () => pid,
      dataFolder: '',
      kill: async () => void (await run('docker', ['kill', container])),
      async bringBack() {
        await run('docker', ['start', container]);
        await untilReady(login, () => true);
        pid = await pidOf(container);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function pidOf(container: string): Promise<number> {
  const { stdout } = await run('docker', ['inspect', '--format', '{{.State.Pid}}', container]);
  return Number(stdout);
}

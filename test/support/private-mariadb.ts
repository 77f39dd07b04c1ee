import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { freePort } from './free-port.ts';
import { startInDocker } from './mariadb-docker.ts';
import { forgetServer, noteServer, reapServers } from './mariadb-leftovers.ts';
import { dataFolderTemplate, findServer, type ServerProgram, serverArguments } from './mariadb-program.ts';
import { type RunningServer, untilReady } from './mariadb-ready.ts';

export interface PrivateMariaDb {
  host: '127.0.0.1';
  port: number;
  user: string;
  password: string;
  /** The server's process, for tests that stop or freeze it; another one after a restart. */
  readonly pid: number;
  /** Empty when the server runs in Docker. */
  dataFolder: string;
  createDatabase(name: string): Promise<void>;
  /** Ends the server's process with signal 9, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the tables as the kill left them; those in memory are empty. */
  bringBack(): Promise<void>;
  stop(): Promise<void>;
}

export interface PrivateMariaDbOptions {
  /** The server's own sql_mode. (Default: as MariaDB ships) */
  sqlMode?: string;
  /** More arguments for `mariadbd`. (Default: none) */
  args?: readonly string[];
}

/** Starts a MariaDB of our own on a random port. It ends with this process; a later start reaps what a killed one left. */
export async function startPrivateMariaDb(options: PrivateMariaDbOptions = {}): Promise<PrivateMariaDb> {
  await reapServers();
  const program = await findServer();
  const args = [...(options.sqlMode === undefined ? [] : [`--sql-mode=${options.sqlMode}`]), ...(options.args ?? [])];
  const server = program.kind === 'docker' ? await startInDocker(program, args) : await startProgram(program, args);
  const { port, user, password, dataFolder, kill, bringBack, stop } = server;

  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    get pid() {
      return server.pid();
    },
    dataFolder,
    kill,
    bringBack,
    stop,
    async createDatabase(name) {
      const connection = await createConnection({ host: '127.0.0.1', port, user, password });
      await connection.query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [name]);
      await connection.end();
    },
  };
}

async function startProgram(program: ServerProgram, args: readonly string[]): Promise<RunningServer> {
  const template = await dataFolderTemplate(program);
  for (let left = 3; ; left -= 1) {
    try {
      return await startOnce(program, template, args);
    } catch (error) {
      // Somebody else may have taken the port between our look and the server's start.
      if (left === 0 || !String(error).includes('in use')) throw error;
    }
  }
}

async function startOnce(program: ServerProgram, template: string, args: readonly string[]): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-mariadb-'));
  const dataFolder = join(folder, 'data');
  noteServer({ folder, pid: 0 });
  cpSync(template, dataFolder, { recursive: true });
  const user = 'patchbay';
  const password = randomBytes(12).toString('hex');
  writeFileSync(join(folder, 'init.sql'), accountStatements(user, password).join('\n'), { mode: 0o600 });
  const port = await freePort();

  function spawnServer(extra: readonly string[]): ChildProcess {
    const log = openSync(join(folder, 'server.log'), 'a');
    const spawned = spawn(
      program.mariadbd,
      [
        ...serverArguments(program),
        `--datadir=${dataFolder}`,
        `--tmpdir=${folder}`,
        `--socket=${join(folder, 's')}`,
        `--pid-file=${join(folder, 'pid')}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--max-connections=300',
        ...extra,
        ...args,
      ],
      { env: program.env, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    noteServer({ folder, pid: spawned.pid ?? 0 });
    return spawned;
  }

  let child = spawnServer([`--init-file=${join(folder, 'init.sql')}`]);
  const clearAway = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    forgetServer(folder);
  };
  process.once('exit', clearAway);
  async function stop(): Promise<void> {
    process.removeListener('exit', clearAway);
    await endChild(child);
    clearAway();
  }
  const ready = () => untilReady({ port, user, password }, () => child.exitCode === null && child.signalCode === null);

  try {
    await ready();
  } catch (error) {
    const lines = readFileSync(join(folder, 'server.log'), 'utf8').trimEnd().split('\n').slice(-8).join('\n');
    await stop();
    throw new Error(`the private MariaDB did not start: ${lines}`, { cause: error });
  }
  return {
    port,
    user,
    password,
    pid: () => child.pid ?? 0,
    dataFolder,
    async kill() {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await ended;
    },
    async bringBack() {
      child = spawnServer([]);
      await ready();
    },
    stop,
  };
}

/** The template's root account has no password: it gets one, and may use the socket only. */
function accountStatements(user: string, password: string): string[] {
  return [
    `CREATE USER '${user}'@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON *.* TO '${user}'@'127.0.0.1' WITH GRANT OPTION;`,
    `DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1';`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';`,
  ];
}

/** A frozen server (signal STOP) is woken, so that it can end; one that does not end within 10 s is killed. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGCONT');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(force);
}

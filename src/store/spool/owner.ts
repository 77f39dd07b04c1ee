import { randomBytes } from 'node:crypto';
import { readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The process that works on a spool, as its files are named after it. */
export interface Owner {
  name: string;
  /** Touches the owner's file and gives its time: the file system's own clock. */
  beat(): Promise<number>;
  close(): Promise<void>;
}

const beatMs = 5000;
/** An owner whose file was not touched for so long is taken for dead, whatever its pid says. */
const silentMs = 60_000;
/** Owners in this very process, as one pid stands for all of them. */
const ownersHere = new Set<string>();

/** Enters this process as one that works on the folder. */
export async function createOwner(folder: string): Promise<Owner> {
  const host = `${hostname()}-${await pidSpace()}`.replace(/[^a-zA-Z0-9-]/g, '-');
  const name = `${host}_${process.pid}_${randomBytes(4).toString('hex')}`;
  const path = ownerPath(folder, name);
  await writeFile(path, '');
  ownersHere.add(name);

  async function beat(): Promise<number> {
    const now = (performance.timeOrigin + performance.now()) / 1000;
    await utimes(path, now, now).catch(() => writeFile(path, ''));
    return (await stat(path)).mtimeMs;
  }
  const timer = setInterval(() => void beat().catch(() => undefined), beatMs);
  timer.unref();

  return {
    name,
    beat,
    async close() {
      clearInterval(timer);
      ownersHere.delete(name);
      await rm(path, { force: true });
    },
  };
}

/**
 * True when nobody will go on with the files of this owner. Among the processes that we see the pid tells at once; a pid
 * that was given to another program, or an owner on another machine or in another container, is told by its silence.
 */
export async function isAbandoned(folder: string, name: string, us: Owner): Promise<boolean> {
  if (ownersHere.has(name)) return false;
  const [host, pid] = name.split('_');
  const [ourHost, ourPid] = us.name.split('_');
  if (host === ourHost && (pid === ourPid || !isAlive(Number(pid)))) return true;
  try {
    const { mtimeMs } = await stat(ownerPath(folder, name));
    return (await us.beat()) - mtimeMs > silentMs;
  } catch {
    // An owner that went in good order took its file with it.
    return true;
  }
}

/**
 * What a pid is unique in: containers of one host name each have a process 1, and so has the machine after its next start.
 * Empty where the system does not tell.
 */
async function pidSpace(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const space = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${boot.slice(0, 8)}-${space.replace(/\D/g, '')}`;
}

function ownerPath(folder: string, name: string): string {
  return join(folder, `owner.${name}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

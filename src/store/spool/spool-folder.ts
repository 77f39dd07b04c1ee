import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createOwner, isAbandoned, type Owner } from './owner.ts';
import { parseSegment } from './parse-segment.ts';

/**
 * The files of a spool. `<time>-<id>.ready` may be taken by anybody; `<time>-<id>.live.<owner>` is being written and
 * `<time>-<id>.taken.<owner>` is being drained by one process. Names sort by the time at which a file was begun.
 */
export interface SpoolFolder {
  pathOf(name: string): string;
  newLiveName(): string;
  /** Flushes the folder itself. */
  flushNames(): Promise<void>;
  /** A live file becomes a ready one; an empty one goes. */
  endLive(name: string, entries: number): Promise<void>;
  /** Names of ready files, oldest first; files of dead processes become ready first. */
  listReady(): Promise<string[]>;
  /** Makes a ready file ours and reads it. Null when another process was first. */
  take(name: string): Promise<{ entries: object[] } | null>;
  putBack(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Keeps lines that can't be used in the folder `bad`, for a human to look at. */
  keepBad(name: string, lines: readonly string[]): Promise<void>;
  /** Entries in ready files. */
  size(): number;
  close(): Promise<void>;
}

export async function createSpoolFolder(
  folder: string,
  onWarning: (message: string, fields: object) => void,
): Promise<SpoolFolder> {
  const bad = join(folder, 'bad');
  await mkdir(bad, { recursive: true });
  const owner: Owner = await createOwner(folder);
  const counts = new Map<string, number>();

  const pathOf = (name: string) => join(folder, name);
  const takenName = (ready: string) => `${baseOf(ready)}.taken.${owner.name}`;

  async function flushNames(): Promise<void> {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** What a dead process was writing or draining becomes ready for anybody. */
  async function adopt(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const parts = /^(.+)\.(?:live|taken)\.(.+)$/.exec(name);
      const [, base, ownerName] = parts ?? [];
      if (!base || !ownerName || ownerName === owner.name) continue;
      if (await isAbandoned(folder, ownerName, owner)) await moveIfThere(pathOf(name), pathOf(`${base}.ready`));
    }
  }

  async function listReady(): Promise<string[]> {
    await adopt(await readdir(folder));
    const ready = (await readdir(folder)).filter((name) => name.endsWith('.ready')).sort();
    for (const known of counts.keys()) if (!ready.includes(known)) counts.delete(known);
    for (const name of ready) {
      if (!counts.has(name)) counts.set(name, await countLines(pathOf(name)));
    }
    return ready;
  }

  async function keepBad(name: string, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    await appendFile(join(bad, `${baseOf(name)}.jsonl`), `${lines.join('\n')}\n`, { flush: true });
    onWarning('entries of the spool could not be used and lie in its folder "bad"', {
      file: name,
      lines: lines.length,
    });
  }

  await listReady();

  return {
    pathOf,
    newLiveName: () => `${timeName()}-${randomBytes(4).toString('hex')}.live.${owner.name}`,
    flushNames,
    keepBad,
    async endLive(name, entries) {
      if (entries === 0) {
        await rm(pathOf(name), { force: true });
        return;
      }
      const ready = `${baseOf(name)}.ready`;
      await rename(pathOf(name), pathOf(ready));
      counts.set(ready, entries);
    },
    listReady,
    async take(name) {
      const path = pathOf(takenName(name));
      const isOurs = await moveIfThere(pathOf(name), path);
      if (!isOurs) {
        counts.delete(name);
        return null;
      }
      const { entries, unreadable, isTorn } = parseSegment(await readFile(path));
      if (isTorn) onWarning('the last line of a spool file was cut off and is left out', { file: name });
      await keepBad(name, unreadable);
      counts.set(name, entries.length);
      return { entries };
    },
    async putBack(name) {
      await rename(pathOf(takenName(name)), pathOf(name));
    },
    async remove(name) {
      await rm(pathOf(takenName(name)));
      counts.delete(name);
    },
    size() {
      let size = 0;
      for (const count of counts.values()) size += count;
      return size;
    },
    close: () => owner.close(),
  };
}

/** `<time>-<id>` of any name in the folder. */
function baseOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

/** The machine's own time in microseconds: it only puts files in order, also those of an earlier process. */
function timeName(): string {
  const now = performance.timeOrigin + performance.now();
  return String(Math.floor(now * 1000)).padStart(18, '0');
}

/** False when the file is gone: another process was first. */
async function moveIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function countLines(path: string): Promise<number> {
  const text = await readFile(path).catch(() => null);
  if (!text) return 0;
  let count = 0;
  for (const byte of text) if (byte === 10) count += 1;
  return count;
}

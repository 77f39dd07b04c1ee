import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isAlive, reapServers } from './mariadb-leftovers.ts';

/** Bytes. A run has some 300 MB of databases and browsers' profiles in use at one time. */
const neededBytes = 2 ** 31;
const prefix = `patchbay-tests-${process.getuid?.() ?? 0}-`;

/**
 * A folder in memory for what a run of the tests leaves on disk, since thousands of flushes would wait for a disk. None
 * where there is no such place, it has too little room (a container's own has 64 MB), or may not hold programs.
 */
export async function runFolder(place = '/dev/shm', bytes = neededBytes): Promise<string | null> {
  if (!existsSync(place)) return null;
  await clearAway(place);
  const { bavail, bsize } = statfsSync(place);
  if (bavail * bsize < bytes) return null;
  const folder = mkdtempSync(join(place, `${prefix}${process.pid}-`));
  if (mayRun(folder)) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

/** What a run left that was killed, with its servers: memory would hold it until the machine starts anew. */
async function clearAway(place: string): Promise<void> {
  for (const name of readdirSync(place).filter((each) => each.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (isAlive(pid)) continue;
    await reapServers(join(place, name));
    rmSync(join(place, name), { recursive: true, force: true, maxRetries: 5 });
  }
}

function mayRun(folder: string): boolean {
  const file = join(folder, 'may-run');
  writeFileSync(file, '');
  chmodSync(file, 0o700);
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(file);
  }
}

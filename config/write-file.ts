import { randomUUID } from 'node:crypto';
import { chown, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a file in the place of another one, whole or not at all. What is there keeps its owner, and its mode unless one is
 * named.
 */
export async function replaceFile(file: string, text: string, mode?: number): Promise<void> {
  const present = await stat(file).catch(() => null);
  const wanted = mode ?? (present ? present.mode & 0o777 : 0o600);
  // Beside it: a rename is atomic only within one file system.
  const next = `${file}.${randomUUID().slice(0, 8)}.new`;
  try {
    const handle = await open(next, 'wx', wanted);
    try {
      // The process's umask may have taken some of it away.
      await handle.chmod(wanted);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Only root may give files away; anybody else's file stays with who writes it.
    if (present) await chown(next, present.uid, present.gid).catch(() => undefined);
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** Makes the name of a new file durable, where the system knows how. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  try {
    await handle?.sync().catch(() => undefined);
  } finally {
    await handle?.close();
  }
}

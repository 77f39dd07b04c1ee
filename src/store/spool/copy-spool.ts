import { copyFile, mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * Copies what lies in a spool while a service works on it: its files change their names and go while they are copied. One
 * that is found under no name any more is in the store by then. The copies belong to no process: whoever comes takes them.
 * What is there already stays: files of a spool only grow, so it holds as much.
 */
export async function copySpool(from: string, to: string): Promise<void> {
  const copied = new Set<string>();
  for (;;) {
    const left = (await filesIn(from)).filter((name) => !copied.has(copyName(name)));
    if (left.length === 0) return;
    for (const name of left) {
      if (await copyIfThere(join(from, name), join(to, copyName(name)))) copied.add(copyName(name));
    }
  }
}

const partEnd = '.part';

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessGone);
  return (names ?? [])
    .filter((entry) => entry.isFile() && !entry.name.startsWith('owner.') && !entry.name.endsWith(partEnd))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** `<time>-<id>.live.<owner>` and the like become `<time>-<id>.ready`. */
function copyName(name: string): string {
  return name.replace(/\.(?:live|taken)\.[^/]+$/, '.ready');
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  if (await stat(to).then(() => true, unlessGone)) return true;
  // Under its name it is whole: a copy that is cut off is made anew.
  const part = `${to}${partEnd}`;
  if ((await copyFile(from, part).then(() => true, unlessGone)) === null) return false;
  const copy = await open(part, 'r+');
  try {
    await copy.chmod(0o600);
    await copy.sync();
  } finally {
    await copy.close();
  }
  await rename(part, to);
  return true;
}

function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

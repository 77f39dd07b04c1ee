import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { dirname } from 'node:path';
import { ConnectorError, messageOf } from '../../domain/errors.ts';

interface Holder {
  pid: number;
  host: string;
  since: string;
}

/** Does the work while no other process on these files does: a lock file beside the journal. */
export async function whileAlone<T>(file: string, work: () => Promise<T>): Promise<T> {
  const own = `${file}.${randomUUID()}`;
  await writeOwn(own);
  try {
    await take(own, file);
  } finally {
    await rm(own, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function writeOwn(own: string): Promise<void> {
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    await mkdir(dirname(own), { recursive: true });
    await writeFile(own, JSON.stringify(holder), { mode: 0o600 });
  } catch (cause) {
    throw new ConnectorError('bad_request', `the folder ${dirname(own)} can't be written: ${messageOf(cause)}`, {
      hint: 'The journal of set-up belongs there. Make it writable, or name another with setup.journal.',
      cause,
    });
  }
}

/** A link appears whole or not at all, so nobody ever sees a lock that does not name its holder. */
async function take(own: string, file: string): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      await link(own, file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const held = await readFile(file, 'utf8').catch(() => null);
    if (held === null) continue;
    if (!isLeftOver(held)) throw busy(held, file);
    // Two may find the same left-over: what was renamed is looked at again, and put back if it was another's by then.
    const aside = `${own}.old`;
    await rename(file, aside).catch(() => undefined);
    const moved = await readFile(aside, 'utf8').catch(() => held);
    if (moved !== held) await link(aside, file).catch(() => undefined);
    await rm(aside, { force: true });
  }
  throw busy('', file);
}

/** Its process is gone, or the machine was started since. */
function isLeftOver(held: string): boolean {
  const holder = readHolder(held);
  if (!holder) return true;
  if (holder.host !== hostname()) return false;
  if (Date.parse(holder.since) < Date.now() - uptime() * 1000) return true;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function readHolder(held: string): Holder | null {
  try {
    return JSON.parse(held) as Holder;
  } catch {
    return null;
  }
}

function busy(held: string, file: string): ConnectorError {
  const holder = readHolder(held);
  const who = holder ? ` (process ${holder.pid} on ${holder.host}, since ${holder.since})` : '';
  return new ConnectorError('store_conflict', `another set-up is at work${who}`, {
    retryable: true,
    hint: `Let it finish. If there is none, delete ${file}.`,
  });
}

import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { instantOf } from '../domain/clock.ts';
import { lastDays } from '../domain/day-span.ts';
import { ConnectorError } from '../domain/errors.ts';
import type { Deps } from './deps.ts';
import { type ExportWish, makeExport } from './make-export.ts';

/** An export that is made by itself. */
export interface PlannedExport extends Pick<ExportWish, 'what' | 'format'> {
  /** Whole days back, today not included. */
  days: number;
  folder: string;
}

/**
 * Writes an export beside its place and moves it there when it is whole and on the disk: who fetches it never sees half a
 * file, and a file that is there stays until a better one is. Numbers are masked. Gives the file's path.
 */
export async function writeExport(
  deps: Pick<Deps, 'store' | 'settings' | 'clock' | 'newId'>,
  { what, format, days, folder }: PlannedExport,
  signal?: AbortSignal,
): Promise<string> {
  const span = lastDays(deps.settings.console.timeZone, instantOf(deps.clock), days);
  const { fileName, body } = makeExport(deps, { what, format, span });
  const path = join(folder, fileName);
  const unfinished = join(folder, `.${fileName}.${deps.newId()}.part`);
  try {
    // Who fetches it belongs to the folder's group; the process's umask would shut them out.
    if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o750);
    const file = await open(unfinished, 'wx', 0o640);
    try {
      await file.chmod(0o640);
      for await (const text of body) {
        signal?.throwIfAborted();
        await file.writeFile(text);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    return path;
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw systemCodeOf(cause) ? cannotWrite(path, cause) : cause;
  }
}

function systemCodeOf(error: unknown): string {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : '';
}

function cannotWrite(path: string, cause: unknown): ConnectorError {
  return new ConnectorError('export_failed', `the export ${path} can not be written: ${systemCodeOf(cause)}`, {
    hint: 'Let the user of the service write into that folder, and see that the disk has room; or change console.exports.',
    cause,
  });
}

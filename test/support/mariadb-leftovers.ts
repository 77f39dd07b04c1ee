import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface ServerNote {
  /** All that the server has on disk; empty in Docker. */
  folder: string;
  pid: number;
  container?: string;
}

/** One file per running server, so that a later start can end what a killed process left behind. */
function notesFolder(within = tmpdir()): string {
  return join(within, `patchbay-mariadb-notes-${process.getuid?.() ?? 0}`);
}

/** Writes down a server of this process. */
export function noteServer(note: ServerNote): void {
  mkdirSync(notesFolder(), { recursive: true, mode: 0o700 });
  const path = join(notesFolder(), note.container ?? basename(note.folder));
  writeFileSync(path, JSON.stringify({ ...note, owner: process.pid, ownerStart: startOf(process.pid) }));
}

export function forgetServer(folderOrContainer: string): void {
  rmSync(join(notesFolder(), basename(folderOrContainer)), { force: true });
}

/**
 * Ends servers whose process is gone, and removes their folders. Gives how many there were.
 *
 * @param within the folder for temporary files that they had (Default: this process's own)
 */
export async function reapServers(within?: string): Promise<number> {
  const notes = notesFolder(within);
  let reaped = 0;
  for (const name of listNotes(notes)) {
    const path = join(notes, name);
    const note = readNote(path);
    if (!note) continue;
    // A process id is given anew after a while: the same one with another start is not our owner.
    if (isAlive(note.owner) && startOf(note.owner) === note.ownerStart) continue;
    if (note.container) await run('docker', ['rm', '--force', '--volumes', note.container]).catch(() => undefined);
    else removeServer(note);
    rmSync(path, { force: true });
    reaped += 1;
  }
  return reaped;
}

function removeServer({ folder, pid }: ServerNote): void {
  if (!basename(folder).startsWith('patchbay-mariadb-')) return;
  if (pid > 0 && isAlive(pid) && commandLine(pid).includes(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function listNotes(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null when another process is just writing or removing it. */
function readNote(path: string): (ServerNote & { owner: number; ownerStart: string }) | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function commandLine(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ');
}

/** When a process began, in the kernel's own ticks. Empty where there is no /proc. */
function startOf(pid: number): string {
  return readProc(pid, 'stat').split(') ').at(-1)?.split(' ')[19] ?? '';
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

import { readFileSync, writeFileSync } from 'node:fs';

/** Processor time that processes have used, all their threads, in µs. Of Linux; 0 elsewhere. */
export function processorUs(pids: readonly number[]): number {
  let us = 0;
  for (const pid of pids) {
    const fields = readStat(pid);
    us += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10_000;
  }
  return us;
}

/** Memory that a process holds, and the most that it held since `forgetPeak`, in MB. */
export function memoryMb(pid: number): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kb = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return { now: kb('VmRSS') / 1024, peak: kb('VmHWM') / 1024 };
  } catch {
    return { now: 0, peak: 0 };
  }
}

/** From here on the peak counts anew. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Where the system does not let us, the peak is that since the start: never too low.
  }
}

/** The fields behind the name of the program, which may hold blanks. */
function readStat(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

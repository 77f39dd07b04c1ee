import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/** Stops a process of many threads, and resolves when each of them stands still. `SIGCONT` lets it go on. */
export async function freeze(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const threads = () => readdirSync(`/proc/${pid}/task`);
  const stateOf = (thread: string) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))?.[1];
  await eventually(() => expect(new Set(threads().map(stateOf))).toEqual(new Set(['T'])));
}

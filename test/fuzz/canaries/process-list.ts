import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const everyMs = 100;

/** Looks again and again at what `ps` shows of a process and its children, as long as it runs. Gives what was seen so far. */
export function watchProcess(child: ChildProcess): () => string {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of [child.pid ?? 0, ...childrenOf(child.pid ?? 0)]) {
      for (const what of ['cmdline', 'environ', 'comm', 'task']) seen.add(read(pid, what));
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  child.once('close', () => clearInterval(timer));
  return () => {
    if (child.exitCode === null) look();
    return [...seen].join('\n');
  };
}

function read(pid: number, what: string): string {
  const path = `/proc/${pid}/${what}`;
  try {
    if (what !== 'task') return readFileSync(path, 'utf8').replaceAll('\0', ' ');
    return readdirSync(path)
      .map((thread) => readFileSync(`${path}/${thread}/comm`, 'utf8'))
      .join('');
  } catch {
    // It has ended.
    return '';
  }
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const told = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')).join(' ');
    const children = told.split(/\s+/).filter(Boolean).map(Number);
    return children.flatMap((each) => [each, ...childrenOf(each)]);
  } catch {
    return [];
  }
}

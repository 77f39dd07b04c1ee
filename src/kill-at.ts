import { writeSync } from 'node:fs';
import type { FailAt, FailPoint } from './domain/fail-points.ts';

/** Where a drill ends the process: the n-th time that it comes past the point. */
export interface KillAt {
  point: FailPoint;
  nth: number;
}

/** Ends the process with signal 9 at the points that a drill names, and tells first which it was. Without any, a no-op. */
export function createFailAt({ killAt }: { killAt: readonly KillAt[] } = { killAt: [] }): FailAt {
  if (killAt.length === 0) return () => undefined;
  const left = new Map(killAt.map(({ point, nth }) => [point, nth]));
  return (point) => {
    const times = left.get(point);
    if (times === undefined) return;
    left.set(point, times - 1);
    if (times > 1) return;
    // The log is written behind the scenes, and nothing runs after the signal.
    writeSync(2, `${JSON.stringify({ failPoint: point })}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
}

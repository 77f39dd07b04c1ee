import { renameSync, writeFileSync } from 'node:fs';
import { type ClockFile, fileClock } from '../../src/clock.ts';
import type { Clock } from '../../src/domain/clock.ts';

export interface DemoClock extends Clock {
  path: string;
  setRate(rate: number): void;
  /** Moves on to an instant at once; never back. */
  leapTo(ms: number): void;
  /** Another file with the same time, for a machine whose clock may go wrong. */
  copyTo(path: string): ClockCopy;
}

export interface ClockCopy {
  path: string;
  /** From now on it shows so much more; or less, below zero. */
  moveBy(ms: number): void;
}

/** The clock that Patchbay and all simulators share through one file. */
export function startDemoClock(path: string, startsAt: number, rate: number): DemoClock {
  const copies: (() => void)[] = [];
  let line: ClockFile = { realMs: Date.now(), simulatedMs: startsAt, rate };
  write();
  const clock = fileClock(path);

  function write(): void {
    writeLine(path, line);
    for (const copy of copies) copy();
  }

  function present(): number {
    return line.simulatedMs + (Date.now() - line.realMs) * line.rate;
  }

  return {
    ...clock,
    path,
    now: () => Math.floor(present()),
    setRate(next) {
      line = { realMs: Date.now(), simulatedMs: present(), rate: next };
      write();
    },
    leapTo(ms) {
      line = { realMs: Date.now(), simulatedMs: Math.max(present(), ms), rate: line.rate };
      write();
    },
    copyTo(copyPath) {
      let movedMs = 0;
      const copy = () => writeLine(copyPath, { ...line, simulatedMs: line.simulatedMs + movedMs });
      copies.push(copy);
      copy();
      return {
        path: copyPath,
        moveBy(ms) {
          movedMs = ms;
          copy();
        },
      };
    },
  };
}

function writeLine(path: string, line: ClockFile): void {
  writeFileSync(`${path}.new`, JSON.stringify(line));
  renameSync(`${path}.new`, path);
}

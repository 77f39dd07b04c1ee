import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type FailPoint, failPoints } from '../../src/domain/fail-points.ts';
import type { KillAt } from '../../src/kill-at.ts';
import type { Member } from '../demo/members.ts';

/** An end of a process of Patchbay, and its start again. */
export interface Death {
  member: number;
  /** A fail point, `at random`, or how it ended where nobody wanted it to. */
  by: FailPoint | 'at random' | string;
  isWanted: boolean;
  /** By the simulated clock. */
  from: string;
  to: string;
  /** From its end until it was ready, by the machine's clock. */
  readyMs: number;
}

/** Starts Patchbay again whenever it ends, as a service manager does, with the next fail points armed. */
export interface Keeper {
  deaths: readonly Death[];
  /** False while any member is down. */
  isWhole(): boolean;
  /** Fail points that nobody came to. */
  left(): FailPoint[];
  killOne(draw: number): Promise<void>;
  /** No fail point ends anything any more; what was armed is restarted with signal TERM. */
  disarm(): Promise<void>;
  /** What each process wrote last, in the order of their ends, then of those that run. */
  logs(): string[];
  stop(): void;
}

export interface KeeperOptions {
  members: readonly Member[];
  points: readonly KillAt[];
  armedAtOnce: number;
  now(): number;
  tell(line: string): void;
}

const startAgainMs = 300;
const lastLineMs = 500;

/** What a process of Patchbay is started with: the points that are first in the row. */
export function armed(points: readonly KillAt[], armedAtOnce: number): { killAt: KillAt[] } {
  return { killAt: points.slice(0, armedAtOnce) };
}

/** Takes over members that were started with the first points armed. */
export function keepAlive({ members, points, armedAtOnce, now, tell }: KeeperOptions): Keeper {
  let toHit = [...points];
  let isOver = false;
  const deaths: Death[] = [];
  const logs: string[] = [];
  const down = new Set<number>();
  const killed = new Set<number>();
  const restarting = new Set<number>();
  const first = members.map(({ configFile }) => readFileSync(configFile, 'utf8'));

  /** The next start of the member meets the points that are first in the row. */
  function arm(index: number): void {
    const config = JSON.parse(first[index] ?? '{}') as { drill?: object };
    const drill = { ...config.drill, ...armed(toHit, armedAtOnce) };
    writeFileSync(members[index]?.configFile ?? '', JSON.stringify({ ...config, drill }, null, 2));
  }

  function hit(point: FailPoint): void {
    const index = toHit.findIndex((each) => each.point === point);
    if (index >= 0) toHit.splice(index, 1);
  }

  async function watch(member: Member, index: number): Promise<void> {
    for (;;) {
      const process = member.process();
      const how = await process.ended;
      if (isOver) return;
      if (restarting.has(index)) {
        await wait(startAgainMs);
        continue;
      }
      down.add(index);
      const diedAt = performance.now();
      const from = new Date(now()).toISOString();
      const lines = await lastLines(() => process.tail(), killed.has(index));
      logs.push(...lines.map((line) => `${index} ${line}`));
      await process.stop();
      const point = pointIn(lines);
      const by = killed.delete(index) && !point ? 'at random' : (point ?? `ended with ${how}`);
      if (point) hit(point);
      await startAgain(member, index);
      const readyMs = Math.round(performance.now() - diedAt);
      down.delete(index);
      deaths.push({
        member: index,
        by,
        isWanted: by === 'at random' || point !== null,
        from,
        to: new Date(now()).toISOString(),
        readyMs,
      });
      tell(`Patchbay ${index + 1} died (${by}) and is back after ${readyMs} ms`);
    }
  }

  /** A start that meets a fail point, or no store, is tried again. */
  async function startAgain(member: Member, index: number): Promise<void> {
    while (!isOver) {
      arm(index);
      const from = new Date(now()).toISOString();
      const startedAt = performance.now();
      try {
        await member.start();
        return;
      } catch (error) {
        const text = String(error instanceof Error ? error.message : error);
        logs.push(...text.split('\n').map((line) => `${index} ${line}`));
        const point = pointIn(text.split('\n'));
        if (point) {
          hit(point);
          const readyMs = Math.round(performance.now() - startedAt);
          deaths.push({ member: index, by: point, isWanted: true, from, to: new Date(now()).toISOString(), readyMs });
        } else {
          tell(`Patchbay ${index + 1} could not start: ${text.split('\n').at(-1) ?? ''}`);
          await wait(startAgainMs);
        }
      }
    }
  }

  const watching = members.map(watch);
  for (const each of watching) each.catch((error: unknown) => tell(`nobody watches a Patchbay: ${String(error)}`));

  return {
    deaths,
    isWhole: () => down.size === 0 && restarting.size === 0,
    left: () => toHit.map(({ point }) => point),
    async killOne(draw) {
      const index = Math.min(members.length - 1, Math.floor(draw * members.length));
      if (down.has(index)) return;
      killed.add(index);
      process.kill(members[index]?.process().pid ?? 0, 'SIGKILL');
    },
    async disarm() {
      const wasArmed = toHit.length > 0;
      toHit = [];
      while (down.size > 0) await wait(50);
      if (!wasArmed) return;
      for (const [index, member] of members.entries()) {
        while (down.has(index)) await wait(50);
        restarting.add(index);
        logs.push(
          ...member
            .process()
            .tail()
            .map((line) => `${index} ${line}`),
        );
        arm(index);
        await member.restart();
        restarting.delete(index);
      }
    },
    logs: () => [
      ...logs,
      ...members.flatMap((member, index) =>
        member
          .process()
          .tail()
          .map((line) => `${index} ${line}`),
      ),
    ],
    stop() {
      isOver = true;
    },
  };
}

/** The output of a process that ended comes a moment after its end. */
async function lastLines(tail: () => string[], isComplete: boolean): Promise<string[]> {
  const end = performance.now() + (isComplete ? 50 : lastLineMs);
  while (performance.now() < end && pointIn(tail()) === null) await wait(10);
  return [...tail()];
}

function pointIn(lines: readonly string[]): FailPoint | null {
  const line = lines.findLast((each) => each.startsWith('{"failPoint":'));
  if (!line) return null;
  const { failPoint } = JSON.parse(line) as { failPoint: string };
  return failPoints.find((point) => point === failPoint) ?? null;
}

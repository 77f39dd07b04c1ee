import type { Clock } from '../../src/domain/clock.ts';
import type { VicidialReads } from './reads.ts';

/** Tells the lines of remote agents, which the AI answers, from people. */
export interface LineUsers {
  /** True when a person stands behind this user: neither the dialer itself, nor nobody, nor a line. */
  isHuman(user: string, knownLine: string): Promise<boolean>;
}

const keptMs = 60_000;
const dialerUsers: readonly string[] = ['', 'VDAD', 'VDCL'];

/** A remote agent of N lines has the users `user_start` to `user_start` + N - 1. Read at most once a minute. */
export function createLineUsers(reads: Pick<VicidialReads, 'remoteAgents'>, clock: Pick<Clock, 'now'>): LineUsers {
  let lines = new Set<string>();
  let readAt = Number.NEGATIVE_INFINITY;

  async function currentLines(): Promise<Set<string>> {
    if (clock.now() - readAt < keptMs) return lines;
    const agents = await reads.remoteAgents();
    const users = agents.flatMap(({ user_start, number_of_lines }) =>
      Array.from({ length: Math.max(1, number_of_lines) }, (_, line) => lineUser(user_start, line)),
    );
    lines = new Set(users);
    readAt = clock.now();
    return lines;
  }

  return {
    async isHuman(user, knownLine) {
      if (dialerUsers.includes(user) || user === knownLine) return false;
      return !(await currentLines()).has(user);
    },
  };
}

function lineUser(first: string, line: number): string {
  return /^\d+$/.test(first) ? String(Number(first) + line) : first;
}

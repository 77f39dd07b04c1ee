import type { Clock } from '../../src/domain/clock.ts';
import type { VicidialReads } from './reads.ts';
import type { RemoteAgent } from './tables/schema.ts';

/** Tells the lines of remote agents, which the AI answers, from people. */
export interface LineUsers {
  /** True when a person stands behind this user: neither the dialer itself, nor nobody, nor a line. */
  isHuman(user: string, knownLine: string): Promise<boolean>;
}

const keptMs = 60_000;
/** A line that was taken away is still a line for the calls that it had. */
const rememberedMs = 12 * 3_600_000;
const dialerUsers: readonly string[] = ['', 'VDAD', 'VDCL'];

/** Asks for the remote agents at most once a minute. */
export function createLineUsers(reads: Pick<VicidialReads, 'remoteAgents'>, clock: Pick<Clock, 'now'>): LineUsers {
  /** By user, when it was last seen to be a line. */
  const lines = new Map<string, number>();
  let readAt = Number.NEGATIVE_INFINITY;

  async function isLine(user: string): Promise<boolean> {
    const now = clock.now();
    if (now - readAt >= keptMs) {
      for (const line of lineUsersOf(await reads.remoteAgents())) lines.set(line, now);
      readAt = now;
    }
    return now - (lines.get(user) ?? Number.NEGATIVE_INFINITY) < rememberedMs;
  }

  return {
    async isHuman(user, knownLine) {
      if (dialerUsers.includes(user) || user === knownLine) return false;
      return !(await isLine(user));
    },
  };
}

/** A remote agent of N lines has the users `user_start` to `user_start` + N - 1. */
export function lineUsersOf(
  agents: readonly Pick<RemoteAgent, 'user_start' | 'number_of_lines'>[],
): ReadonlySet<string> {
  return new Set(
    agents.flatMap(({ user_start, number_of_lines }) =>
      Array.from({ length: Math.max(1, number_of_lines) }, (_, line) => lineUser(user_start, line)),
    ),
  );
}

/** User of a remote agent's line, the first of which is 0. Only numbers can be counted up. */
export function lineUser(first: string, line: number): string {
  return /^\d+$/.test(first) ? String(Number(first) + line) : first;
}

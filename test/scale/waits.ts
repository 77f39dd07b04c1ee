import type { SeenRequest } from '../demo/balancer.ts';

/** A script that waited for an outcome, and the tool call that brought it. */
export interface Wait {
  isAcrossProcesses: boolean;
  /** From the tool call's answer to the script's: below 0 where the script was answered first. */
  ms: number;
}

export interface WaitWatch {
  /** To be told of each request. */
  see(seen: SeenRequest): void;
  waits(): Wait[];
}

interface Asked {
  member: number;
  begunAt: number;
  endedAt: number;
}

/** Finds among all requests the outcome queries that were open when the commit of their call was answered. */
export function watchWaits(): WaitWatch {
  const commits = new Map<string, Asked>();
  const queries = new Map<string, Asked[]>();
  return {
    see({ path, body, member, begunAt, endedAt, answer }) {
      const asked = { member, begunAt, endedAt };
      if (path.endsWith('/tools/commit-outcome')) {
        const { correlation_id: id } = JSON.parse(body) as { correlation_id?: string };
        // The first one that was taken: a second one wakes nobody.
        if (id && !commits.has(id) && answer.includes('"ok":true')) commits.set(id, asked);
      } else if (path.endsWith('/outcome')) {
        const { status, correlation_id: id = '' } = JSON.parse(answer) as { status?: string; correlation_id?: string };
        if (status === 'done') queries.set(id, [...(queries.get(id) ?? []), asked]);
      }
    },
    waits() {
      const waits: Wait[] = [];
      for (const [id, commit] of commits) {
        for (const query of queries.get(id) ?? []) {
          if (query.begunAt > commit.begunAt || query.endedAt < commit.begunAt) continue;
          waits.push({ isAcrossProcesses: query.member !== commit.member, ms: query.endedAt - commit.endedAt });
        }
      }
      return waits;
    },
  };
}

/** Of sorted or unsorted values; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

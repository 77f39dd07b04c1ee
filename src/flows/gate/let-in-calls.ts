/** Calls that this process let in to a platform and that count there still, by correlation ID: the end of one frees a slot. */
export interface LetInCalls {
  add(correlationId: string): void;
  /** True once for each of them. */
  take(correlationId: string): boolean;
}

export interface LetInLimits {
  /** Calls that can be going at once. Of more the first are over, and another process was told so. */
  most(): number;
  /** After so long, in milliseconds, the store counts no call any more. */
  longestMs(): number;
  /** Epoch ms, by the clock by which the store counts. */
  now(): number;
}

export function createLetInCalls({ most, longestMs, now }: LetInLimits): LetInCalls {
  /** When each was let in, the first one first. */
  const calls = new Map<string, number>();
  return {
    add(correlationId) {
      if (!calls.has(correlationId)) calls.set(correlationId, now());
      for (const first of calls.keys()) {
        if (calls.size <= most()) break;
        calls.delete(first);
      }
    },
    take(correlationId) {
      const at = calls.get(correlationId);
      calls.delete(correlationId);
      return at !== undefined && now() - at < longestMs();
    },
  };
}

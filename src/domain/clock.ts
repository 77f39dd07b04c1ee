/** Time comes in through here, so that a simulated day is the same code as a real one. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after so many milliseconds of this clock, or at once when the signal is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock's time as an instant. */
export function instantOf(clock: Pick<Clock, 'now'>): string {
  return new Date(clock.now()).toISOString();
}

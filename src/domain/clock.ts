/** Time comes in through here, so that a simulated day is the same code as a real one. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after so many milliseconds of this clock, or at once when the signal is aborted. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

let last = { ms: Number.NaN, text: '' };

/** The clock's time as an instant. A live call asks several times within one millisecond: the text is made once. */
export function instantOf(clock: Pick<Clock, 'now'>): string {
  const ms = clock.now();
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

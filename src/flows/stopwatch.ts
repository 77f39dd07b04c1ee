/** Milliseconds since it was started. */
export type Stopwatch = () => number;

/**
 * Counts what another process may have used: by the clock that nobody sets, or, as that one stands still while the machine
 * sleeps, by the one of the wall, whichever went further.
 */
export function startStopwatch(): Stopwatch {
  const [machine, wall] = [performance.now(), Date.now()];
  return () => Math.max(performance.now() - machine, Date.now() - wall);
}

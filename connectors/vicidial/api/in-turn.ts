/** Lets so many pieces of work run at once; the others wait, and who waits longest goes first. */
export function takeTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place goes to the next, so that nobody who comes just now is faster.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

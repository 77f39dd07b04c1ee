/** Many waits that nearly always end before their time: they share one timer, since one for each costs more than to look. */
export interface Deadlines {
  /**
   * @param endsAt by `performance.now()`
   * @returns ends the wait; false when its time was up before
   */
  add(endsAt: number, onTimeUp: () => void): () => boolean;
}

interface Wait {
  endsAt: number;
  onTimeUp(): void;
}

export function createDeadlines(): Deadlines {
  const waits = new Set<Wait>();
  let timer: NodeJS.Timeout | undefined;
  /** When it looks next. What ended meanwhile leaves it as it is: it looks, and finds nothing. */
  let looksAt = Number.POSITIVE_INFINITY;

  function lookAt(at: number): void {
    if (at >= looksAt) return;
    clearTimeout(timer);
    looksAt = at;
    timer = setTimeout(look, Math.max(1, Math.ceil(at - performance.now())));
    // What is waited for keeps the process, where it should.
    timer.unref();
  }

  function look(): void {
    looksAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const wait of waits) {
      if (wait.endsAt > now) {
        next = Math.min(next, wait.endsAt);
        continue;
      }
      waits.delete(wait);
      wait.onTimeUp();
    }
    lookAt(next);
  }

  return {
    add(endsAt, onTimeUp) {
      const wait = { endsAt, onTimeUp };
      waits.add(wait);
      lookAt(endsAt);
      return () => waits.delete(wait);
    },
  };
}

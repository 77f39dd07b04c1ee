import { messageOf } from '../domain/errors.ts';

export type StoreAnswer<T> = { kind: 'answer'; value: T } | { kind: 'away'; why: string };

/** Asks the store within a time budget of the machine's clock. */
export interface StoreGate {
  /**
   * The store's answer, or `away` when it fails or takes longer than the budget. The work may still happen later: it
   * must be harmless then.
   */
  ask<T>(budgetMs: number, work: () => Promise<T>): Promise<StoreAnswer<T>>;
  isAway(): boolean;
}

export interface StoreGateOptions {
  /** Budget while the store is known to be away: just enough to notice that it is back. (Default: 25 ms) */
  awayBudgetMs?: number;
  onChange(isAway: boolean, why: string): void;
}

/**
 * After a missed budget the next callers wait only briefly, so that a frozen database doesn't add its whole time-out to
 * every live call; the first answer brings the full budget back.
 */
export function createStoreGate({ awayBudgetMs = 25, onChange }: StoreGateOptions): StoreGate {
  let isAway = false;

  function set(next: boolean, why: string): void {
    if (next === isAway) return;
    isAway = next;
    onChange(next, why);
  }

  return {
    isAway: () => isAway,
    async ask(budgetMs, work) {
      const budget = isAway ? Math.min(budgetMs, awayBudgetMs) : budgetMs;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), Math.max(1, budget));
      });
      // A late answer still shows that the store is back.
      const working = work().then(
        (value) => {
          set(false, '');
          return { kind: 'answer', value } as const;
        },
        (error: unknown) => ({ kind: 'away', why: messageOf(error) }) as const,
      );
      const first = await Promise.race([working, late]);
      clearTimeout(timer);
      const answer = first === 'late' ? ({ kind: 'away', why: `no answer within ${budget} ms` } as const) : first;
      if (answer.kind === 'away') set(true, answer.why);
      return answer;
    },
  };
}

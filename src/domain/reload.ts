import type { Instant } from './call.ts';

/** With which configuration a process runs, as it tells others. */
export interface RunningConfiguration {
  version: string;
  /** When it was taken up. */
  since: Instant;
  /** What became of the last wish that it takes up another one; null when there was none. */
  answer: ReloadAnswer | null;
}

/** That every process takes up the configuration as it lies there now. */
export interface ReloadWish {
  id: string;
  /** Who wants it, as in the audit log. */
  by: string;
  at: Instant;
}

/** `same`: it runs with that already. `refused`: nothing of it counts, and the process goes on as before. */
export type ReloadResult = 'applied' | 'same' | 'refused';

/** What one process made of a wish. */
export interface ReloadAnswer {
  /** Of the wish. */
  id: string;
  at: Instant;
  result: ReloadResult;
  /** Why it was refused, a line for each fault. Holds no secret. */
  faults: readonly string[];
}

/** Under this name the store keeps the last wish. */
export const reloadWishCursor = 'reload-wish';

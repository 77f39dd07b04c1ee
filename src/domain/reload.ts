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

/** What taking up the file that lies there would change. Holds no secret. */
export type ReloadPreview =
  | { kind: 'faulty'; faults: readonly string[] }
  | {
      kind: 'good';
      /** Of what the file says. */
      version: string;
      /** A line for each key that is different; none when it says what runs. */
      changes: readonly string[];
      /** Who will notice. */
      effects: readonly string[];
      /** Weak points of the file. */
      warnings: readonly string[];
    };

/** Under this name the store keeps the last wish. */
export const reloadWishCursor = 'reload-wish';

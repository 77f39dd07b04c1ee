import type { Operations } from './operations/index.ts';
import type { HotReads, LongReads } from './reads/index.ts';
import type { PresentRules } from './rule-book.ts';
import type { StoreKind } from './session.ts';

/** What a database has to bring: the same named units on each. */
export interface StoreParts {
  kind: StoreKind;
  write<N extends keyof Operations>(name: N, input: Input<Operations[N]>): Answer<Operations[N]>;
  /** Reads by key; they may be part of a live call. */
  read<N extends keyof HotReads>(name: N, input: Input<HotReads[N]>): Answer<HotReads[N]>;
  /** Reads through many rows. */
  readLong<N extends keyof LongReads>(name: N, ...input: LongInput<LongReads[N]>): Answer<LongReads[N]>;
  /** What is asked from now on is planned by these. */
  useRules(present: PresentRules): void;
  close(): Promise<void>;
}

type Unit = (session: never, input: never, context: never) => Promise<unknown>;
type Input<F extends Unit> = Parameters<F>[1];
type LongInput<F extends Unit> = Parameters<F> extends [unknown, infer I, ...unknown[]] ? [input: I] : [];
type Answer<F extends Unit> = ReturnType<F>;

import type { Kysely } from 'kysely';
import type { PlanRules } from '../domain/plan-write-backs.ts';
import type { Tables } from './tables.ts';

export type StoreKind = 'sqlite' | 'mysql';
export type Value = string | number | null;

/** What operations and reads query through: inside a transaction it is bound to that transaction's connection. */
export interface Session {
  kind: StoreKind;
  /** Several servers take writes, as with Galera: a lock of a row holds on one of them. (Default: false) */
  isCluster?: boolean;
  /** For queries that are built on the spot. */
  db: Kysely<Tables>;
  /** For queries that were compiled before (see prepared-query.ts). */
  run(sql: string, parameters: readonly Value[]): Promise<QueryAnswer>;
}

export interface QueryAnswer {
  rows: unknown[];
  /** How many rows a write matched. */
  changes: number;
}

/** What a write unit needs besides its input. Its body may run twice, so everything here is free of side effects. */
export interface OperationContext {
  /** Those of today. */
  rules: PlanRules;
  /** Version of the mapping that calls begin with now. (Default: none has one) */
  mapping?: string;
  /** Those of a call, by the mapping that it began with: see `RuleBook`. (Default: today's) */
  rulesOf?(session: Session, mapping: string): Promise<PlanRules>;
  newId(): string;
  ignoresIdempotency: boolean;
}

/**
 * Ids for one unit of work from one fresh seed: the seed itself, then `seed-1`, `seed-2` … So the ids of a body that
 * runs twice are the same, and a unit can run in another thread than the one that owns `deps.newId`.
 */
export function idsFrom(seed: string): () => string {
  let count = 0;
  return () => {
    const id = count === 0 ? seed : `${seed}-${count}`;
    count += 1;
    return id;
  };
}

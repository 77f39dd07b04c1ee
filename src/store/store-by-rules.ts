import type { Instant } from '../domain/call.ts';
import type { Mapping, NamedMapping } from '../domain/mapping.ts';
import type { PresentRules } from './rule-book.ts';

/** By what the store plans, and what it keeps of it. */
export interface StoreByRules {
  /** What is recorded from now on is planned by these, as far as its call did not begin with another mapping. */
  useRules(present: PresentRules): void;
  /** Keeps a mapping under its version: durable before a call begins with it. */
  keepMapping(mapping: NamedMapping, now: Instant): Promise<void>;
  /** Null when none is kept under this version. */
  mapping(version: string): Promise<Mapping | null>;
}

import { type Mapping, type NamedMapping, noMapping, rulesByMapping } from '../domain/mapping.ts';
import type { PlanRules } from '../domain/plan-write-backs.ts';
import { mappingByVersion } from './reads/mappings.ts';
import type { OperationContext, Session } from './session.ts';

/** The rules of today, with the mapping that calls begin with now. Plain data. */
export interface PresentRules {
  rules: PlanRules;
  mapping: NamedMapping;
}

/** By which rules calls are planned: those of today, and for each call the mapping that it began with. */
export interface RuleBook {
  readonly rules: PlanRules;
  /** Version of the mapping that calls begin with now. */
  readonly version: string;
  use(present: PresentRules): void;
  /** The rules of a call. One whose mapping nobody kept, as an older release leaves it, goes by those of today. */
  of(session: Session, version: string): Promise<PlanRules>;
}

/** What a write unit needs, with these rules. */
export function contextOf(
  book: RuleBook,
  rest: Pick<OperationContext, 'newId' | 'ignoresIdempotency'>,
): OperationContext {
  return { ...rest, rules: book.rules, mapping: book.version, rulesOf: book.of };
}

/** What is kept under a version never changes: it is read once, and most calls began with today's. */
export function createRuleBook(rules: PlanRules, mapping: NamedMapping = noMapping): RuleBook {
  let present: PresentRules = { rules, mapping };
  const mappings = new Map<string, Mapping>();
  let merged = new Map<string, PlanRules>();

  async function mappingFor(session: Session, version: string): Promise<Mapping | null> {
    const known = version === present.mapping.version ? present.mapping.mapping : mappings.get(version);
    if (known) return known;
    const kept = await mappingByVersion(session, version);
    if (kept) mappings.set(version, kept);
    return kept;
  }

  return {
    get rules() {
      return present.rules;
    },
    get version() {
      return present.mapping.version;
    },
    use(next) {
      present = next;
      merged = new Map();
    },
    async of(session, version) {
      const { rules: today } = present;
      if (version === '' || version === present.mapping.version) return today;
      const known = merged.get(version);
      if (known) return known;
      const ofThese = merged;
      const own = await mappingFor(session, version);
      if (!own) return today;
      const made = rulesByMapping(today, own);
      ofThese.set(version, made);
      return made;
    },
  };
}

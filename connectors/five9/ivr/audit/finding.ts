import type { IvrModule } from '../script-model.ts';
import type { View } from './view.ts';

/**
 * error: calls will go wrong. warning: calls may go wrong, or only sometimes. open: a blank that only somebody with access
 * to the Five9 domain can fill. remark: worth knowing.
 */
export const severities = ['error', 'warning', 'open', 'remark'] as const;
export type Severity = (typeof severities)[number];

export interface Finding {
  /** Id of the rule: `query.timeout`. */
  rule: string;
  severity: Severity;
  /** Name of the module; empty when it is about the whole script. */
  module: string;
  moduleId: string;
  /** Line of the file; 0 when it is about the whole script. */
  line: number;
  what: string;
  /** What to change, and where in Five9's script editor. */
  change: string;
}

/** What a rule says; the rest of the finding follows from the rule. */
export interface Problem {
  module?: IvrModule | undefined;
  what: string;
  change: string;
  /** Where this one differs from the rule's. */
  severity?: Severity;
}

/** One thing that is checked. To add one: write it, and put it into its list, which `rules.ts` gathers. */
export interface Rule {
  id: string;
  severity: Severity;
  /** What is asked of a script, in one sentence. */
  about: string;
  /** `ours`: only for scripts that talk to Patchbay. */
  scope: 'any' | 'ours';
  check(view: View): Iterable<Problem>;
}

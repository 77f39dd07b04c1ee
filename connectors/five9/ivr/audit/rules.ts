import type { Rule } from './finding.ts';
import { caseRules } from './rules-case.ts';
import { graphRules } from './rules-graph.ts';
import { headerRules } from './rules-headers.ts';
import { loopRules } from './rules-loops.ts';
import { queryRules } from './rules-query.ts';
import { responseRules } from './rules-response.ts';
import { secretRules } from './rules-secrets.ts';
import { transferRules } from './rules-transfer.ts';
import { valueRules } from './rules-values.ts';

/** Every rule that a script is judged by. */
export const rules: readonly Rule[] = [
  ...graphRules,
  ...loopRules,
  ...queryRules,
  ...responseRules,
  ...caseRules,
  ...transferRules,
  ...headerRules,
  ...valueRules,
  ...secretRules,
];

import { z } from 'zod';

/** Marked, so that the whole configuration can check it against the codes that are allowed. */
export const OutcomeCode = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'must be an outcome code such as not_interested')
  .meta({ outcomeCode: true });

/** YAML reads `true` and `3` as what they look like; an insight is text. */
const Value = z.preprocess((value) => (typeof value === 'string' ? value : String(value)), z.string());
const Values = z.preprocess(toList, z.array(Value).min(1).max(100));
const tests = ['is', 'contains', 'over', 'under', 'exists'] as const;

const Condition = z
  .strictObject({
    insight: z.string().min(1).describe('Name of the insight.'),
    is: Values.optional().describe('One of these, whatever the case, blanks and hyphens. (Default: not asked)'),
    contains: Values.optional().describe('These words stand in it, any one of the texts. (Default: not asked)'),
    over: z.number().optional().describe('It is a number greater than this. (Default: not asked)'),
    under: z.number().optional().describe('It is a number less than this. (Default: not asked)'),
    exists: z.boolean().optional().describe('true: it has a value; false: it has none. (Default: not asked)'),
  })
  .refine((condition) => tests.some((test) => condition[test] !== undefined), {
    error: `needs one of ${tests.join(', ')}`,
  });
export type Condition = z.infer<typeof Condition>;

const Conditions = z.preprocess(toList, z.array(Condition).max(20));

const Rule = z.strictObject({
  when: Conditions.describe('One condition or a list: all must hold.'),
  unless: Conditions.default([]).describe('One condition or a list: none may hold.'),
  outcome: OutcomeCode.describe('The outcome code when the rule hits.'),
  callbackAt: z
    .string()
    .min(1)
    .optional()
    .describe('For callback: insight with the time, ISO-8601 with a zone. (Default: no time)'),
});
export type Rule = z.infer<typeof Rule>;

export const AnalysisConfig = z
  .strictObject({
    rules: z
      .array(Rule)
      .max(200)
      .default([])
      .describe('What the insights mean: the first rule that hits decides. They come before `outcomes`.'),
    outcomeFrom: z.string().min(1).optional().describe('Insight that tells the outcome. (Default: none does)'),
    outcomes: z
      .record(z.string(), OutcomeCode)
      .default({})
      .describe('Value of that insight → outcome code. A value that is missing here says nothing.'),
    summaryFrom: z.string().min(1).default('conversation summary').describe('Insight that holds the summary.'),
  })
  .prefault({})
  .describe('How the analysis after the call is read. Insights are compared without case, blanks and hyphens.');
export type AnalysisConfig = z.infer<typeof AnalysisConfig>;

/** One of a kind may stand without its list. */
function toList(value: unknown): unknown {
  return value === undefined || Array.isArray(value) ? value : [value];
}

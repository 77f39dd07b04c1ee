/** The outcome codes that ship with the product. A site adds its own in the configuration. */
export const outcomeCodes = [
  'opt_out',
  'sale',
  'qualified',
  'not_qualified',
  'callback',
  'not_interested',
  'wrong_number',
  'language',
  'transferred',
  'voicemail',
  'no_answer',
  'busy',
  'hung_up',
  'failed',
  'unknown',
] as const;

export type OutcomeCode = (typeof outcomeCodes)[number] | (string & {});

/** After these a person must not be called again for the same purpose; they may not map to a status that is redialled. */
export const finalOutcomes: readonly string[] = ['opt_out', 'sale', 'not_interested', 'wrong_number', 'callback'];

/** Lower case, blanks and hyphens to underscores: what a language model or an analysis writes becomes a code. */
export function normaliseOutcomeCode(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace(/[^a-z0-9_]/g, '');
}

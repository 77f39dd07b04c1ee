import { validate as isCron } from 'node-cron';
import { z } from 'zod';

const days = z.int().min(1).max(36_500);

export const RetentionConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Purge by itself what is older than this. `npx patchbay purge --preview` says what would go.'),
    callsDays: days
      .default(1830)
      .describe(
        'Calls with all that was told and written of them, in days. Never less than `evidence.keepYears`; a call goes on being kept while its opt-out stands, a write-back is not at its end, or it needs a person.',
      ),
    transcriptsDays: days.default(365).describe('What was spoken, where it is kept at all, in days.'),
    attentionDays: days.default(400).describe('Things that needed a person, after they were settled, in days.'),
    auditDays: days
      .default(1830)
      .describe('Who did what, in days. Never less than `evidence.keepYears`, as it is evidence too.'),
    leadsDays: days
      .optional()
      .describe(
        'Leads that no sync has brought for so many days. A dialer that only tells of changes brings none that never change. (Default: kept)',
      ),
    namesDays: days
      .default(400)
      .describe(
        'The names of purged calls, in days: so long no late event and no record of a platform makes a new call of one.',
      ),
    archiveFolder: z
      .string()
      .min(1)
      .optional()
      .describe('Calls, settled things and the audit log are written here before they are purged. (Default: not)'),
    cron: z
      .string()
      .refine(isCron, 'must be a cron expression')
      .default('40 3 * * *')
      .describe("When it purges, as cron's five fields."),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as America/New_York')
      .default('UTC')
      .describe('The time zone of the cron expression.'),
  })
  .prefault({})
  .describe('How long what is held is kept.');

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

import { validate as isCron } from 'node-cron';
import { z } from 'zod';

export const ReconcileConfig = z
  .strictObject({
    cron: z
      .string()
      .refine(isCron, 'must be a cron expression')
      .default('30 5 * * *')
      .describe("When platform, dialers and our calls are compared, as cron's five fields."),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as America/New_York')
      .default('UTC')
      .describe('The time zone of the cron expression.'),
    windowHours: z.int().min(1).max(720).default(26).describe('How far back it looks, in hours.'),
    silenceAfterMin: z
      .int()
      .min(10)
      .max(10_080)
      .default(240)
      .describe('After so many minutes a call of which nobody tells how it ended counts as unknown.'),
    catchUpAfterMin: z
      .int()
      .min(1)
      .max(1440)
      .default(5)
      .describe("After so many minutes a call without an outcome is first looked for in the platform's own records."),
    maxLostPercent: z
      .int()
      .min(0)
      .max(100)
      .default(20)
      .describe(
        'Where a dialer seems to have lost more than this share of 20 or more, nothing is written again unasked.',
      ),
  })
  .prefault({})
  .describe('Comparing platform calls, our calls and what the dialers hold.');

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

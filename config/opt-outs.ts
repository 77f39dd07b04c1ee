import { z } from 'zod';

export const OptOutsConfig = z
  .strictObject({
    targetSec: z
      .record(z.string(), z.int().min(1))
      .default({})
      .describe(
        'By dialer: how soon it should hold an opt-out, in seconds. (Default: 60; a dialer that takes numbers in a window only, by the end of its next one)',
      ),
    alarmHours: z
      .int()
      .min(1)
      .max(240)
      .default(24)
      .describe('After so many hours an opt-out that a dialer does not hold is an error that somebody must see.'),
    legalBusinessDays: z
      .int()
      .min(1)
      .max(30)
      .default(10)
      .describe('Business days within which the law wants it done; past them there is a second alarm.'),
    holidays: z
      .array(z.iso.date())
      .default([])
      .describe('Days from Monday to Friday that are no business days, such as 2026-12-25.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as America/New_York')
      .default('America/New_York')
      .describe('Where those days begin and end.'),
    sharedNumberLeads: z
      .int()
      .min(1)
      .max(1000)
      .default(20)
      .describe(
        'A number that more leads than this have is a switchboard: it goes on the lists, its leads are shown to you.',
      ),
  })
  .prefault({})
  .describe('Do-not-call requests: how soon they must have reached every dialer, and whom they mean.');

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

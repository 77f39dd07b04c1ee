import { z } from 'zod';

/** The name of a time zone, such as America/New_York. */
export const TimeZone = z.string().refine(isTimeZone, 'must be a time zone such as America/New_York');

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: name }));
  } catch {
    return false;
  }
}

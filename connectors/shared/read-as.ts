import { z } from 'zod';

/** A text that is not empty. Not by `min(1)`: that reads the length of whatever comes, and throws where it is no number. */
export const filled = z.string().regex(/./s);

/** What was read; the fault of what could not be read is nobody's business: it may hold what was sent. */
export type ReadAs<T> = { success: true; data: T } | { success: false; data?: undefined };

/**
 * Reads what another system wrote by a schema. zod asks for the length of whatever has one before it has looked what it is,
 * and `{"length":{"toString":1}}` makes that throw: it is a form that we do not understand, as any other.
 */
export function readAs<T>(schema: z.ZodType<T>, value: unknown): ReadAs<T> {
  try {
    const read = schema.safeParse(value);
    return read.success ? { success: true, data: read.data } : { success: false };
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return { success: false };
    throw error;
  }
}

import { z } from 'zod';

export const TranscriptsConfig = z
  .strictObject({
    keep: z
      .boolean()
      .default(false)
      .describe(
        'Whether what was spoken is kept in the store. Without it, it is only read from the platform on demand.',
      ),
  })
  .prefault({})
  .describe('What was spoken in the calls.');

import { z } from 'zod';

export const EvidenceConfig = z
  .strictObject({
    keepYears: z
      .int()
      .min(1)
      .max(30)
      .default(5)
      .describe('For how many years the record of a call or an opt-out is evidence, and may not be purged.'),
  })
  .prefault({})
  .describe('Records that the law wants to be kept.');

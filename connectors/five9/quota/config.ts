import { z } from 'zod';

export const QuotaConfig = z.strictObject({
  reservePercent: z
    .int()
    .min(0)
    .max(40)
    .default(15)
    .describe(
      "Share of each of Five9's limits that is kept for look-ups of live calls and for commands. Lead sync and reports leave as much again to write-backs, and live calls leave them 5 %.",
    ),
});
export type QuotaConfig = z.infer<typeof QuotaConfig>;

import { z } from 'zod';

export const ControlsConfig = z
  .strictObject({
    startPercent: z
      .int()
      .min(0)
      .max(100)
      .default(100)
      .describe(
        'Of so many percent of the leads calls are written to the dialer, where `patchbay stage` says nothing else. 0: everything runs in shadow.',
      ),
    shadowOptOuts: z
      .enum(['shown', 'written'])
      .default('shown')
      .describe(
        "Opt-outs of calls that run in shadow: shown to you (attention shadow-opt-out), or written to the dialers' lists all the same.",
      ),
  })
  .prefault({})
  .describe('How much of what is wanted is written to the dialers, before anybody decides otherwise live.');

import { z } from 'zod';

const seconds = (most: number) => z.int().min(1).max(most);
const percent = z.int().min(1).max(100);

export const AutopilotConfig = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Whether calls are kept from an AI that is unwell: by lines where a dialer has them, else by `route`.'),
    dryRun: z.boolean().default(false).describe('Only say in the log what would be done.'),
    everySec: z.number().min(0.1).max(30).default(5).describe('How often it looks, in seconds.'),
    answerSec: seconds(120)
      .default(10)
      .describe('So soon after a call is given to the AI its platform must tell of it.'),
    maxSickSec: seconds(900)
      .default(60)
      .describe(
        'Once the AI answers no call any more, none is given to it after so long, but for probes; where calls are rarer, after the third.',
      ),
    leastAnsweredPercent: percent.default(80).describe('Below this share of answered calls the AI is unwell.'),
    slowFirstWordMs: z
      .int()
      .min(100)
      .max(60_000)
      .default(4000)
      .describe('Where more than one of ten first words takes longer, the AI is unwell, in milliseconds.'),
    silentSec: seconds(3600)
      .default(120)
      .describe('After so long without any webhook, while calls are with the AI, it is unwell.'),
    toolFailurePercent: percent.default(20).describe('Above this share of failed tool calls it is unwell.'),
    spooledFacts: z.int().min(1).default(2000).describe('So many facts may wait on disk for the store.'),
    storeAwaySec: z
      .int()
      .min(0)
      .max(3600)
      .default(60)
      .describe('While the store is away for longer, scripts are sent past the AI; 0: never.'),
    steps: z
      .array(percent)
      .min(2)
      .max(10)
      .refine(isRising, 'must rise to 100')
      .default([5, 25, 50, 100])
      .describe('Shares of calls on the way back, in percent. The first is the probe: at least one call a minute.'),
    stepSec: seconds(3600).default(60).describe('Least time on each step.'),
    stepCalls: z.int().min(3).max(40).default(10).describe('Least calls by which a step is judged; of the probe two.'),
    waitSec: seconds(3600)
      .default(120)
      .describe('Least time between going down and going up again; it doubles with each relapse.'),
    maxWaitSec: seconds(86_400).default(1800).describe('Most of it.'),
    calmSec: seconds(86_400).default(1800).describe('After so long with all calls, relapses are forgotten.'),
  })
  .refine(({ answerSec, everySec, maxSickSec }) => answerSec + everySec <= maxSickSec / 2, {
    path: ['maxSickSec'],
    message: 'must be at least twice answerSec and everySec together',
  })
  .refine(({ waitSec, maxWaitSec }) => waitSec <= maxWaitSec, {
    path: ['maxWaitSec'],
    message: 'must not be less than waitSec',
  })
  .prefault({})
  .describe('Keeping calls from an AI that is unwell. See docs/autopilot.md.');
export type AutopilotConfig = z.infer<typeof AutopilotConfig>;

function isRising(steps: readonly number[]): boolean {
  return steps.at(-1) === 100 && steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0));
}

import { z } from 'zod';
import { failPoints } from '../src/domain/fail-points.ts';

export const DrillConfig = z
  .strictObject({
    ignoreIdempotency: z.boolean().default(false).describe('Writes without looking first, so that doubles occur.'),
    dropCommittedFact: z
      .int()
      .min(0)
      .default(0)
      .describe('Number of the call whose committed outcome is acknowledged and thrown away; 0: none.'),
    killAt: z
      .array(
        z
          .strictObject({
            point: z.enum(failPoints).describe('The fail point.'),
            nth: z.int().min(1).default(1).describe('The how manieth time that it is passed.'),
          })
          .describe('One place.'),
      )
      .default([])
      .describe('Where the process ends itself with signal 9.'),
  })
  .describe('Breaks Patchbay on purpose, to prove what its tests can see, and what it survives. Never in production.');

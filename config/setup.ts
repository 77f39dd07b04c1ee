import { z } from 'zod';

export const SetupConfig = z
  .strictObject({
    journal: z
      .string()
      .min(1)
      .default('var/setup-journal.jsonl')
      .describe('What `setup --apply` made in the systems, so that `setup undo` can take it back; its folder is made.'),
  })
  .prefault({})
  .describe('Setting up over the APIs of dialers and platforms.');

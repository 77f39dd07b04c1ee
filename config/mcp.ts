import { z } from 'zod';

/** Tools of `patchbay mcp` that change something. */
export const mcpWrites = ['pause', 'resume', 'replay_write_backs', 'settle_attention', 'acknowledge_alert'] as const;
export type McpWrite = (typeof mcpWrites)[number];

export const McpConfig = z
  .strictObject({
    personalData: z
      .boolean()
      .default(false)
      .describe(
        'Whether an assistant is told names, summaries, fields of leads, and names of staff. Numbers are masked, and transcripts left out, in any case.',
      ),
    writes: z
      .array(z.enum(mcpWrites))
      .default([])
      .describe('Tools that change something, by name. Each asks for a reason, and is written down. (Default: none)'),
  })
  .prefault({})
  .describe("What an operator's assistant may ask and do by `npx patchbay mcp`.");

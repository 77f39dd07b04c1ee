import { z } from 'zod';

/** `vicidial_remote_agents.conf_exten` holds no more; VICIdial cuts the rest off without a word. */
export const longestExtension = 20;

/** The carrier entry that leads to the AI platform. Only the snippets read it: Patchbay itself dials nothing. */
export const Carrier = z
  .strictObject({
    prefix: z
      .string()
      .regex(/^\d{2,10}$/, 'must be 2 to 10 digits')
      .default('7700')
      .describe("Dial prefix of the platform's carrier; no campaign's dial prefix may begin like it."),
    number: z
      .string()
      .regex(/^\+?\d{4,15}$/, 'must be digits, with the country code')
      .optional()
      .describe('Number that stands for the AI agent on the platform, with country code.'),
    peer: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be letters, digits, _ or -')
      .default('SigmaMind')
      .describe("Name of the platform's peer (chan_sip) or endpoint (PJSIP)."),
    host: z
      .string()
      .regex(/^[A-Za-z0-9.-]+$/, 'must be a host name')
      .optional()
      .describe("Host of the platform's SIP server."),
    tech: z.enum(['chan_sip', 'pjsip']).default('chan_sip').describe('The SIP channel driver of the dialers.'),
    dialSeconds: z.int().min(5).max(300).default(55).describe('How long the platform may ring, in seconds.'),
  })
  .refine(({ prefix, number }) => extensionOf(prefix, number ?? '').length <= longestExtension, {
    message: `prefix and number together must be at most ${longestExtension} digits: VICIdial cuts the remote extension there`,
    path: ['number'],
  });
export type Carrier = z.infer<typeof Carrier>;

/** The remote agent's extension: carrier prefix and number, digits only, e.g. `770019895551234`. */
export function extensionOf(prefix: string, number: string): string {
  return `${prefix}${number.replace(/\D/g, '')}`;
}

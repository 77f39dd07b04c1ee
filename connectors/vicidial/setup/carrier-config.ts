import { z } from 'zod';

/** `vicidial_remote_agents.conf_exten` holds no more; VICIdial cuts the rest off without a word. */
export const longestExtension = 20;

/** How the dialplan comes by the headers. `set-variables` asks VICIdial itself, all others ask Patchbay. */
export const ways = ['curl', 'hash', 'json', 'fastagi', 'set-variables'] as const;
export type Way = (typeof ways)[number];

/** The carrier entry that leads to the AI platform. Only what is generated reads it: Patchbay itself dials nothing. */
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
    transport: z
      .enum(['udp', 'tcp', 'tls'])
      .default('tcp')
      .describe('SIP transport toward the platform. Over udp all headers must fit into one packet.'),
    srtp: z
      .boolean()
      .default(false)
      .describe('Whether the voice toward the platform is encrypted. The keys travel in SIP: take transport tls then.'),
    headersBy: z
      .enum(ways)
      .optional()
      .describe('How the dialplan comes by the headers. (Default: curl, with PJSIP hash)'),
    dialSeconds: z.int().min(5).max(300).default(55).describe('How long the platform may ring, in seconds.'),
  })
  .refine(({ prefix, number }) => extensionOf(prefix, number ?? '').length <= longestExtension, {
    message: `prefix and number together must be at most ${longestExtension} digits: VICIdial cuts the remote extension there`,
    path: ['number'],
  });
export type Carrier = z.infer<typeof Carrier>;

/** The configured way, or the usual one of the driver. */
export function wayOf({ headersBy, tech }: Pick<Carrier, 'headersBy' | 'tech'>): Way {
  return headersBy ?? (tech === 'pjsip' ? 'hash' : 'curl');
}

/** The remote agent's extension: carrier prefix and number, digits only, e.g. `770019895551234`. */
export function extensionOf(prefix: string, number: string): string {
  return `${prefix}${number.replace(/\D/g, '')}`;
}

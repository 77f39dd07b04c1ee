import { z } from 'zod';

/** The platform's SIP server, to which dialers and carriers send the calls. */
export const platformSipHost = '28y698lhv2f.sip.livekit.cloud';

export const SipConfig = z
  .strictObject({
    host: z.string().min(1).default(platformSipHost).describe("SigmaMind's SIP server."),
    port: z.int().min(1).max(65_535).default(5060).describe('Its port; 5061 is usual for TLS.'),
    transport: z.enum(['udp', 'tcp', 'tls']).default('udp').describe('How it is reached.'),
  })
  .prefault({})
  .describe('Where dialers and carriers send calls to; the doctor asks it for a sign of life.');

const AnsweredNumber = z.strictObject({
  agentId: z.string().min(1).max(64).describe('Agent that answers.'),
  terminationUri: z
    .string()
    .min(1)
    .optional()
    .describe('SIP termination URI of your carrier, such as f111.dialmake.com. (Default: as it is at SigmaMind)'),
  name: z.string().min(1).max(128).optional().describe('Name in the dashboard. (Default: the number)'),
});

export const NumbersConfig = z
  .record(z.string().regex(/^\+[1-9][0-9]{6,14}$/, 'must be a number such as +19895551234'), AnsweredNumber)
  .default({})
  .describe('Numbers that dialers send calls to, E.164 → who answers. `npx patchbay setup` registers them.');

/** The keys that set-up and doctor read; the gate goes by `concurrency`. */
export const setupConfigShape = {
  sip: SipConfig,
  concurrency: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe(
      'Calls at once that the workspace allows; SigmaMind tells it in your contract only. The gate sends no more, see `gate.capacity`. (Default: not known, and nothing is held to it)',
    ),
  keepFree: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(
      "Of `concurrency`, slots that calls which ask for their route don't get: for those that are not asked, as VICIdial's.",
    ),
  numbers: NumbersConfig,
  integrationIds: z
    .array(z.string().min(1))
    .max(10)
    .default([])
    .describe(
      "Integration that holds the agents' tools; of several the first that exists. Set-up adds the one that it makes. With none, the one whose tools have our address is looked for.",
    ),
  toolsKey: z
    .string()
    .min(8)
    .meta({ secret: true })
    .optional()
    .describe(
      "The API key of Patchbay that the agents' tools carry: set-up enters it at SigmaMind. (Default: set-up makes no tools)",
    ),
};

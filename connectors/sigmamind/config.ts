import { z } from 'zod';

const Token = z
  .string()
  .min(24, 'must have at least 24 characters: take 32 random ones')
  .regex(/^[A-Za-z0-9._~-]+$/, 'must be letters, digits, ., _, ~ or -, as it is part of a URL')
  .meta({ secret: true })
  .describe('The last part of the URL that the platform calls; nobody else may know it.');

const Secret = z
  .string()
  .min(8)
  .meta({ secret: true })
  .describe('The secret of the webhook as SigmaMind showed it when the webhook was made.');

const secrets = z
  .array(Secret)
  .max(5)
  .default([])
  .describe('Secrets that count, several while they are being changed. With none, every event is denied.');

const toleranceSec = z
  .int()
  .min(1)
  .max(86_400)
  .default(300)
  .describe('How old, or how far ahead, a signed timestamp may be, in seconds.');

const OutcomeCode = z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be an outcome code such as not_interested');

const HmacSignature = z
  .strictObject({
    preset: z.literal('hmac').optional().describe('A rule of its own, as spelled out here. (Default: hmac)'),
    header: z.string().min(1).default('X-SigmaMind-Signature').describe('Header that carries the signature.'),
    algo: z.enum(['sha256', 'sha1', 'sha512']).default('sha256').describe('Hash of the HMAC.'),
    encoding: z.enum(['hex', 'base64']).default('hex').describe('How the signature is written.'),
    prefix: z.string().default('sha256=').describe('Text before the signature; it may also be missing.'),
    signed: z
      .enum(['body', 'timestamp.body', 'id.timestamp.body'])
      .default('body')
      .describe('What is signed: the raw bytes, or they with what stands before them, joined by dots.'),
    timestampHeader: z.string().min(1).optional().describe('Header of the signed timestamp: seconds, ms or ISO-8601.'),
    idHeader: z.string().min(1).optional().describe('Header of the signed delivery id.'),
    toleranceSec,
    secrets,
    keyEncoding: z.enum(['utf8', 'base64']).default('utf8').describe('How a secret becomes the key of the HMAC.'),
  })
  .superRefine((rule, context) => {
    const missing = (path: string) =>
      context.addIssue({ code: 'custom', path: [path], message: `is needed when ${rule.signed} is signed` });
    if (rule.signed !== 'body' && !rule.timestampHeader) missing('timestampHeader');
    if (rule.signed === 'id.timestamp.body' && !rule.idHeader) missing('idHeader');
  });

const StandardSignature = z.strictObject({
  preset: z.literal('standard-webhooks').describe('The rule of standardwebhooks.com; secrets as whsec_… or base64.'),
  toleranceSec,
  secrets,
});

const NoSignature = z.strictObject({
  preset: z.literal('none').describe('Events are not signed: only the token in the URL proves the sender.'),
  insecure: z.literal(true).describe('Must be true: says that you know what this means.'),
});

export const SignatureConfig = z
  .discriminatedUnion('preset', [HmacSignature, StandardSignature, NoSignature])
  .describe('How an event proves that it comes from SigmaMind.');
export type SignatureConfig = z.infer<typeof SignatureConfig>;

export const SigmamindConfig = z.strictObject({
  type: z.literal('sigmamind').describe('Kind of this platform.'),
  apiUrl: z.url().default('https://api.sigmamind.ai').describe('Address of the REST API.'),
  apiKey: z.string().min(1).meta({ secret: true }).describe('API key from Dashboard → API Keys.'),
  timeoutMs: z.int().min(500).max(60_000).default(10_000).describe('How long one request to the API may take.'),
  webhook: z
    .strictObject({
      tokens: z.array(Token).max(5).default([]).describe('Tokens of the event URL. With none, every event is denied.'),
      signature: SignatureConfig.prefault({}),
    })
    .prefault({})
    .describe('Events: POST /v1/platforms/<id>/events/<token>.'),
  inboundCall: z
    .strictObject({
      tokens: z.array(Token).max(5).default([]).describe('Tokens of the inbound-call URL. With none, it is closed.'),
    })
    .prefault({})
    .describe('Question about a call that comes in: POST /v1/platforms/<id>/inbound-call/<token>.'),
  analysis: z
    .strictObject({
      outcomeFrom: z.string().min(1).optional().describe('Insight that tells the outcome. (Default: none does)'),
      outcomes: z
        .record(z.string(), OutcomeCode)
        .default({})
        .describe('Value of that insight → outcome code. A value that is missing here says nothing.'),
      summaryFrom: z.string().min(1).default('conversation summary').describe('Insight that holds the summary.'),
    })
    .prefault({})
    .describe('How the analysis after the call is read. Insights are compared without case, blanks and hyphens.'),
  terminationReasons: z
    .record(z.string(), OutcomeCode)
    .default({})
    .describe(
      'Termination reason → technical end, on top of busy, no-answer, voicemail, failed; any other reason is hung_up.',
    ),
});
export type SigmamindConfig = z.infer<typeof SigmamindConfig>;

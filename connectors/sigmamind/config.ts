import { z } from 'zod';
import { AnalysisConfig, OutcomeCode } from './analysis/config.ts';
import { setupConfigShape } from './setup/settings.ts';

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
  .max(50)
  .default([])
  .describe('Secrets that count: each webhook has its own. With none, every event is denied.');

const toleranceSec = z
  .int()
  .min(1)
  .max(86_400)
  .default(300)
  .describe('How old, or how far ahead, a signed timestamp may be, in seconds.');

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
    refuseKeyless(rule, context);
    const missing = (path: string) =>
      context.addIssue({ code: 'custom', path: [path], message: `is needed when ${rule.signed} is signed` });
    if (rule.signed !== 'body' && !rule.timestampHeader) missing('timestampHeader');
    if (rule.signed === 'id.timestamp.body' && !rule.idHeader) missing('idHeader');
  });

const StandardSignature = z
  .strictObject({
    preset: z.literal('standard-webhooks').describe('The rule of standardwebhooks.com.'),
    toleranceSec,
    secrets,
    keyEncoding: z
      .enum(['base64', 'utf8'])
      .default('base64')
      .describe('How a secret becomes the key: base64 with or without whsec_ before it, or its bytes as they are.'),
  })
  .superRefine(refuseKeyless);

/** A secret that is no base64 would make a shorter key than it looks, or none at all. */
function refuseKeyless(
  { keyEncoding, secrets: given }: { keyEncoding: string; secrets: readonly string[] },
  context: z.RefinementCtx,
): void {
  if (keyEncoding !== 'base64') return;
  for (const [index, secret] of given.entries()) {
    if (/^(whsec_)?[A-Za-z0-9+/]{8,}={0,2}$/.test(secret)) continue;
    context.addIssue({ code: 'custom', path: ['secrets', index], message: 'must be base64, as keyEncoding says so' });
  }
}

const NoSignature = z.strictObject({
  preset: z.literal('none').describe('Events are not signed: only the token in the URL proves the sender.'),
  insecure: z.literal(true).describe('Must be true: says that you know what this means.'),
});

export const SignatureConfig = z
  .discriminatedUnion('preset', [HmacSignature, StandardSignature, NoSignature])
  .describe('How an event proves that it comes from SigmaMind.');
export type SignatureConfig = z.infer<typeof SignatureConfig>;

const Dialling = z
  .strictObject({
    from: z
      .string()
      .regex(/^\+[1-9][0-9]{6,14}$/, 'must be a number such as +15550100000')
      .optional()
      .describe('Number of SigmaMind that shows, E.164. (Default: --from must be given)'),
    agentId: z.string().min(1).max(64).optional().describe('Agent that speaks. (Default: --agent must be given)'),
    concurrency: z
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .describe('Calls of a campaign at once, unless --concurrency says.'),
    variables: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'must be a name such as first_name'), z.string().min(1))
      .default({})
      .describe("Variable → field of the lead, on top of the dialer's `headers`, which go along as variables too."),
    campaignFile: z
      .enum(['json', 'multipart'])
      .default('json')
      .describe('How a campaign is sent: the guide says JSON with the file in base64, the reference a form.'),
    phoneColumn: z.string().min(1).default('Phone Number').describe("Heading of the file's column with the numbers."),
  })
  .prefault({})
  .describe('Calls that SigmaMind places itself: `npx patchbay <id> call` and `campaign`.');

export const SigmamindConfig = z.strictObject({
  type: z.literal('sigmamind').describe('Kind of this platform.'),
  apiUrl: z
    .url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' })
    .default('https://api.sigmamind.ai')
    .describe('Address of the REST API.'),
  apiKey: z.string().min(1).meta({ secret: true }).describe('API key from Dashboard → API Keys.'),
  timeoutMs: z.int().min(500).max(60_000).default(10_000).describe('How long one request to the API may take.'),
  webhook: z
    .strictObject({
      tokens: z.array(Token).max(5).default([]).describe('Tokens of the event URL. With none, every event is denied.'),
      signature: SignatureConfig.prefault({}),
      capture: z
        .int()
        .min(0)
        .max(20)
        .default(0)
        .describe('How many of the first deliveries are described, without their values, for the command `capture`.'),
      confirm: z
        .enum(['never', 'ids-only', 'always'])
        .default('ids-only')
        .describe(
          "Which events count only once the platform's own record of the call bears them out: those that name a call and say nothing else, or all.",
        ),
    })
    .prefault({})
    .describe('Events: POST /v1/platforms/<id>/events/<token>.'),
  callList: z
    .strictObject({
      pageSize: z.int().min(10).max(1000).default(100).describe('Calls that are asked for at once.'),
      maxPages: z.int().min(1).max(100_000).default(1000).describe('Most pages that one look through the calls reads.'),
    })
    .prefault({})
    .describe('How the list of calls is read for reconciliation.'),
  inboundCall: z
    .strictObject({
      tokens: z.array(Token).max(5).default([]).describe('Tokens of the inbound-call URL. With none, it is closed.'),
    })
    .prefault({})
    .describe('Question about a call that comes in: POST /v1/platforms/<id>/inbound-call/<token>.'),
  ...setupConfigShape,
  analysis: AnalysisConfig,
  dialling: Dialling,
  terminationReasons: z
    .record(z.string(), OutcomeCode)
    .default({})
    .describe(
      'Termination reason → technical end, on top of busy, no-answer, voicemail, failed; any other reason is hung_up.',
    ),
});
export type SigmamindConfig = z.infer<typeof SigmamindConfig>;

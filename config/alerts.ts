import { z } from 'zod';
import { alertKinds, alertLevels } from '../src/domain/alert.ts';

const Kind = z.enum(alertKinds);
const Level = z.enum(alertLevels);
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 08:00');
const Address = z.string().regex(/^[^\r\n,]*[^\s\r\n,]@[^\s\r\n,]+$/, 'must be an address, such as ops@example.com');
const channelIdPattern = /^[a-z][a-z0-9-]{0,30}$/;
const ChannelId = z
  .string()
  .regex(channelIdPattern, 'must begin with a lower-case letter; then up to 30 lower-case letters, digits or -');
const Url = z
  .url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' })
  .refine((url) => !URL.parse(url)?.username, 'must have no user in it');

const SmtpConfig = z
  .strictObject({
    host: z.string().min(1).describe('The mail server.'),
    port: z.int().min(1).max(65_535).default(587).describe('587 is usual for starttls, 465 for tls.'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('TLS after the greeting, and nothing without it; TLS from the beginning; or none.'),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe("PEM file of an authority of your own that signed the server's certificate. (Default: the known ones)"),
    user: z.string().min(1).optional().describe('Who logs in. (Default: nobody)'),
    password: z.string().min(1).meta({ secret: true }).optional().describe('The password; with user.'),
  })
  .describe('How mail is handed over.');

const MailChannel = z.strictObject({
  kind: z.literal('email').describe('Mail by SMTP.'),
  smtp: SmtpConfig,
  from: Address.describe('Sender: Patchbay <patchbay@example.com>.'),
  to: z.array(Address).min(1, 'must hold at least one').describe('Recipients.'),
});

const SlackChannel = z.strictObject({
  kind: z.literal('slack').describe('An incoming webhook of Slack, or of what understands the same (Mattermost …).'),
  url: Url.meta({ secret: true }).describe('Its address: whoever knows it can post there.'),
});

const WebhookChannel = z.strictObject({
  kind: z.literal('webhook').describe('JSON by POST, signed by the rules of standardwebhooks.com.'),
  url: Url.meta({ secret: true }).describe('Where to.'),
  secrets: z
    .array(
      z
        .string()
        .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'must be whsec_ and 24 to 64 bytes in base64')
        .meta({ secret: true }),
    )
    .min(1, 'must hold at least one')
    .describe('Each signs; two while the receiver changes from one to the other.'),
});

const RuleConfig = z
  .strictObject({
    kinds: z.array(Kind).default([]).describe('These kinds of alerts. (Default: all)'),
    levels: z.array(Level).default([]).describe('These levels. (Default: all)'),
    to: z.array(ChannelId).default([]).describe('Channels. (Default: all)'),
    afterMin: z.int().min(0).max(10_080).default(0).describe('Only once it has held for so many minutes.'),
  })
  .describe('One rule.');

const QuietConfig = z
  .strictObject({
    from: TimeOfDay.describe('When they begin.'),
    to: TimeOfDay.describe('When they end, on the next day where that is earlier.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as America/New_York')
      .default('UTC')
      .describe('By whose clock.'),
  })
  .refine(({ from, to }) => from !== to, 'must not begin when they end')
  .optional()
  .describe('Hours of each day in which only what is urgent is told; the rest follows when they end.');

const EscalateConfig = z
  .strictObject({
    afterMin: z.int().min(1).max(10_080).default(30).describe('When nobody has taken an alert for so many minutes.'),
    levels: z.array(Level).default(['urgent']).describe('Alerts of these levels.'),
    to: z.array(ChannelId).min(1, 'must hold at least one').describe('Channels that are told then.'),
  })
  .optional()
  .describe('Who is told of what nobody takes.');

const DigestConfig = z
  .strictObject({
    at: TimeOfDay.default('08:00').describe('When, each day.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be a time zone such as America/New_York')
      .optional()
      .describe('By whose clock. (Default: that of the console)'),
    to: z.array(ChannelId).default([]).describe('Channels. (Default: all)'),
  })
  .optional()
  .describe("Yesterday's scorecard, opt-outs with their times, and what is open, once a day.");

const LimitsConfig = z
  .strictObject({
    syncHours: z.number().min(0.1).max(720).default(4).describe('Leads that were not read for so long.'),
    lateMin: z.int().min(1).max(10_080).default(30).describe('Write-backs that are due for so long.'),
    quotaPercent: z.int().min(1).max(100).default(90).describe('So much of an hourly or daily limit is used.'),
    controlHours: z.number().min(0.1).max(720).default(8).describe('A pause or a share that stands for so long.'),
  })
  .prefault({})
  .describe('From when on something is an alert.');

export const AlertsConfig = z
  .strictObject({
    channels: z
      .record(z.string(), z.discriminatedUnion('kind', [MailChannel, SlackChannel, WebhookChannel]))
      .default({})
      .describe('Where alerts go, by an id of your own. With none, nothing is looked for.'),
    rules: z
      .array(RuleConfig)
      .default([])
      .describe('Which alerts go where; each that fits counts. (Default: all to every channel)'),
    kinds: z
      .partialRecord(Kind, z.enum([...alertLevels, 'off']))
      .default({})
      .describe('Kinds that are urgent, normal or not told at all here. (Default: as the list in the documents says)'),
    quietHours: QuietConfig,
    groupSec: z.int().min(0).max(3600).default(60).describe('What comes within so many seconds is told together.'),
    repeatHours: z
      .number()
      .min(0)
      .max(720)
      .default(24)
      .describe('After so many hours what nobody has taken is told again; 0: it is not.'),
    escalate: EscalateConfig,
    digest: DigestConfig,
    limits: LimitsConfig,
    doctorHours: z
      .number()
      .min(0)
      .max(168)
      .default(0)
      .describe('Every so many hours the whole doctor runs, and checks that turned are alerts; 0: never.'),
  })
  .superRefine(checkChannels)
  .prefault({})
  .describe('What Patchbay tells by itself: by mail, Slack or signed webhooks.');

export type AlertsConfig = z.output<typeof AlertsConfig>;

interface NamedChannels {
  channels: Record<string, { kind: string; smtp?: z.output<typeof SmtpConfig> }>;
  rules: readonly { to: readonly string[] }[];
  escalate?: { to: readonly string[] } | undefined;
  digest?: { to: readonly string[] } | undefined;
}

/** Names lead somewhere, and no password goes over an open line. */
function checkChannels({ channels, rules, escalate, digest }: NamedChannels, context: z.core.$RefinementCtx): void {
  const ids = Object.keys(channels);
  const report = (path: (string | number)[], message: string, fix: string) =>
    context.addIssue({ code: 'custom', path, message, params: { fix } });
  const named: [(string | number)[], readonly string[]][] = [
    ...rules.map(({ to }, index): [(string | number)[], readonly string[]] => [['rules', index, 'to'], to]),
    [['escalate', 'to'], escalate?.to ?? []],
    [['digest', 'to'], digest?.to ?? []],
  ];
  for (const [path, to] of named) {
    for (const [index, id] of to.entries()) {
      if (ids.includes(id)) continue;
      const fix = ids.length > 0 ? `Use one of ${ids.join(', ')}.` : 'Configure a channel of that name.';
      report([...path, index], 'is no configured channel', fix);
    }
  }
  for (const [id, { smtp }] of Object.entries(channels)) {
    if (!channelIdPattern.test(id)) {
      const fix = 'Begin with a lower-case letter; then up to 30 lower-case letters, digits or -.';
      report(['channels', id], 'can not be an id', fix);
    }
    if (!smtp) continue;
    if ((smtp.user === undefined) !== (smtp.password === undefined)) {
      const missing = smtp.user === undefined ? 'user' : 'password';
      report(['channels', id, 'smtp', missing], 'is missing beside the other', 'Give user and password, or neither.');
    }
    if (smtp.user !== undefined && smtp.security === 'none' && !isLoopback(smtp.host)) {
      const fix = 'Use starttls or tls, or a server on this machine.';
      report(['channels', id, 'smtp', 'security'], 'sends the password over an open line', fix);
    }
  }
}

function isLoopback(host: string): boolean {
  return /^(localhost|::1|127(\.\d{1,3}){3})$/.test(host);
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

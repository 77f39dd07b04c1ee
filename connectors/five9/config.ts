import { z } from 'zod';
import { CampaignConfig, dialerConfigShape } from '../shared/dialer-config.ts';
import { Five9Script, IvrConfig, scriptFaults } from './ivr/script/config.ts';
import { QuotaConfig } from './quota/config.ts';
import { CallLogConfig, ReportsConfig, SyncConfig } from './read/config.ts';
import { TimeZone } from './time-zone.ts';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 23:00');
const FieldName = z.string().min(1);

const SoapConfig = z.strictObject({
  host: z
    .url({ protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' })
    .default('https://api.five9.com')
    .describe('Region: https://api.five9.com, api.five9.eu, api.eu.five9.com, api.five9.ca or api.in.five9.com.'),
  version: z
    .string()
    .regex(/^v\d+(_\d+)?$/, 'must be a version such as v13')
    .default('v13')
    .describe('Version of the Configuration Web Services.'),
  users: z
    .array(
      z.strictObject({
        user: z.string().min(1).describe('A user with the Administrator role, used by nothing else.'),
        password: z.string().min(1).meta({ secret: true }).describe('Password of this user.'),
      }),
    )
    .min(1)
    .describe('Pool of API users. Five9 serves one call at a time per user: more users, more calls at once.'),
  timeoutMs: z.int().min(200).max(60_000).default(10_000).describe('How long one SOAP call may take.'),
  dataCentreTimeZone: TimeZone.optional().describe(
    "The data centre's clock, by which reports are written and daily limits begin anew. (Default: by the host: Europe/London for api.five9.eu, UTC for api.eu.five9.com and api.five9.ca, else America/Los_Angeles)",
  ),
});

const FieldNames = z.strictObject({
  lastDisposition: FieldName.optional().describe('Contact field with the mapping LastDisposition. (Default: none)'),
  lastDispositionAt: FieldName.optional().describe(
    'Contact field with the mapping LastDispositionDateTime. (Default: none)',
  ),
  lastAgentDisposition: FieldName.optional().describe(
    'Contact field with the mapping LastAgentDisposition: keeps us from writing over an agent. (Default: none)',
  ),
  lastAgentDispositionAt: FieldName.optional().describe(
    'Contact field with the mapping LastAgentDispositionDateTime. (Default: none)',
  ),
  lastModifiedAt: FieldName.optional().describe('Contact field with the mapping LastModifiedDateTime. (Default: none)'),
  callbackMark: FieldName.optional().describe(
    'Text field of our own in which a scheduled callback leaves its mark, so that none is made twice. (Default: none)',
  ),
});

const BatchConfig = z.strictObject({
  flushMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(60_000)
    .describe(
      'How long a row waits for company. Five9 takes 2,000 imports of up to 100 rows a day: one a minute are 1,440, for all campaigns together.',
    ),
  rows: z
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe('Rows per import; Five9 takes at most 100. An import that is not full goes after `flushMs`.'),
  singlesUpTo: z
    .int()
    .min(0)
    .max(100)
    .default(10)
    .describe(
      'So many contacts are updated one at a time, answered at once (Five9 takes 160 a minute, 7,200 an hour); more go as an import.',
    ),
  bulkFrom: z
    .int()
    .min(100)
    .max(50_000)
    .default(1000)
    .describe(
      'With so many rows of one campaign due, they go by the batch operations: ten imports of 100 are half of what Five9 takes in a minute.',
    ),
  bulkRows: z
    .int()
    .min(100)
    .max(50_000)
    .default(5000)
    .describe(
      'Rows per batch import, and rows taken up at once. Five9 takes 50,000 a request; fewer lose less when an answer is lost. 400 batch imports an hour are 2,000,000 rows.',
    ),
});

const ImportCallbackConfig = z
  .strictObject({
    token: z
      .string()
      .regex(/^[A-Za-z0-9_-]{20,100}$/, 'must be 20 to 100 letters, digits, _ or -')
      .meta({ secret: true })
      .optional()
      .describe('Random text in the address that Five9 calls, which nobody can guess. (Default: none)'),
    authProfile: FieldName.optional().describe(
      'Authorization profile of Five9 that carries a Patchbay API key; without a token the key is asked for. Unknown to v9_5 and older. (Default: none)',
    ),
  })
  .refine(
    ({ token, authProfile }) => token !== undefined || authProfile !== undefined,
    'needs `token` or `authProfile`',
  );

const Settle = z.strictObject({
  afterEndSec: z
    .int()
    .min(0)
    .max(3600)
    .default(30)
    .describe("From the end of the AI's part to the write: the script takes the call back and sets its disposition."),
  maxWaitSec: z
    .int()
    .min(0)
    .max(86_400)
    .default(600)
    .describe('Longest wait for the end of a call, where no event tells of it.'),
});

const ImportsConfig = z.strictObject({
  lostAfterSec: z
    .int()
    .min(5)
    .max(3600)
    .default(120)
    .describe(
      'How long an import whose answer was lost may still be on its way: only then is a row that does not show sent again.',
    ),
  callback: ImportCallbackConfig.optional().describe(
    'Five9 tells `server.publicUrl` when an import is through; it is asked about less often then. (Default: off)',
  ),
});

const DncWindow = z.strictObject({
  from: TimeOfDay.default('23:00').describe('Start.'),
  to: TimeOfDay.default('06:00').describe('End. Equal to the start: always open.'),
  timeZone: TimeZone.default('America/Los_Angeles').describe('Time zone of both.'),
});

const HeaderName = z.string().regex(/^X-[A-Za-z0-9_-]{1,60}$/i, 'must be X- and letters, digits, _ or -');

const ReturnedHeaders = z.strictObject({
  outcome: HeaderName.default('X-outcome').describe('The outcome code.'),
  summary: HeaderName.default('X-summary').describe('The summary.'),
  callbackAt: HeaderName.default('X-callback_at').describe('When to call back, ISO-8601 with offset.'),
});

const Five9Campaign = CampaignConfig.extend({
  connection: z
    .enum(['pop', 'carrier'])
    .default('pop')
    .describe(
      'How a transferred call reaches the AI: a dedicated trunk, on which X- headers survive, or a carrier (Twilio, Telnyx), where they may not: then calls are matched by the inbound-call webhook of the platform.',
    ),
  lines: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Most calls of the campaign that are with the AI at once, for the doctor: an outbound campaign has no such setting in Five9. (Default: what Five9 tells of autodial campaigns, else not known)',
    ),
  script: Five9Script.optional().describe('The IVR script that `script` makes for the campaign. (Default: none)'),
});

export const Five9Config = z
  .strictObject({
    type: z.literal('five9').describe('Kind of dialer.'),
    ...dialerConfigShape({ headerBytes: 2048, outcomeMs: 1500, optOutDispositions: ['Do Not Call'] }, Five9Campaign),
    soap: SoapConfig.describe('Access to the Configuration Web Services (SOAP).'),
    domainTimeZone: TimeZone.describe("The Five9 domain's default time zone: times in contact fields are read by it."),
    numberFormat: z
      .enum(['national', 'e164'])
      .default('national')
      .describe('How numbers are written: 10 digits or 011…, or + and digits on domains switched to E.164.'),
    keyField: FieldName.default('patchbay_key').describe(
      'Contact field that is the key of a contact: one of our own, unique. Where a contact has nothing in it, number1 is the key if no other contact has that number.',
    ),
    fields: FieldNames.prefault({}).describe('Contact fields that Patchbay reads back.'),
    returnedHeaders: ReturnedHeaders.prefault({}).describe(
      'Headers of the hang-up (BYE) in which the AI side may send the outcome, where it has other names for them.',
    ),
    callbackList: z
      .string()
      .min(1)
      .optional()
      .describe('List that takes callbacks; it must belong to a campaign. (Default: no callbacks)'),
    sync: SyncConfig.prefault({}).describe('How leads are read.'),
    reports: ReportsConfig.prefault({}).describe('How reports are waited for.'),
    callLog: CallLogConfig.prefault({}).describe('Compares what Patchbay wrote with what Five9 holds of its calls.'),
    quota: QuotaConfig.prefault({}).describe("How Five9's limits are shared."),
    batch: BatchConfig.prefault({}).describe('How rows are gathered into imports.'),
    settle: Settle.prefault({}).describe('When dispositions and callbacks are written: not before the call is over.'),
    imports: ImportsConfig.prefault({}).describe('How Patchbay learns what became of an import.'),
    dncWindow: DncWindow.prefault({}).describe('When Five9 takes additions to its DNC list.'),
    ivr: IvrConfig.prefault({}).describe('What the IVR scripts of the domain have in common.'),
  })
  .superRefine((config, context) => {
    for (const { campaign, key, message } of scriptFaults(config.campaigns)) {
      context.addIssue({ code: 'custom', path: ['campaigns', campaign, 'script', key], message });
    }
    if (config.imports.callback?.authProfile !== undefined && /^v[2-9](_|$)/.test(config.soap.version)) {
      context.addIssue({
        code: 'custom',
        path: ['imports', 'callback', 'authProfile'],
        message: `is not known to version ${config.soap.version} of the web services: use a token`,
      });
    }
    const mapsCallback = Object.values(config.campaigns).some(({ dispositions }) => 'callback' in dispositions);
    if (mapsCallback && !config.callbackList) {
      context.addIssue({
        code: 'custom',
        path: ['callbackList'],
        message: 'is needed because a campaign maps the outcome callback: name the list that takes callbacks',
      });
    }
  });
export type Five9Config = z.infer<typeof Five9Config>;

import { z } from 'zod';
import { CampaignConfig, dialerConfigShape } from '../shared/dialer-config.ts';

const TimeZone = z.string().refine(isTimeZone, 'must be a time zone such as America/New_York');
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 23:00');
const FieldName = z.string().min(1);

const SoapConfig = z.strictObject({
  host: z
    .url()
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
  dataCentreTimeZone: TimeZone.default('America/Los_Angeles').describe(
    "Clock by which Five9's daily limits begin anew.",
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

const SyncConfig = z.strictObject({
  partitions: z
    .array(
      z.strictObject({
        field: FieldName.describe('Contact field to look up by.'),
        values: z.array(z.string().min(1)).min(1).describe('One read per value; each must match fewer than 1,000.'),
      }),
    )
    .default([])
    .describe('Five9 gives at most 1,000 contacts per lookup, without paging: parts that are each smaller.'),
  leadFields: z
    .record(FieldName, z.string().min(1))
    .default({})
    .describe('Contact field → name of the lead field, where the name differs. (zip → postal_code is built in)'),
});

const BatchConfig = z.strictObject({
  flushMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(2000)
    .describe('How long a row waits for company: imports are few a day.'),
  rows: z.int().min(1).max(100).default(100).describe('Rows per import; Five9 takes at most 100.'),
});

const DncWindow = z.strictObject({
  from: TimeOfDay.default('23:00').describe('Start.'),
  to: TimeOfDay.default('06:00').describe('End. Equal to the start: always open.'),
  timeZone: TimeZone.default('America/Los_Angeles').describe('Time zone of both.'),
});

const Five9Campaign = CampaignConfig.extend({
  connection: z
    .enum(['pop', 'carrier'])
    .default('pop')
    .describe(
      'How a transferred call reaches the AI: a dedicated trunk, on which X- headers survive, or a carrier (Twilio, Telnyx), where they may not: then calls are matched by the inbound-call webhook of the platform.',
    ),
});

export const Five9Config = z
  .strictObject({
    type: z.literal('five9').describe('Kind of dialer.'),
    ...dialerConfigShape({ headerBytes: 2048, outcomeMs: 1500 }, Five9Campaign),
    soap: SoapConfig.describe('Access to the Configuration Web Services (SOAP).'),
    domainTimeZone: TimeZone.describe("The Five9 domain's default time zone: times in contact fields are read by it."),
    numberFormat: z
      .enum(['national', 'e164'])
      .default('national')
      .describe('How numbers are written: 10 digits or 011…, or + and digits on domains switched to E.164.'),
    keyField: FieldName.default('number1').describe('Contact field that is the key of a contact; best a unique one.'),
    fields: FieldNames.prefault({}).describe('Contact fields that Patchbay reads back.'),
    callbackList: z
      .string()
      .min(1)
      .optional()
      .describe('List that takes callbacks; it must belong to a campaign. (Default: no callbacks)'),
    sync: SyncConfig.prefault({}).describe('How leads are read.'),
    batch: BatchConfig.prefault({}).describe('How rows are gathered into imports.'),
    dncWindow: DncWindow.prefault({}).describe('When Five9 takes additions to its DNC list.'),
  })
  .superRefine((config, context) => {
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

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: name }));
  } catch {
    return false;
  }
}

import { z } from 'zod';
import { outcomeKeys, safeCode } from '../../src/domain/answer-keys.ts';
import { gateReasons } from '../../src/domain/gate.ts';

const RouteName = z.string().regex(safeCode, 'must be letters, digits, blanks and _ . , : ; + @ / -');
/** Keys of an answer that scripts read by regular expressions. */
const ScreenPopField = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_. -]{0,59}$/, 'must be letters, digits, blanks, _, . or -, at most 60')
  .refine((name) => !outcomeKeys.some((key) => key === name.toLowerCase()), 'is in every outcome answer anyway');

const headerName = /^X-[A-Za-z0-9_-]{1,60}$/;

const CampaignGateConfig = z
  .strictObject({
    hours: z.boolean().optional().describe('Whether calling hours are asked for. (Default: `gate.hours.enabled`)'),
    consent: z
      .strictObject({
        field: z.string().min(1).describe("The lead field that holds the customer's consent."),
        accepts: z
          .array(z.string().min(1))
          .default([])
          .describe('Values that mean yes, whatever their case. (Default: every value)'),
        sourceField: z
          .string()
          .min(1)
          .optional()
          .describe('The lead field that says where it was given; kept as evidence. (Default: none)'),
      })
      .optional()
      .describe('Consent without which the AI does not talk to a customer. (Default: none is asked for)'),
    scrub: z.boolean().optional().describe('Whether the scrub service is asked. (Default: yes, where there is one)'),
    routes: z
      .partialRecord(z.enum(gateReasons), RouteName)
      .default({})
      .describe(
        'opt_out, outside_hours, no_consent, scrubbed, ai_unwell, no_capacity or paused → route. (Default: `gate.routes`)',
      ),
  })
  .describe('What is asked of a call before the AI gets it, where it differs from the section gate.');

const evidenceText = z.string().max(200).default('');
const CampaignEvidenceConfig = z
  .strictObject({
    seller: evidenceText.describe('On whose behalf is called.'),
    purpose: evidenceText.describe('What the calls are for.'),
    goods: evidenceText.describe('What is offered.'),
    callerId: evidenceText.describe('The number that customers see.'),
    agentVersion: evidenceText.describe('Version of the script or agent that speaks.'),
    consentField: evidenceText.describe(
      'Lead field that says where consent was given. (Default: what `gate.consent` found)',
    ),
  })
  .describe('Kept with each call as it is configured then, for the evidence export.');

export const CampaignConfig = z.strictObject({
  dispositions: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe(
      'Outcome code → the disposition of this dialer. An outcome that is missing here waits, and the log says so.',
    ),
  fields: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Field of the dialer → outcome, summary, correlation_id, recording_url, callback_at, or a field of the outcome.',
    ),
  mirror: z
    .strictObject({
      dialer: z.string().describe('Id of the other dialer.'),
      campaign: z.string().describe('Campaign of the other dialer whose mapping is used.'),
    })
    .optional()
    .describe("Also write the disposition to the other dialer's record of the number. (Default: off)"),
  platform: z
    .string()
    .optional()
    .describe('Id of the platform that its calls go to, where there are several. (Default: the only one)'),
  safeRoute: RouteName.default('skill').describe(
    'What a script shall do while no outcome is known, and instead of the AI while neither the store nor the spool can keep the call.',
  ),
  routes: z
    .record(z.string(), RouteName)
    .default({})
    .describe('Outcome code → route, where it differs from the built-in one.'),
  transfers: z
    .record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be lower-case letters, digits and _'), z.string().min(1))
    .default({})
    .describe(
      "Name that the AI agent uses → the dialer's own target. `default` is taken when the agent names none. (Default: every transfer goes to the dialer's own default)",
    ),
  screenPop: z
    .array(ScreenPopField)
    .max(20)
    .refine(differsInMoreThanCase, 'must not name a field twice, whatever its case')
    .default([])
    .describe('Fields of the outcome that the outcome answer carries; also campaign, lead_id and dialer.'),
  gate: CampaignGateConfig.optional(),
  evidence: CampaignEvidenceConfig.optional(),
});
export type CampaignConfig = z.infer<typeof CampaignConfig>;

export const HeaderConfig = z.strictObject({
  name: z.string().regex(headerName, 'must be X- and letters, digits, _ or -').describe('Name of the SIP header.'),
  from: z.string().describe('correlation_id, caller_code, lead_id, campaign, list, phone, dialer, or a lead field.'),
});

/** The keys that every dialer's configuration has. A connector spreads them into its own schema. */
export function dialerConfigShape<Campaign extends typeof CampaignConfig>(
  defaults: { headerBytes: number; outcomeMs: number; optOutDispositions?: string[] },
  campaign: Campaign,
) {
  return {
    country: z.string().length(2).default('US').describe('Country whose national numbers this dialer holds.'),
    campaigns: z.record(z.string(), campaign).default({}).describe('By campaign name; * stands for every other one.'),
    optOutDispositions: z
      .array(z.string().min(1))
      .default(defaults.optOutDispositions ?? [])
      .describe('Dispositions by which people say do-not-call, besides those that campaigns map `opt_out` to.'),
    headers: z
      .array(HeaderConfig)
      .max(10)
      .refine((headers) => differsInMoreThanCase(headers.map(({ name }) => name)), 'must not name a header twice')
      .default([
        { name: 'X-correlation_id', from: 'correlation_id' },
        { name: 'X-lead_id', from: 'lead_id' },
        { name: 'X-first_name', from: 'first_name' },
      ])
      .describe('SIP headers in order of priority: the last is dropped first when they do not fit.'),
    headerBudget: z
      .strictObject({
        bytes: z.int().min(60).max(8000).default(defaults.headerBytes).describe('Names and values in bytes.'),
        count: z.int().min(1).max(10).default(10).describe('How many headers.'),
        charset: z
          .enum(['utf8', 'ascii'])
          .default('utf8')
          .describe('Whether letters with marks go as they are, or as plain ones.'),
      })
      .prefault({})
      .describe('What one SIP leg may carry.'),
    budgets: z
      .strictObject({
        registerMs: z.int().min(50).max(4500).default(1000).describe('For register.'),
        outcomeMs: z.int().min(50).max(4500).default(defaults.outcomeMs).describe('For outcome.'),
        headersMs: z.int().min(20).max(2000).default(300).describe('For headers.'),
        contextMs: z.int().min(50).max(4500).default(1500).describe('For context.'),
      })
      .prefault({})
      .describe('Milliseconds in which each endpoint answers, whatever is away.'),
  };
}

function differsInMoreThanCase(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size === names.length;
}

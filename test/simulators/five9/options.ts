import { z } from 'zod';

const campaignTypes = ['OUTBOUND', 'AUTODIAL', 'INBOUND'] as const;

/** What a disposition does to the dialer. */
export const dispositionTypes = [
  'FinalDisp',
  'FinalApplyToCampaigns',
  'AddActiveNumber',
  'AddAndFinalize',
  'AddAllNumbers',
  'DoNotDial',
  'RedialNumber',
] as const;

export const contactFieldTypes = [
  'STRING',
  'NUMBER',
  'DATE',
  'TIME',
  'DATE_TIME',
  'CURRENCY',
  'BOOLEAN',
  'PERCENT',
  'EMAIL',
  'URL',
  'PHONE',
  'TIME_PERIOD',
] as const;

/** What Five9 itself writes into a contact field. */
export const fieldMappings = [
  'None',
  'LastAgent',
  'LastDisposition',
  'LastSystemDisposition',
  'LastAgentDisposition',
  'LastDispositionDateTime',
  'LastSystemDispositionDateTime',
  'LastAgentDispositionDateTime',
  'LastAttemptedNumber',
  'LastAttemptedNumberN1N2N3',
  'LastCampaign',
  'AttemptsForLastCampaign',
  'LastList',
  'CreatedDateTime',
  'LastModifiedDateTime',
] as const;

export const Campaign = z.strictObject({
  name: z.string().min(1),
  type: z.enum(campaignTypes).default('OUTBOUND'),
  state: z.enum(['NOT_RUNNING', 'STARTING', 'RUNNING', 'STOPPING', 'RESETTING']).default('RUNNING'),
  lists: z.array(z.string()).default([]),
  /** Caller id of outbound calls; the dialled number of inbound ones. */
  ani: z.string().default('8005550100'),
  /** Dispositions that belong to the campaign. (Default: all) */
  dispositions: z.array(z.string()).optional(),
});
export type Campaign = z.infer<typeof Campaign>;

export const Disposition = z.strictObject({
  name: z.string().min(1),
  type: z.enum(dispositionTypes).default('FinalDisp'),
});
export type Disposition = z.infer<typeof Disposition>;

export const ContactField = z.strictObject({
  name: z.string().min(1),
  type: z.enum(contactFieldTypes).default('STRING'),
  mapTo: z.enum(fieldMappings).default('None'),
  displayAs: z.enum(['Short', 'Long', 'Invisible']).default('Short'),
});
export type ContactField = z.infer<typeof ContactField>;

/** What the simulated Five9 domain holds; a later seed adds to it. */
export const Seed = z.strictObject({
  campaigns: z.array(Campaign).default([]),
  lists: z.array(z.string()).default([]),
  dispositions: z
    .array(z.union([z.string().transform((name): Disposition => ({ name, type: 'FinalDisp' })), Disposition]))
    .default([]),
  contactFields: z.array(ContactField).default([]),
  contacts: z
    .array(z.strictObject({ fields: z.record(z.string(), z.string()), lists: z.array(z.string()).default([]) }))
    .default([]),
});
export type Seed = z.infer<typeof Seed>;
export type SeedInput = z.input<typeof Seed>;

/** Where Five9 is not documented: each answer as a switch. Every default is an assumption. */
export const Switches = z.strictObject({
  /** A disposition import moves the contact fields mapped to LastDisposition and LastDispositionDateTime. */
  lastDispositionFollowsImport: z.boolean().default(true),
  /** What an import does with a disposition that does not exist. */
  unknownDisposition: z.enum(['trouble', 'fault', 'ignored']).default('trouble'),
  /** What a disposition import does with a contact that is in none of the campaign's lists. */
  recordOutsideCampaign: z.enum(['trouble', 'ignored', 'accepted']).default('trouble'),
  /** What an import does with a disposition that is not assigned to the campaign. */
  unassignedDisposition: z.enum(['accepted', 'trouble']).default('accepted'),
  /** After a caller who hung up on the AI the script asks no more: only its on-hangup part runs. */
  callerHangUpEndsScript: z.boolean().default(false),
  /** A wrong, unknown, qualified or empty child is a fault; else it is silently passed over. */
  strict: z.boolean().default(true),
});
export type Switches = z.infer<typeof Switches>;

const Window = z.strictObject({ minute: z.int(), hour: z.int(), day: z.int() });

export const Five9SimulatorOptions = z.strictObject({
  users: z.array(z.strictObject({ name: z.string().min(1), password: z.string().min(1) })).min(1),
  /** The simulated voice AI; without it a call is never handed over. */
  aiUrl: z.string().optional(),
  patchbayUrl: z.string().optional(),
  /** The user that the Query modules send by Basic. */
  ivrUser: z.string().default('five9'),
  /** The key that they send as its password. */
  ivrKey: z.string().default(''),
  /** Patchbay's name of this dialer, in the paths of the Query modules. */
  dialer: z.string().default('five9'),
  /** The destination of the 3rd Party Transfer. */
  aiNumber: z.string().default('+19895550100'),
  /** Contact fields that the register Query sends along. */
  registerFields: z.array(z.string()).default([]),
  domainTimeZone: z.string().default('America/Los_Angeles'),
  /** How long an asynchronous import runs, in simulated milliseconds. */
  importDelayMs: z.int().min(0).default(2000),
  /** Rate limits that differ from Five9's defaults, by category. */
  limits: z.record(z.string(), Window).default({}),
  switches: Switches.prefault({}),
  seed: Seed.prefault({}),
});
export type Five9SimulatorOptions = z.infer<typeof Five9SimulatorOptions>;
export type Five9SimulatorInput = z.input<typeof Five9SimulatorOptions>;

export const CallRequest = z.object({
  campaign: z.string(),
  /** The contact's first number, which is dialled; on an inbound call the number that calls. */
  number1: z.string(),
  /** 1 outbound, 2 inbound, 4 by hand, 5 autodial. */
  callType: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(5)]).default(5),
  /** The agent who takes the call after a skill transfer. */
  human: z.object({ disposition: z.string(), afterSec: z.number().min(0).default(60) }).optional(),
  /** A: the script asks for the outcome after the AI's leg. */
  handoff: z.literal('A').default('A'),
  /** Dials a record that the dialer would leave alone. */
  force: z.boolean().default(false),
});
export type CallRequest = z.infer<typeof CallRequest>;
export type CallInput = z.input<typeof CallRequest>;

export const FaultRequest = z.object({
  kind: z.enum([
    'sessionClosed',
    'serverFault',
    'soapFault',
    'serviceUnavailable503Html',
    'slow',
    'timeoutAfterEffect',
    'importRunningFor',
    'refuseRows',
    'down',
    'none',
  ]),
  /** How many requests (imports for `importRunningFor`); -1 is until `none`. */
  times: z.int().default(1),
  /** Only this operation. */
  operation: z.string().optional(),
  /** Machine milliseconds for `slow`, simulated ones for `importRunningFor`. */
  ms: z.number().min(0).default(0),
  /** For `soapFault`: such as ConcurrentModificationFault. */
  fault: z.string().default('ServerFault'),
  /** For `refuseRows`: first numbers of contacts. */
  numbers: z.array(z.string()).default([]),
});
export type FaultRequest = z.infer<typeof FaultRequest>;
export type FaultInput = z.input<typeof FaultRequest>;

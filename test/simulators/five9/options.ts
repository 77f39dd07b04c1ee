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
  /** The IVR script of its calls, by name. (Default: the simulator's own) */
  script: z.string().optional(),
  /** Numbers that reach an inbound campaign. (Default: `ani`) */
  dnis: z.array(z.string()).optional(),
  /** What else SOAP tells of it, by the member's name (`dialingMode`, `maxQueueTime` …). (Default: as a new one has it) */
  members: z.record(z.string(), z.unknown()).default({}),
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
  restrictions: z.array(z.strictObject({ type: z.string(), value: z.string() })).default([]),
});
export type ContactField = z.infer<typeof ContactField>;

export const CallVariable = z.strictObject({
  name: z.string().min(1),
  type: z.enum(contactFieldTypes).default('STRING'),
  description: z.string().default(''),
  reporting: z.boolean().default(false),
  sensitiveData: z.boolean().default(false),
  restrictions: z.array(z.strictObject({ type: z.string(), value: z.string() })).default([]),
});
export type CallVariable = z.infer<typeof CallVariable>;

/** A report that an admin saved. `columns` of calls: those of the standard call log unless it names its own. */
export const SavedReport = z.strictObject({
  folder: z.string().min(1),
  name: z.string().min(1),
  kind: z.enum(['calls', 'contacts']),
  columns: z.array(z.string()).default([]),
});
export type SavedReport = z.infer<typeof SavedReport>;

/** An IVR script as SOAP gives and takes it. */
export const IvrScript = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(''),
  xmlDefinition: z.string(),
});
export type IvrScript = z.infer<typeof IvrScript>;

/** What the simulated Five9 domain holds; a later seed adds to it. */
export const Seed = z.strictObject({
  campaigns: z.array(Campaign).default([]),
  lists: z.array(z.string()).default([]),
  dispositions: z
    .array(z.union([z.string().transform((name): Disposition => ({ name, type: 'FinalDisp' })), Disposition]))
    .default([]),
  contactFields: z.array(ContactField).default([]),
  scripts: z.array(IvrScript).default([]),
  skills: z
    .array(z.strictObject({ id: z.int().min(1), name: z.string().min(1), users: z.array(z.string()).default([]) }))
    .default([]),
  /** Numbers of the domain's inventory, assigned to a campaign or not. */
  dnis: z.array(z.string()).default([]),
  callVariableGroups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        description: z.string().default(''),
        variables: z.array(CallVariable).default([]),
      }),
    )
    .default([]),
  /** Besides the standard call log. */
  reports: z.array(SavedReport).default([]),
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
  /** What Five9 sets by itself at the end of a call, such as Caller Disconnected, moves them too. */
  lastDispositionFollowsSystem: z.boolean().default(false),
  /** What an import does with a disposition that does not exist. */
  unknownDisposition: z.enum(['trouble', 'fault', 'ignored']).default('trouble'),
  /** What a disposition import does with a contact that is in none of the campaign's lists. */
  recordOutsideCampaign: z.enum(['trouble', 'ignored', 'accepted']).default('trouble'),
  /** What an import does with a disposition that is not assigned to the campaign. */
  unassignedDisposition: z.enum(['accepted', 'trouble']).default('accepted'),
  /** After a caller who hung up on the AI the script asks no more: only its on-hangup part runs. */
  callerHangUpEndsScript: z.boolean().default(true),
  /** What a Query's response rule does when its status fits and its expression does not match. */
  ruleWithoutMatch: z.enum(['next', 'error', 'accepted']).default('next'),
  /** What a variable holds after a matching expression whose group took no part in it. */
  unmatchedGroup: z.enum(['kept', 'emptied']).default('kept'),
  /** What a Query sends for a variable that has no value: nothing, or the variable's name. */
  variableWithoutValue: z.enum(['empty', 'name']).default('empty'),
  /** A REGEXP condition of Case or If/Else must match the whole value. */
  conditionRegexMatchesWhole: z.boolean().default(true),
  /** Header names of a BYE are lower-cased on their way into the KVList. */
  byeHeadersLowerCase: z.boolean().default(false),
  /** The 3rd party sees the customer's number as the caller; else the campaign's. */
  dnisAsAni: z.boolean().default(true),
  /** What a change of a campaign leaves out is cleared; else it stays. */
  omittedMembersAreCleared: z.boolean().default(true),
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
  /** How an authorization profile sends them. */
  ivrAuthorization: z.enum(['basic', 'bearer', 'x-api-key']).default('basic'),
  /** How calls get to the AI and back: on a dedicated trunk `X-` headers survive, over a carrier they don't. */
  connection: z.enum(['pop', 'carrier']).default('pop'),
  /** Patchbay's name of this dialer, in the paths of the Query modules. */
  dialer: z.string().default('five9'),
  /** The destination of the 3rd Party Transfer. */
  aiNumber: z.string().default('+19895550100'),
  /** Contact fields that the register Query of the built-in script sends along. */
  registerFields: z.array(z.string()).default([]),
  /** Headers that register's answer holds, in its order, and that the built-in script sends to the AI. */
  headers: z.array(z.string()).default(['X-correlation_id']),
  domainTimeZone: z.string().default('America/Los_Angeles'),
  /** How long an asynchronous import runs, in simulated milliseconds. */
  importDelayMs: z.int().min(0).default(2000),
  /** How long a report runs, in simulated milliseconds. */
  reportDelayMs: z.int().min(0).default(2000),
  /** Rows that a report gives at most; the rest is cut off without a word. */
  reportRowCap: z.int().min(1).default(50_000),
  /** Rate limits that differ from Five9's defaults, by category. */
  limits: z.record(z.string(), Window).default({}),
  switches: Switches.prefault({}),
  /** A record that is to be dialled at once is dialled while a campaign with its list runs; the customer answers. */
  dials: z.boolean().default(false),
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
  /**
   * A: the script asks for the outcome after the AI's leg. B: the AI's side calls an inbound campaign for the customer,
   * and the human takes that call.
   */
  handoff: z.enum(['A', 'B']).default('A'),
  /** What the caller presses where the script asks for it. */
  keys: z.array(z.string()).default([]),
  /** Dials a record that the dialer would leave alone. */
  force: z.boolean().default(false),
});
export type CallRequest = z.infer<typeof CallRequest>;
export type CallInput = z.input<typeof CallRequest>;

/** A call from outside to a number of the domain, such as the AI's side handing a customer over. */
export const InboundCall = z.object({
  /** The dialled number: an inbound campaign's. */
  to: z.string(),
  /** The number that shows as the caller's. */
  from: z.string(),
  /** Whose call it is, for the simulator's own use: who shows may be the AI's number. */
  customer: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
});
export type InboundCall = z.infer<typeof InboundCall>;
export type InboundCallInput = z.input<typeof InboundCall>;

export const FaultRequest = z.object({
  kind: z.enum([
    'sessionClosed',
    'serverFault',
    'soapFault',
    'serviceUnavailable503Html',
    'slow',
    'timeoutAfterEffect',
    'sessionClosedAfterEffect',
    'half',
    'importRunningFor',
    'importCancelled',
    'importForgotten',
    'miscount',
    'callbackLost',
    'callbackTwice',
    'refuseRows',
    'down',
    'none',
  ]),
  /** How many requests (imports for `import…`, `miscount` and `callback…`); -1 is until `none`. */
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

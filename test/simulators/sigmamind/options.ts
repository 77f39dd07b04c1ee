import { z } from 'zod';
import { SignatureConfig } from '../../../connectors/sigmamind/config.ts';

/** Everything that the reference does not know of SigmaMind and the simulator had to decide: each can be switched. */
export const Switches = z.strictObject({
  payloadStyle: z
    .enum(['camelCase', 'snake_case', 'ids-only'])
    .default('camelCase')
    .describe('ASSUMPTION: how an event is written; no example was ever seen.'),
  variablesInEvents: z.boolean().default(true).describe('ASSUMPTION: events carry the dynamic variables.'),
  webhookRetries: z
    .boolean()
    .default(true)
    .describe('ASSUMPTION: an event is sent again until it is answered with 2xx.'),
  webhookTries: z.int().min(1).default(30).describe('ASSUMPTION: how often, before the platform gives up.'),
  agentRetriesTools: z.boolean().default(true).describe('ASSUMPTION: the agent tries a failed tool call again.'),
  commitEachCall: z
    .boolean()
    .default(true)
    .describe('Off: no agent calls its tool; only events tell how a call ended.'),
  inboundVariablesWin: z.boolean().default(true).describe('ASSUMPTION: the inbound answer beats a SIP header.'),
  inboundAgentOverride: z.boolean().default(false).describe('ASSUMPTION: `override_agent_id` is followed.'),
  sipHeaderLimits: z.boolean().default(true).describe('ASSUMPTION: at most 10 `X-` headers of 255 bytes are read.'),
  unknownNumbersAnswer: z
    .boolean()
    .default(true)
    .describe('Off: a call to a number that is not registered is dropped.'),
  variablesInCallRecord: z.boolean().default(true).describe('ASSUMPTION: SIP variables show up in the call record.'),
  analysisInCallRecord: z.boolean().default(false).describe('ASSUMPTION: analysis shows up in the call record.'),
  callListOrder: z
    .enum(['oldest-first', 'newest-first', 'neither'])
    .default('newest-first')
    .describe('ASSUMPTION: the order of the list of calls.'),
  generation: z
    .enum(['g1', 'g2', 'g3'])
    .default('g3')
    .describe('How old the platform is: older ones name fields of calls and lists differently.'),
  mostPerPage: z.int().min(1).default(100).describe('ASSUMPTION: a page of a list holds no more.'),
  webhooksCanBeChanged: z.boolean().default(true).describe('ASSUMPTION: `PATCH /v1/webhooks/{id}` exists.'),
  campaignFile: z
    .enum(['json', 'multipart', 'both'])
    .default('both')
    .describe('How a campaign is made: the guide says JSON with base64, the reference a form.'),
  csvNamesBecomeSnake: z
    .boolean()
    .default(true)
    .describe('ASSUMPTION: a column `Customer Name` becomes the variable `customer_name`.'),
  eventsWhenNotConnected: z
    .boolean()
    .default(true)
    .describe('ASSUMPTION: `conversation_ended` is sent for a call that nobody answered.'),
  variablesOnlyIfReferenced: z
    .boolean()
    .default(false)
    .describe('A call tells only the variables that the prompt of its agent uses, as the guides say of the dashboard.'),
  agentSettingsPatch: z
    .enum(['merge', 'replace'])
    .default('replace')
    .describe("ASSUMPTION: what a change of `agentSettings` does to what it doesn't name."),
  attachedToolsShown: z
    .boolean()
    .default(true)
    .describe('ASSUMPTION: `tools[]` of an agent shows attached tools of integrations, and its End Call action.'),
  secretsShownAgain: z
    .boolean()
    .default(true)
    .describe('The secret of a webhook shows in later answers too: the examples do, the text says that it does not.'),
  integrationsListed: z.boolean().default(true).describe('ASSUMPTION: `GET /v1/integrations` exists.'),
  integrationsCanBeDeleted: z
    .boolean()
    .default(true)
    .describe('ASSUMPTION: `DELETE /v1/integrations/{id}` exists, and that of a tool.'),
  eventsAsString: z
    .boolean()
    .default(false)
    .describe('Webhook answers write `events` as one text, as the examples do.'),
});
export type Switches = z.infer<typeof Switches>;

/** What the agent and its customer do on a call. Seconds are of the simulated clock. */
export const Behaviour = z.strictObject({
  talkSec: z.number().min(0).default(60),
  /** No agent takes the call: it is dropped, and no event tells of it. */
  isDead: z.boolean().default(false),
  /** So long the agent lets the customer wait for its first word. */
  beginsAfterSec: z.number().min(0).default(0),
  commit: z
    .strictObject({
      outcome: z.string(),
      summary: z.string().default(''),
      callbackInSec: z.number().optional(),
      fields: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
  commitTwice: z.boolean().default(false),
  /** A slow tool: the commit gets out so many milliseconds of the machine after the customer was handed back. */
  commitLateMs: z.number().min(0).optional(),
  /** After what it commits, the agent hands the customer to people by the transfer tool. */
  transfer: z.strictObject({ to: z.string().default(''), summary: z.string().default('') }).optional(),
  /**
   * After what it commits, the platform itself calls people and bridges the customer to them. Cold: its agent leaves
   * first. Warm: its agent stays until somebody has answered.
   */
  handOver: z
    .strictObject({
      to: z.string(),
      mode: z.enum(['cold', 'warm']).default('cold'),
      /** ASSUMPTION: whose number shows. */
      callerId: z.enum(['customer', 'own']).default('customer'),
      /** ASSUMPTION: the variables go along as `X-` headers. */
      sendsHeaders: z.boolean().default(true),
    })
    .optional(),
  /** The agent asks who the customer is: with what they say of themselves, or nothing. */
  findLead: z
    .strictObject({
      phone: z.string().default(''),
      postal_code: z.string().default(''),
      last_name: z.string().default(''),
    })
    .optional(),
  /** The agent arranges a callback for these words; `takesOffer`: when they don't do, the customer takes the first offer. */
  scheduleCallback: z
    .strictObject({
      when: z.string().default(''),
      summary: z.string().default(''),
      takesOffer: z.boolean().default(true),
    })
    .optional(),
  /** The agent ends the call by the end-call tool instead of its own. */
  endCall: z.strictObject({ outcome: z.string().default('') }).optional(),
  terminationReason: z.string().default('agent_ended_call'),
  /** What becomes of a call that the platform places. */
  dialled: z.enum(['answered', 'voicemail', 'busy', 'no-answer', 'failed']).default('answered'),
  ringSec: z.number().min(0).default(10),
  /** ASSUMPTION: the agent's side can put `X-` headers into its BYE. */
  byeHeaders: z.record(z.string(), z.string()).default({}),
  /** Null: no analysis at all. Missing: one that only holds the summary. */
  analysis: z
    .array(z.strictObject({ insightName: z.string(), value: z.string() }))
    .nullable()
    .optional(),
  analysisAfterSec: z.number().min(0).default(35),
  recording: z.boolean().default(true),
  events: z
    .strictObject({
      duplicate: z.boolean().default(false),
      /** Everything is sent after the analysis, last things first. */
      reorder: z.boolean().default(false),
      dropStarted: z.boolean().default(false),
      /** Nobody ever gets any of them. */
      dropAll: z.boolean().default(false),
      /** One more event comes from somebody who does not have the secret. */
      forge: z.boolean().default(false),
      delaySec: z.number().min(0).default(0),
    })
    .prefault({}),
});
export type Behaviour = z.infer<typeof Behaviour>;

/** Shares of all events, drawn by the seed; a lie is told about this share of all calls. */
export const EventFaults = z.strictObject({
  seed: z.int().default(1),
  lost: z.number().min(0).max(1).default(0),
  doubled: z.number().min(0).max(1).default(0),
  late: z.number().min(0).max(1).default(0),
  latestSec: z.number().min(0).default(0),
  forged: z.number().min(0).max(1).default(0),
});
export type EventFaults = z.infer<typeof EventFaults>;

/** By the customer's number, its last 10 digits; `*` stands for every other. */
export const Behaviours = z.record(z.string(), Behaviour);

/** What may change while it runs. */
export const Wiring = z.strictObject({
  /** Where events go, besides the webhooks that were made over the API. */
  webhookUrl: z.string().optional(),
  signature: SignatureConfig.prefault({ secrets: ['simulated-webhook-secret-0000001'] }),
  tools: z
    .strictObject({
      commitUrl: z.string(),
      transferUrl: z.string().optional(),
      endCallUrl: z.string().optional(),
      findLeadUrl: z.string().optional(),
      scheduleCallbackUrl: z.string().optional(),
      token: z.string(),
    })
    .optional(),
  inboundWebhookUrl: z.string().optional(),
  /** The dialer's simulator: takes the calls that the platform places through the trunk. */
  trunkUrl: z.string().optional(),
});
export type Wiring = z.infer<typeof Wiring>;

export const SimulatorOptions = z.strictObject({
  ...Wiring.shape,
  apiKey: z.string().min(1),
  port: z.int().min(0).default(0),
  /** Port of the SIP server, UDP and TCP; 0 is any. (Default: there is none) */
  sipPort: z.int().min(0).optional(),
  behaviours: Behaviours.default({}),
  eventFaults: EventFaults.prefault({}),
  switches: Switches.prefault({}),
});
export type SimulatorOptions = z.input<typeof SimulatorOptions>;
export type CheckedOptions = z.output<typeof SimulatorOptions>;

export const SipCall = z.strictObject({
  to: z.string(),
  from: z.string(),
  fromName: z.string().optional(),
  /** The INVITE's headers, as pairs or as an object. */
  headers: z.union([z.array(z.tuple([z.string(), z.string()])), z.record(z.string(), z.string())]).default({}),
  /** Where the simulator tells that the agent's leg is over. */
  endUrl: z.string().optional(),
});
export type SipCall = z.input<typeof SipCall>;

/** The next API requests fail with this status, and every one takes this long (machine time). */
export const Faults = z.strictObject({
  failNext: z.int().min(0).default(0),
  status: z.int().default(503),
  slowMs: z.int().min(0).default(0),
  /** Seconds that a failing answer asks to wait. */
  retryAfterSec: z.int().min(0).optional(),
  /** So many next requests that would change something fail, and change nothing. */
  failWrites: z.int().min(0).default(0),
  /** How the SIP server takes OPTIONS. */
  sip: z.enum(['answers', 'silent', 'busy']).default('answers'),
  /** So many next calls and campaigns are made, and nobody hears of it: the connection ends without an answer. */
  loseAnswers: z.int().min(0).default(0),
});
export type Faults = z.infer<typeof Faults>;

import { z } from 'zod';
import { dialerConfigShape } from '../shared/dialer-config.ts';

/** VICIdial statuses have at most 6 characters; a seventh is cut off without a word. */
const statusPattern = /^[A-Za-z0-9_-]{1,6}$/;

const Api = z.strictObject({
  url: z.url().describe('Address of the Non-Agent API, e.g. http://dialer.example.com/vicidial/non_agent_api.php.'),
  agentUrl: z.url().optional().describe('Address of the Agent API. (Default: agc/api.php on the same server)'),
  user: z
    .string()
    .regex(/^[A-Za-z0-9]{1,20}$/, 'must be letters and digits: older releases drop everything else')
    .describe('API user of level 8, see the README for its rights.'),
  pass: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, _ or -: VICIdial drops everything else')
    .meta({ secret: true })
    .describe("The API user's password."),
  source: z
    .string()
    .regex(/^[A-Za-z0-9]{2,20}$/, 'must be 2 to 20 letters and digits')
    .default('patchbay')
    .describe("Name of this program in VICIdial's API log."),
  timeoutMs: z.int().min(200).max(60_000).default(5000).describe('How long one API request may take.'),
});

const Database = z.strictObject({
  host: z.string().min(1).describe("Host of VICIdial's database."),
  port: z.int().min(1).max(65_535).default(3306).describe('Port of the database.'),
  user: z.string().min(1).describe('Database user; SELECT is all it needs.'),
  password: z.string().meta({ secret: true }).describe("The database user's password."),
  name: z.string().min(1).default('asterisk').describe('Name of the database.'),
  timeoutMs: z.int().min(100).max(60_000).default(5000).describe('How long one query may take.'),
});

const Dnc = z
  .strictObject({
    system: z.boolean().default(true).describe('Put opt-outs on the system-wide DNC list.'),
    campaigns: z.array(z.string().min(1).max(8)).default([]).describe('Campaigns whose own DNC lists get them too.'),
  })
  .refine((dnc) => dnc.system || dnc.campaigns.length > 0, 'must name a DNC list: an opt-out has to go somewhere');

const Sync = z.strictObject({
  lists: z.array(z.int().min(1)).default([]).describe('Lists whose leads are read. (Default: by campaigns)'),
  campaigns: z
    .array(z.string())
    .default([])
    .describe('Campaigns whose active lists are read. (Default: with no lists named either, every active list)'),
  pageSize: z.int().min(1).max(1000).default(1000).describe('Leads per query; a long one stalls the dialer.'),
  pauseMs: z.int().min(0).max(60_000).default(20).describe('Pause before each page but the first, in milliseconds.'),
});

const Settle = z.strictObject({
  recheckSec: z.int().min(1).max(3600).default(15).describe('When a written status is read back once more.'),
  liveRecheckSec: z.int().min(1).max(600).default(5).describe('How often to look whether a call is over.'),
});

export const VicidialConfig = z
  .strictObject({
    type: z.literal('vicidial').describe('This kind of dialer.'),
    ...dialerConfigShape({ headerBytes: 300, outcomeMs: 1500 }),
    api: Api.describe("VICIdial's HTTP APIs: everything is written through them."),
    database: Database.describe("VICIdial's database: everything is read from it."),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone such as America/New_York')
      .describe("The VICIdial server's own time zone; its dates and times are in it."),
    dnc: Dnc.prefault({}).describe('Which DNC lists an opt-out goes to.'),
    sync: Sync.prefault({}).describe('Which leads are read, and how gently.'),
    settle: Settle.prefault({}).describe('Waiting times of write-backs.'),
    customFields: z
      .array(z.string().regex(/^[A-Za-z0-9_]{1,50}$/, 'must be a field label: letters, digits and _'))
      .default([])
      .describe('Custom fields to read as lead fields, by label.'),
  })
  .superRefine((config, context) => {
    for (const [campaign, { dispositions }] of Object.entries(config.campaigns)) {
      for (const [outcome, status] of Object.entries(dispositions)) {
        if (statusPattern.test(status)) continue;
        context.addIssue({
          code: 'custom',
          path: ['campaigns', campaign, 'dispositions', outcome],
          message: `"${status}" can't be a VICIdial status: 1 to 6 letters, digits, _ or -`,
        });
      }
    }
  });
export type VicidialConfig = z.infer<typeof VicidialConfig>;

/** `agc/api.php` lies beside `vicidial/` on the web server. */
export function agentUrlOf(api: VicidialConfig['api']): string {
  return api.agentUrl ?? new URL('../agc/api.php', api.url).toString();
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

import { isIP } from 'node:net';
import { z } from 'zod';
import { CampaignConfig, dialerConfigShape } from '../shared/dialer-config.ts';
import { readTransferTarget } from './live/transfer-target.ts';
import { Carrier, extensionOf, longestExtension } from './setup/carrier-config.ts';

/** VICIdial statuses have at most 6 characters; a seventh is cut off without a word. */
const statusPattern = /^[A-Za-z0-9_-]{1,6}$/;

const webAddress = { protocol: /^https?$/, error: 'must be a URL that begins with https:// or http://' };

const Api = z
  .strictObject({
    url: z
      .url(webAddress)
      .describe('Address of the Non-Agent API, e.g. http://dialer.example.com/vicidial/non_agent_api.php.'),
    agentUrl: z
      .url(webAddress)
      .optional()
      .describe('Address of the Agent API. (Default: agc/api.php on the same server)'),
    user: z
      .string()
      .regex(/^[A-Za-z0-9]{1,20}$/, 'must be letters and digits: older releases drop everything else')
      .describe('API user of level 8, see the README for its rights.'),
    pass: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, _ or -: VICIdial drops everything else')
      .meta({ secret: true })
      .describe("The API user's password."),
    setupUser: z
      .string()
      .regex(/^[A-Za-z0-9]{1,20}$/, 'must be letters and digits: older releases drop everything else')
      .optional()
      .describe(
        'An admin user for `setup --apply` and `setup undo` alone; take it away afterwards. (Default: the API user, as far as its rights go)',
      ),
    setupPass: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, _ or -: VICIdial drops everything else')
      .optional()
      .meta({ secret: true })
      .describe("That user's password."),
    source: z
      .string()
      .regex(/^[A-Za-z0-9]{2,20}$/, 'must be 2 to 20 letters and digits')
      .default('patchbay')
      .describe("Name of this program in VICIdial's API log."),
    timeoutMs: z.int().min(200).max(60_000).default(5000).describe('How long one API request may take.'),
  })
  .refine(({ setupUser, setupPass }) => (setupUser === undefined) === (setupPass === undefined), {
    message: 'and setupPass belong together',
    path: ['setupUser'],
  });

const RemoteAgent = z.strictObject({
  user: z
    .string()
    .regex(/^[A-Za-z0-9]{2,20}$/, 'must be 2 to 20 letters and digits')
    .describe('Its first user, as in "User ID Start".'),
  lines: z.int().min(1).max(255).default(1).describe('Its number of lines.'),
  campaign: z.string().min(1).max(8).optional().describe('Its campaign. (Default: every configured one)'),
  server: z.ipv4().optional().describe('Address of the one dialer on which its lines log in. (Default: the only one)'),
});

const VicidialCampaign = CampaignConfig.extend({
  number: Carrier.shape.number.describe(
    'Number of the AI agent that talks to this campaign, where several agents share the site. (Default: `carrier.number`)',
  ),
});

const Replica = z.strictObject({
  host: z.string().min(1).describe('Host of the replica.'),
  port: z.int().min(1).max(65_535).default(3306).describe('Its port.'),
  user: z.string().min(1).optional().describe('Its user. (Default: as for the database)'),
  password: z.string().optional().meta({ secret: true }).describe("That user's password. (Default: as above)"),
  name: z.string().min(1).optional().describe('Name of the database on it. (Default: as above)'),
});

const Database = z.strictObject({
  host: z.string().min(1).describe("Host of VICIdial's database."),
  port: z.int().min(1).max(65_535).default(3306).describe('Port of the database.'),
  user: z.string().min(1).describe('Database user; SELECT is all it needs.'),
  password: z.string().meta({ secret: true }).describe("The database user's password."),
  name: z.string().min(1).default('asterisk').describe('Name of the database.'),
  timeoutMs: z.int().min(100).max(60_000).default(5000).describe('How long one query may take.'),
  replica: Replica.optional().describe('A replica for reading leads in bulk. (Default: the database itself)'),
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
  maxShare: z
    .number()
    .min(0.01)
    .max(0.9)
    .default(0.25)
    .describe('The share of the time that may be spent reading; after each query comes a rest in proportion.'),
  fullEveryHours: z
    .int()
    .min(0)
    .max(8760)
    .default(24)
    .describe('How often every lead is read again, for what was edited without a call; 0: only by `sync --full`.'),
});

const Settle = z.strictObject({
  recheckSec: z.int().min(1).max(3600).default(15).describe('When a written status is read back once more.'),
  lateSec: z
    .int()
    .min(0)
    .max(3600)
    .default(60)
    .describe(
      "A request without an answer may be carried out so long after: only then is its lead looked at, and written to, again. Not less than the web server's own time limit.",
    ),
  liveRecheckSec: z.int().min(1).max(600).default(5).describe('How often to look whether a call is over.'),
  hangUpLeftOverSec: z
    .int()
    .min(0)
    .max(3600)
    .default(0)
    .describe(
      'A call that the platform has ended so long ago and that is still on its line here is hung up; 0: never. Only where agents hand over by the transfer tool or a committed hand-over alone: a transfer by the platform itself would look the same, with the customer still talking. 20 is good then.',
    ),
});

const Watch = z.strictObject({
  everySec: z
    .int()
    .min(0)
    .max(600)
    .default(5)
    .describe('How often the log of calls that went to the AI is looked through; 0 switches it off.'),
  overlapSec: z
    .int()
    .min(60)
    .max(7200)
    .default(900)
    .describe('How far back it is read once a minute: rows that come late, and clocks of servers that differ.'),
  humanMinutes: z
    .int()
    .min(0)
    .max(600)
    .default(60)
    .describe("How long after a call the lead is looked at for a human agent's disposition; 0 switches it off."),
});

const FastAgi = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).default(4573).describe('Port to listen on.'),
  allow: z
    .array(z.string().refine(isAddressOrNetwork, 'must be an IP address or a network such as 10.0.0.0/24'))
    .min(1)
    .default(['127.0.0.0/8', '::1'])
    .describe('Addresses and networks that may ask; everybody else is cut off at once.'),
  deadlineMs: z.int().min(100).max(10_000).default(800).describe('When a connection is closed, whatever happens.'),
  maxConnections: z.int().min(1).max(10_000).default(500).describe('How many calls are answered at once.'),
  maxPerAddress: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'How many of them may come from one address, so that a server that runs wild leaves room for the others. (Default: four fifths of maxConnections)',
    ),
});

const Prefetch = z.strictObject({
  everyMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe('How often the hopper and the live calls are looked through; 0 switches it off.'),
  leadsPerPoll: z.int().min(1).max(1000).default(300).describe('How many new leads are read at once.'),
  maxLeads: z.int().min(1).max(200_000).default(10_000).describe('How many leads are held, the least used go first.'),
  freshSec: z
    .int()
    .min(1)
    .max(86_400)
    .default(300)
    .describe('After so long a lead is read again; an older one serves only while the database is away.'),
});

export const VicidialConfig = z
  .strictObject({
    type: z.literal('vicidial').describe('This kind of dialer.'),
    ...dialerConfigShape({ headerBytes: 300, outcomeMs: 1500, optOutDispositions: ['DNC'] }, VicidialCampaign),
    api: Api.describe("VICIdial's HTTP APIs: everything is written through them."),
    database: Database.optional().describe(
      "VICIdial's database: everything is read from it. (Default: none; then all is read through the API, see the README for what that can't tell)",
    ),
    remoteAgents: z
      .array(RemoteAgent)
      .default([])
      .describe('Remote agents that lead to the AI. Needed without a database, which is asked for them otherwise.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone such as America/New_York')
      .describe("The VICIdial server's own time zone; its dates and times are in it."),
    dnc: Dnc.prefault({}).describe('Which DNC lists an opt-out goes to.'),
    sync: Sync.prefault({}).describe('Which leads are read, and how gently.'),
    settle: Settle.prefault({}).describe('Waiting times of write-backs.'),
    watch: Watch.prefault({}).describe("Notice of calls and of people's dispositions from the dialer's own records."),
    fastAgi: FastAgi.optional().describe('Serves SIP headers to the dialplan by FastAGI. (Default: off)'),
    prefetch: Prefetch.prefault({}).describe('Reads the leads that are about to be dialled ahead of their calls.'),
    carrier: Carrier.prefault({}).describe('The carrier entry that leads to the platform, for the snippets.'),
    notesField: z
      .string()
      .regex(/^[A-Za-z0-9_]{1,50}$/, 'must be a field label: letters, digits and _')
      .optional()
      .describe('Custom field that takes a text whole when `comments` is too short for it. (Default: it is cut)'),
    customFields: z
      .array(z.string().regex(/^[A-Za-z0-9_]{1,50}$/, 'must be a field label: letters, digits and _'))
      .default([])
      .describe('Custom fields to read as lead fields, by label.'),
  })
  .superRefine((config, context) => {
    if (!config.database && config.remoteAgents.length === 0) {
      const message = "must name the remote agents: without a database their lines can't be told from people";
      context.addIssue({ code: 'custom', path: ['remoteAgents'], message });
    }
    for (const [campaign, { dispositions, transfers, number }] of Object.entries(config.campaigns)) {
      if (extensionOf(config.carrier.prefix, number ?? '').length > longestExtension) {
        const message = `and carrier.prefix together must be at most ${longestExtension} digits: VICIdial cuts the remote extension there`;
        context.addIssue({ code: 'custom', path: ['campaigns', campaign, 'number'], message });
      }
      for (const [name, target] of Object.entries(transfers)) {
        if (readTransferTarget(target)) continue;
        context.addIssue({
          code: 'custom',
          path: ['campaigns', campaign, 'transfers', name],
          message: `"${target}" must be ingroup:NAME, or extension:NUMBER with the carrier's prefix`,
        });
      }
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

export type DatabaseConfig = z.infer<typeof Database>;

/** `agc/api.php` lies beside `vicidial/` on the web server. */
export function agentUrlOf(api: VicidialConfig['api']): string {
  return api.agentUrl ?? new URL('../agc/api.php', api.url).toString();
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits < 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

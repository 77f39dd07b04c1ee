import type { VicidialDeps } from './deps.ts';
import { logInLine } from './remote-agent-lines.ts';
import { type Row, utf8Bytes, type Value } from './tables.ts';

type Columns = Readonly<Record<string, Value>>;

/** What a simulated site holds at its start. `columns` sets any column of the row; the rest keep their defaults. */
export interface VicidialSeed {
  /** The account that Patchbay uses, with all rights unless `columns` takes some away. */
  apiUsers?: readonly { user: string; pass: string; columns?: Columns }[];
  /** Human agents, and the line users that reports want to exist. */
  users?: readonly { user: string; fullName?: string; columns?: Columns }[];
  userGroups?: readonly { group: string; allowedCampaigns: string }[];
  campaigns: readonly { id: string; name?: string; dialStatuses?: string; columns?: Columns }[];
  lists: readonly {
    id: number;
    campaign: string;
    name?: string;
    active?: boolean;
    /** Custom fields, all VARCHAR(255) in `custom_<id>` unless a type is given. */
    customFields?: readonly { label: string; type?: 'TEXT' | 'AREA' }[];
  }[];
  /** (Default: one toward the platform, prefix 7700, with headers from VICIdial's own script) */
  carriers?: readonly SeedCarrier[];
  /** Beside those that VICIdial ships. */
  statuses?: readonly { status: string; name?: string; campaign?: string; flags?: readonly StatusFlag[] }[];
  inGroups?: readonly string[];
  remoteAgents: readonly {
    userStart: number;
    lines: number;
    campaign: string;
    /** Carrier prefix and number, at most 20 characters. (Default: 770019895551234) */
    confExten?: string;
    /** In-groups whose inbound calls its lines take too. */
    inGroups?: readonly string[];
    /** The one dialer on which its lines log in. (Default: the first) */
    server?: string;
  }[];
  leads: readonly SeedLead[];
}

export interface SeedCarrier {
  id: string;
  protocol?: 'SIP' | 'PJSIP';
  account?: string;
  dialplan: string;
  /** (Default: 0.0.0.0, all servers) */
  server?: string;
  active?: boolean;
}

export interface SeedLead {
  leadId?: number;
  list: number;
  phone: string;
  /** How texts lie in the latin1 tables. (Default: utf8, as the web side writes them) */
  stored?: 'utf8' | 'latin1';
  columns?: Columns;
  custom?: Readonly<Record<string, string>>;
  altPhones?: readonly string[];
}

export type StatusFlag =
  | 'human_answered'
  | 'sale'
  | 'dnc'
  | 'customer_contact'
  | 'not_interested'
  | 'unworkable'
  | 'scheduled_callback'
  | 'completed'
  | 'answering_machine';

const shippedStatuses: readonly [string, string, ...StatusFlag[]][] = [
  ['NEW', 'New Lead'],
  ['QUEUE', 'Lead To Be Called'],
  ['INCALL', 'Lead Being Called'],
  ['PU', 'Call Picked Up'],
  ['XFER', 'Call Transferred', 'human_answered', 'customer_contact'],
  ['DROP', 'Agent Not Available'],
  ['PDROP', 'Outbound Pre-Routing Drop'],
  ['NA', 'No Answer AutoDial'],
  ['B', 'Busy', 'human_answered'],
  ['AB', 'Busy Auto'],
  ['DC', 'Disconnected Number', 'unworkable'],
  ['A', 'Answering Machine', 'human_answered', 'answering_machine'],
  ['AA', 'Answering Machine Auto', 'answering_machine'],
  ['CALLBK', 'Call Back', 'human_answered', 'customer_contact', 'scheduled_callback'],
  ['CBHOLD', 'Call Back Hold', 'scheduled_callback'],
  ['DNC', 'DO NOT CALL', 'human_answered', 'dnc', 'customer_contact', 'completed'],
  ['DNCL', 'DO NOT CALL Hopper', 'dnc', 'completed'],
  ['SALE', 'Sale Made', 'human_answered', 'sale', 'customer_contact', 'completed'],
  ['NI', 'Not Interested', 'human_answered', 'customer_contact', 'not_interested', 'completed'],
  ['NP', 'No Pitch No Price', 'human_answered', 'customer_contact'],
  ['N', 'No Answer', 'human_answered'],
  ['RAXFER', 'Remote Agent Transfer', 'human_answered', 'customer_contact'],
];

/** The carrier that leads to the platform: prefix 7700, then the number. */
const platformCarrier: SeedCarrier = {
  id: 'PLATFORM',
  account: '[SigmaMind]\ntype=peer\nhost=sip.platform.example.com\ntransport=tcp',
  dialplan: [
    'exten => _7700X.,1,AGI(agi://127.0.0.1:4577/call_log)',
    'exten => _7700X.,n,AGI(agi-set_variables.agi)',
    'exten => _7700X.,n,SIPRemoveHeader(X-)',
    `exten => _7700X.,n,SIPAddHeader(X-lead_id: \${lead_id})`,
    `exten => _7700X.,n,Dial(SIP/SigmaMind/+\${EXTEN:4},55,To)`,
    'exten => _7700X.,n,Hangup()',
  ].join('\n'),
};

/** Fills a fresh site. */
export async function seedSite(
  deps: VicidialDeps,
  seed: VicidialSeed,
  serverIps: readonly string[] = [deps.serverIp],
): Promise<void> {
  const { tables, time } = deps;
  await tables.insert('system_settings', {
    version: '2.14b0.5',
    default_local_gmt: String(time.offsetHours().standard),
  });
  const localGmt = time.offsetHours().standard.toFixed(2);
  for (const [index, server_ip] of serverIps.entries())
    await tables.insert('servers', { server_id: `dialer${index + 1}`, server_ip, active: 'Y', local_gmt: localGmt });
  for (const carrier of seed.carriers ?? [platformCarrier]) await seedCarrier(deps, carrier);
  for (const [status, name, ...flags] of shippedStatuses)
    await tables.insert('vicidial_statuses', statusRow(status, name, flags));
  for (const { status, name = status, campaign, flags = [] } of seed.statuses ?? []) {
    const row = statusRow(status, name, flags);
    if (campaign) await tables.insert('vicidial_campaign_statuses', { ...row, campaign_id: campaign });
    else if (!shippedStatuses.some(([shipped]) => shipped === status)) await tables.insert('vicidial_statuses', row);
  }
  for (const group of seed.inGroups ?? [])
    await tables.insert('vicidial_inbound_groups', { group_id: group, group_name: group });
  await seedUsers(deps, seed);
  for (const { id, name = id, dialStatuses = ' NEW -', columns } of seed.campaigns)
    await tables.insert('vicidial_campaigns', {
      campaign_id: id,
      campaign_name: name,
      dial_statuses: dialStatuses,
      // Not VICIdial's defaults, but what a site needs whose DNC lists count, which shows a number and is recorded.
      use_internal_dnc: 'Y',
      campaign_cid: '9895551234',
      campaign_recording: 'ALLFORCE',
      ...columns,
    });
  for (const list of seed.lists) await seedList(deps, list);
  for (const agent of seed.remoteAgents) await seedRemoteAgent(deps, agent);
  await seedLeads(deps, seed.leads);
}

/** Adds leads to a site, in this order. */
export async function seedLeads(deps: VicidialDeps, leads: readonly SeedLead[]): Promise<void> {
  for (const lead of leads) {
    const encode = lead.stored === 'latin1' ? (value: string) => value : utf8Bytes;
    const columns = Object.fromEntries(
      Object.entries(lead.columns ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' ? encode(value) : value,
      ]),
    );
    const leadId = await deps.tables.insert('vicidial_list', {
      ...(lead.leadId && { lead_id: lead.leadId }),
      entry_date: deps.time.local(),
      status: 'NEW',
      user: '',
      list_id: lead.list,
      gmt_offset_now: '-5.00',
      phone_code: '1',
      phone_number: lead.phone,
      ...columns,
    });
    if (lead.custom) {
      const values = Object.entries(lead.custom).map(([label, value]) => [label, encode(value)]);
      await deps.tables.insert(`custom_${lead.list}`, { lead_id: leadId, ...Object.fromEntries(values) });
    }
    for (const [index, phone] of (lead.altPhones ?? []).entries())
      await deps.tables.insert('vicidial_list_alt_phones', {
        lead_id: leadId,
        phone_code: '1',
        phone_number: phone,
        alt_phone_count: index + 1,
      });
  }
}

async function seedUsers({ tables }: VicidialDeps, seed: VicidialSeed): Promise<void> {
  const groups = seed.userGroups ?? [{ group: 'ADMIN', allowedCampaigns: ' -ALL-CAMPAIGNS- - -' }];
  for (const { group, allowedCampaigns } of groups)
    await tables.insert('vicidial_user_groups', {
      user_group: group,
      group_name: group,
      allowed_campaigns: allowedCampaigns,
    });
  const rights = ['modify_lists', 'modify_campaigns', 'modify_users', 'modify_remoteagents', 'view_reports'];
  const flags = [...rights, 'delete_from_dnc', 'vdc_agent_api_access', 'modify_leads'];
  for (const { user, pass, columns } of seed.apiUsers ?? [])
    await tables.insert('vicidial_users', {
      user,
      pass,
      full_name: user,
      user_level: 8,
      user_group: groups[0]?.group ?? '',
      ...Object.fromEntries(flags.map((flag) => [flag, '1'])),
      ...columns,
    });
  for (const { user, fullName = user, columns } of seed.users ?? [])
    await tables.insert('vicidial_users', { user, pass: 'x', full_name: fullName, user_group: 'AGENTS', ...columns });
}

async function seedCarrier({ tables }: VicidialDeps, carrier: SeedCarrier): Promise<void> {
  const { id, protocol = 'SIP', account = '', dialplan, server = '0.0.0.0', active = true } = carrier;
  await tables.insert('vicidial_server_carriers', {
    carrier_id: id,
    carrier_name: id,
    protocol,
    account_entry: account,
    dialplan_entry: dialplan,
    server_ip: server,
    active: active ? 'Y' : 'N',
  });
}

async function seedList({ tables, time }: VicidialDeps, list: VicidialSeed['lists'][number]): Promise<void> {
  const { id, campaign, name = `List ${id}`, active = true, customFields = [] } = list;
  await tables.insert('vicidial_lists', {
    list_id: id,
    list_name: name,
    campaign_id: campaign,
    active: active ? 'Y' : 'N',
    list_changedate: time.local(),
  });
  if (customFields.length === 0) return;
  for (const { label, type = 'TEXT' } of customFields)
    await tables.insert('vicidial_lists_fields', {
      list_id: id,
      field_label: label,
      field_name: label,
      field_type: type,
      field_max: 255,
    });
  const columns = customFields.map(({ label, type }) => `\`${label}\` ${type === 'AREA' ? 'TEXT' : 'VARCHAR(255)'}`);
  await tables.change(
    `CREATE TABLE custom_${id} (lead_id INT(9) UNSIGNED NOT NULL PRIMARY KEY, ${columns.join(', ')}) ENGINE=MyISAM DEFAULT CHARSET=latin1`,
  );
}

/** One remote agent of N lines is N rows of live agents, with users that count up. */
async function seedRemoteAgent(deps: VicidialDeps, agent: VicidialSeed['remoteAgents'][number]): Promise<void> {
  const { userStart, lines, campaign, confExten = '770019895551234', inGroups = [], server = deps.serverIp } = agent;
  const closerCampaigns = inGroups.length > 0 ? ` ${inGroups.join(' ')} -` : '';
  const row = {
    user_start: String(userStart),
    number_of_lines: lines,
    server_ip: server,
    conf_exten: confExten,
    status: 'ACTIVE',
    campaign_id: campaign,
    closer_campaigns: closerCampaigns,
  };
  await deps.tables.insert('vicidial_remote_agents', row);
  for (let line = 0; line < lines; line += 1) {
    const user = String(userStart + line);
    const fresh = await deps.tables.first('SELECT user FROM vicidial_users WHERE user = ?', [user]);
    if (!fresh)
      await deps.tables.insert('vicidial_users', { user, pass: 'x', full_name: `AI line ${user}`, user_group: 'AI' });
    await logInLine(deps, row, user);
  }
}

function statusRow(status: string, name: string, flags: readonly StatusFlag[]): Row {
  return {
    status,
    status_name: name,
    selectable: 'Y',
    ...Object.fromEntries(flags.map((flag) => [flag, 'Y'])),
  };
}

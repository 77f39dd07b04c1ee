import { createConnection } from 'mysql2/promise';
import { VicidialConfig } from '../../../connectors/vicidial/index.ts';
import { carrierSnippets } from '../../../connectors/vicidial/setup/snippets/carrier.ts';
import { grantsSnippet } from '../../../connectors/vicidial/setup/snippets/grants.ts';
import type { Site } from '../../../connectors/vicidial/setup/snippets/site.ts';
import { startUrl } from '../../../connectors/vicidial/setup/snippets/start-url.ts';
import type { Clock } from '../../../src/domain/clock.ts';
import { outcomeCodes } from '../../../src/domain/outcome-codes.ts';
import { madeUpApiUser, madeUpSite } from '../../simulators/vicidial/made-up-site.ts';
import type { VicidialSeed } from '../../simulators/vicidial/seed.ts';
import {
  startVicidialSimulator,
  type VicidialOptions,
  type VicidialSimulator,
} from '../../simulators/vicidial/vicidial-simulator.ts';
import { startPrivateMariaDb } from '../private-mariadb.ts';
import { realClock } from '../real-clock.ts';

export const vicidialCast = {
  campaign: 'SPRING',
  list: 101,
  agent: 7001,
  lines: 3,
  prefix: '7700',
  number: '+19895551234',
  server: '10.10.10.15',
  zone: 'America/Denver',
  /** The database user that has what the snippet grants. */
  reader: { user: 'patchbay_read', password: 'readerPass77' },
};

/** Each outcome with a status of its own, none of which is dialled. */
const dispositions: Readonly<Record<string, string>> = {
  ...Object.fromEntries(outcomeCodes.map((code) => [code, `AI${code.replaceAll('_', '').slice(0, 4).toUpperCase()}`])),
  ...{ opt_out: 'DNC', sale: 'SALE', callback: 'CALLBK', not_interested: 'NI', voicemail: 'A' },
};

export interface HealthyVicidial {
  simulator: VicidialSimulator;
  /** The section of the configuration, as plain data. */
  section: Record<string, unknown>;
  /** Asks, or tampers with, the dialer's tables, as its root. */
  sql(statement: string, values?: readonly (string | number | null)[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export interface HealthyVicidialOptions {
  publicUrl: string;
  /** The API client by which dialplan and Start Call URL log in. (Default: script) */
  client?: { name: string; key: string };
  /** The platform's SIP server. (Default: sip.platform.example.com) */
  sipHost?: string;
  /** (Default: vicidial) */
  id?: string;
  clock?: Clock;
  simulator?: Partial<VicidialOptions>;
}

/** A VICIdial on which nothing is wrong: set up with our own snippets, read by a user with no more than they grant. */
export async function startHealthyVicidial(options: HealthyVicidialOptions): Promise<HealthyVicidial> {
  const { id = 'vicidial', publicUrl, client = { name: 'script', key: 'pb_key' }, clock = realClock } = options;
  const server = await startPrivateMariaDb();
  await server.createDatabase('asterisk');
  const { host, port, user, password } = server;
  const login = { host, port, user, password };
  const sipHost = options.sipHost ?? 'sip.platform.example.com';
  const config = VicidialConfig.parse(sectionOf({ url: 'http://unused', port, sipHost }));
  const site: Site = { id, config, publicUrl };
  const fill = (text: string) =>
    text
      .replaceAll('PATCHBAY_API_KEY', client.key)
      .replaceAll('PATCHBAY_CLIENT', client.name)
      .replaceAll('PATCHBAY_HOST', host)
      .replaceAll('DATABASE_PASSWORD', vicidialCast.reader.password);
  const simulator = await startVicidialSimulator({
    clock,
    database: { ...login, name: 'asterisk' },
    serverZone: vicidialCast.zone,
    serverIp: vicidialCast.server,
    seed: seedOf(site, fill),
    ...options.simulator,
  });
  const side = await createConnection({ ...login, database: 'asterisk' });
  const sql: HealthyVicidial['sql'] = async (statement, values = []) => {
    const [rows] = await side.query(statement, [...values]);
    return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
  };
  const [needed = '', archives = ''] = fill(grantsSnippet(site).text).split(/^--.*$/m);
  const there = (await sql('SHOW TABLES')).flatMap((row) => Object.values(row).map(String));
  for (const statement of needed.trim().split('\n')) await sql(statement);
  for (const statement of archives.trim().split('\n')) {
    if (there.some((table) => statement.includes(`\`${table}\``))) await sql(statement);
  }

  return {
    simulator,
    section: sectionOf({ url: simulator.url, port, sipHost }),
    sql,
    async stop() {
      await side.end();
      await simulator.stop();
      await server.stop();
    },
  };
}

function sectionOf({ url, port, sipHost }: { url: string; port: number; sipHost: string }): Record<string, unknown> {
  const { reader, zone, prefix, number, list, campaign } = vicidialCast;
  return {
    type: 'vicidial',
    api: { url: `${url}/vicidial/non_agent_api.php`, ...madeUpApiUser, timeoutMs: 4000 },
    database: { host: '127.0.0.1', port, ...reader, name: 'asterisk', timeoutMs: 3000 },
    timeZone: zone,
    sync: { lists: [list] },
    customFields: ['plan'],
    carrier: { prefix, number, host: sipHost },
    campaigns: {
      [campaign]: { dispositions: { ...dispositions }, fields: { comments: 'summary', ai_summary: 'summary' } },
    },
  };
}

function seedOf(site: Site, fill: (text: string) => string): VicidialSeed {
  const base = madeUpSite({ lines: vicidialCast.lines });
  const textOf = (name: string) => fill(carrierSnippets(site, 'curl').find((each) => each.name === name)?.text ?? '');
  const functions = 'version update_lead update_log_entry add_dnc_phone delete_dnc_phone ra_call_control';
  const steering = 'hopper_bulk_insert update_remote_agent update_list add_lead';
  return {
    ...base,
    apiUsers: [
      {
        ...madeUpApiUser,
        columns: { modify_users: '0', api_list_restrict: '1', api_allowed_functions: ` ${functions} ${steering} ` },
      },
    ],
    campaigns: base.campaigns.map((campaign) => ({
      ...campaign,
      dialStatuses: ' NEW NA B AB -',
      columns: { start_call_url: fill(startUrl(site)) },
    })),
    statuses: Object.values(dispositions)
      .filter((status) => status.startsWith('AI'))
      .map((status) => ({ status, campaign: vicidialCast.campaign })),
    carriers: [
      { id: 'SIGMAMIND', account: textOf('carrier-account'), dialplan: textOf('carrier-dialplan') },
      ownCarrier,
    ],
  };
}

/** By which the customers are dialled. */
const ownCarrier = {
  id: 'OWNTRUNK',
  account: '[owntrunk]\ntype=peer\nhost=sip.carrier.example',
  dialplan: [
    'exten => _91NXXNXXXXXX,1,AGI(agi://127.0.0.1:4577/call_log)',
    `exten => _91NXXNXXXXXX,2,Dial(SIP/owntrunk/\${EXTEN:1},60,To)`,
    'exten => _91NXXNXXXXXX,3,Hangup()',
  ].join('\n'),
};

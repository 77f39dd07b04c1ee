import { createConnection } from 'mysql2/promise';
import type { VicidialSeed } from '../../simulators/vicidial/seed.ts';
import { startVicidialSimulator, type VicidialSimulator } from '../../simulators/vicidial/vicidial-simulator.ts';
import { startPrivateMariaDb } from '../private-mariadb.ts';
import { realClock } from '../real-clock.ts';

export const vicidialCast = {
  campaign: 'SPRING',
  list: 101,
  zone: 'America/Denver',
  server: '10.10.10.15',
  /** Who administers the site. */
  admin: { user: '6666', pass: 'adminPass66' },
  /** Who reads the database for Patchbay; the server of the test has a `patchbay` of its own. */
  reader: 'patchbay_read',
  /** The phone of whoever makes the test call. */
  phone: '3035550111',
};

type Rows = Record<string, unknown>[];

export interface FreshVicidial {
  simulator: VicidialSimulator;
  database: { host: string; port: number };
  /** What an admin sees and changes in the tables. */
  sql(statement: string, values?: readonly (string | number | null)[]): Promise<Rows>;
  /** Every row of the tables that a set-up could change, by table, and the accounts of the database with their grants. */
  state(): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** A call centre that calls with its own people: VICIdial before anybody has thought of an AI. */
export async function startFreshVicidial(given: { aiUrl: string }): Promise<FreshVicidial> {
  const server = await startPrivateMariaDb();
  await server.createDatabase('asterisk');
  const { host, port, user, password } = server;
  const simulator = await startVicidialSimulator({
    clock: realClock,
    database: { host, port, user, password, name: 'asterisk' },
    serverZone: vicidialCast.zone,
    serverIp: vicidialCast.server,
    seed,
    aiUrl: given.aiUrl,
    runsEntries: true,
    noticeSec: 2,
    dialHopper: { answerSec: 1 },
  });
  const side = await createConnection({ host, port, user, password, database: 'asterisk', dateStrings: true });
  const sql: FreshVicidial['sql'] = async (statement, values = []) => {
    const [rows] = await side.query(statement, [...values]);
    return Array.isArray(rows) ? (rows as Rows) : [];
  };
  return {
    simulator,
    database: { host, port },
    sql,
    state: () => readState(sql),
    async stop() {
      await side.end();
      await simulator.stop();
      await server.stop();
    },
  };
}

const seed: VicidialSeed = {
  apiUsers: [{ ...vicidialCast.admin, columns: { full_name: 'Admin', user_level: 9, ast_admin_access: '1' } }],
  users: [{ user: 'anna', fullName: 'Anna Agent' }],
  campaigns: [
    {
      id: vicidialCast.campaign,
      name: 'Spring offer',
      dialStatuses: ' NEW NA XFER B DNC -',
      // Its test calls are made at whatever hour the tests run.
      columns: { auto_dial_level: '3', hopper_level: 200, drop_call_seconds: 7, local_call_time: '12am-12am' },
    },
  ],
  lists: [{ id: vicidialCast.list, campaign: vicidialCast.campaign, active: false }],
  carriers: [
    {
      id: 'OWNTRUNK',
      account: '[owntrunk]\ntype=peer\nhost=sip.carrier.example',
      dialplan: [
        'exten => _91NXXNXXXXXX,1,AGI(agi://127.0.0.1:4577/call_log)',
        `exten => _91NXXNXXXXXX,2,Dial(SIP/owntrunk/\${EXTEN:1},60,To)`,
        'exten => _91NXXNXXXXXX,3,Hangup()',
      ].join('\n'),
    },
  ],
  remoteAgents: [],
  leads: [
    { list: vicidialCast.list, phone: '3035551000', columns: { first_name: 'Ada', state: 'CO' } },
    { list: vicidialCast.list, phone: '3035551001', columns: { first_name: 'Ben', state: 'CO' } },
  ],
};

/**
 * What calls leave behind, and what daemons keep for themselves: logs, live rows, and the callbacks and do-not-call entries
 * of customers. Leads are among the tables that are compared.
 */
const ofCalls: readonly RegExp[] = [
  /_log(_extended)?(_archive)?$/,
  /^vicidial_(live_agents|auto_calls|hopper|manager)$/,
];
/** When a call was dialled last, when a list was changed, when somebody logged in: VICIdial writes them by itself. */
const byItself = new Set([
  ...['campaign_calldate', 'list_changedate', 'last_login_date', 'failed_login_count', 'rebuild_conf_files'],
]);

async function readState(sql: FreshVicidial['sql']): Promise<Record<string, unknown>> {
  const state: Record<string, unknown> = {};
  for (const row of await sql('SHOW FULL TABLES')) {
    const table = String(Object.values(row)[0]);
    if (ofCalls.some((pattern) => pattern.test(table))) continue;
    const rows = await sql('SELECT * FROM ??', [table]);
    state[table] = rows
      .map((each) => Object.fromEntries(Object.entries(each).flatMap(comparable)))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  const accounts = await sql("SELECT user, host FROM mysql.user WHERE user NOT LIKE 'mariadb%' ORDER BY user, host");
  state.accounts = accounts.map(Object.values);
  return state;
}

/** Dial statuses have no order: the API adds one behind the others. */
function comparable([name, value]: [string, unknown]): [string, unknown][] {
  if (byItself.has(name)) return [];
  return [[name, name === 'dial_statuses' ? String(value).split(' ').sort() : value]];
}

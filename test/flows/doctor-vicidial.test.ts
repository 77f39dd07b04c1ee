import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { VicidialConfig, vicidial } from '../../connectors/vicidial/index.ts';
import { columnsRead } from '../../connectors/vicidial/tables/tables-read.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import { namedChecks } from '../../src/flows/doctor/run-checks.ts';
import { startTcpGate } from '../contract/dialers/tcp-gate.ts';
import { type Break, describeBreaks } from '../support/break-checks.ts';
import { eventually } from '../support/eventually.ts';
import { type HealthyVicidial, startHealthyVicidial, vicidialCast } from '../support/healthy/vicidial.ts';
import { realClock } from '../support/real-clock.ts';
import { testConnectorDeps } from '../unit/sigmamind/test-deps.ts';

const publicUrl = 'https://patchbay.example.com';
const account = `'${vicidialCast.reader.user}'@'127.0.0.1'`;

interface Site extends HealthyVicidial {
  readonly dialer: Dialer;
  gate: Awaited<ReturnType<typeof startTcpGate>>;
  clock: Clock & { behindMs: number };
  /** Another instance, with another password of the API. */
  reconnect(api: { pass?: string }): Promise<void>;
  /** What the operator has configured: a break may change it in place. */
  config: VicidialConfig;
}

function depsOf(clock: Clock): ConnectorDeps {
  const cursors = new Map<string, string>();
  return {
    ...testConnectorDeps,
    clock,
    newId: () => randomUUID(),
    publicUrl,
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
  };
}

async function startSite(): Promise<Site> {
  const healthy = await startHealthyVicidial({ publicUrl });
  const config = VicidialConfig.parse(healthy.section);
  const gate = await startTcpGate(config.database?.port ?? 0);
  if (config.database) config.database.port = gate.port;
  const clock = { ...realClock, behindMs: 0, now: () => Date.now() - clock.behindMs };
  let dialer = vicidial.create('vicidial', config, depsOf(clock));
  return {
    ...healthy,
    config,
    gate,
    clock,
    get dialer() {
      return dialer;
    },
    async reconnect(api) {
      await dialer.close();
      Object.assign(config.api, api);
      dialer = vicidial.create('vicidial', config, depsOf(clock));
    },
    async stop() {
      await dialer.close();
      await gate.stop();
      await healthy.stop();
    },
  };
}

/** A fault of the web server, until it is mended. */
function fault(what: string, kind: 'ipRefused' | 'oldRelease', build?: number): Break<Site> {
  return {
    what,
    async run({ simulator }) {
      simulator.fault({ kind, ...(build && { build }) });
      return async () => simulator.fault({ kind: 'none' });
    },
  };
}

/** A heartbeat that is under way when the daemon is stopped comes to its end. */
const simulatedBeat = () => new Promise((resolve) => setImmediate(resolve));

/** Sets columns of some rows of a table, and puts them back as they were. */
function columns(
  what: string,
  table: string,
  changes: Readonly<Record<string, string | number | null>>,
  options: { where?: string; back?: string; status?: 'warn' | 'unknown' } = {},
): Break<Site> {
  const { where = 'TRUE', back = where, status } = options;
  return {
    what,
    ...(status && { status }),
    async run({ sql }) {
      const names = Object.keys(changes);
      const [before] = await sql(
        `SELECT ${names.map((name) => `\`${name}\``).join(', ')} FROM ${table} WHERE ${where}`,
      );
      const set = names.map((name) => `\`${name}\` = ?`).join(', ');
      await sql(`UPDATE ${table} SET ${set} WHERE ${where}`, Object.values(changes));
      const values = names.map((name) => before?.[name] as string);
      return async () => void (await sql(`UPDATE ${table} SET ${set} WHERE ${back}`, values));
    },
  };
}

const campaign = (what: string, changes: Readonly<Record<string, string | number>>, status?: 'warn') =>
  columns(what, 'vicidial_campaigns', changes, status && { status });
const agent = (what: string, changes: Readonly<Record<string, string | number>>, status?: 'warn') =>
  columns(what, 'vicidial_remote_agents', changes, status && { status });
const carrier = (what: string, changes: Readonly<Record<string, string | number>>) =>
  columns(what, 'vicidial_server_carriers', changes, { where: "carrier_id = 'SIGMAMIND'" });
const apiUser = (what: string, changes: Readonly<Record<string, string | number>>, status?: 'warn') =>
  columns(what, 'vicidial_users', changes, { where: "user = 'patchbay'", ...(status && { status }) });

/** Changes the text of the platform's dialplan entry. */
function entry(what: string, change: (text: string) => string, status?: 'warn'): Break<Site> {
  return {
    what,
    ...(status && { status }),
    async run({ sql }) {
      const where = "WHERE carrier_id = 'SIGMAMIND'";
      const [row] = await sql(`SELECT dialplan_entry FROM vicidial_server_carriers ${where}`);
      const before = String(row?.dialplan_entry);
      const after = change(before);
      if (after === before) throw new Error(`nothing of the entry changed: ${what}`);
      await sql(`UPDATE vicidial_server_carriers SET dialplan_entry = ? ${where}`, [after]);
      return async () => void (await sql(`UPDATE vicidial_server_carriers SET dialplan_entry = ? ${where}`, [before]));
    },
  };
}

const withoutLine = (part: string) => (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n')
    .replace(/^(exten => [^,]+),n/, '$1,1');

/** Runs a statement, and another to mend it. */
function statements(what: string, breaking: string, mending: string, status?: 'warn' | 'unknown'): Break<Site> {
  return {
    what,
    ...(status && { status }),
    async run({ sql }) {
      await sql(breaking);
      return async () => void (await sql(mending));
    },
  };
}

/** Changes the configuration in place. */
function configured(what: string, change: (config: VicidialConfig) => () => void, status?: 'warn'): Break<Site> {
  return {
    what,
    ...(status && { status }),
    async run({ config }) {
      const mend = change(config);
      return async () => mend();
    },
  };
}

interface MadeUpCall {
  length?: number;
  dialstatus?: string;
  sip?: number;
  status?: string;
  dialTime?: number;
  answeredTime?: number;
  /** Hours ago. */
  ago?: number;
  isEnded?: boolean;
  lead?: number;
}

/** Puts calls that went to lines into the logs: no two of them of one length unless it is said. */
function calls(what: string, some: readonly MadeUpCall[]): Break<Site> {
  return {
    what,
    status: 'warn',
    async run({ sql }) {
      for (const [index, call] of some.entries()) await insertCall(sql, index, call);
      return () => forgetCalls(sql);
    },
  };
}

async function insertCall(sql: Site['sql'], index: number, call: MadeUpCall): Promise<void> {
  const { length = 100 + index * 7, dialstatus = 'ANSWER', sip = 0, status = 'XFER', ago = 1, isEnded = true } = call;
  const { dialTime = length + 1, answeredTime = length, lead = 0 } = call;
  const uniqueid = `90000.${index}`;
  const at = Math.floor(Date.now() / 1000) - ago * 3600;
  const text = new Intl.DateTimeFormat('sv-SE', {
    timeZone: vicidialCast.zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const wall = text.format(at * 1000);
  await sql(
    `INSERT INTO vicidial_remote_agent_log SET uniqueid = ?, callerid = 'V', ra_user = '7001', user = '7001', call_time = ?,
       campaign_id = 'SPRING', lead_id = ?`,
    [uniqueid, wall, lead],
  );
  await sql(
    `INSERT INTO vicidial_log SET uniqueid = ?, lead_id = 1001, campaign_id = 'SPRING', call_date = ?, start_epoch = ?, end_epoch = ?,
       length_in_sec = ?, status = ?`,
    [uniqueid, wall, at, isEnded ? at + length : null, length, status],
  );
  await sql(
    `INSERT INTO vicidial_carrier_log SET uniqueid = ?, call_date = ?, server_ip = '10.10.10.15', dialstatus = ?, sip_hangup_cause = ?,
       dial_time = ?, answered_time = ?`,
    [uniqueid, wall, dialstatus, sip, dialTime, answeredTime],
  );
}

async function forgetCalls(sql: Site['sql']): Promise<void> {
  for (const table of ['vicidial_remote_agent_log', 'vicidial_log', 'vicidial_carrier_log', 'vicidial_amd_log']) {
    await sql(`DELETE FROM ${table}`);
  }
}

const many = (count: number, call: MadeUpCall = {}): MadeUpCall[] => Array.from({ length: count }, () => call);
const fine = (count: number): MadeUpCall[] =>
  Array.from({ length: count }, (_, index) => ({ length: 100 + index * 11 }));

const pjsipEntry = [
  'exten => _7700X.,1,AGI(agi://127.0.0.1:4577/call_log)',
  `exten => _7700X.,n,Dial(PJSIP/+\${EXTEN:4}@SigmaMind,55,Tob(patchbay-headers^s^1))`,
  'exten => _7700X.,n,Hangup()',
].join('\n');
const wrongZone = 'UPDATE vicidial_log SET call_date = DATE_ADD(call_date, INTERVAL 7 HOUR)';

const breaks: Record<string, Break<Site> | Break<Site>[]> = {
  'database.reachable': {
    what: 'nobody listens',
    async run({ gate }) {
      gate.shut();
      return async () => gate.open();
    },
  },
  'database.tables': [
    statements(
      'a grant was forgotten',
      `REVOKE SELECT ON asterisk.vicidial_list_alt_phones FROM ${account}`,
      `GRANT SELECT ON asterisk.vicidial_list_alt_phones TO ${account}`,
    ),
    statements(
      'a column was left out',
      `REVOKE SELECT (rebuild_conf_files) ON asterisk.servers FROM ${account}`,
      `GRANT SELECT (rebuild_conf_files) ON asterisk.servers TO ${account}`,
    ),
    statements(
      'custom fields were forgotten',
      `REVOKE SELECT ON asterisk.custom_101 FROM ${account}`,
      `GRANT SELECT ON asterisk.custom_101 TO ${account}`,
    ),
  ],
  'database.grants-too-many': [
    statements(
      'it may write',
      `GRANT UPDATE ON asterisk.vicidial_list TO ${account}`,
      `REVOKE UPDATE ON asterisk.vicidial_list FROM ${account}`,
      'warn',
    ),
    statements(
      'it may read everything',
      `GRANT SELECT ON *.* TO ${account}`,
      `REVOKE SELECT ON *.* FROM ${account}`,
      'warn',
    ),
    {
      what: 'it may read passwords',
      status: 'warn',
      async run({ sql }) {
        await sql(`GRANT SELECT ON asterisk.vicidial_users TO ${account}`);
        return async () => {
          // This takes the rights on single columns away as well.
          await sql(`REVOKE SELECT ON asterisk.vicidial_users FROM ${account}`);
          await sql(`GRANT SELECT (${columnsRead.vicidial_users.join(', ')}) ON asterisk.vicidial_users TO ${account}`);
        };
      },
    },
  ],
  'api.reachable': {
    what: 'the web server is down',
    async run({ simulator }) {
      await simulator.setWebServer(false);
      return () => simulator.setWebServer(true);
    },
  },
  'api.ip-list': fault('our address is not on the list', 'ipRefused'),
  'api.login': [
    {
      what: 'another password',
      async run(site) {
        const right = site.config.api.pass;
        await site.reconnect({ pass: 'wrongPass99' });
        return () => site.reconnect({ pass: right });
      },
    },
    {
      what: 'the user is not active',
      async run(site) {
        await site.sql("UPDATE vicidial_users SET active = 'N' WHERE user = 'patchbay'");
        return async () => {
          await site.sql("UPDATE vicidial_users SET active = 'Y', failed_login_count = 0 WHERE user = 'patchbay'");
          // A refused log-in is not tried again for some minutes.
          await site.reconnect({});
        };
      },
    },
  ],
  'agent-api.active': columns('it is switched off', 'system_settings', { vdc_agent_api_active: '0' }),
  'api.rights': [
    apiUser('a right is missing', { modify_lists: '0' }),
    apiUser('API access is missing', { vdc_agent_api_access: '0' }),
    apiUser('a function is not allowed', {
      api_allowed_functions: ' version update_lead update_log_entry ra_call_control ',
    }),
  ],
  'api.lists': columns('its group has other campaigns', 'vicidial_user_groups', { allowed_campaigns: ' SUMMER -' }),
  'api.rights-too-many': [
    apiUser('all functions', { api_allowed_functions: ' ALL_FUNCTIONS ' }, 'warn'),
    apiUser('level 9', { user_level: 9 }, 'warn'),
    apiUser('it may change users', { modify_users: '1' }, 'warn'),
  ],
  'clock.zone': {
    what: 'the log is in another time of day',
    async run({ sql }) {
      await insertCall(sql, 0, {});
      await sql(wrongZone);
      return () => forgetCalls(sql);
    },
  },
  'clock.apart': {
    what: 'our clock is slow',
    status: 'warn',
    async run(site) {
      const { clock } = site;
      clock.behindMs = 45_000;
      return async () => {
        clock.behindMs = 0;
      };
    },
  },
  'servers.local-gmt': columns('it is that of New York', 'servers', { local_gmt: '-5.00' }, { status: 'warn' }),
  release: [
    { ...fault('a release of 2018', 'oldRelease', 180101), status: 'fail' },
    { ...fault('a release of 2023', 'oldRelease', 230101), status: 'warn' },
  ],
  'settings.schema': columns('none is told', 'system_settings', { db_schema_version: 0 }, { status: 'warn' }),
  'custom-fields.there': [
    columns('they are switched off', 'system_settings', { custom_fields_enabled: '0' }),
    columns(
      'one is called otherwise',
      'vicidial_lists_fields',
      { field_label: 'tariff' },
      { where: "field_label = 'plan'", status: 'warn', back: "field_label = 'tariff'" },
    ),
  ],
  'dnc.heeded': campaign('none is', { use_internal_dnc: 'N' }),
  'gate.before-dialling': configured(
    'consent is asked for',
    ({ campaigns: { SPRING } }) => {
      if (SPRING) SPRING.gate = { consent: { field: 'consent', accepts: [] }, routes: {} };
      return () => {
        if (SPRING) delete SPRING.gate;
      };
    },
    'warn',
  ),
  'campaign.there': configured('a name that VICIdial does not have', ({ campaigns }) => {
    campaigns.SUMMER = { ...(campaigns.SPRING as NonNullable<typeof campaigns.SPRING>), dispositions: {} };
    return () => delete campaigns.SUMMER;
  }),
  'campaign.active': campaign('it is not', { active: 'N' }),
  'campaign.routing-extension': [
    campaign('the extension of the remote agent', { campaign_vdad_exten: '770019895551234' }),
    campaign('a survey', { campaign_vdad_exten: '8366' }),
  ],
  'campaign.caller-id': [campaign('zeros', { campaign_cid: '0000000000' }), campaign('none', { campaign_cid: '' })],
  'campaign.dial-method': campaign('people dial', { dial_method: 'MANUAL' }),
  'campaign.dial-level': [
    campaign('nobody is dialled', { auto_dial_level: '0' }),
    campaign('too many before the first talk', { auto_dial_level: '3.0' }, 'warn'),
  ],
  'campaign.hopper-level': campaign('one lead for three lines', { hopper_level: 1 }, 'warn'),
  'campaign.drop-seconds': [
    {
      what: 'the AI answers slowly after that',
      status: 'warn',
      async run(site) {
        const slow = calls(
          '',
          fine(8).map((call) => ({ ...call, dialTime: Number(call.length) + 4, answeredTime: Number(call.length) })),
        );
        const mend = [await campaign('', { drop_call_seconds: 9 }).run(site), await slow.run(site)];
        return async () => {
          for (const each of mend) await each();
        };
      },
    },
    campaign('at once', { drop_call_seconds: 1 }, 'warn'),
    campaign('late', { drop_call_seconds: 30 }, 'warn'),
  ],
  'campaign.dial-statuses': [
    campaign('who talked to the AI is dialled', { dial_statuses: ' NEW XFER DNC -' }),
    campaign('none', { dial_statuses: ' -' }),
  ],
  'campaign.recording': campaign('by a button', { campaign_recording: 'ONDEMAND' }, 'warn'),
  'campaign.call-times': campaign('around the clock', { local_call_time: '24hours' }, 'warn'),
  'remote-agent.active': agent('it is INACTIVE', { status: 'INACTIVE' }),
  'remote-agent.server': agent('all servers', { server_ip: '0.0.0.0' }),
  'remote-agent.extension': [
    agent('a host in it', { conf_exten: '77001989@sip.platf' }),
    agent('a plus in it', { conf_exten: '7700+19895551234' }),
    agent('twenty digits, the rest of which was cut off', { conf_exten: '77001989555123400000' }),
  ],
  'remote-agent.number': agent('another number', { conf_exten: '770019895550000' }),
  'remote-agent.lines': agent('none', { number_of_lines: 0 }),
  'remote-agent.on-hook': agent('it is', { on_hook_agent: 'Y' }),
  'remote-agent.in-groups': agent('one that is not there', { closer_campaigns: ' NOSUCH -' }),
  'users.lines': [
    columns(
      'the first is missing',
      'vicidial_users',
      { user: '9901' },
      { where: "user = '7001'", back: "user = '9901'" },
    ),
    columns(
      'the third is missing',
      'vicidial_users',
      { user: '9903' },
      { where: "user = '7003'", back: "user = '9903'", status: 'warn' },
    ),
  ],
  'carrier.there': agent('digits are missing, as in the guide', { conf_exten: '77119895551234' }),
  'carrier.active': carrier('it is not', { active: 'N' }),
  'carrier.server': carrier('it is on another dialer', { server_ip: '10.10.10.99' }),
  'carrier.one-pattern': columns(
    'another carrier holds it too',
    'vicidial_server_carriers',
    { dialplan_entry: `exten => _77X.,1,Dial(SIP/owntrunk/\${EXTEN:1})` },
    { where: "carrier_id = 'OWNTRUNK'" },
  ),
  'carrier.own-prefix': [
    campaign('the campaign dials by it', { dial_prefix: '7700' }),
    campaign('people dial by it', { manual_dial_prefix: '7700' }),
    columns('a list is dialled by it', 'vicidial_lists', { dial_prefix: '7700' }),
  ],
  'carrier.strip': entry('a digit too few', (text) => text.replace(`+\${EXTEN:4}`, `+\${EXTEN:3}`)),
  'carrier.duplicate-prefix': {
    what: 'two for the customers',
    async run({ sql }) {
      await sql(
        "INSERT INTO vicidial_server_carriers SELECT 'TWIN', carrier_name, protocol, account_entry, globals_string, dialplan_entry, server_ip, active FROM vicidial_server_carriers WHERE carrier_id = 'OWNTRUNK'",
      );
      return async () => void (await sql("DELETE FROM vicidial_server_carriers WHERE carrier_id = 'TWIN'"));
    },
  },
  'carrier.call-log-first': [
    entry('it is missing', withoutLine('call_log')),
    entry('it comes second', (text) => {
      const [first = '', second = '', ...rest] = text.split('\n');
      return [second.replace(',n,', ',1,'), first.replace(',1,', ',n,'), ...rest].join('\n');
    }),
  ],
  'carrier.headers-before-dial': entry(
    'one stands behind',
    (text) => `${text}\nexten => _7700X.,n,SIPAddHeader(X-city: Denver)`,
  ),
  'carrier.header-names': entry('one without X-', (text) =>
    text.replace('SIPRemoveHeader(X-)', 'SIPRemoveHeader(X-)\nexten => _7700X.,n,SIPAddHeader(City: Denver)'),
  ),
  'carrier.set-variables': entry('the script is left out', (text) =>
    text.replace('SIPRemoveHeader(X-)', `SIPRemoveHeader(X-)\nexten => _7700X.,n,SIPAddHeader(X-city: \${city})`),
  ),
  'carrier.inherited-headers': entry('they stay on', (text) => text.replace(/.*SIPRemoveHeader\(X-\)\n/, ''), 'warn'),
  'carrier.curl-limits': [
    entry('no limit', (text) => text.replace(/.*httptimeout.*\n/, '')),
    entry('an error page is taken', (text) => text.replace(/.*failurecodes.*\n/, ''), 'warn'),
  ],
  'carrier.driver-form': [
    carrier('chan_sip lines in a PJSIP carrier', { protocol: 'PJSIP' }),
    entry('PJSIP lines in a chan_sip carrier', (text) =>
      text.replace(`SIPAddHeader(X-caller_code: \${PB_CODE})`, `Set(PJSIP_HEADER(add,X-caller_code)=\${PB_CODE})`),
    ),
  ],
  'carrier.pjsip-handler': {
    what: 'the context is missing',
    async run({ sql }) {
      const [row] = await sql("SELECT dialplan_entry FROM vicidial_server_carriers WHERE carrier_id = 'SIGMAMIND'");
      await sql(
        "UPDATE vicidial_server_carriers SET protocol = 'PJSIP', dialplan_entry = ? WHERE carrier_id = 'SIGMAMIND'",
        [pjsipEntry],
      );
      return async () =>
        void (await sql(
          "UPDATE vicidial_server_carriers SET protocol = 'SIP', dialplan_entry = ? WHERE carrier_id = 'SIGMAMIND'",
          [String(row?.dialplan_entry)],
        ));
    },
  },
  'carrier.peer': entry('nobody defines it', (text) => text.replace('SIP/SigmaMind/', 'SIP/SigmaMynd/')),
  'carrier.sip-host': {
    what: 'another host',
    async run({ sql }) {
      const change = 'UPDATE vicidial_server_carriers SET account_entry = REPLACE(account_entry, ?, ?)';
      await sql(change, ['sip.platform.example.com', 'sip.elsewhere.example.com']);
      return async () => void (await sql(change, ['sip.elsewhere.example.com', 'sip.platform.example.com']));
    },
  },
  'carrier.asks-us': [
    entry('of another dialer', (text) => text.replace('/v1/ivr/vicidial/', '/v1/ivr/five9/')),
    entry('another machine', (text) => text.replace('https://patchbay.example.com', 'https://old.example.com'), 'warn'),
  ],
  'carrier.hang-up-seen': [
    entry('a section of its own', (text) => `[mine]\n${text}`),
    entry('an h of its own', (text) => `${text}\nexten => h,1,NoOp(over)`),
    {
      what: 'calls without an end',
      async run({ sql }) {
        await insertCall(sql, 0, { isEnded: false, ago: 6 });
        return () => forgetCalls(sql);
      },
    },
  ],
  'carrier-log.active': columns('it is off', 'servers', { carrier_logging_active: 'N' }, { status: 'warn' }),
  'statuses.there': columns(
    'one was deleted',
    'vicidial_campaign_statuses',
    { status: 'GONE' },
    { where: "status = 'AIHUNG'", back: "status = 'GONE'" },
  ),
  'statuses.not-dialled': campaign('who bought is dialled', { dial_statuses: ' NEW SALE -' }),
  'start-url.set': [
    campaign('it is empty', { start_call_url: '' }, 'warn'),
    campaign(
      'it leads to another machine, as far as the name tells',
      {
        start_call_url:
          'VARhttps://a:b@other.example.com/v1/dialers/vicidial/start?call_id=--A--call_id--B--&lead_id=--A--lead_id--B--',
      },
      'warn',
    ),
    campaign('it leads elsewhere', {
      start_call_url: 'VARhttps://a:b@patchbay.example.com/start?call_id=--A--call_id--B--&lead_id=--A--lead_id--B--',
    }),
    campaign('it has no log-in', {
      start_call_url:
        'VARhttps://patchbay.example.com/v1/dialers/vicidial/start?call_id=--A--call_id--B--&lead_id=--A--lead_id--B--',
    }),
  ],
  'start-url.safe': {
    what: 'a name in it',
    async run({ sql }) {
      const change = 'UPDATE vicidial_campaigns SET start_call_url = REPLACE(start_call_url, ?, ?)';
      const extra = '&name=--A--first_name--B--&call_id=';
      await sql(change, ['?call_id=', `?${extra.slice(1)}`]);
      return async () => void (await sql(change, [`?${extra.slice(1)}`, '?call_id=']));
    },
  },
  'lines.ready': {
    what: 'the daemon stands still',
    async run({ simulator, sql }) {
      simulator.setDaemon(false);
      await simulatedBeat();
      await sql('UPDATE vicidial_live_agents SET last_update_time = NOW() - INTERVAL 1 MINUTE');
      return async () => {
        simulator.setDaemon(true);
        await eventually(async () => {
          const [row] = await sql(
            'SELECT COUNT(*) AS fresh FROM vicidial_live_agents WHERE last_update_time > NOW() - INTERVAL 3 SECOND',
          );
          expect(Number(row?.fresh)).toBe(vicidialCast.lines);
        });
      };
    },
  },
  'list.active': [
    columns('it is not', 'vicidial_lists', { active: 'N' }),
    columns('it has expired', 'vicidial_lists', { expiration_date: '2020-01-01' }),
  ],
  'list.dialable-leads': columns(
    'all are called',
    'vicidial_list',
    { called_since_last_reset: 'Y' },
    { status: 'warn' },
  ),
  'leads.left-on-xfer': {
    what: 'results were not written',
    status: 'warn',
    async run({ sql }) {
      const leads = await sql('SELECT lead_id FROM vicidial_list ORDER BY lead_id LIMIT 4');
      for (const [index, { lead_id: lead }] of leads.entries())
        await insertCall(sql, index, { lead: Number(lead), ago: 3 });
      await sql("UPDATE vicidial_list SET status = 'XFER' ORDER BY lead_id LIMIT 4");
      return async () => {
        await sql("UPDATE vicidial_list SET status = 'NEW'");
        await forgetCalls(sql);
      };
    },
  },
  'sip.unauthorised': calls('some are refused', [
    ...fine(20),
    ...many(4, { sip: 401, dialstatus: 'CONGESTION', length: 0 }),
  ]),
  'sip.not-found': calls('the number is not known', [
    ...fine(20),
    ...many(4, { sip: 404, dialstatus: 'CONGESTION', length: 0 }),
  ]),
  'sip.refused': calls('too many at once', [...fine(20), ...many(4, { sip: 486, dialstatus: 'BUSY', length: 0 })]),
  'sip.one-way-audio': calls('silence', [...fine(4), ...many(12, { length: 6 })]),
  'sip.drops': calls('after half a minute', [...fine(4), ...many(12, { length: 32 })]),
  'calls.answer-time': calls(
    'it rings for long',
    fine(8).map((call) => ({ ...call, dialTime: Number(call.length) + 9, answeredTime: Number(call.length) })),
  ),
  'calls.drop-rate': {
    ...calls('one in ten', [
      ...fine(36),
      ...Array.from({ length: 4 }, (_, index) => ({ length: 5 + index, status: 'DROP' })),
    ]),
    status: 'fail',
  },
  'calls.before-routing': calls(
    'the search for a line is not reached',
    [...fine(6), ...many(6, { status: 'PDROP', length: 40 })].map((call, index) => ({
      ...call,
      length: 100 + index * 9,
    })),
  ),
  'amd.routing': calls('every third is a machine', [
    ...fine(20),
    ...fine(10).map((call) => ({ ...call, length: Number(call.length) + 5, status: 'A' })),
  ]),
  'amd.results': {
    what: 'nearly all are machines',
    status: 'warn',
    async run({ sql }) {
      await sql("UPDATE vicidial_campaigns SET campaign_vdad_exten = '8369'");
      const [lead] = await sql('SELECT lead_id FROM vicidial_list LIMIT 1');
      const values = Array.from(
        { length: 24 },
        (_, index) => `(NOW(), ${lead?.lead_id}, 'u${index}', '10.10.10.15', '${index < 22 ? 'MACHINE' : 'HUMAN'}')`,
      );
      await sql(
        `INSERT INTO vicidial_amd_log (call_date, lead_id, uniqueid, server_ip, AMDSTATUS) VALUES ${values.join(', ')}`,
      );
      return async () => {
        await sql("UPDATE vicidial_campaigns SET campaign_vdad_exten = '8368'");
        await forgetCalls(sql);
      };
    },
  },
};

describeBreaks('the doctor of a VICIdial', {
  async start() {
    const site = await startSite();
    return {
      site,
      checks: () => namedChecks([site.dialer]),
      stop: () => site.stop(),
    };
  },
  breaks,
});

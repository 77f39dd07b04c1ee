import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VicidialConfig, vicidial } from '../../connectors/vicidial/index.ts';
import type { ConnectorDeps } from '../../src/domain/connector.ts';
import { type Checked, namedChecks, runChecks } from '../../src/flows/doctor/run-checks.ts';
import { type HealthyVicidial, startHealthyVicidial, vicidialCast } from '../support/healthy/vicidial.ts';
import { testConnectorDeps } from '../unit/sigmamind/test-deps.ts';

const publicUrl = 'https://patchbay.example.com';
let site: HealthyVicidial;

beforeAll(async () => {
  site = await startHealthyVicidial({ publicUrl });
}, 120_000);
afterAll(() => site.stop());

/** The doctor on a site that is changed for it, and put back. */
async function examine(
  changes: readonly string[],
  tables: readonly string[],
  configure: (section: Record<string, unknown>) => void = () => undefined,
): Promise<Checked[]> {
  for (const table of tables) {
    await site.sql(`CREATE TABLE before_${table} AS SELECT * FROM ${table}`);
  }
  const section = structuredClone(site.section);
  configure(section);
  const cursors = new Map<string, string>();
  const deps: ConnectorDeps = {
    ...testConnectorDeps,
    publicUrl,
    newId: () => randomUUID(),
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
  };
  const dialer = vicidial.create('vicidial', VicidialConfig.parse(section), deps);
  try {
    for (const change of changes) await site.sql(change);
    return await runChecks(namedChecks([dialer]));
  } finally {
    await dialer.close();
    for (const table of tables) {
      await site.sql(`DELETE FROM ${table}`);
      await site.sql(`INSERT INTO ${table} SELECT * FROM before_${table}`);
      await site.sql(`DROP TABLE before_${table}`);
    }
  }
}

const told = (checked: readonly Checked[]) =>
  checked
    .filter(({ status }) => status !== 'ok')
    .map(({ id, status, found }) => `${status} ${id.replace('vicidial:', '')}: ${found}`);
const statusOf = (checked: readonly Checked[], id: string) =>
  checked.find((each) => each.id === `vicidial:${id}`)?.status;
const carrier = (id: string, dialplan: string, more = '') =>
  `INSERT INTO vicidial_server_carriers SET carrier_id = '${id}', carrier_name = '${id}', protocol = 'SIP', active = 'Y',
     server_ip = '0.0.0.0', account_entry = '[${id}]\ntype=peer\nhost=sip.${id}.example', dialplan_entry = '${dialplan}'${more}`;

describe('a healthy site gives no false alarm', () => {
  it.each<[what: string, tables: string[], changes: string[], configure?: (section: Record<string, unknown>) => void]>([
    [
      'with a carrier that takes whatever nobody else takes',
      ['vicidial_server_carriers'],
      [carrier('rest', `exten => _X.,1,Dial(SIP/rest/\${EXTEN})`)],
    ],
    [
      'with two carriers of other campaigns on one prefix, and a pattern in a section of its own',
      ['vicidial_server_carriers'],
      [
        carrier('one', `exten => _8X.,1,Dial(SIP/one/\${EXTEN:1})`),
        carrier('two', `exten => _8X.,1,Dial(SIP/two/\${EXTEN:1})\n[else]\nexten => _77X.,1,Hangup()`),
      ],
    ],
    [
      'with a trunk in a global, and the country code written into the Dial',
      ['vicidial_server_carriers'],
      [
        `UPDATE vicidial_server_carriers SET globals_string = 'AITRUNK = SIP/SigmaMind',
           dialplan_entry = REPLACE(dialplan_entry, 'SIP/SigmaMind/+\${EXTEN:4}', '\${AITRUNK}/+1\${EXTEN:5}') WHERE carrier_id = 'SIGMAMIND'`,
      ],
    ],
    [
      'with the last digits dialled, counted from behind',
      ['vicidial_server_carriers'],
      [
        `UPDATE vicidial_server_carriers SET dialplan_entry = REPLACE(dialplan_entry, '\${EXTEN:4}', '\${EXTEN:-11}')
         WHERE carrier_id = 'SIGMAMIND'`,
      ],
    ],
    [
      'with caller ids from a group',
      ['vicidial_campaigns'],
      ["UPDATE vicidial_campaigns SET campaign_cid = '0000000000', cid_group_id = 'LOCALS'"],
    ],
    [
      'with a campaign that only takes calls which come in',
      ['vicidial_campaigns', 'vicidial_lists', 'vicidial_remote_agents', 'vicidial_inbound_groups'],
      [
        "INSERT INTO vicidial_inbound_groups SET group_id = 'HELP', group_name = 'HELP', active = 'Y'",
        "UPDATE vicidial_remote_agents SET closer_campaigns = ' HELP -'",
        "UPDATE vicidial_campaigns SET dial_method = 'INBOUND_MAN', campaign_allow_inbound = 'Y', auto_dial_level = '0', hopper_level = 1, campaign_cid = ''",
        "UPDATE vicidial_lists SET active = 'N'",
      ],
    ],
    [
      'with a remote agent in the campaign that leads to a person',
      ['vicidial_remote_agents'],
      [
        `INSERT INTO vicidial_remote_agents SET remote_agent_id = 77, user_start = '6001', number_of_lines = 1, server_ip = '${vicidialCast.server}',
           conf_exten = '913035551000', status = 'ACTIVE', campaign_id = '${vicidialCast.campaign}', closer_campaigns = ''`,
      ],
      (section) => {
        section.remoteAgents = [{ user: String(vicidialCast.agent), lines: vicidialCast.lines }];
      },
    ],
    [
      'with calls of other campaigns that are taken for machines, and leads of theirs on XFER',
      ['vicidial_amd_log', 'vicidial_list', 'vicidial_campaigns'],
      [
        "UPDATE vicidial_campaigns SET campaign_vdad_exten = '8369'",
        ...Array.from(
          { length: 24 },
          (_, index) =>
            `INSERT INTO vicidial_amd_log SET call_date = NOW(), uniqueid = 'o${index}', server_ip = '10.10.10.15', AMDSTATUS = 'MACHINE', lead_id = 999999`,
        ),
      ],
    ],
  ])('%s', async (_, tables, changes, configure) => {
    expect(told(await examine(changes, tables, configure))).toEqual([]);
  });
});

describe('what nobody sees is not called right', () => {
  it('of calls that stand in no carrier log', async () => {
    const wall = `CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', '-07:00') - INTERVAL 2 HOUR`;
    const checked = await examine(
      [
        `INSERT INTO vicidial_remote_agent_log SET uniqueid = '8.1', callerid = 'V', ra_user = '7001', user = '7001', call_time = ${wall}, campaign_id = 'SPRING'`,
      ],
      ['vicidial_remote_agent_log'],
    );

    for (const id of ['sip.unauthorised', 'sip.not-found', 'sip.refused', 'sip.drops', 'calls.answer-time'])
      expect(statusOf(checked, id), id).toBe('unknown');
  });

  it('of a list that is too long to be read to its end', async () => {
    const checked = await examine(
      [
        "UPDATE vicidial_list SET called_since_last_reset = 'Y'",
        'DELETE FROM vicidial_hopper',
        `INSERT INTO vicidial_list (list_id, status, called_since_last_reset, phone_number)
           SELECT ${vicidialCast.list}, 'NA', 'Y', '3035550100' FROM seq_1_to_2500`,
      ],
      ['vicidial_list'],
    );

    expect(statusOf(checked, 'list.dialable-leads')).toBe('unknown');
  });

  it('of a peer that stands in a file of the dialers', async () => {
    const checked = await examine(
      ["UPDATE vicidial_server_carriers SET account_entry = '' WHERE carrier_id = 'SIGMAMIND'"],
      ['vicidial_server_carriers'],
    );

    expect(statusOf(checked, 'carrier.peer')).toBe('warn');
    expect(statusOf(checked, 'carrier.sip-host')).toBe('unknown');
  });

  it.each([
    ['system_settings', 'custom_fields_enabled', 'custom-fields.there'],
    ['system_settings', 'vdc_agent_api_active', 'agent-api.active'],
    ['servers', 'carrier_logging_active', 'carrier-log.active'],
  ])('of an old release without %s.%s', async (table, column, check) => {
    const [row] = await site.sql(`SHOW COLUMNS FROM ${table} LIKE '${column}'`);
    await site.sql(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    let checked: Checked[];
    try {
      checked = await examine([], []);
    } finally {
      await site.sql(
        `ALTER TABLE ${table} ADD COLUMN ${column} ${String(row?.Type)} DEFAULT '${String(row?.Default)}'`,
      );
    }

    expect(statusOf(checked, check)).toBe('unknown');
    expect(statusOf(checked, 'carrier.one-pattern')).toBe('ok');
  });
});

it('customers whose numbers begin like the prefix of the platform are told when the country code is left out', async () => {
  const toNinetySeven = (section: Record<string, unknown>) => {
    section.carrier = { ...(section.carrier as object), prefix: '97' };
  };
  const changes = [
    "UPDATE vicidial_remote_agents SET conf_exten = '9719895551234'",
    `UPDATE vicidial_server_carriers SET dialplan_entry = REPLACE(REPLACE(dialplan_entry, '7700', '97'), '\${EXTEN:4}', '\${EXTEN:2}') WHERE carrier_id = 'SIGMAMIND'`,
  ];
  const tables = ['vicidial_remote_agents', 'vicidial_server_carriers', 'vicidial_campaigns'];

  const withCode = await examine(changes, tables, toNinetySeven);
  const without = await examine(
    [...changes, "UPDATE vicidial_campaigns SET omit_phone_code = 'Y'"],
    tables,
    toNinetySeven,
  );

  expect(told(withCode)).toEqual([]);
  expect(statusOf(without, 'carrier.own-prefix')).toBe('fail');
});

it('a hopper that VICIdial itself keeps filled is not called too small', async () => {
  await site.sql("ALTER TABLE vicidial_campaigns ADD COLUMN auto_hopper_level ENUM('Y','N') DEFAULT 'Y'");
  try {
    const checked = await examine(['UPDATE vicidial_campaigns SET hopper_level = 1'], ['vicidial_campaigns']);

    expect(told(checked)).toEqual([]);
  } finally {
    await site.sql('ALTER TABLE vicidial_campaigns DROP COLUMN auto_hopper_level');
  }
});

it('drops are counted against calls that people answered, and the advice is that for the dial method', async () => {
  const wall = `CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', '-07:00') - INTERVAL 2 HOUR`;
  const rows = (status: string, count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        `('${status}.${index}', 1, 'SPRING', ${wall}, UNIX_TIMESTAMP() - 7200, UNIX_TIMESTAMP() - 7000, 30, '${status}')`,
    );
  const fill = (status: string, count: number) =>
    `INSERT INTO vicidial_log (uniqueid, lead_id, campaign_id, call_date, start_epoch, end_epoch, length_in_sec, status) VALUES ${rows(status, count).join(', ')}`;
  const tables = ['vicidial_log', 'vicidial_statuses', 'vicidial_campaigns'];
  const seen = [fill('SALE', 38), fill('DROP', 2), fill('NA', 500), fill('VM', 500), fill('A', 200)];
  const asMachine = "INSERT INTO vicidial_statuses SET status = 'VM', status_name = 'Mailbox', answering_machine = 'Y'";
  const adapt = "UPDATE vicidial_campaigns SET dial_method = 'ADAPT_TAPERED'";

  const people = await examine(seen, tables);
  const machines = await examine([...seen, asMachine, adapt], tables);

  expect(statusOf(people, 'calls.drop-rate')).toBe('ok');
  const told = machines.find(({ id }) => id === 'vicidial:calls.drop-rate');
  expect(told).toMatchObject({
    status: 'fail',
    found: expect.stringMatching(/2 of 40 answered calls of \d+ h \(5\.0 %\)/),
  });
  expect(told?.fix).toMatch(/Drop Percentage Limit: 3 or less/);
});

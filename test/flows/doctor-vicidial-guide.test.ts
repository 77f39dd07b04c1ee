import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guide } from '../../connectors/vicidial/guide.ts';
import { VicidialConfig, vicidial } from '../../connectors/vicidial/index.ts';
import { ways } from '../../connectors/vicidial/setup/carrier-config.ts';
import { carrierSnippets } from '../../connectors/vicidial/setup/snippets/carrier.ts';
import type { ConnectorDeps } from '../../src/domain/connector.ts';
import type { Dialer } from '../../src/domain/dialer.ts';
import { type Checked, namedChecks, runChecks } from '../../src/flows/doctor/run-checks.ts';
import { type HealthyVicidial, startHealthyVicidial } from '../support/healthy/vicidial.ts';
import { testConnectorDeps } from '../unit/sigmamind/test-deps.ts';

const publicUrl = 'https://patchbay.example.com';
const opened: Dialer[] = [];
let site: HealthyVicidial;

beforeAll(async () => {
  site = await startHealthyVicidial({ publicUrl });
}, 120_000);
afterAll(async () => {
  for (const dialer of opened) await dialer.close();
  await site.stop();
});

function connect(change: (section: Record<string, unknown>) => void = () => undefined): Dialer {
  const section = structuredClone(site.section);
  change(section);
  const cursors = new Map<string, string>();
  const deps: ConnectorDeps = {
    ...testConnectorDeps,
    publicUrl,
    newId: () => randomUUID(),
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
  };
  const dialer = vicidial.create('vicidial', VicidialConfig.parse(section), deps);
  opened.push(dialer);
  return dialer;
}

const examine = (dialer: Dialer) => runChecks(namedChecks([dialer]));
const wrong = (checked: readonly Checked[]) => checked.filter(({ status }) => status === 'fail' || status === 'warn');
const idsOf = (checked: readonly Checked[]) => checked.map(({ id }) => id.replace('vicidial:', ''));

describe('what the tables show of the way to the AI', () => {
  it('is the number, the server, the transport, the headers and the lines', async () => {
    const view = await connect().view?.().read();

    expect(view?.routes).toEqual([
      {
        campaign: 'SPRING',
        where: 'Admin → Remote Agents → 7001 → External Extension',
        number: '+19895551234',
        sipHost: 'sip.platform.example.com',
        transport: 'tcp',
        headers: ['X-correlation_id', 'X-lead_id', 'X-first_name', 'X-caller_code'],
        lines: 3,
        isActive: true,
      },
    ]);
  });
});

describe('our own carrier entry', () => {
  const everyForm = ways.flatMap((way) => (['chan_sip', 'pjsip'] as const).map((tech) => [tech, way] as const));

  it.each(everyForm)('for %s by %s is found in order, and its headers are known', async (tech, way) => {
    const columns = 'protocol, account_entry, dialplan_entry';
    const [before] = await site.sql(`SELECT ${columns} FROM vicidial_server_carriers WHERE carrier_id = 'SIGMAMIND'`);
    const change =
      "UPDATE vicidial_server_carriers SET protocol = ?, account_entry = ?, dialplan_entry = ? WHERE carrier_id = 'SIGMAMIND'";
    const configure = (section: Record<string, unknown>) => {
      section.carrier = { ...(section.carrier as object), tech };
      section.fastAgi = {};
    };
    const section = structuredClone(site.section);
    configure(section);
    const texts = carrierSnippets({ id: 'vicidial', config: VicidialConfig.parse(section), publicUrl }, way);
    const textOf = (name: string) => texts.find((each) => each.name === name)?.text ?? '';
    await site.sql(change, [tech === 'pjsip' ? 'PJSIP' : 'SIP', textOf('carrier-account'), textOf('carrier-dialplan')]);
    await site.sql('UPDATE servers SET custom_dialplan_entry = ?', [textOf('carrier-handler')]);
    const dialer = connect(configure);

    const checked = await examine(dialer);
    const view = await dialer.view?.().read();

    await site.sql(
      change,
      ['protocol', 'account_entry', 'dialplan_entry'].map((name) => String(before?.[name])),
    );
    await site.sql('UPDATE servers SET custom_dialplan_entry = NULL');
    expect(checked.filter(({ status }) => status !== 'ok').map(({ id, found }) => `${id}: ${found}`)).toEqual([]);
    const asked = way === 'set-variables' ? [] : ['X-correlation_id'];
    expect(view?.routes[0]?.headers).toEqual(
      expect.arrayContaining([...asked, 'X-lead_id', 'X-first_name', 'X-caller_code']),
    );
    expect(view?.routes[0]).toMatchObject({ sipHost: 'sip.platform.example.com', transport: 'tcp' });
  });
});

describe('without access to the tables', () => {
  const withoutTables = () =>
    connect((section) => {
      delete section.database;
      section.remoteAgents = [{ user: '7001', lines: 3 }];
    });

  it('nothing is called right that nobody could see, and each says where to look', async () => {
    const [before] = await site.sql(
      "SELECT view_reports, api_allowed_functions FROM vicidial_users WHERE user = 'patchbay'",
    );
    const change = "UPDATE vicidial_users SET view_reports = ?, api_allowed_functions = ? WHERE user = 'patchbay'";
    await site.sql(change, ['1', ' ALL_FUNCTIONS ']);

    const checked = await examine(withoutTables());

    await site.sql(change, [String(before?.view_reports), String(before?.api_allowed_functions)]);
    const ok = checked.filter(({ status }) => status === 'ok');
    expect(idsOf(ok.filter(({ found }) => !found.startsWith('not used')))).toEqual([
      ...['api.reachable', 'api.ip-list', 'api.login', 'agent-api.active', 'api.rights', 'clock.zone', 'clock.apart'],
      ...['release', 'lines.ready', 'list.active'],
    ]);
    expect(wrong(checked)).toEqual([]);
    for (const { causes, fix } of checked.filter(({ status }) => status === 'unknown')) {
      if (causes.length === 0) expect(fix).toMatch(/Admin|look yourself|Look yourself|extensions\.conf/);
    }
  });
});

describe('a dead system', () => {
  it('costs its own time-out once, not once for each check', async () => {
    const dialer = connect((section) => {
      // Nobody answers there: packets to this network go nowhere, or are refused at once.
      Object.assign(section.database as object, { host: '192.0.2.1', timeoutMs: 1000 });
      Object.assign(section.api as object, { url: 'http://192.0.2.1/vicidial/non_agent_api.php', timeoutMs: 1000 });
    });
    const startedAt = performance.now();

    const checked = await examine(dialer);

    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect(idsOf(wrong(checked))).toEqual(['database.reachable', 'api.reachable']);
  });
});

describe('a set-up by the guide word for word', () => {
  const byTheGuide = [
    "UPDATE vicidial_remote_agents SET server_ip = '0.0.0.0', conf_exten = '97919895551234', number_of_lines = 1",
    `UPDATE vicidial_server_carriers SET account_entry = '', dialplan_entry = 'exten => _9797X.,1,Dial(SIP/Sigma/\${EXTEN:4})'
     WHERE carrier_id = 'SIGMAMIND'`,
    `UPDATE vicidial_campaigns SET dial_prefix = '9797', manual_dial_prefix = '8787', campaign_vdad_exten = '97919895551234',
       campaign_cid = '+13038142839', auto_dial_level = '1', hopper_level = 1, start_call_url = '', campaign_recording = 'ONDEMAND',
       dial_statuses = ' NEW DROP DNC XFER -'`,
  ];
  /** Each with the fix that the doctor tells, applied by hand. */
  const fixes: readonly [check: string, fix: string | RegExp, statement: string][] = [
    ['remote-agent.server', /Server IP: 10\.10\.10\.15/, "UPDATE vicidial_remote_agents SET server_ip = '10.10.10.15'"],
    [
      'carrier.there',
      /External Extension: 979719895551234/,
      "UPDATE vicidial_remote_agents SET conf_exten = '979719895551234'",
    ],
    ['carrier.own-prefix', /SPRING → Detail → Dial Prefix/, "UPDATE vicidial_campaigns SET dial_prefix = '9'"],
    ['carrier.call-log-first', /call_log/, ''],
    ['carrier.peer', /Account Entry: a section \[Sigma\]/, ''],
    [
      'campaign.routing-extension',
      /Routing Extension: 8368/,
      "UPDATE vicidial_campaigns SET campaign_vdad_exten = '8368'",
    ],
    [
      'campaign.dial-statuses',
      /take XFER, DNC|take DNC, XFER/,
      "UPDATE vicidial_campaigns SET dial_statuses = ' NEW DROP -'",
    ],
    ['campaign.recording', /ALLFORCE/, "UPDATE vicidial_campaigns SET campaign_recording = 'ALLFORCE'"],
    ['start-url.set', /Start Call URL/, ''],
  ];

  it('shows each fault of the guide, and none is left when the fixes are applied', async () => {
    const before = await site.sql(
      'SELECT account_entry, dialplan_entry FROM vicidial_server_carriers WHERE carrier_id = ?',
      ['SIGMAMIND'],
    );
    const [{ start_call_url: startUrl = '' } = {}] = await site.sql('SELECT start_call_url FROM vicidial_campaigns');
    for (const statement of byTheGuide) await site.sql(statement);
    const dialer = connect((section) => {
      section.carrier = { ...(section.carrier as object), prefix: '9797' };
    });
    const said = new Map<string, string>();

    for (let round = 0; round < 4; round += 1) {
      const found = wrong(await examine(dialer));
      for (const { id, fix = '' } of found) said.set(id.replace('vicidial:', ''), fix);
      for (const [check, , statement] of fixes) {
        if (!idsOf(found).includes(check)) continue;
        if (statement) await site.sql(statement);
        else if (check === 'start-url.set')
          await site.sql('UPDATE vicidial_campaigns SET start_call_url = ?', [String(startUrl)]);
        else
          await site.sql(
            "UPDATE vicidial_server_carriers SET account_entry = ?, dialplan_entry = ? WHERE carrier_id = 'SIGMAMIND'",
            [String(before[0]?.account_entry), String(before[0]?.dialplan_entry).replaceAll('7700', '9797')],
          );
      }
    }
    const left = await examine(dialer);

    for (const [check, fix] of fixes) expect(said.get(check), check).toMatch(fix);
    expect(idsOf(left.filter(({ status }) => status !== 'ok'))).toEqual([]);
  });
});

it('every entry of the guide is served by something', () => {
  const ids = new Set(
    connect()
      .checks()
      .map(({ id }) => id),
  );
  const steps = new Set(connect().setupSteps?.map(({ id }) => id));

  for (const { title, checks, steps: named = [], commands = [] } of guide) {
    expect(checks.length + named.length + commands.length, title).toBeGreaterThan(0);
    for (const id of checks.filter((each) => !each.includes(':'))) expect(ids, `${title}: ${id}`).toContain(id);
    for (const id of named.filter((each) => !each.includes(':'))) expect(steps, `${title}: ${id}`).toContain(id);
  }
  expect(new Set(guide.map(({ title }) => title)).size).toBe(guide.length);
});

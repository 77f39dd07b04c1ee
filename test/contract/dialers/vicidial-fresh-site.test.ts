import { afterAll, beforeAll, expect, it } from 'vitest';
import { VicidialConfig, vicidial } from '../../../connectors/vicidial/index.ts';
import type { Dialer } from '../../../src/domain/dialer.ts';
import type { SetupStep } from '../../../src/domain/setup.ts';
import { namedChecks, runChecks } from '../../../src/flows/doctor/run-checks.ts';
import { madeUpApiUser, madeUpSite } from '../../simulators/vicidial/made-up-site.ts';
import { eventually } from '../../support/eventually.ts';
import { type HealthyVicidial, startHealthyVicidial } from '../../support/healthy/vicidial.ts';
import { realClock } from '../../support/real-clock.ts';
import { type KeptRun, keptRun } from './kept-run.ts';
import { depsOn } from './vicidial-fixture.ts';

const publicUrl = 'https://patchbay.example.com';
const admin = { user: 'admin', pass: 'adminPass1' };
const functions =
  'version update_lead update_log_entry add_dnc_phone delete_dnc_phone ra_call_control hopper_bulk_insert';
const rights = ['modify_campaigns', 'modify_lists', 'modify_users', 'modify_remoteagents', 'ast_admin_access'];

/** A campaign as the published guide has it, and nothing of ours. */
function freshSite() {
  const base = madeUpSite();
  return {
    ...base,
    apiUsers: [
      {
        ...madeUpApiUser,
        columns: {
          ...{ modify_users: '0', api_list_restrict: '1', modify_campaigns: '1' },
          api_allowed_functions: ` ${functions} update_remote_agent update_list add_lead `,
        },
      },
      { ...admin, columns: { user_level: 9, ...Object.fromEntries(rights.map((right) => [right, '1'])) } },
    ],
    campaigns: base.campaigns.map((campaign) => ({
      ...campaign,
      dialStatuses: ' NEW DROP DNC XFER -',
      columns: { campaign_vdad_exten: '97919895551234', auto_dial_level: '5', hopper_level: 1 },
    })),
    lists: base.lists.map((list) => ({ ...list, active: false })),
    statuses: [],
    remoteAgents: [],
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
  };
}

let site: HealthyVicidial;
let dialer: Dialer;
beforeAll(async () => {
  site = await startHealthyVicidial({ publicUrl, simulator: { seed: freshSite(), dialHopper: {} } });
  const { api, ...section } = site.section as { api: object };
  const config = VicidialConfig.parse({
    ...section,
    api: { ...api, setupUser: admin.user, setupPass: admin.pass },
    remoteAgents: [{ user: '7001', lines: 3, campaign: 'SPRING' }],
  });
  const deps = { ...depsOn(realClock, []), isOptedOut: async () => false, publicUrl };
  dialer = vicidial.create('vicidial', config, deps);
});
afterAll(async () => {
  await dialer.close();
  await site.stop();
});

const steps = () => dialer.setupSteps ?? [];
const textOf = async (id: string) =>
  (await steps()
    .find((step) => step.id === id)
    ?.describe()) ?? '';

/** Texts to paste, in their order. */
async function blocksOf(id: string): Promise<string[]> {
  return [...(await textOf(id)).matchAll(/```\n([\s\S]*?)\n```/g)].map(([, block = '']) => block);
}

/** `Field: value  (a remark)` as an admin reads it off the page. */
function formOf(block: string): Record<string, string> {
  const lines = block.split('\n').map((line) => /^([^:]+): +(.*?)(?: {2}\(.*)?$/.exec(line));
  return Object.fromEntries(lines.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
}

async function applyAll(): Promise<KeptRun[]> {
  const runs: KeptRun[] = [];
  for (const step of steps()) {
    const changes = (await step.plan?.()) ?? [];
    if (!changes.some(({ state }) => state === 'missing' || state === 'differs')) continue;
    const run = keptRun(step.id);
    await step.apply?.(run);
    runs.push(run);
  }
  return runs;
}

const faults = async () => {
  const checked = await runChecks(namedChecks([{ id: 'vicidial', checks: dialer.checks }]));
  return checked.filter(({ status }) => status !== 'ok').map(({ id, status, found }) => `${id} ${status}: ${found}`);
};

/** What no API does, entered from nothing but the runbook. */
async function byHand(): Promise<void> {
  const filled = (text: string) =>
    text.replaceAll('PATCHBAY_API_KEY', 'pb_key').replaceAll('PATCHBAY_CLIENT', 'script');
  const [dialplan = '', account = ''] = await blocksOf('carrier');
  const carrier = /Carrier ID `([^`]+)`.*Protocol `([^`]+)`.*Server IP `(\S+)/.exec(await textOf('carrier')) ?? [];
  await site.sql(
    'INSERT INTO vicidial_server_carriers SET carrier_id = ?, carrier_name = ?, protocol = ?, server_ip = ?, dialplan_entry = ?, account_entry = ?',
    [carrier[1] ?? '', 'AI platform', carrier[2] ?? '', carrier[3] ?? '', filled(dialplan), account],
  );
  for (const [, status = '', name = ''] of (await textOf('statuses')).matchAll(/^\| ([A-Z]\w*) \| ([^|]+) \|/gm)) {
    if (status === 'Status') continue;
    const campaign = 'SPRING';
    await site.sql('INSERT INTO vicidial_campaign_statuses SET status = ?, status_name = ?, campaign_id = ?', [
      status,
      name,
      campaign,
    ]);
  }
  for (const block of await blocksOf('remote-agent')) {
    const form = formOf(block);
    await site.sql(
      "INSERT INTO vicidial_remote_agents SET user_start = ?, number_of_lines = ?, server_ip = ?, conf_exten = ?, status = 'INACTIVE', campaign_id = ?, closer_campaigns = ''",
      ['User ID Start', 'Number of Lines', 'Server IP', 'External Extension', 'Campaign'].map(
        (name) => form[name] ?? '',
      ),
    );
  }
  const [startUrl = ''] = await blocksOf('start-url');
  await site.sql('UPDATE vicidial_campaigns SET start_call_url = ?', [filled(startUrl)]);
}

it('comes up from nothing: what the API does, what the runbook says, and the doctor has no complaint', async () => {
  const before = await faults();
  const first = await applyAll();
  await byHand();
  const second = await applyAll();

  expect(before.join('\n')).toContain('campaign.routing-extension fail');
  expect([...first, ...second].flatMap(({ things }) => things.map(({ what }) => what))).toEqual([
    ...['user 7001', 'user 7002', 'user 7003', 'Routing Extension of campaign SPRING'],
    ...['XFER in Dial Statuses of campaign SPRING', 'DNC in Dial Statuses of campaign SPRING'],
    ...['Auto Dial Level of campaign SPRING', 'Minimum Hopper Level of campaign SPRING', 'list 101'],
    'Status of remote agent 7001',
  ]);
  await eventually(async () => expect(await faults()).toEqual([]), 15_000);

  await undoAll(steps(), [...first, ...second]);
  expect(await site.sql('SELECT campaign_vdad_exten, auto_dial_level, hopper_level FROM vicidial_campaigns')).toEqual([
    { campaign_vdad_exten: '97919895551234', auto_dial_level: '5', hopper_level: 1 },
  ]);
  expect(await site.sql('SELECT status FROM vicidial_remote_agents')).toEqual([{ status: 'INACTIVE' }]);
});

async function undoAll(all: readonly SetupStep[], runs: readonly KeptRun[]): Promise<void> {
  for (const thing of runs.flatMap(({ things }) => things).toReversed()) {
    await all.find(({ id }) => id === thing.step)?.undo?.(thing);
  }
}

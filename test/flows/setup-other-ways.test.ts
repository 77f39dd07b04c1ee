import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sigmamindCast } from '../support/healthy/sigmamind.ts';
import { five9Cast } from '../support/whole-site/fresh-five9.ts';
import { type FreshSite, startFreshSite } from '../support/whole-site/fresh-site.ts';
import { vicidialCast } from '../support/whole-site/fresh-vicidial.ts';
import { enterInboundUrl } from '../support/whole-site/others-by-hand.ts';
import { goDark, goLive, setUp, statesOf, takeBackByHand } from '../support/whole-site/set-up.ts';
import { deleteAccounts } from '../support/whole-site/vicidial-by-hand.ts';
import { type CliRun, linesOf } from '../unit/cli/run-main.ts';

const slowMs = 120_000;
const handedBack = { campaign: 'AI handed back', number: '8885550177' };

let site: FreshSite;
let before: Record<string, unknown>;
let applied: CliRun;
let stopService: () => Promise<void>;

beforeAll(async () => {
  site = await startFreshSite('carrier');
  await makeCampaigns();
  before = await statesOf(site);
  applied = await setUp(site, {
    'vicidial.campaigns': `${vicidialCast.campaign}, SUMMER`,
    'vicidial.lists': `${vicidialCast.list}, 102`,
    'vicidial.campaigns.SUMMER.number': sigmamindCast.numbers.springFive9,
    'vicidial.carrier.tech': 'pjsip',
    'vicidial.carrier.headersBy': 'hash',
    'sigmamind.inboundCall': true,
    [`five9.campaigns.${five9Cast.campaign}.connection`]: 'carrier',
    [`five9.campaigns.${five9Cast.campaign}.handoff`]: 'B',
  });
  stopService = await site.serve();
  await enterInboundUrl(site);
  for (const run of await goLive(site)) expect(run).toMatchObject({ exitCode: 0, err: '' });
}, 240_000);
afterAll(() => site?.stop());

/** A second campaign in VICIdial; in Five9 an outbound one, and one for calls that come back. */
async function makeCampaigns(): Promise<void> {
  const { five9, vicidial } = site;
  const outbound = { type: 'OUTBOUND' as const, state: 'NOT_RUNNING' as const };
  const members = { callAnalysisMode: 'FAX_AND_ANSWERING_MACHINE' };
  five9.seed({
    campaigns: [
      { ...outbound, name: five9Cast.campaign, lists: ['Spring leads'], dispositions: ['Sale made'], members },
      { name: handedBack.campaign, type: 'INBOUND', state: 'NOT_RUNNING', dnis: [] },
    ],
    dnis: [handedBack.number],
  });
  const columns =
    'campaign_name, dial_statuses, use_internal_dnc, campaign_cid, campaign_recording, drop_call_seconds, local_call_time';
  await vicidial.sql(
    `INSERT INTO vicidial_campaigns (campaign_id, ${columns}) SELECT 'SUMMER', ${columns} FROM vicidial_campaigns`,
  );
  await vicidial.sql("INSERT INTO vicidial_lists (list_id, campaign_id, active) VALUES (102, 'SUMMER', 'N')");
  await vicidial.simulator.addLeads([{ list: 102, phone: '3035551002', columns: { first_name: 'Cy', state: 'CO' } }]);
}

describe('PJSIP with headers by name, two campaigns with two agents, Five9 by a carrier with handoff B', () => {
  it.each([
    ['vicidial', { ...vicidialCast }, 'SALE'],
    ['vicidial', { ...vicidialCast, campaign: 'SUMMER' }, 'SALE'],
    ['five9', five9Cast, 'Sale made'],
  ])(
    'calls through %s %o',
    async (dialer, { campaign, phone }, disposition) => {
      const commit = { outcome: 'sale', summary: 'Wants two' };
      site.sigmamind.simulator.setBehaviours({ [phone]: { talkSec: 1, analysis: null, commit } });

      const run = await site.run('call', 'test', '--dialer', dialer, '--campaign', campaign, '--phone', phone, '--yes');

      expect(run).toMatchObject({ exitCode: 0, err: '' });
      expect(run.out).not.toContain('✗');
      expect(run.out).toContain(`disposition      "${disposition}" confirmed, and the dialer holds ${disposition}`);
    },
    slowMs,
  );

  it('has the doctor find nothing wrong, but for what nobody tells', { timeout: slowMs }, async () => {
    const run = await site.run('doctor', '--json');

    const checks = linesOf(run).filter(({ kind }) => kind === 'check');
    expect(applied).toMatchObject({ exitCode: 0, err: '' });
    expect(checks.length).toBeGreaterThan(150);
    // Of an outbound campaign Five9 tells no number of lines.
    expect(checks.filter(({ status }) => status !== 'ok').map(({ id }) => id)).toEqual(['patchbay:concurrency.lines']);
  });

  it('is as it was once all is taken back', { timeout: slowMs }, async () => {
    await stopService();
    goDark(site);

    const undone = await site.run('setup', 'undo', '--yes');

    expect(undone).toMatchObject({ exitCode: 0, err: '' });
    await takeBackByHand(site, undone);
    await deleteAccounts(site.vicidial);
    expect(await statesOf(site)).toEqual(before);
  });
});

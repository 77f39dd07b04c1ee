import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialerFor, type HealthyFive9, startHealthyFive9 } from '../support/healthy/five9.ts';

const publicUrl = 'https://patchbay.example.com';
const script = 'Patchbay Spring outbound';

describe('the way to the AI, as Five9 holds it', () => {
  let site: HealthyFive9;
  beforeAll(async () => {
    site = await startHealthyFive9({ publicUrl });
  });
  afterAll(() => site.stop());

  /** The route of the only campaign, with a change in the installed script. */
  async function route(edit = (xml: string) => xml, section = site.section) {
    let before = '';
    const put = (xml: string) =>
      site.simulator.change(({ scripts }) => {
        const held = scripts.get(script);
        if (held) scripts.set(script, { ...held, xmlDefinition: xml });
        before ||= held?.xmlDefinition ?? '';
      });
    site.simulator.change(({ scripts }) => {
      before = scripts.get(script)?.xmlDefinition ?? '';
    });
    put(edit(before));
    const dialer = dialerFor('five9', section, { publicUrl });
    const view = await dialer.view?.().read();
    await dialer.close();
    put(before);
    return view?.routes;
  }

  it('tells number, headers and lines of each campaign with a script', async () => {
    expect(await route()).toEqual([
      {
        campaign: 'Spring outbound',
        where: `IVR script ${script}, module Transfer to AI`,
        number: '+19895551235',
        sipHost: '',
        transport: 'trunk',
        headers: ['X-correlation_id', 'X-lead_id', 'X-first_name'],
        lines: 3,
        linesSetting: 'dialers.five9.campaigns.Spring outbound.lines',
        isActive: true,
      },
    ]);
  });

  it('tells what is installed, not what is configured', async () => {
    const [other] = (await route((xml) => xml.replace('+19895551235', '9895559999'))) ?? [];
    const [lacking] = (await route((xml) => xml.replace('<value>X-lead_id<', '<value>lead_id<'))) ?? [];
    const [silent] = (await route((xml) => xml.replace('<send3rdParty>true', '<send3rdParty>false'))) ?? [];

    expect(other?.number).toBe('+19895559999');
    expect(lacking?.headers).toEqual(['X-correlation_id', 'X-first_name']);
    expect(silent?.headers).toEqual([]);
  });

  it('takes the configured number where a variable holds it, and tells a carrier from a trunk', async () => {
    const constant =
      /(<thirdPartyNumber>\s*<isVarSelected>)false(<\/isVarSelected>)[\s\S]*?(?=\s*<\/thirdPartyNumber>)/;
    const { campaigns } = site.section;
    const byCarrier = { 'Spring outbound': { ...campaigns['Spring outbound'], connection: 'carrier' } };

    const [variable] = (await route((xml) => xml.replace(constant, '$1true$2<variableName>to</variableName>'))) ?? [];
    const [carrier] = (await route(undefined, { ...site.section, campaigns: byCarrier })) ?? [];

    expect(variable?.number).toBe('+19895551235');
    expect(carrier?.transport).toBe('unknown');
  });

  it('takes the configured lines where Five9 does not tell them', async () => {
    const { campaigns } = site.section;
    const said = { 'Spring outbound': { ...campaigns['Spring outbound'], lines: 7 } };
    let mend = () => {};
    site.simulator.change(({ campaigns: held }) => {
      const campaign = held.get('Spring outbound');
      if (!campaign) return;
      held.set(campaign.name, { ...campaign, type: 'OUTBOUND', members: {} });
      mend = () => void held.set(campaign.name, campaign);
    });

    const [unsaid] = (await route()) ?? [];
    const [configured] = (await route(undefined, { ...site.section, campaigns: said })) ?? [];
    mend();
    const [told] = (await route(undefined, { ...site.section, campaigns: said })) ?? [];

    expect([unsaid?.lines, configured?.lines, told?.lines]).toEqual([null, 7, 3]);
  });

  it('says that a campaign which runs no script is not active', async () => {
    let mend = () => {};
    site.simulator.change(({ campaigns }) => {
      const held = campaigns.get('Spring outbound');
      if (!held) return;
      campaigns.set(held.name, { ...held, script: undefined });
      mend = () => void campaigns.set(held.name, held);
    });

    const [idle] = (await route()) ?? [];
    mend();

    expect(idle).toMatchObject({ isActive: false, number: '+19895551235' });
  });
});

import { describe, expect, it } from 'vitest';
import { five9StepIds } from '../../../connectors/five9/setup/steps/step-ids.ts';
import { namedChecks, runChecks } from '../../../src/flows/doctor/run-checks.ts';
import { password, settings, startSite, stopSitesAfterEach } from './five9-setup-site.ts';

stopSitesAfterEach();

const running = { campaigns: [{ name: 'Winter', state: 'RUNNING' as const }] };

describe('setup --apply on a Five9 domain', () => {
  it('does everything that web services do, and nothing the second time', async () => {
    const { simulator, apply, plan, journal, steps, undo } = await startSite();
    const before = simulator.domain();

    const first = await apply();
    const made = (await journal.things()).filter(({ state }) => state === 'made').length;
    const after = simulator.domain();
    const second = await apply();

    expect(
      first.filter(({ result }) => result !== 'done').map(({ step, result, reason }) => [step.id, result, reason]),
    ).toEqual([]);
    expect(made).toBeGreaterThan(30);
    expect(second.filter(({ result }) => result !== 'there')).toEqual([]);
    expect(simulator.domain()).toEqual(after);
    expect((await plan()).filter((line) => !line.startsWith('there'))).toEqual([]);
    expect(first.map(({ step }) => step.id)).toEqual(steps.filter(({ apply: does }) => does).map(({ id }) => id));

    const undone = await undo();

    expect(undone.filter(({ result }) => result !== 'undone')).toEqual([]);
    expect(simulator.domain()).toEqual(before);
    expect(await undo()).toEqual([]);
  });

  it('makes what the domain needs, as it is documented', async () => {
    const { simulator, apply } = await startSite();

    await apply();

    const { contactFields, campaigns, lists, skills, scripts } = simulator.domain();
    expect(contactFields).toContainEqual(
      expect.objectContaining({
        name: 'last_agent_disposition_at',
        type: 'DATE_TIME',
        mapTo: 'LastAgentDispositionDateTime',
      }),
    );
    expect(lists).toMatchObject({ 'AI callbacks': [] });
    expect(skills).toEqual(['Sales']);
    expect(scripts.map(({ name }) => name)).toContain('Patchbay Autumn inbound');
    const named = Object.fromEntries(campaigns.map((campaign) => [campaign.members.name, campaign]));
    expect(named['Spring outbound']).toMatchObject({
      members: {
        actionOnQueueExpiration: { actionType: 'START_IVR_SCRIPT', actionArgument: 'Patchbay Spring outbound' },
        maxQueueTime: { minutes: 0, seconds: 1 },
        dialingMode: 'PREDICTIVE',
        ftpPassword: 'engine number two',
      },
      lists: ['AI callbacks', 'Leads'],
      dispositions: ['AI - Callback', 'AI - Do not call', 'AI - No contact', 'AI - Sale', 'Sold'],
    });
    expect(named.Summer).toMatchObject({
      members: { defaultIvrSchedule: { scriptName: 'Patchbay Summer' }, dnisAsAni: true, maxNumOfLines: 7 },
    });
    expect(named.Autumn).toMatchObject({ members: { defaultIvrSchedule: { scriptName: 'Patchbay Autumn' } } });
    expect(named['Handed back']).toMatchObject({
      members: { defaultIvrSchedule: { ivrSchedule: { scriptName: 'Patchbay Autumn inbound' } } },
      numbers: ['8885550100', '8885550188'],
    });
  });

  it('leaves to the doctor only what is done by hand', async () => {
    const { simulator, apply, dialer } = await startSite();
    const doctor = async () => {
      const checked = await runChecks(namedChecks([dialer]));
      return checked.flatMap(({ id, status }) => (status === 'ok' ? [] : [`${status} ${id}`]));
    };

    await apply();
    const before = await doctor();
    simulator.change(({ campaigns }) => {
      for (const campaign of campaigns.values()) campaign.state = 'RUNNING';
    });
    const output = { write: () => undefined, isTerminal: false, isJson: false };
    await dialer.commands?.find(({ name }) => name === 'keys')?.run([], { apply: true }, output);

    expect(before).toEqual(['warn five9:key.values', 'warn five9:campaigns.state']);
    expect(await doctor()).toEqual([]);
  });

  it('keeps what it needs to go back, and never a secret', async () => {
    const { apply, journal } = await startSite();

    await apply();

    const kept = JSON.stringify(await journal.things());
    expect(kept).toContain('"before":{"script":"Old script","params":[]}');
    expect(kept).not.toContain(password);
    expect(kept).not.toContain('engine number two');
  });

  it('is blocked while a campaign runs, and names it', async () => {
    const { simulator, apply, details, sent } = await startSite();
    simulator.seed(running);

    const [applied] = await apply('contact-fields');

    expect(applied).toMatchObject({ result: 'blocked' });
    expect(await details('contact-fields')).toContain('Stop these first: Winter.');
    expect(sent('createContactField')).toEqual([]);
  });

  it('leaves a script of somebody else alone, and waits with the campaign', async () => {
    const { simulator, plan } = await startSite();
    const [script] = simulator.domain().scripts;
    simulator.seed({ scripts: [{ name: 'Patchbay Summer', xmlDefinition: script?.xmlDefinition ?? '' }] });

    expect(await plan('script')).toContain('blocked IVR script Patchbay Summer');
    expect(await plan('bind')).toContain('blocked campaign Spring outbound runs the script Patchbay Spring outbound');
  });

  it('leaves a script of ours alone that somebody changed since, and goes on with the others', async () => {
    const { simulator, apply, plan } = await startSite();
    await apply();
    const scriptOf = (name: string) => simulator.domain().scripts.find((one) => one.name === name);
    const [summer, autumn] = [scriptOf('Patchbay Summer'), scriptOf('Patchbay Autumn')];
    const changed = summer?.xmlDefinition.replace('<fetchTimeout>5<', '<fetchTimeout>7<') ?? '';
    expect(changed).not.toBe(summer?.xmlDefinition);
    simulator.change(({ scripts }) => {
      scripts.set('Patchbay Summer', { ...summer, name: 'Patchbay Summer', xmlDefinition: changed } as never);
      scripts.delete('Patchbay Autumn');
    });

    expect(await plan('script')).toContain('blocked IVR script Patchbay Summer');
    expect(await apply('script')).toMatchObject([{ result: 'done' }]);
    expect(scriptOf('Patchbay Summer')?.xmlDefinition).toBe(changed);
    expect(scriptOf('Patchbay Autumn')?.xmlDefinition).toBe(autumn?.xmlDefinition);
  });

  it('says what the script lacks while there is no seed, and stops where the named one is missing', async () => {
    const without = await startSite({ ivr: {} });
    const wrong = await startSite({ ivr: { seedScript: 'Nobody made it' } });

    expect(await without.details('script')).toContain(
      'for want of a seed: skill "Sales", authorization profile "Patchbay"',
    );
    expect(await wrong.plan('script')).toEqual(['blocked IVR scripts']);
    expect(await wrong.details('script')).toContain('--how-to-seed');
  });

  it('names a campaign that Five9 does not have, and one where an agent has every call', async () => {
    const { simulator, details } = await startSite({
      campaigns: { ...settings.campaigns, Nowhere: settings.campaigns.Summer },
    });
    simulator.seed({ campaigns: [{ name: 'Spring outbound', members: { dialingMode: 'PREVIEW' } }] });

    const told = await details('bind', 'caller-id');

    expect(told).toContain('Five9 has no campaign "Nowhere"');
    expect(told).toContain('an agent has every call');
  });

  it('sends no campaign back whose FTP password Five9 keeps to itself', async () => {
    const { simulator, apply, plan, sent } = await startSite();
    await apply('contact-fields', 'skill', 'script');
    simulator.change(({ campaigns }) => {
      const [spring, summer] = ['Spring outbound', 'Summer'].map((name) => campaigns.get(name));
      if (spring) spring.members = { ...spring.members, useFtp: true, ftpPassword: undefined };
      if (summer) summer.members = { ...summer.members, useFtp: true, ftpPassword: '*****' };
    });

    expect(await plan('bind', 'caller-id')).toEqual(
      expect.arrayContaining([
        'blocked campaign Spring outbound runs the script Patchbay Spring outbound',
        "blocked campaign Summer shows the customer's number on a transfer",
      ]),
    );
    await apply('bind', 'caller-id');
    expect([...sent('modifyOutboundCampaign'), ...sent('modifyAutodialCampaign')]).toEqual([]);
  });

  it('goes on after a refusal, and takes an answer that was lost for made', async () => {
    const { simulator, apply, undo } = await startSite();
    const before = simulator.domain();
    simulator.failNext('soapFault', { operation: 'createDisposition', fault: 'IncorrectArgumentFault' });
    simulator.failNext('timeoutAfterEffect', { operation: 'createSkill' });

    const refused = await apply('dispositions');
    const lost = await apply('skill');
    const again = await apply('dispositions', 'skill');

    expect(refused).toMatchObject([{ result: 'failed' }]);
    expect(lost).toMatchObject([{ result: 'failed' }]);
    expect(again.map(({ result }) => result)).toEqual(['done', 'there']);
    expect((await undo()).filter(({ result }) => result !== 'undone')).toEqual([]);
    expect(simulator.domain()).toEqual(before);
  });

  it('fills a script that a lost answer left empty, and takes it away with the rest', async () => {
    const { simulator, apply, undo } = await startSite();
    const before = simulator.domain();
    await apply('contact-fields', 'skill');
    simulator.failNext('timeoutAfterEffect', { operation: 'createIVRScript' });

    const lost = await apply('script');
    const again = await apply('script');

    expect([lost, again].map(([step]) => step?.result)).toEqual(['failed', 'done']);
    expect((await undo()).filter(({ result }) => result !== 'undone')).toEqual([]);
    expect(simulator.domain()).toEqual(before);
  });
});

describe('the runbook of a Five9 domain', () => {
  it('has every step, with the names of the site and nothing secret', async () => {
    const { steps, simulator } = await startSite();

    const texts = new Map(await Promise.all(steps.map(async (step) => [step.id, await step.describe()] as const)));

    expect([...texts.keys()]).toEqual(five9StepIds);
    expect([...texts.values()].join('\n')).not.toContain(password);
    expect(texts.get('api-users')).toContain('`ada@example`');
    expect(texts.get('connection-pop')).toContain('| Spring outbound | `+19895551235` |');
    expect(texts.get('connection-carrier')).toContain('| Summer | `+19895551236` |');
    expect(texts.get('connection-carrier')).toContain('`sip:28y698lhv2f.sip.livekit.cloud`');
    expect(texts.get('connection-carrier')).toMatch(/SRTP\) \| on[\s\S]*G\.711 µ-law/);
    expect(texts.get('dispositions')).toContain('| AI - Do not call | AddAllNumbers | opt_out |');
    expect(texts.get('contact-fields')).toContain('| last_disposition | STRING | LastDisposition | Short |');
    expect(texts.get('auth-profile')).toContain('`FIVE9_IVR_KEY`');
    expect(texts.get('script')).toContain('| Patchbay Autumn inbound | Autumn |');
    expect(texts.get('bind')).toContain('| Handed back | Patchbay Autumn inbound |');
    expect(texts.get('handoff-number')).toContain('| Autumn | Handed back | +18885550188 |');
    expect(texts.get('softphone-account')).toContain('`+19895551237`');
    expect(simulator.requests()).toEqual([]);
  });

  it('leaves out what no campaign needs', async () => {
    const { 'Spring outbound': spring } = settings.campaigns;
    const { opt_out } = spring.dispositions;
    const campaigns = { 'Spring outbound': { ...spring, dispositions: { opt_out } } };
    const { steps } = await startSite({ campaigns, callbackList: undefined });

    const left = five9StepIds.filter((id) => !steps.some((step) => step.id === id));
    expect(left).toEqual(['connection-carrier', 'callback-list', 'handoff-number']);
    expect(steps.find(({ id }) => id === 'caller-id')?.kind).toBe('manual');
  });

  it('names only checks that there are', async () => {
    const { dialer, steps } = await startSite();
    const known = new Set(dialer.checks().map(({ id }) => id));

    expect(steps.flatMap(({ checks }) => checks).filter((check) => !known.has(check))).toEqual([]);
  });
});

describe('setup undo on a Five9 domain', () => {
  const changed = (undone: { what: string; result: string }[]) =>
    undone.filter(({ result }) => result === 'changed').map(({ what }) => what);

  it('leaves alone what somebody changed or uses since', async () => {
    const { simulator, apply, undo } = await startSite();
    await apply();
    simulator.seed({
      dispositions: [{ name: 'AI - Sale', type: 'DoNotDial' }],
      contactFields: [{ name: 'ai_summary', type: 'NUMBER' }],
      contacts: [{ fields: { number1: '2125550102' }, lists: ['AI callbacks'] }],
      callVariableGroups: [{ name: 'SigmaMind', variables: [{ name: 'own_word' }] }],
    });
    const other = simulator.domain().scripts.find(({ name }) => name === 'Old script');
    simulator.seed({
      scripts: [{ ...other, name: 'Patchbay Autumn inbound', xmlDefinition: other?.xmlDefinition ?? '' }],
    });
    const { campaigns } = simulator.domain();
    expect(campaigns).not.toEqual([]);
    simulator.change(({ campaigns: held }) => {
      const spring = held.get('Spring outbound');
      const summer = held.get('Summer');
      if (spring) spring.members = { ...spring.members, maxQueueTime: { days: 0, hours: 0, minutes: 0, seconds: 5 } };
      if (summer) summer.script = 'Old script';
    });

    const undone = await undo();

    expect(changed(undone).sort()).toEqual(
      [
        'IVR script Patchbay Autumn inbound',
        'IVR script Patchbay Spring outbound',
        'campaign Spring outbound runs the script Patchbay Spring outbound',
        'campaign Summer runs the script Patchbay Summer',
        'contact field ai_summary',
        'disposition AI - Sale',
        'group SigmaMind',
        'list AI callbacks',
        ...['Autumn', 'Spring outbound', 'Summer'].map((name) => `list AI callbacks in the campaign ${name}`),
      ].sort(),
    );
    expect(undone.filter(({ result }) => result === 'failed')).toEqual([]);
  });

  it('leaves a disposition in the campaigns where an admin had put it', async () => {
    const { simulator, apply, undo } = await startSite();
    simulator.seed({ dispositions: [{ name: 'AI - Sale', type: 'FinalDisp' }] });
    simulator.change(({ campaigns }) => {
      const [spring, summer] = ['Spring outbound', 'Summer'].map((name) => campaigns.get(name));
      if (spring) spring.dispositions = ['Sold', 'AI - Sale'];
      // Without a list of its own it has all of them.
      if (summer) summer.dispositions = undefined;
    });
    const before = simulator.domain();

    const applied = await apply('dispositions');
    const undone = await undo();

    expect(applied).toMatchObject([{ result: 'done' }]);
    expect(undone.map(({ what }) => what)).toContain('disposition AI - Sale in the campaign Autumn');
    expect(undone.map(({ what }) => what)).not.toContain('disposition AI - Sale in the campaign Spring outbound');
    expect(undone.filter(({ result }) => result !== 'undone')).toEqual([]);
    expect(simulator.domain()).toEqual(before);
  });

  it('asks for a hand where a lost answer hides who put a disposition into a campaign', async () => {
    const { simulator, apply, undo } = await startSite();
    simulator.seed({ dispositions: [{ name: 'AI - Do not call', type: 'AddAllNumbers' }] });
    simulator.failNext('timeoutAfterEffect', { operation: 'addDispositionsToCampaign' });

    const [applied] = await apply('dispositions');
    const undone = await undo();

    expect(applied?.result).toBe('failed');
    expect(undone).toMatchObject([
      { result: 'by-hand', note: expect.stringContaining('unless the campaign had it before set-up') },
    ]);
  });

  it('asks no hand any more once the disposition itself is gone', async () => {
    const { simulator, apply, undo } = await startSite();
    simulator.seed({ dispositions: [{ name: 'AI - Do not call', type: 'AddAllNumbers' }] });
    simulator.failNext('timeoutAfterEffect', { operation: 'addDispositionsToCampaign' });
    await apply('dispositions');
    await undo();

    simulator.change(({ dispositions }) => void dispositions.delete('AI - Do not call'));

    expect(await undo()).toMatchObject([{ result: 'gone' }]);
  });

  it('leaves a skill that people have', async () => {
    const { simulator, apply, undo } = await startSite();
    await apply('skill');
    simulator.change(({ skills }) => void skills[0]?.users.push('grace@example'));

    expect(await undo()).toMatchObject([{ what: 'skill Sales', result: 'changed' }]);
    simulator.change(({ skills }) => void skills[0]?.users.pop());
    expect(await undo()).toMatchObject([{ what: 'skill Sales', result: 'undone' }]);
  });

  it('keeps what callers of an inbound campaign see beside its script', async () => {
    const { simulator, apply, undo } = await startSite();
    const seen = { visualModeEnabled: true, chatEnabled: true };
    simulator.change(({ campaigns }) => {
      const campaign = campaigns.get('Handed back');
      if (!campaign) return;
      campaign.script = 'Old script';
      campaign.members = { defaultIvrSchedule: { visualModeSettings: seen } };
    });
    const before = simulator.domain();
    const schedule = () =>
      simulator.domain().campaigns.find(({ members }) => members.name === 'Handed back')?.members.defaultIvrSchedule;

    await apply('contact-fields', 'skill', 'script', 'bind');
    expect(schedule()).toMatchObject({
      ivrSchedule: { scriptName: 'Patchbay Autumn inbound' },
      visualModeSettings: seen,
    });

    expect((await undo()).filter(({ result }) => result !== 'undone')).toEqual([]);
    expect(simulator.domain()).toEqual(before);
  });

  it('asks for a hand where Five9 keeps a member that was not there before', async () => {
    const { simulator, apply, undo } = await startSite({}, { switches: { omittedMembersAreCleared: false } });
    simulator.change(({ campaigns }) => {
      const spring = campaigns.get('Spring outbound');
      if (spring) spring.members = { ...spring.members, maxQueueTime: undefined };
    });
    await apply('contact-fields', 'skill', 'script', 'bind');

    const undone = await undo();

    expect(undone.find(({ what }) => what.startsWith('campaign Spring outbound'))).toMatchObject({
      result: 'by-hand',
      note: expect.stringContaining('set maxQueueTime to nothing'),
    });
  });

  it('says to stop the campaigns before a field goes, and is content with what is gone', async () => {
    const { simulator, apply, undo } = await startSite();
    await apply('contact-fields', 'skill');
    simulator.seed(running);

    const first = await undo();
    simulator.seed({ campaigns: [{ name: 'Winter', state: 'NOT_RUNNING' }] });
    simulator.change(({ contacts }) => void contacts.removeField('patchbay_key'));
    const second = await undo();

    expect(first.filter(({ result }) => result === 'failed')[0]?.note).toContain('Stop these first: Winter.');
    expect(first.find(({ what }) => what === 'skill Sales')?.result).toBe('undone');
    expect(second.find(({ what }) => what === 'contact field patchbay_key')?.result).toBe('gone');
  });

  it('leaves what Five9 says is in use', async () => {
    const { simulator, apply, undo } = await startSite();
    await apply('skill');
    simulator.failNext('soapFault', { operation: 'deleteSkill', fault: 'SkillCantBeDeletedFault' });

    expect(await undo()).toMatchObject([{ what: 'skill Sales', result: 'changed' }]);
    expect(await undo()).toMatchObject([{ what: 'skill Sales', result: 'undone' }]);
  });

  it('asks for a hand where Five9 keeps the script of a schedule that is taken out', async () => {
    const { apply, undo } = await startSite({}, { switches: { omittedMembersAreCleared: false } });
    await apply('contact-fields', 'skill', 'script', 'bind');

    const undone = await undo();

    expect(undone.find(({ what }) => what.startsWith('campaign Summer'))).toMatchObject({
      result: 'by-hand',
      note: expect.stringContaining('IVR Schedule: take the script "Patchbay Summer" out'),
    });
    expect(undone.find(({ what }) => what.startsWith('campaign Autumn'))?.result).toBe('undone');
  });

  it('takes away what a crash left half made', async () => {
    const { simulator, journal, undo } = await startSite();
    const before = simulator.domain();
    const begun = { instance: 'five9', step: 'script', what: 'IVR script Patchbay Summer' };
    await journal.begin({ ...begun, undoData: { kind: 'script', name: 'Patchbay Summer', before: null } });
    const empty = '<ivrScript><modules/><modulesOnHangup/><userVariables/></ivrScript>';
    simulator.seed({ scripts: [{ name: 'Patchbay Summer', xmlDefinition: empty }] });

    expect(await undo()).toMatchObject([{ result: 'undone' }]);
    expect(simulator.domain()).toEqual(before);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { type CallCenter, faultIn, openCallCenter, spring, textOf } from './call-center.ts';

const stopped = {
  campaigns: [
    { name: spring, state: 'NOT_RUNNING' as const },
    { name: 'Help line', type: 'INBOUND' as const, state: 'NOT_RUNNING' as const, ani: '8005550177' },
  ],
};
const keyField =
  '<field><displayAs>Long</displayAs><mapTo>LastCampaign</mapTo><name>last_campaign</name><type>STRING</type></field>';
const named = (name: string) => `<name>${name}</name>`;

describe('setting up the domain of the Five9 simulator', () => {
  let center: CallCenter;
  beforeEach(async () => {
    center = await openCallCenter();
  });
  afterEach(() => center.five9.stop());

  it('makes no contact field while a campaign runs', async () => {
    const running = await center.soap('createContactField', keyField);
    center.five9.seed(stopped);
    const made = await center.soap('createContactField', keyField);
    const again = await center.soap('createContactField', keyField);

    expect(faultIn(running.body)).toBe('ExecutionRestrictionFault');
    expect(made.status).toBe(200);
    expect(faultIn(again.body)).toBe('ObjectAlreadyExistsFault');
    const { body } = await center.soap('getContactFields', '<namePattern>last_campaign</namePattern>');
    expect(body).toContain('<mapTo>LastCampaign</mapTo><name>last_campaign</name><system>false</system>');
  });

  it('keeps call variables in their group', async () => {
    const variable =
      '<variable><group>Patchbay</group><name>outcome</name><reporting>true</reporting><type>STRING</type></variable>';
    const early = await center.soap('createCallVariable', variable);
    await center.soap('createCallVariablesGroup', named('Patchbay'));
    await center.soap('createCallVariable', variable);
    const again = await center.soap('createCallVariable', variable);
    const groups = await center.soap('getCallVariableGroups', '<namePattern>^Patch.*</namePattern>');
    const variables = await center.soap('getCallVariables', '<groupName>Patchbay</groupName>');

    expect([faultIn(early.body), faultIn(again.body)]).toEqual(['ObjectNotFoundFault', 'ObjectAlreadyExistsFault']);
    expect(groups.body).toContain('<name>Patchbay</name><variables>');
    expect(variables.body).toContain('<group>Patchbay</group><name>outcome</name><reporting>true</reporting>');
  });

  it('makes dispositions and lists, and gives them to a campaign once', async () => {
    center.five9.seed({ campaigns: [{ name: 'Autumn', dispositions: ['Sale'] }] });
    await center.soap(
      'createDisposition',
      '<disposition><name>AI - Again</name><type>RedialNumber</type></disposition>',
    );
    await center.soap('createList', '<listName>More</listName>');
    const inner = '<campaignName>Autumn</campaignName><dispositions>AI - Again</dispositions>';
    const lists = '<campaignName>Autumn</campaignName><lists><listName>More</listName></lists>';
    const added = await center.soap('addDispositionsToCampaign', inner);
    const twice = await center.soap('addDispositionsToCampaign', inner);
    await center.soap('addListsToCampaign', lists);
    const listTwice = await center.soap('addListsToCampaign', lists);

    expect([added.status, faultIn(twice.body)]).toEqual([200, 'DispositionIsAlreadyAssignedFault']);
    expect(faultIn(listTwice.body)).toBe('ListAlreadyAssignedFault');
    const found = await center.soap('getDispositions', '<dispositionNamePattern>AI - Again</dispositionNamePattern>');
    expect(textOf(found.body, 'type')).toBe('RedialNumber');
    const own = await center.soap('getListsForCampaign', '<campaignName>Autumn</campaignName>');
    expect(textOf(own.body, 'listName')).toBe('More');
  });

  it('keeps a script as it came, in the place of the empty frame, and refuses what is no script', async () => {
    const created = await center.soap('createIVRScript', named('Patchbay'));
    const twice = await center.soap('createIVRScript', named('Patchbay'));
    const xml = '<ivrScript><modules/>\n<note>&lt;b&gt; &amp; café</note></ivrScript>';
    const modify = (definition: string) =>
      `<scriptDef><description>Ours</description><name>Patchbay</name><xmlDefinition><![CDATA[${definition}]]></xmlDefinition></scriptDef>`;
    await center.soap('modifyIVRScript', modify(xml));
    const broken = await center.soap('modifyIVRScript', modify('<ivrScript><modules></ivrScript>'));
    const kept = await center.soap('getIVRScripts', '<namePattern>^Patchbay$</namePattern>');

    expect(created.body).toContain('&lt;modules/&gt;&lt;modulesOnHangup/&gt;&lt;userVariables/&gt;');
    expect(faultIn(twice.body)).toBe('ObjectAlreadyExistsFault');
    expect(faultIn(broken.body)).toBe('IncorrectArgumentFault');
    const escaped = xml.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(textOf(kept.body, 'xmlDefinition')).toBe(escaped);
  });

  it('gives a script to a campaign that answers, and keeps it while it is used', async () => {
    await center.soap('createIVRScript', named('Patchbay'));
    const schedule = (campaign: string) =>
      `<campaignName>${campaign}</campaignName><scriptName>Patchbay</scriptName><params><name>a</name><value>1</value></params>`;
    const set = await center.soap('setDefaultIVRSchedule', schedule('Help line'));
    const outbound = await center.soap('setDefaultIVRSchedule', schedule(spring));
    const inbound = await center.soap('getInboundCampaign', '<campaignName>Help line</campaignName>');
    const wrong = await center.soap('getAutodialCampaign', '<campaignName>Help line</campaignName>');
    const used = await center.soap('deleteIVRScript', named('Patchbay'));

    expect(set.status).toBe(200);
    expect(textOf(inbound.body, 'scriptName')).toBe('Patchbay');
    expect([faultIn(outbound.body), faultIn(wrong.body)]).toEqual(['WrongCampaignTypeFault', 'WrongCampaignTypeFault']);
    expect(faultIn(used.body)).toBe('ObjectInUseFault');
  });

  it('holds back the state of a campaign until it changes', async () => {
    const state = `<campaignName>${spring}</campaignName>`;
    const asked = center.soap('getCampaignState', `${state}<waitUntilChange>60</waitUntilChange>`);
    await eventually(() => expect(center.five9.requests()).toHaveLength(1));
    center.five9.seed(stopped);

    expect(textOf((await asked).body, 'return')).toBe('NOT_RUNNING');
  });

  it('tells the numbers of inbound campaigns, and the ids of skills', async () => {
    center.five9.seed({ ...stopped, skills: [{ id: 300_101, name: 'Sales' }] });

    const own = await center.soap('getCampaignDNISList', '<campaignName>Help line</campaignName>');
    const all = await center.soap('getDNISList');
    const skills = await center.soap('getSkills', '<skillNamePattern>S.*</skillNamePattern>');

    expect([textOf(own.body, 'return'), textOf(all.body, 'return')]).toEqual(['8005550177', '8005550177']);
    expect(textOf(skills.body, 'id')).toBe('300101');
  });
});

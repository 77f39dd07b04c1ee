import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallCenter, faultIn, openCallCenter } from './call-center.ts';

const list = '<listName>More</listName>';
const autumn = '<campaignName>Autumn</campaignName>';
const helpLine = '<campaignName>Help line</campaignName>';

describe('taking back what an admin made in the Five9 simulator', () => {
  let center: CallCenter;
  const faultOf = async (operation: string, inner: string) => faultIn((await center.soap(operation, inner)).body);
  beforeEach(async () => {
    center = await openCallCenter();
    center.five9.seed({
      campaigns: [
        { name: 'Autumn', state: 'NOT_RUNNING', lists: ['More'], dispositions: ['AI - Again'] },
        { name: 'Help line', type: 'INBOUND', ani: '8005550177' },
      ],
      dispositions: ['AI - Again'],
      dnis: ['8885550188'],
      callVariableGroups: [{ name: 'Patchbay', variables: [{ name: 'outcome' }] }],
      skills: [{ id: 300_101, name: 'Sales' }],
    });
  });
  afterEach(() => center.five9.stop());

  it('keeps what is in use', async () => {
    expect(await faultOf('deleteList', list)).toBe('ListCantBeRemovedFault');
    expect(await faultOf('deleteCallVariablesGroup', '<name>Patchbay</name>')).toBe('ObjectInUseFault');
    expect(await faultOf('deleteContactField', '<fieldName>number1</fieldName>')).toBe('ExecutionRestrictionFault');
    const number = '<DNISList>8005550177</DNISList>';
    expect(await faultOf('addDNISToCampaign', helpLine + number)).toBe('DNISAlreadyAssignedFault');
  });

  it('lets go of the rest, once', async () => {
    const removals: [string, string, string][] = [
      ['removeListsFromCampaign', `${autumn}<lists>More</lists>`, 'ListIsNotAssignedFault'],
      ['deleteList', list, 'ListNotFoundFault'],
      [
        'removeDispositionsFromCampaign',
        `${autumn}<dispositions>AI - Again</dispositions>`,
        'DispositionIsNotAssisgnedFault',
      ],
      ['removeDisposition', '<dispositionName>AI - Again</dispositionName>', 'DispositionNotFoundFault'],
      ['deleteCallVariable', '<name>outcome</name><groupName>Patchbay</groupName>', 'ObjectNotFoundFault'],
      ['deleteCallVariablesGroup', '<name>Patchbay</name>', 'ObjectNotFoundFault'],
      ['deleteSkill', '<skillName>Sales</skillName>', 'SkillNotFoundFault'],
      ['removeDNISFromCampaign', `${helpLine}<DNISList>8005550177</DNISList>`, 'DNISIsNotAssignedFault'],
    ];

    for (const [operation, inner, fault] of removals) {
      expect([operation, await faultOf(operation, inner), await faultOf(operation, inner)]).toEqual([
        operation,
        '',
        fault,
      ]);
    }
    const { lists, skills, campaigns } = center.five9.domain();
    expect([lists.More, skills]).toEqual([undefined, []]);
    expect(campaigns.find(({ members }) => members.name === 'Help line')?.numbers).toEqual([]);
  });

  it('clears what a change of a campaign leaves out, or keeps it by a switch', async () => {
    const keeping = await openCallCenter({ switches: { omittedMembersAreCleared: false } });
    const sold = '<campaign><name>Autumn</name><dialingPriority>5</dialingPriority></campaign>';
    const held: unknown[] = [];
    for (const { five9, soap } of [center, keeping]) {
      five9.seed({ campaigns: [{ name: 'Autumn', state: 'NOT_RUNNING', members: { profileName: 'Own' } }] });
      await soap('modifyOutboundCampaign', sold);
      held.push(five9.domain().campaigns.find(({ members }) => members.name === 'Autumn')?.members);
    }
    await keeping.five9.stop();

    expect(held[0]).toEqual({
      mode: 'BASIC',
      name: 'Autumn',
      state: 'NOT_RUNNING',
      trainingMode: false,
      type: 'OUTBOUND',
      dialingPriority: 5,
    });
    expect(held[1]).toMatchObject({ dialingPriority: 5, profileName: 'Own', dialingMode: 'POWER' });
  });
});

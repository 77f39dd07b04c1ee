import { describe, expect, it } from 'vitest';
import { howToSeed } from '../../../connectors/five9/ivr/script/how-to-seed.ts';
import { learnSeed, mergeSeeds } from '../../../connectors/five9/ivr/script/seed.ts';
import { childOf, childrenOf, readXml, textAt } from '../../../connectors/five9/ivr/xml.ts';
import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import { generated, madeUpSeed, seedText, springConfig } from './script-cast.ts';

describe('a seed script', () => {
  it('makes the blanks vanish', () => {
    const config = springConfig();

    expect(generated({ config }).blanks).not.toEqual([]);
    expect(generated({ config, seed: madeUpSeed() }).blanks).toEqual([]);
  });

  it('of the simulator makes them vanish too', () => {
    const dispositions = Object.values(springConfig().campaigns.Spring?.dispositions ?? {});
    const seed = learnSeed(readXml(seedScript([...new Set(dispositions)])));

    expect(generated({ seed }).blanks).toEqual([]);
  });

  it('gives its ids of dispositions, skill and authorization profile', () => {
    const { modules } = generated({ seed: madeUpSeed() });

    expect(textAt(modules.get('Hang up: AI - Sale')?.data, 'dispo', 'id')).toBe('500101');
    expect(textAt(modules.get('Hang up: AI - No contact')?.data, 'dispo', 'id')).toBe('500105');
    expect(textAt(modules.get('Skill: Sales')?.data, 'listOfSkillsEx', 'extrnalObj', 'id')).toBe('300101');
    expect(textAt(modules.get('Skill: Sales')?.data, 'maxQueueTime')).toBe('120');
    expect(textAt(modules.get('Register')?.data, 'authProfileHolder', 'extrnalObj', 'id')).toBe('21');
  });

  it('gives the block of the transfer as it is, with our number, time and switches', () => {
    const { modules, root } = generated({ seed: madeUpSeed() });
    const data = modules.get('Transfer to AI')?.data;
    const put = childOf(modules.get('Fill headers')?.data, 'expressions');

    expect(textAt(data, 'send3rdPartyVariable')).toBe('lead_data');
    expect(textAt(data, 'isRecordingEnabled')).toBe('true');
    expect(textAt(data, 'thirdPartyNumber', 'stringValue', 'value')).toBe('+12125550100');
    expect(textAt(data, 'maxTimeOf3rdParty')).toBe('1800');
    expect(textAt(put, 'functionArgs', 'variableName')).toBe('lead_data');
    expect(textAt(modules.get('Read headers')?.data, 'expressions', 'functionArgs', 'variableName')).toBe('ai_answer');
    expect(childOf(root, 'userVariables')?.children.map((entry) => textAt(entry, 'key'))).toContain('ai_answer');
  });

  it.each([
    ['called otherwise', /(send|receive)3rdPartyVariable/g, '$1DataVariableName'],
    ['without a word that tells which is which', /(send|receive)3rdPartyVariable/g, 'list'],
    ['within another element', /<(send|receive)3rdPartyVariable>(\w+)<\/\w+>/g, '<$1Data><name>$2</name></$1Data>'],
  ])('is understood when the elements of the KVLists are %s', (_name, from, to) => {
    const seed = learnSeed(readXml(seedText().replace(from, to)));

    expect(seed.transfer).toMatchObject({ sends: 'lead_data', receives: 'ai_answer' });
  });

  it('is understood when it has other modules too, and several skills in one of them', () => {
    const other =
      '<query><data><authProfileHolder><extrnalObj><id>7</id><name>Payments</name></extrnalObj></authProfileHolder></data></query>';
    const skill =
      '<listOfSkillsEx><extrnalObj><id>88</id><name>Support</name></extrnalObj><varSelected>false</varSelected></listOfSkillsEx>';
    const text = seedText()
      .replace('<modules>', `<modules>${other}`)
      .replace('<listOfSkillsEx>', `${skill}<listOfSkillsEx>`);

    const { modules, blanks } = generated({ seed: learnSeed(readXml(text)) });

    expect(blanks).toEqual([]);
    expect(textAt(modules.get('Register')?.data, 'authProfileHolder', 'extrnalObj', 'name')).toBe('Patchbay');
    const skills = childrenOf(modules.get('Skill: Sales')?.data, 'listOfSkillsEx');
    expect(skills.map((node) => textAt(node, 'extrnalObj', 'name'))).toEqual(['Sales']);
  });

  it('that only receives is not taken for one that sends', () => {
    const text = seedText()
      .replace(/<send3rdPartyVariable>.*/, '')
      .replace('<send3rdParty>true', '<send3rdParty>false')
      .replace(/receive3rdPartyVariable/g, 'list');

    expect(learnSeed(readXml(text)).transfer).toMatchObject({ sends: '', receives: 'ai_answer' });
  });

  it('leaves open what it lacks', () => {
    const text = seedText()
      .replace(/<setDNC>[\s\S]*<\/setDNC>/, '')
      .replace('<name>AI - Sale</name>', '<name>Another</name>')
      .replace('<id>21</id>', '<id>0</id>')
      .replace(/<receive3rdPartyVariable>.*/, '');

    const { blanks } = generated({ seed: learnSeed(readXml(text)) });

    expect(blanks.map(({ kind, name }) => `${kind} ${name}`.trim())).toEqual([
      'authorization profile Patchbay',
      'KVList to receive from_ai',
      'authorization profile Patchbay',
      'disposition AI - Sale',
      'Set DNC',
    ]);
  });

  it('puts the number on the DNC list before the hang-up of that disposition', () => {
    const { modules } = generated({ seed: madeUpSeed() });
    const setDnc = modules.get('Set DNC');

    expect(modules.get('What next')?.branches.find(({ name }) => name === 'dnc')?.target).toBe(setDnc?.id);
    expect(setDnc?.next).toBe(modules.get('Disposition')?.id);
    expect(textAt(setDnc?.data, 'numberToAdd', 'variableName')).toBe('Call.number');
  });

  it('wins over what is learned from a script that is there already', () => {
    const there = learnSeed(readXml(seedText().replaceAll('500101', '999').replace('AI - Callback', 'Older')));

    const both = mergeSeeds(madeUpSeed(), there);

    expect(both.dispositions.get('AI - Sale')).toBe('500101');
    expect(both.dispositions.get('Older')).toBe('500103');
    expect(mergeSeeds(undefined, there).dispositions.get('AI - Sale')).toBe('999');
  });

  it('is described with the names of the site', () => {
    const text = howToSeed(springConfig()).join('\n');

    for (const name of ['"AI - Sale"', '"Sales"', '"Patchbay"', 'to_ai', 'from_ai', 'Set DNC', 'Return After']) {
      expect(text).toContain(name);
    }
  });
});

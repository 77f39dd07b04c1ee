import { describe, expect, it } from 'vitest';
import { emptyFrame } from '../../../connectors/five9/ivr/script/frame.ts';
import { generateScript } from '../../../connectors/five9/ivr/script/generate.ts';
import { type IvrModule, readScript, targetsOf } from '../../../connectors/five9/ivr/script-model.ts';
import {
  childOf,
  childrenOf,
  element,
  readXml,
  textAt,
  writeXml,
  type XmlNode,
} from '../../../connectors/five9/ivr/xml.ts';
import { outcomeKeys } from '../../../src/domain/answer-keys.ts';
import { screenPopOf } from '../../../src/flows/screen-pop.ts';
import { configOf } from './cast.ts';
import { generated, inputOf, madeUpSeed, springConfig } from './script-cast.ts';

const kinds = [
  ['handoff A', {}],
  ['handoff A with a seed', { seed: madeUpSeed() }],
  ['handoff A without headers of the hang-up', { config: springConfig({ receiveHeaders: false }) }],
  ['handoff A with a screen pop', { config: springConfig({}, { ivr: { callVariableGroup: 'SigmaMind' } }) }],
  ['handoff B', { config: springConfig({ handoff: 'B' }) }],
  ['the inbound script of handoff B', { config: springConfig({ handoff: 'B' }), part: 'inbound' as const }],
] as const;

describe.each(kinds)('%s', (_name, overrides) => {
  const { root } = generated(overrides);
  const script = readScript(root);
  const modules = [...script.modules, ...script.onHangup];

  it('mirrors every edge by one ascendant, and nothing else', () => {
    const edges = modules.flatMap((from) => [...new Set(targetsOf(from))].map((to) => `${from.id} ${to}`));
    const mirrored = modules.flatMap((to) => to.ascendants.map((from) => `${from} ${to.id}`));

    expect(mirrored.toSorted()).toEqual(edges.toSorted());
  });

  it('has ids of 32 hex digits and names of its own, and no edge into nothing', () => {
    const ids = modules.map(({ id }) => id);

    expect(ids.filter((id) => !/^[0-9A-F]{32}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(modules.length);
    expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length);
    expect(modules.flatMap(targetsOf).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('leads from the call to every module, and from every module to an end', () => {
    const [start] = script.modules;

    expect(start?.tag).toBe('incomingCall');
    expect(reachable(script.modules, start).size).toBe(script.modules.length);
    for (const module of script.modules) {
      const ends = [...reachable(script.modules, module)].filter(({ tag }) => tag === 'hangup');
      expect(ends.length, `${module.name} has no end`).toBeGreaterThan(0);
    }
  });

  it('puts no module on top of another, nor left of what leads to it but in a loop', () => {
    const places = script.modules.map(({ node }) => `${textAt(node, 'locationX')},${textAt(node, 'locationY')}`);

    expect(new Set(places).size).toBe(places.length);
  });

  it('declares every variable that it uses, and none without use', () => {
    const named = modules.flatMap(({ data }) => variablesIn(data));
    const own = named.filter((name) => !name.includes('.') && !name.startsWith('__'));

    expect([...new Set(own)].toSorted()).toEqual([...script.variables.keys()].toSorted());
  });

  it('fills a variable by each group of its regular expressions', () => {
    for (const { data } of script.modules.filter(({ tag }) => tag === 'query')) {
      const rule = childOf(childOf(data, 'responseInfos'), 'regexp');
      const groups = new RegExp(`${textAt(rule, 'regexp')}|`).exec('')?.length ?? 0;

      expect(childrenOf(rule, 'regexpParameters')).toHaveLength(groups - 1);
      expect(childrenOf(rule, 'regexpParameters').map((group) => textAt(group, 'groupIndex'))).toEqual(
        Array.from({ length: groups - 1 }, (_, index) => String(index)),
      );
    }
  });

  it('is the same text when it is made again, and is read back as it was written', () => {
    const text = writeXml(root);

    expect(writeXml(generated(overrides).root)).toBe(text);
    expect(writeXml(readXml(text))).toBe(text);
  });
});

describe('handoff A', () => {
  it('registers, transfers, asks for the outcome and acts on it', () => {
    const { modules } = generated();
    const nextOf = (name: string) => nameAt(modules, modules.get(name)?.next);

    expect(nextOf('Incoming call')).toBe('Register');
    expect(branches(modules, 'Route')).toMatchObject({ ai: 'Fill headers', hangup: 'Refused', skill: 'Skill: Sales' });
    expect(nextOf('Fill headers')).toBe('Transfer to AI');
    expect(nextOf('Transfer to AI')).toBe('Read headers');
    expect(nextOf('Read headers')).toBe('Ask outcome');
    expect(branches(modules, 'What next')).toEqual({
      skill: 'Skill: Sales',
      callback: 'Disposition',
      dnc: 'Disposition',
      hangup: 'Disposition',
      'No Match': 'Skill: Sales',
    });
  });

  it('leads every error to people', () => {
    const { modules } = generated();
    const queries = [...modules.values()].filter(({ tag }) => tag === 'query');

    expect(queries.map(({ name }) => name)).toEqual(['Register', 'Ask outcome']);
    for (const { onError } of queries) expect(nameAt(modules, onError)).toBe('Skill: Sales');
    for (const name of ['Route', 'Answer', 'What next']) {
      expect(branches(modules, name)['No Match']).toBe('Skill: Sales');
    }
  });

  it('asks again while the outcome is pending, so often as configured, and then goes on', () => {
    const { modules } = generated({ config: springConfig({ outcomeTries: 4 }) });
    const condition = childOf(modules.get('Tries left')?.data, 'conditions');

    expect(branches(modules, 'Answer').pending).toBe('Count tries');
    expect(nameAt(modules, modules.get('Count tries')?.next)).toBe('Tries left');
    expect(branches(modules, 'Tries left')).toEqual({ IF: 'Ask outcome', ELSE: 'What next' });
    expect(textAt(condition, 'comparisonType')).toBe('LESS_THAN');
    expect(textAt(condition, 'leftOperand', 'variableName')).toBe('tries');
    expect(textAt(condition, 'rightOperand', 'integerValue', 'value')).toBe('4');
    expect(textAt(modules.get('Count tries')?.data, 'expressions', 'function', 'name')).toBe('SUM');
  });

  it('hangs up with one module per disposition, chosen by the outcome', () => {
    const { modules } = generated();
    const sale = modules.get('Hang up: AI - Sale')?.data;

    expect(branches(modules, 'Disposition')).toEqual({
      sale: 'Hang up: AI - Sale',
      not_interested: 'Hang up: AI - Not interested',
      callback: 'Hang up: AI - Callback',
      opt_out: 'Hang up: AI - Do not call',
      no_answer: 'Hang up: AI - No contact',
      voicemail: 'Hang up: AI - No contact',
      'No Match': 'Hang up',
    });
    expect(textAt(sale, 'dispo', 'name')).toBe('AI - Sale');
    expect(textAt(sale, 'overwriteDisposition')).toBe('true');
    expect(textAt(modules.get('Hang up')?.data, 'overwriteDisposition')).toBe('false');
    expect(branches(modules, 'Refused')).toEqual({ opt_out: 'Hang up: AI - Do not call', 'No Match': 'Hang up' });
  });

  it('tells register what the headers take, and its own name of the call', () => {
    const { modules } = generated({ config: springConfig({}, { keyField: 'patchbay_key' }) });
    const parameters = childrenOf(childOf(modules.get('Register')?.data, 'parameters'), 'entry');

    expect(
      Object.fromEntries(parameters.map((entry) => [textAt(entry, 'key'), textAt(entry, 'value', 'variableName')])),
    ).toEqual({
      call_id: 'Call.call_id',
      session_id: 'Call.session_id',
      call_type: 'Call.type',
      ani: 'Call.ANI',
      dnis: 'Call.DNIS',
      campaign: 'Call.campaign_name',
      patchbay_key: 'Contact.patchbay_key',
      first_name: 'Contact.first_name',
    });
  });

  it('fills the call variables of the screen pop when their group is named', () => {
    const config = springConfig({}, { ivr: { callVariableGroup: 'SigmaMind' } });
    const { modules } = generated({ config });
    const targets = childrenOf(modules.get('Screen pop')?.data, 'expressions').map((one) =>
      textAt(one, 'variableName'),
    );

    expect(branches(modules, 'Answer').done).toBe('Screen pop');
    expect(targets).toEqual(['outcome', 'summary', 'callback_at', 'correlation_id'].map((name) => `SigmaMind.${name}`));
  });

  it('takes the routes of the site and their skills', () => {
    const config = springConfig({ routes: { vip: { do: 'skill', skill: 'Gold' }, callback: { do: 'skill' } } });
    const { modules } = generated({ config });

    expect(branches(modules, 'What next')).toMatchObject({ vip: 'Skill: Gold', callback: 'Skill: Sales' });
    expect(textAt(modules.get('Skill: Gold')?.data, 'listOfSkillsEx', 'extrnalObj', 'name')).toBe('Gold');
    expect(branches(modules, 'Disposition')).not.toHaveProperty('callback');
  });
});

describe('handoff B', () => {
  it('does not take the call back, and asks for no outcome', () => {
    const { modules } = generated({ config: springConfig({ handoff: 'B' }) });

    expect(textAt(modules.get('Transfer to AI')?.data, 'returnAfter3rdParty')).toBe('false');
    expect([...modules.keys()]).not.toContain('Ask outcome');
  });

  it('asks for the context by ANI, and by the correlation ID where the trunk brings it, and hands over whatever comes', () => {
    const config = springConfig({ handoff: 'B', correlationVariable: 'Call.sip_correlation' });
    const { modules } = generated({ config, part: 'inbound' });
    const ask = modules.get('Ask context');
    const entries = childrenOf(childOf(ask?.data, 'parameters'), 'entry');

    expect(textAt(ask?.data, 'url')).toBe('https://patchbay.example.com/v1/ivr/five9/context');
    expect(entries.map((entry) => [textAt(entry, 'key'), textAt(entry, 'value', 'variableName')])).toEqual([
      ['correlation_id', 'Call.sip_correlation'],
      ['ani', 'Call.ANI'],
    ]);
    expect(nameAt(modules, ask?.next)).toBe('Skill: Sales');
    expect(nameAt(modules, ask?.onError)).toBe('Skill: Sales');
  });
});

describe('the inbound scripts of campaigns with the same fields in another order', () => {
  const script = { transferTo: '+12125550100', skill: 'Sales', handoff: 'B' };
  const config = configOf({
    campaigns: {
      Spring: { screenPop: ['intent', 'city'], script },
      Autumn: { screenPop: ['city', 'intent'], script },
    },
  });

  it.each(['Spring', 'Autumn'])('%s reads the context of either', (campaign) => {
    const { modules } = generated({ config, campaign, part: 'inbound' });
    const regex = new RegExp(textAt(modules.get('Ask context')?.data, 'responseInfos', 'regexp', 'regexp'));

    for (const ofCall of ['Spring', 'Autumn', '']) {
      const keys = [...outcomeKeys, ...screenPopOf(config, ofCall, null, true).map(([key]) => key)];
      expect(`{${keys.map((key) => `"${key}":""`).join(',')}}`).toMatch(regex);
    }
  });
});

describe('blanks', () => {
  it('are named where nothing tells them, and nothing is invented', () => {
    const { blanks, modules } = generated();

    expect([...new Set(blanks.map(({ kind }) => kind))].toSorted()).toEqual([
      'KVList to receive',
      'KVList to send',
      'Set DNC',
      'authorization profile',
      'disposition',
      'skill',
    ]);
    expect(textAt(modules.get('Hang up: AI - Sale')?.data, 'dispo', 'id')).toBe('0');
    expect(textAt(modules.get('Skill: Sales')?.data, 'listOfSkillsEx', 'extrnalObj', 'id')).toBe('0');
  });

  it('of skills are filled when the domain was asked', () => {
    const { blanks, modules } = generated({ skills: new Map([['Sales', '300777']]) });

    expect(blanks.map(({ kind }) => kind)).not.toContain('skill');
    expect(textAt(modules.get('Skill: Sales')?.data, 'listOfSkillsEx', 'extrnalObj', 'id')).toBe('300777');
  });
});

describe('the frame', () => {
  it('keeps everything but modules and variables', () => {
    const frame = emptyFrame();
    frame.children.unshift(element('domainId', 100_001));
    frame.children.push(element('somethingNew', 'kept'));

    const { root } = generateScript(inputOf({ frame }));

    expect(root.children.map(({ name }) => name)).toEqual(frame.children.map(({ name }) => name));
    expect(textAt(root, 'domainId')).toBe('100001');
    expect(textAt(root, 'somethingNew')).toBe('kept');
    expect(childOf(root, 'modules')?.children.length).toBeGreaterThan(10);
    expect(childOf(frame, 'modules')?.children).toEqual([]);
  });
});

describe('the configuration', () => {
  it('needs the number and the skill only', () => {
    expect(springConfig().campaigns.Spring?.script).toMatchObject({ handoff: 'A', maxCallSec: 1800 });
  });

  it('says when a route of the site has no action', () => {
    const campaign = { safeRoute: 'vip', script: { transferTo: '+12125550100', skill: 'Sales' } };

    expect(() => configOf({ campaigns: { Spring: campaign } })).toThrow(/the route \\"vip\\"/);
  });

  it('says when two scripts would have one name', () => {
    const script = { transferTo: '+12125550100', skill: 'Sales', name: 'First touch' };
    const autumn = { ...script, name: 'Autumn', handoff: 'B', inboundName: 'First touch' };

    expect(() => configOf({ campaigns: { Spring: { script }, Summer: { script } } })).toThrow(
      /as the script of Spring/,
    );
    expect(() => configOf({ campaigns: { Spring: { script }, Autumn: { script: autumn } } })).toThrow(/inboundName/);
  });

  it('gives names that are alike a variable each', () => {
    const config = springConfig();
    config.headers = ['X-lead-id', 'X-lead_id'].map((name) => ({ name, from: 'lead_id' }));
    const { modules } = generated({ config });
    const rule = childOf(childOf(modules.get('Register')?.data, 'responseInfos'), 'regexp');
    const variables = childrenOf(rule, 'regexpParameters').map((group) => textAt(group, 'variable'));

    expect(variables.slice(-2)).toEqual(['x_lead_id', 'x_lead_id_2']);
  });

  it('says when a campaign without a script is asked for one', () => {
    expect(() => generateScript(inputOf({ campaign: 'Autumn' }))).toThrow('the campaign "Autumn" has no script');
  });
});

function reachable(modules: readonly IvrModule[], from: IvrModule | undefined): Set<IvrModule> {
  const seen = new Set<IvrModule>();
  const open = from ? [from] : [];
  for (let module = open.pop(); module; module = open.pop()) {
    if (seen.has(module)) continue;
    seen.add(module);
    open.push(...modules.filter(({ id }) => targetsOf(module as IvrModule).includes(id)));
  }
  return seen;
}

/** Where variables are named in a module. */
function variablesIn(node: XmlNode | undefined): string[] {
  if (!node) return [];
  const names = ['variableName', 'variable', 'send3rdPartyVariable', 'receive3rdPartyVariable'];
  return node.children.length > 0 ? node.children.flatMap(variablesIn) : names.includes(node.name) ? [node.text] : [];
}

function branches(modules: ReadonlyMap<string, IvrModule>, name: string): Record<string, string> {
  const entries = modules.get(name)?.branches ?? [];
  return Object.fromEntries(entries.map((branch) => [branch.name, nameAt(modules, branch.target)]));
}

function nameAt(modules: ReadonlyMap<string, IvrModule>, id: string | undefined): string {
  return [...modules.values()].find((module) => module.id === id)?.name ?? '';
}

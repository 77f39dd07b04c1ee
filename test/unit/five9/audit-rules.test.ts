import { describe, expect, it } from 'vitest';
import { auditContext } from '../../../connectors/five9/ivr/audit/audit-context.ts';
import { auditScript } from '../../../connectors/five9/ivr/audit/audit-script.ts';
import type { Severity } from '../../../connectors/five9/ivr/audit/finding.ts';
import { rules } from '../../../connectors/five9/ivr/audit/rules.ts';
import { readScript } from '../../../connectors/five9/ivr/script-model.ts';
import { audit, changed, goodScript, packed, publicUrl, replaced } from './audit-cast.ts';
import { configOf } from './cast.ts';
import { generated, madeUpSeed, springConfig } from './script-cast.ts';

const good = goodScript();
const inModule = (name: string, search: string | RegExp, by: string) => () =>
  changed(good, name, (block) => replaced(block, search, by));
const idOf = (name: string) =>
  new RegExp(`<moduleName>${name}</moduleName>[\\s\\S]*?<moduleId>(\\w+)<`).exec(good)?.[1] ?? '';
const addTo = (tag: string, added: string) => () => replaced(good, `</${tag}>`, `${added}</${tag}>`);
/** A header or a variable with a constant. */
const entry = (key: string, value: string) =>
  `<entry><key>${key}</key><value><isVarSelected>false</isVarSelected><stringValue><value>${value}</value><id>0</id></stringValue></value></entry>`;
const put = (key: string, value = 'gate_route') =>
  `<expressions><variableName>__BUFFER__</variableName><isFunction>true</isFunction><function><returnType>STRING</returnType><name>PUT</name></function>` +
  `<functionArgs><isVarSelected>true</isVarSelected><variableName>lead_data</variableName></functionArgs>` +
  `<functionArgs><isVarSelected>false</isVarSelected><stringValue><value>${key}</value></stringValue></functionArgs>` +
  `<functionArgs>${value.includes(' ') ? `<isVarSelected>false</isVarSelected><stringValue><value>${value}</value></stringValue>` : `<isVarSelected>true</isVarSelected><variableName>${value}</variableName>`}</functionArgs></expressions>`;
const addPut = (...expressions: string[]) => inModule('Fill headers', '<data>', `<data>${expressions.join('')}`);
const prompt =
  '<prompt><filePrompt><promptData><promptSelected>true</promptSelected><prompt><id>0</id><name>Hello</name></prompt></promptData></filePrompt>';

/** What else is said of a Query that is not connected. */
const unfinished = [
  'script.not-ours',
  'modules.ids',
  'paths.dead-end',
  'paths.unreachable',
  'query.timeout',
  'query.error-branch',
  'response.success',
];

/** A bad script for a rule, and the module that is named; a further rule only where one fault is never alone. */
const bad: readonly [rule: string, severity: Severity, module: string, make: () => string, others?: string[]][] = [
  ['modules.start', 'error', '', () => replaced(good, /<incomingCall>[\s\S]*<\/incomingCall>/, ''), ['edges.mirrored']],
  [
    'modules.start',
    'error',
    'Incoming call',
    inModule('Incoming call', /<singleDescendant>.*/, ''),
    ['edges.mirrored', 'paths.unreachable'],
  ],
  ['modules.hangup-pair', 'error', '', () => replaced(good, /<modulesOnHangup>[\s\S]*<\/modulesOnHangup>/, '')],
  ['modules.ids', 'error', 'Hang up', () => good.replaceAll(idOf('Hang up'), 'HANGUP-1')],
  [
    'modules.names',
    'warning',
    'Hang up',
    inModule('Hang up: AI - Sale', '<moduleName>Hang up: AI - Sale', '<moduleName>Hang up'),
  ],
  [
    'edges.resolve',
    'error',
    'Refused',
    inModule('Refused', /<desc>\w+/, `<desc>${'0'.repeat(32)}`),
    ['edges.mirrored'],
  ],
  ['edges.mirrored', 'error', 'Set DNC', inModule('Set DNC', /<ascendants>.*\n/, '')],
  [
    'paths.dead-end',
    'error',
    'Read headers',
    inModule('Read headers', /<singleDescendant>.*/, ''),
    ['edges.mirrored', 'paths.unreachable', 'transfer.returns', 'paths.end'],
  ],
  [
    'paths.unreachable',
    'warning',
    'Island',
    addTo('modules', `<hangup><moduleName>Island</moduleName><moduleId>${'A'.repeat(32)}</moduleId></hangup>`),
  ],
  ['paths.end', 'error', 'Round', () => withRound('play'), ['edges.mirrored', 'loops.quiet']],
  ['loops.quiet', 'warning', 'Round', () => withRound('play'), ['edges.mirrored', 'paths.end']],
  ['loops.counted', 'error', 'Ask outcome', inModule('Count tries', '<name>SUM</name>', '<name>CONCAT</name>')],
  ['query.timeout', 'error', 'Register', inModule('Register', /<fetchTimeout>\d+/, '<fetchTimeout>30')],
  ['query.timeout', 'error', 'Ask outcome', inModule('Ask outcome', /<fetchTimeout>\d+/, '<fetchTimeout>1')],
  [
    'query.error-branch',
    'error',
    'Register',
    inModule('Register', /<exceptionalDescendant>.*\n/, ''),
    ['edges.mirrored'],
  ],
  [
    'query.error-to-ai',
    'error',
    'Ask outcome',
    inModule('Ask outcome', /<exceptionalDescendant>\w+/, `<exceptionalDescendant>${idOf('Fill headers')}`),
    ['edges.mirrored', 'loops.counted'],
  ],
  ['query.address', 'error', 'Register', inModule('Register', '/five9/register', '/other/register')],
  [
    'query.address',
    'error',
    'Ask outcome',
    inModule('Ask outcome', 'https://patchbay.example.com', 'https://old.example.com'),
  ],
  ['query.address', 'error', 'Ask outcome', inModule('Ask outcome', '<method>POST', '<method>DELETE')],
  ['query.call-id', 'error', 'Register', inModule('Register', '<key>call_id</key>', '<key>id</key>')],
  ['query.call-id', 'warning', 'Ask outcome', () => askingBy('number')],
  ['query.call-id', 'error', 'Ask outcome', () => askingBy('agent')],
  ['query.call-id', 'error', 'Ask outcome', () => askingByFixedBody()],
  [
    'query.authorization',
    'error',
    'Register',
    inModule('Register', /<authProfileHolder>[\s\S]*<\/authProfileHolder>/, ''),
  ],
  [
    'query.authorization',
    'open',
    'Register',
    inModule('Register', /(?<=<authProfileHolder>\s*<extrnalObj>\s*)<id>\d+/, '<id>0'),
  ],
  ['query.personal-data', 'remark', 'Register', inModule('Register', '<method>POST', '<method>GET')],
  ['query.body', 'error', 'Register', inModule('Register', /<base64>.*<\/base64>/, '<base64>bm90IGd6aXA=</base64>')],
  [
    'response.success',
    'error',
    'Register',
    inModule('Register', /<responseInfos>[\s\S]*<\/responseInfos>/, ''),
    ['case.covers'],
  ],
  [
    'response.success',
    'error',
    'Register',
    inModule('Register', /<from>200<\/from>\s*<to>200</, '<from>201</from><to>299<'),
    ['response.range', 'case.covers'],
  ],
  [
    'response.range',
    'error',
    'Register',
    inModule(
      'Register',
      '</responseInfos>',
      '</responseInfos><responseInfos><from>500</from><to>400</to></responseInfos>',
    ),
  ],
  ['response.variables', 'error', 'Register', inModule('Register', '<variable>gate_reason', '<variable>nobody')],
  ['response.variables', 'error', 'Register', inModule('Register', '<variable>gate_reason', '<variable>tries')],
  [
    'response.variables',
    'error',
    'Register',
    inModule('Register', /<groupIndex>\d+/, '<groupIndex>77'),
    ['case.covers'],
  ],
  [
    'response.regex',
    'error',
    'Register',
    inModule('Register', /(?<=<regexp>\s*)<regexp>[^<]*/, '<regexp>{&quot;status&quot;:&quot;(a)(b)(c)(d)(e)(f)(g)'),
  ],
  [
    'response.fit',
    'error',
    'Ask outcome',
    inModule('Ask outcome', /&quot;(status|route)&quot;/, '&quot;state&quot;'),
    ['case.covers'],
  ],
  [
    'response.fit',
    'warning',
    'Register',
    inModule('Register', 'reason&quot;:&quot;([^&quot;]*', 'reason&quot;:&quot;([^&quot;]+'),
  ],
  ['case.no-match', 'error', 'Route', inModule('Route', '<key>No Match', '<key>Rest')],
  ['case.branches', 'error', 'Route', inModule('Route', '<key>ai<', `<key>${'a'.repeat(36)}<`)],
  ['case.covers', 'error', 'What next', inModule('What next', '<value>callback<', '<value>skill<')],
  ['case.unknown-value', 'warning', 'What next', inModule('What next', '<value>dnc<', '<value>dncc<'), ['case.covers']],
  [
    'case.dnc',
    'open',
    'Hang up',
    () => good.replace(/(<key>dnc<[\s\S]*?<desc>)\w+/, `$1${idOf('Hang up')}`),
    ['edges.mirrored', 'paths.unreachable'],
  ],
  ['transfer.there', 'error', 'Register', () => good.replaceAll('thirdPartyTransfer>', 'agentTransfer>')],
  [
    'transfer.registered',
    'error',
    'Transfer to AI',
    inModule('Register', '/register<', '/outcome<'),
    ['case.covers', 'case.unknown-value', 'response.fit', 'transfer.returns'],
  ],
  [
    'transfer.registered',
    'warning',
    'Transfer to AI',
    () => replaced(inModule('Register', '/register<', '/outcome<')(), '<attributes>8<', '<attributes>72<'),
    ['case.covers', 'case.unknown-value', 'response.fit', 'transfer.returns'],
  ],
  ['transfer.number', 'error', 'Transfer to AI', inModule('Transfer to AI', '<value>+12125550100', '<value>')],
  [
    'transfer.returns',
    'error',
    'Transfer to AI',
    inModule('Transfer to AI', '<returnAfter3rdParty>true', '<returnAfter3rdParty>false'),
  ],
  [
    'transfer.time',
    'error',
    'Transfer to AI',
    inModule('Transfer to AI', /<maxTimeOf3rdParty>\d+/, '<maxTimeOf3rdParty>300'),
  ],
  [
    'transfer.ringing',
    'error',
    'Transfer to AI',
    inModule('Transfer to AI', /<ringingTimeout>\d+/, '<ringingTimeout>'),
  ],
  [
    'transfer.sends',
    'error',
    'Transfer to AI',
    inModule('Transfer to AI', '<send3rdParty>true', '<send3rdParty>false'),
  ],
  [
    'transfer.sends',
    'open',
    'Transfer to AI',
    inModule('Transfer to AI', /<(send|receive)3rdPartyVariable>.*\n.*\n.*\n/, ''),
  ],
  ['transfer.keys', 'error', 'Fill headers', addPut(put('lead'))],
  [
    'transfer.keys',
    'error',
    'Fill headers',
    inModule('Fill headers', '<variableName>x_correlation_id', '<variableName>Call.call_id'),
  ],
  ['transfer.keys', 'error', 'Transfer to AI', () => prefilled('{"city":"Denver"}')],
  ['transfer.keys', 'error', 'Fill headers', addPut(put('X-phone', 'call 212 555 0123'))],
  ['transfer.keys', 'error', 'Transfer to AI', addPut(...Array.from({ length: 11 }, (_, index) => put(`X-${index}`)))],
  ['variables.declared', 'error', 'Fill headers', addPut(put('X-more', 'nobody'))],
  ['ids.disposition', 'open', 'Hang up: AI - Sale', inModule('Hang up: AI - Sale', /<id>\d+/, '<id>0')],
  [
    'ids.skill',
    'open',
    'Skill: Sales',
    inModule('Skill: Sales', /(?<=<listOfSkillsEx>\s*<extrnalObj>\s*)<id>\d+/, '<id>0'),
  ],
  ['ids.prompt', 'error', 'Register', inModule('Register', '<prompt>', prompt)],
  ['ids.dnc', 'open', 'Set DNC', inModule('Set DNC', /<data>[\s\S]*<\/data>/, '<data/>')],
  [
    'script.foreign-script',
    'remark',
    'Elsewhere',
    () =>
      good.replaceAll('skillTransfer>', 'foreignScript>').replace('<moduleName>Skill: Sales', '<moduleName>Elsewhere'),
  ],
  ['script.not-ours', 'remark', '', () => ordinary()],
  [
    'secrets.query',
    'error',
    'Register',
    inModule('Register', '<headers/>', `<headers>${entry('Authorization', 'Basic bWFkZTp1cA==')}</headers>`),
  ],
  [
    'secrets.query',
    'error',
    'Register',
    inModule('Register', /<base64>.*</, `<base64>${packed('{"password":"made-up-word"}')}<`),
  ],
  [
    'secrets.constants',
    'error',
    '',
    addTo(
      'userVariables',
      '<entry><key>api_key</key><value><name>api_key</name><stringValue><value>made-up</value></stringValue></value></entry>',
    ),
  ],
  ['secrets.soap', 'error', 'Look up', () => replaced(ordinary(), '<play>', soapQuery), unfinished],
];

const soapQuery =
  '<query><moduleName>Look up</moduleName><data><url>https://api.five9.com/wsadmin/v11/AdminWebService</url></data></query><play>';

/** The outcome Query names the call by another parameter only. */
function askingBy(key: string): string {
  return changed(good, 'Ask outcome', (block) =>
    replaced(replaced(block, '<key>call_id<', `<key>${key}<`), '<key>correlation_id<', '<key>correlation<'),
  );
}

/** The body has the key, and no variable stands in it. */
function askingByFixedBody(): string {
  return changed(askingBy('agent'), 'Ask outcome', (block) =>
    replaced(block, /<base64>.*</, `<base64>${packed('{"call_id":""}')}<`),
  );
}

/** The KVList for the AI with a content from the start. */
function prefilled(content: string): string {
  const value = Buffer.from(content).toString('base64');
  return replaced(good, /(?<=<name>lead_data<[\s\S]*?<kvListValue>\s*<value>)[^<]*/, value);
}

/** Two modules that lead to each other, and that the route "skill" leads to. */
function withRound(tag: string): string {
  const [one, other] = ['B'.repeat(32), 'C'.repeat(32)];
  const module = (name: string, id: string, next: string, from: string) =>
    `<${tag}>${from}<singleDescendant>${next}</singleDescendant><moduleName>${name}</moduleName><moduleId>${id}</moduleId><data/></${tag}>`;
  const ascendant = (id: string) => `<ascendants>${id}</ascendants>`;
  const round =
    module('Round', one, other, ascendant(idOf('Refused')) + ascendant(other)) +
    module('And round', other, one, ascendant(one));
  return changed(replaced(good, '</modules>', `${round}</modules>`), 'Refused', (block) =>
    replaced(block, /(?<=No Match<\/name>\s*)<desc>\w+/, `<desc>${one}`),
  );
}

/** A script that knows nothing of us. */
function ordinary(): string {
  return goodScript('ordinary.five9ivr');
}

describe('the rules', () => {
  it.each(bad)(
    '%s (%s, "%s") is red for its bad example, and no other',
    (rule, severity, module, make, others = []) => {
      const findings = audit(make());

      const own = findings.filter((finding) => finding.rule === rule);
      expect(own.map((finding) => [finding.severity, finding.module])).toContainEqual([severity, module]);
      const allowed = [rule, ...others];
      expect(findings.filter((finding) => !allowed.includes(finding.rule))).toEqual([]);
      expect(own.filter(({ what, change }) => what === '' || change === '')).toEqual([]);
    },
  );

  it('have a bad example each', () => {
    const named = new Set(bad.map(([rule]) => rule));

    expect(rules.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
  });

  it.each(['good-handoff-a.five9ivr', 'good-inbound.five9ivr'])('find nothing in %s', (name) => {
    expect(audit(goodScript(name))).toEqual([]);
  });
});

describe('what is no secret', () => {
  it.each([
    ['key', 'X-city'],
    ['plan', 'Basic insurance'],
  ])('%s = "%s"', (name, value) => {
    const variable = `<entry><key>${name}</key><value><name>${name}</name><stringValue><value>${value}</value></stringValue></value></entry>`;

    expect(audit(addTo('userVariables', variable)())).toEqual([]);
  });
});

describe('a variable for several answers', () => {
  it('is judged by the Query that filled it last', () => {
    expect(audit(good.replaceAll('>gate_route<', '>ai_route<'))).toEqual([]);
  });
});

describe('a transfer', () => {
  it('that should return is found where nothing registers, too', () => {
    const elsewhere = changed(goodScript(), 'Register', (block) =>
      replaced(block, /<url>.*</, '<url>https://elsewhere.example.com/ask<'),
    );
    const findings = audit(
      changed(elsewhere, 'Transfer to AI', (block) =>
        replaced(
          replaced(block, '<returnAfter3rdParty>true', '<returnAfter3rdParty>false'),
          /<singleDescendant>.*\n/,
          '',
        ),
      ),
    );

    expect(findings).toContainEqual(expect.objectContaining({ rule: 'transfer.returns', module: 'Transfer to AI' }));
  });

  it('of a script that does not ask us has keys that are headers', () => {
    const foreign = goodScript().replaceAll('https://patchbay.example.com/v1/ivr', 'https://elsewhere.example.com');
    const findings = audit(
      changed(foreign, 'Fill headers', (block) => replaced(block, '<data>', `<data>${put('lead')}`)),
    );

    expect(findings.map(({ rule, module }) => [rule, module])).toEqual([
      ['transfer.keys', 'Fill headers'],
      ['script.not-ours', ''],
    ]);
  });
});

describe('a generated script', () => {
  const kinds = [
    ['handoff A', springConfig(), 'call'],
    ['handoff A with a screen pop', springConfig({}, { ivr: { callVariableGroup: 'SigmaMind' } }), 'call'],
    ['handoff A without headers of the hang-up', springConfig({ receiveHeaders: false }), 'call'],
    ['handoff B', springConfig({ handoff: 'B' }), 'call'],
    ['the inbound script of handoff B', springConfig({ handoff: 'B' }), 'inbound'],
  ] as const;

  it.each(kinds)('has no finding with a seed: %s', (_name, config, part) => {
    const { root } = generated({ config, part, seed: madeUpSeed() });

    expect(auditScript(readScript(root), auditContext('five9', publicUrl, config, 'Spring'))).toEqual([]);
  });

  it.each(kinds)('has only its blanks open without a seed: %s', (_name, config, part) => {
    const { root, blanks } = generated({ config, part });

    const findings = auditScript(readScript(root), auditContext('five9', publicUrl, config, 'Spring'));

    expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['open']));
    expect(findings.length).toBe(blanks.length);
  });

  it('for a number that several campaigns share reads the fields of all in one order', () => {
    const script = { transferTo: '+12125550100', skill: 'Sales', handoff: 'B' };
    const dispositions = { qualified: 'AI - Qualified' };
    const config = configOf({
      budgets: { contextMs: 700 },
      campaigns: {
        Spring: { screenPop: ['intent', 'city'], dispositions, script },
        Autumn: { screenPop: ['city', 'intent'], dispositions, script },
      },
    });
    const { root } = generated({ config, campaign: 'Autumn', part: 'inbound', seed: madeUpSeed() });
    const context = auditContext('five9', publicUrl, config, 'Autumn');

    expect(auditScript(readScript(root), context)).toEqual([]);
    expect(context.budgetsMs.context).toBe(700);
  });
});

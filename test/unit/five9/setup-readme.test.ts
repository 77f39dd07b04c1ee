import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { Five9Config } from '../../../connectors/five9/config.ts';
import { readExpression, readOperand } from '../../../connectors/five9/ivr/audit/operands.ts';
import { generateScript } from '../../../connectors/five9/ivr/script/generate.ts';
import { learnSeed } from '../../../connectors/five9/ivr/script/seed.ts';
import { type IvrModule, type IvrScript, readScript } from '../../../connectors/five9/ivr/script-model.ts';
import { childOf, childrenOf, readXml, textAt } from '../../../connectors/five9/ivr/xml.ts';
import { defaultLimits } from '../../../connectors/five9/quota/windows.ts';
import { connectors } from '../../../connectors/index.ts';
import { seedScript } from '../../simulators/five9/ivr/seed-script.ts';
import { start, stopAfterEach } from './start-dialer.ts';

stopAfterEach();

const folder = new URL('../../../connectors/five9/', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');
const page = readFileSync(new URL('docs/ivr-script.md', folder), 'utf8');

let config: Five9Config;

beforeAll(async () => {
  const shown = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const home = mkdtempSync(join(tmpdir(), 'patchbay-readme-'));
  const file = join(home, 'patchbay.yaml');
  writeFileSync(file, `secret: secret-of-the-hashes\n${shown.join('')}`);
  const env = { FIVE9_KEY_SHA256: 'a'.repeat(64), FIVE9_PASSWORD: 'x1' };
  const loaded = await loadConfig({ file, env, registry: connectors });
  rmSync(home, { recursive: true });
  if (loaded.kind === 'faults') throw new Error(loaded.report);
  config = Five9Config.parse(loaded.config.dialers.five9);
});

/** The script that is generated for the configuration on the README. */
function generated(handoff: 'A' | 'B', part: 'call' | 'inbound'): IvrScript {
  const spring = config.campaigns['Spring outbound'];
  if (!spring?.script) throw new Error('the README has no script');
  const campaigns = { 'Spring outbound': { ...spring, script: { ...spring.script, handoff } } };
  const publicUrl = 'https://patchbay.example.com';
  // The page says itself how the transfer is set; only Set DNC needs a seed to be there at all.
  const seed = { ...learnSeed(readXml(seedScript([]))), transfer: undefined };
  const input = { id: 'five9', publicUrl, config: { ...config, campaigns }, campaign: 'Spring outbound', part, seed };
  return readScript(generateScript(input).root);
}

/** What stands on the page under the heading of a module. */
function sectionOf(module: string): string {
  const name = module.startsWith('Hang up') ? 'Hang up, and Hang up: …' : module;
  const section = page.split(/^##+ /m).find((text) => text.startsWith(`${name}\n`));
  if (section === undefined) throw new Error(`the page has no section ${name}`);
  return section;
}

/** The rows of the first table in a text, without backticks. */
function rowsOf(text: string): string[][] {
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((line) => line.slice(2, -2).replaceAll('`', '').split(' | '));
}

describe('the page about the script says of each module what the generator makes of the same configuration', () => {
  const scripts = [
    ['handoff A', 'A', 'call'],
    ['handoff B', 'B', 'inbound'],
  ] as const;

  it.each(scripts)('%s: Queries', (_, handoff, part) => {
    const queries = generated(handoff, part).modules.filter(({ tag }) => tag === 'query');

    expect(queries.length).toBeGreaterThan(0);
    for (const { name, data } of queries) {
      const section = sectionOf(name);
      const rule = childOf(childOf(data, 'responseInfos'), 'regexp');
      const groups = childrenOf(rule, 'regexpParameters').map((group) => `\`${textAt(group, 'variable')}\``);
      expect(section).toContain(`\`${textAt(data, 'url')}\``);
      expect(rowsOf(section)).toEqual(
        childrenOf(childOf(data, 'parameters'), 'entry').map((entry) => {
          const operand = readOperand(childOf(entry, 'value'));
          return [textAt(entry, 'key'), operand.kind === 'variable' ? operand.name : ''];
        }),
      );
      expect(/```regex\n(.*)\n```/.exec(section)?.[1]).toBe(textAt(rule, 'regexp'));
      expect(section).toContain(`Groups: ${groups.join(' ')}\n`);
      expect([textAt(data, 'method'), textAt(data, 'fetchTimeout'), textAt(rule, 'regexpFlags')]).toEqual([
        ...['POST', '5', '32'],
      ]);
    }
  });

  it.each(scripts)('%s: branches', (_, handoff, part) => {
    const { modules } = generated(handoff, part);
    const nameOf = new Map(modules.map(({ id, name }) => [id, name]));

    for (const { name, branches } of modules.filter((module) => module.branches.length > 0)) {
      const wanted = branches.map((branch) => [branch.name, nameOf.get(branch.target)]);
      expect([name, ...rowsOf(sectionOf(name)).sort()]).toEqual([name, ...wanted.sort()]);
    }
  });

  it.each(scripts)('%s: what Set Variable puts where', (_, handoff, part) => {
    const tables = ['Fill headers', 'Screen pop'];
    const filling = generated(handoff, part).modules.filter(({ name }) => tables.includes(name));

    for (const { name, data } of filling) {
      const rows = childrenOf(data, 'expressions').map(readExpression);
      const shown = rows.map(({ target, args }) => {
        const words = args.map((arg) => (arg.kind === 'variable' ? arg.name : arg.text));
        return name === 'Fill headers' ? words : [target, words[0]];
      });
      expect(rowsOf(sectionOf(name))).toEqual(shown);
    }
  });

  it.each(scripts)('%s: every module, and where it leads', (_, handoff, part) => {
    const { modules } = generated(handoff, part);
    const nameOf = new Map(modules.map(({ id, name }) => [id, name]));

    for (const { tag, name, next } of modules.filter((module) => !/incomingCall|hangup/.test(module.tag))) {
      const text = sectionOf(name).replace(/\s+/g, ' ');
      const target = nameOf.get(next);
      if (target !== undefined && part === 'call')
        expect(`${tag} ${text}`).toMatch(new RegExp(`then \`${target}\``, 'i'));
    }
  });

  it('the transfer, the error branches and the variables', () => {
    const { modules, variables } = generated('A', 'call');
    const nameOf = new Map(modules.map(({ id, name }) => [id, name]));
    const transfer = modules.find(({ tag }) => tag === 'thirdPartyTransfer') as IvrModule;
    const byType = (type: string) =>
      [...variables.values()].filter((each) => each.type === type).map(({ name }) => name);
    const errors = new Set(modules.filter(({ tag }) => tag === 'query').map(({ onError }) => nameOf.get(onError)));
    const listed = rowsOf(sectionOf('Before you begin')).map(([, names = '']) => names.split(' ').sort());

    expect(sectionOf('Transfer to AI')).toContain(`${textAt(transfer.data, 'maxTimeOf3rdParty')} seconds: at the end`);
    expect(sectionOf('Transfer to AI')).toContain(`${textAt(transfer.data, 'ringingTimeout')} seconds |`);
    expect(sectionOf('Transfer to AI')).toContain('`+12125550100`');
    expect([...errors]).toEqual(['Skill: Sales']);
    expect(listed).toEqual(['KVLIST', 'INTEGER', 'STRING'].map((type) => byType(type).sort()));
  });
});

describe('the README', () => {
  it('lists every command with its options, and no other', async () => {
    const { dialer } = await start(() => ({ body: '' }));
    const table = rowsOf(readme.split('## Commands')[1]?.split('\n## ')[0] ?? '');
    const shown = table.map(([usage = '']) => [usage.split(' ')[0], ...(usage.match(/--[a-z-]+/g) ?? [])]);
    const known = (dialer.commands ?? []).map(({ name, options = [] }) => [
      name,
      ...options.map(({ flags }) => flags.split(' ')[0] ?? ''),
    ]);

    expect(shown.map((words) => words.sort())).toEqual(known.map((words) => words.sort()));
  });

  it('names no command that there is not', async () => {
    const { dialer } = await start(() => ({ body: '' }));
    const known = new Set(dialer.commands?.map(({ name }) => name));
    const named = [...`${readme}${page}`.matchAll(/npx patchbay five9 ([a-z-]+)/g)].map(([, name = '']) => name);

    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('has the limits that hold until Five9 tells its own', () => {
    const table = rowsOf(readme.split('## Limits')[1]?.split('\n## ')[0] ?? '');

    expect(Object.fromEntries(table.map(([name, ...limits]) => [name, limits.slice(0, 3).map(Number)]))).toEqual(
      defaultLimits,
    );
  });

  it('has a target for every link', () => {
    const anchors = new Map(
      [
        ['README.md', readme],
        ['docs/ivr-script.md', page],
      ].map(([file = '', text = '']) => [
        new URL(file, folder).href,
        [...text.matchAll(/^##+ (.*)$/gm)].map(([, title = '']) =>
          title
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, '')
            .replaceAll(' ', '-'),
        ),
      ]),
    );
    const links = [...anchors.keys()].flatMap((from) => {
      const text = readFileSync(new URL(from), 'utf8');
      return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to = '']) => new URL(to, from));
    });

    expect(links.length).toBeGreaterThan(20);
    for (const { href, hash } of links) {
      const file = href.split('#')[0] ?? '';
      expect([href, existsSync(new URL(file))]).toEqual([href, true]);
      if (hash) expect(anchors.get(file)).toContain(hash.slice(1));
    }
  });
});

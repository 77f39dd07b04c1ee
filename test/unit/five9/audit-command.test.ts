import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { element, writeXml } from '../../../connectors/five9/ivr/xml.ts';
import { changed, goodScript, replaced } from './audit-cast.ts';
import { springConfig } from './script-cast.ts';
import { answerXml } from './soap-stub.ts';
import { start, stopAfterEach } from './start-dialer.ts';

stopAfterEach();

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const good = fileURLToPath(new URL('scripts/good-handoff-a.five9ivr', import.meta.url));
const noTimeout = changed(goodScript(), 'Register', (block) => replaced(block, /<fetchTimeout>\d+/, '<fetchTimeout>'));

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  folders.push(folder);
  await writeFile(join(folder, 'script.five9ivr'), text);
  return join(folder, 'script.five9ivr');
}

/** Runs `audit` before a domain that has these scripts. */
async function run(words: string[], options: Record<string, unknown> = {}, scripts: Record<string, string> = {}) {
  const definitions = Object.entries(scripts).map(([name, xml]) =>
    writeXml(element('return', [element('name', name), element('xmlDefinition', xml)])).replace(/^<\?xml.*\n/, ''),
  );
  const answers: Record<string, string> = {
    getIVRScripts: definitions.join(''),
    getContactFields: '<return><name>patchbay_key</name><type>STRING</type></return>',
  };
  const { campaigns, callbackList } = springConfig();
  const { dialer, stub } = await start((operation) => ({ body: answerXml(operation, answers[operation] ?? '') }), {
    campaigns,
    callbackList,
  });
  const command = dialer.commands?.find(({ name }) => name === 'audit');
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const code = await command?.run(words, options, { write, isTerminal: false, isJson: options.json === true });
  const patterns = stub.requests.map(({ xml }) => /<namePattern>(.*?)<\/namePattern>/.exec(xml)?.[1]).filter(Boolean);
  return { code, text: lines.join('\n'), lines, patterns };
}

describe('patchbay five9 audit', () => {
  it('ends with 0 when nothing is wrong, and asks Five9 nothing about a file', async () => {
    const { code, text, patterns } = await run([good]);

    expect(code).toBe(0);
    expect(text).toMatch(/nothing found/);
    expect(patterns).toEqual([]);
  });

  it('ends with 1 when there is an error, and says in which module, which line and what to change', async () => {
    const { code, text } = await run([await fileWith(noTimeout), good]);

    expect(code).toBe(1);
    expect(text).toMatch(
      /error query\.timeout in "Register" \(line \d+\): it has no time-out\n {4}→ Set Fetch Timeout/,
    );
  });

  it('ends with 2 when a file is not there or is no script, and judges the others all the same', async () => {
    const { code, lines } = await run(['/nowhere.five9ivr', await fileWith('hello'), await fileWith(noTimeout)], {
      json: true,
    });

    expect(code).toBe(2);
    expect(lines.map((line) => Object.keys(JSON.parse(line)))).toEqual([
      ['script', 'error', 'hint'],
      ['script', 'error', 'hint'],
      ['script', 'findings'],
    ]);
  });

  it('reads the scripts of the domain by an anchored pattern, whatever encoding they declare', async () => {
    const latin = noTimeout
      .replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
      .replaceAll('Fill headers', 'Köpfe füllen');
    const { code, lines, patterns } = await run(
      [],
      { domain: true, name: 'Patchbay.*', json: true },
      { 'Patchbay Spring': latin },
    );

    expect(code).toBe(1);
    expect(patterns).toEqual(['^(?:Patchbay.*)$']);
    const [{ script, findings }] = lines.map((line) => JSON.parse(line)) as [
      { script: string; findings: { rule: string; what: string }[] },
    ];
    expect(script).toBe('Patchbay Spring');
    expect(findings.map(({ rule }) => rule)).toContain('query.timeout');
    // The domain was asked for its contact fields: one that it lacks is found.
    expect(findings.map(({ what }) => what)).toContain('contacts have no field first_name');
  });

  it('refuses a campaign that the configuration does not have, and no file at all', async () => {
    await expect(run([good], { campaign: 'Autumn' })).rejects.toThrow('the configuration has no campaign "Autumn"');
    await expect(run([])).rejects.toThrow('no script was named');
  });
});

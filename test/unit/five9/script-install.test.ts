import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readScript } from '../../../connectors/five9/ivr/script-model.ts';
import { readXml, textAt } from '../../../connectors/five9/ivr/xml.ts';
import { modulesOf, seedText } from './script-cast.ts';
import { refusal, startScriptDomain } from './script-domain.ts';
import { stopAfterEach } from './start-dialer.ts';

const spring = {
  dispositions: { sale: 'AI - Sale', opt_out: 'AI - Do not call' },
  script: { transferTo: '+12125550100', skill: 'Sales' },
};
const campaigns = { Spring: spring };
const name = 'Patchbay Spring';
const foreign = {
  description: 'By Grace',
  xml: '<ivrScript><modules><incomingCall><moduleName>Hers</moduleName><moduleId>1</moduleId></incomingCall></modules></ivrScript>',
};
const folders: string[] = [];

stopAfterEach();
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('script', () => {
  it('shows what would be installed, and changes nothing', async () => {
    const five9 = await startScriptDomain(campaigns);

    const { code, text } = await five9.run(['Spring']);

    expect(code).toBe(0);
    expect(text).toContain('+ module Transfer to AI');
    expect(text).toContain('--apply installs it');
    expect(text).toContain('disposition "AI - Sale" in module "Hang up: AI - Sale"');
    expect(text).not.toContain('skill "Sales" in module');
    expect(five9.writes()).toEqual([]);
  });

  it('--apply fills the frame that Five9 makes, and a second time changes nothing', async () => {
    const five9 = await startScriptDomain(campaigns);

    const first = await five9.run(['Spring'], { apply: true, json: true });
    const second = await five9.run(['Spring'], { apply: true, json: true });

    const kept = five9.scripts.get(name);
    const root = readXml(kept?.xml ?? '');
    expect(first).toMatchObject({ code: 0, results: [{ ok: true, done: 'created', normalised: null }] });
    expect(second).toMatchObject({ code: 0, results: [{ ok: true, done: 'nothing', difference: { isSame: true } }] });
    expect(five9.writes()).toEqual(['createIVRScript', 'modifyIVRScript']);
    expect(kept?.description).toMatch(/^Made by Patchbay/);
    expect(textAt(root, 'domainId')).toBe('100001');
    expect(readScript(root).modules.map(({ tag }) => tag)).toContain('thirdPartyTransfer');
  });

  it('--apply deletes the script that it has just created when it can not be filled', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.faults.set('modifyIVRScript', refusal);

    const { code, text } = await five9.run(['Spring'], { apply: true });

    expect(code).toBe(1);
    expect(text).toContain('→');
    expect(five9.writes()).toEqual(['createIVRScript', 'modifyIVRScript', 'deleteIVRScript']);
    expect(five9.scripts.size).toBe(0);
  });

  it('says so when the empty script can not be deleted, and fills it the next time', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.faults.set('modifyIVRScript', refusal).set('deleteIVRScript', refusal);

    const { code, text } = await five9.run(['Spring'], { apply: true });
    five9.faults.clear();

    expect(code).toBe(1);
    expect(text).toContain('nor deleted the empty one');
    expect((await five9.run(['Spring'], { apply: true })).code).toBe(0);
    expect(five9.scripts.get(name)?.xml).toContain('Transfer to AI');
    expect((await five9.run(['Spring'], { undo: true, json: true })).results).toMatchObject([{ undone: 'removed' }]);
  });

  it('knows its own script where Five9 keeps no description', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.ways.keepsDescriptions = false;
    await five9.run(['Spring'], { apply: true });

    const other = await startScriptDomain({ Spring: { ...spring, script: { ...spring.script, maxCallSec: 900 } } });
    for (const [key, value] of five9.cursors) other.cursors.set(key, value);
    for (const [key, value] of five9.scripts) other.scripts.set(key, value);

    expect(await other.run(['Spring'], { apply: true, json: true })).toMatchObject({
      code: 0,
      results: [{ done: 'changed' }],
    });
  });

  it('--apply keeps what was there when Five9 refuses the new one, and it stays foreign', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.scripts.set(name, foreign);
    five9.faults.set('modifyIVRScript', refusal);

    await five9.run(['Spring'], { apply: true, force: true });
    five9.faults.clear();
    const again = await five9.run(['Spring'], { apply: true });

    expect(again.code).toBe(1);
    expect(five9.scripts.get(name)).toEqual(foreign);
  });

  it('goes on where a lost answer left an empty script', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.faults.set('modifyIVRScript', { status: 503, body: '<html>busy</html>', isRaw: true });
    await five9.run(['Spring'], { apply: true });
    five9.faults.clear();
    expect(five9.scripts.get(name)?.description).toBe('');

    const { code } = await five9.run(['Spring'], { apply: true });

    expect(code).toBe(0);
    expect(five9.scripts.get(name)?.description).toMatch(/^Made by Patchbay/);
  });

  it('--apply does not touch a script of somebody else, unless forced', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.scripts.set(name, foreign);

    const refused = await five9.run(['Spring'], { apply: true });

    expect(refused.code).toBe(1);
    expect(refused.text).toContain('was not made by Patchbay');
    expect(five9.scripts.get(name)).toEqual(foreign);
    expect((await five9.run(['Spring'], { apply: true, force: true })).code).toBe(0);
    expect(five9.scripts.get(name)?.xml).toContain('Transfer to AI');
  });

  it('--apply does not undo what somebody changed in Five9 since', async () => {
    const five9 = await startScriptDomain(campaigns);
    await five9.run(['Spring'], { apply: true });
    const kept = five9.scripts.get(name);
    const xml = kept?.xml.replace('<value>+12125550100</value>', '<value>+12125550111</value>') ?? '';
    five9.scripts.set(name, { description: kept?.description ?? '', xml });

    const { code, text } = await five9.run(['Spring'], { apply: true });

    expect(code).toBe(1);
    expect(text).toContain('was changed in Five9 since it was installed');
    expect(five9.scripts.get(name)?.xml).toBe(xml);
  });

  it('keeps what was chosen by hand in place of a blank', async () => {
    const five9 = await startScriptDomain(campaigns);
    await five9.run(['Spring'], { apply: true });
    const kept = five9.scripts.get(name);
    const xml = kept?.xml.replace(/<id>0<\/id>(\s*<name>AI - Sale)/, '<id>500101</id>$1') ?? '';
    five9.scripts.set(name, { description: kept?.description ?? '', xml });

    const { code, text } = await five9.run(['Spring'], { apply: true });

    expect(code).toBe(0);
    expect(text).toContain('Five9 has it already');
    expect(text).not.toContain('disposition "AI - Sale"');
    expect(five9.scripts.get(name)?.xml).toBe(xml);
  });

  it('--apply waits for nobody: of two commands at once the second says so', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.ways.isBusy = true;

    await expect(five9.run(['Spring'], { apply: true })).rejects.toThrow('another command installs scripts now');
    expect(five9.writes()).toEqual([]);
    expect((await five9.run(['Spring'])).code).toBe(0);
  });

  it('says in what form Five9 holds it, where that is another', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.ways.normalise = (xml) => xml.replace(/<ringingTimeout>\d+/, '<ringingTimeout>30');

    const { code, text } = await five9.run(['Spring'], { apply: true });

    expect(code).toBe(0);
    expect(text).toContain('Five9 holds it in another form');
    expect(text).toContain('ringingTimeout: 20 → 30');
  });
});

describe('script --undo', () => {
  it('deletes a script that was not there before', async () => {
    const five9 = await startScriptDomain(campaigns);
    await five9.run(['Spring'], { apply: true });

    const first = await five9.run(['Spring'], { undo: true, json: true });
    const second = await five9.run(['Spring'], { undo: true, json: true });

    expect(first.results).toMatchObject([{ ok: true, undone: 'removed' }]);
    expect(second.results).toMatchObject([{ ok: true, undone: 'nothing' }]);
    expect(five9.scripts.size).toBe(0);
  });

  it('brings back what was there, one installation after the other', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.scripts.set(name, foreign);
    await five9.run(['Spring'], { apply: true, force: true });
    const ours = five9.scripts.get(name);
    const changed = { ...foreign, xml: (ours?.xml ?? '').replace('<value>+12125550100<', '<value>+12125550111<') };
    five9.scripts.set(name, changed);
    await five9.run(['Spring'], { apply: true, force: true });

    await five9.run(['Spring'], { undo: true });
    expect(five9.scripts.get(name)).toEqual({ ...changed, xml: changed.xml.trim() });
    await five9.run(['Spring'], { undo: true });
    expect(five9.scripts.get(name)).toEqual(foreign);
  });

  it('brings back what is not ours, which a new --apply does not touch', async () => {
    const five9 = await startScriptDomain(campaigns);
    five9.scripts.set(name, foreign);
    await five9.run(['Spring'], { apply: true, force: true });
    await five9.run(['Spring'], { undo: true });

    const { code, text } = await five9.run(['Spring'], { apply: true });

    expect(code).toBe(1);
    expect(text).toContain('was not made by Patchbay');
    expect(five9.scripts.get(name)).toEqual(foreign);
  });

  it('leaves a script that somebody changed since', async () => {
    const five9 = await startScriptDomain(campaigns);
    await five9.run(['Spring'], { apply: true });
    five9.scripts.set(name, foreign);

    const { code, text } = await five9.run(['Spring'], { undo: true });

    expect(code).toBe(1);
    expect(text).toContain('was not made by Patchbay');
    expect(five9.scripts.get(name)).toEqual(foreign);
  });
});

describe('script for several campaigns', () => {
  const both = {
    ...campaigns,
    Autumn: { script: { transferTo: '+12125550122', skill: 'Sales', handoff: 'B' } },
    Winter: {},
  };

  it('--all installs each, and handoff B has two', async () => {
    const five9 = await startScriptDomain(both);

    const { code } = await five9.run([], { all: true, apply: true });

    expect(code).toBe(0);
    expect([...five9.scripts.keys()]).toEqual([name, 'Patchbay Autumn', 'Patchbay Autumn inbound']);
  });

  it('does the others when one is refused', async () => {
    const five9 = await startScriptDomain(both);
    five9.scripts.set(name, foreign);

    const { code, results } = await five9.run([], { all: true, apply: true, json: true });

    expect(code).toBe(1);
    expect(results.map(({ ok }) => ok)).toEqual([false, true, true]);
  });

  it('says which there are when none is named', async () => {
    const five9 = await startScriptDomain(both);

    await expect(five9.run([])).rejects.toMatchObject({ hint: expect.stringContaining('Spring, Autumn') });
    await expect(five9.run(['Winter'])).rejects.toThrow('the campaign "Winter" has no script');
  });
});

describe('without asking Five9', () => {
  it('--out writes the file, with the ids of the seed', async () => {
    const five9 = await startScriptDomain(campaigns);
    const folder = mkdtempSync(join(tmpdir(), 'script-'));
    folders.push(folder);
    writeFileSync(join(folder, 'seed.five9ivr'), seedText());

    const { code, results } = await five9.run(['Spring'], {
      out: folder,
      seed: join(folder, 'seed.five9ivr'),
      json: true,
    });

    const modules = modulesOf(readXml(readFileSync(join(folder, `${name}.five9ivr`), 'utf8')));
    expect(code).toBe(0);
    expect(results).toMatchObject([{ ok: true, blanks: [] }]);
    expect(textAt(modules.get('Hang up: AI - Sale')?.data, 'dispo', 'id')).toBe('500101');
    expect(five9.operations()).toEqual([]);
  });

  it('reads a seed in the encoding in which Five9 exported it', async () => {
    const five9 = await startScriptDomain({ Spring: { ...spring, dispositions: { sale: 'AI - Vendé' } } });
    const folder = mkdtempSync(join(tmpdir(), 'script-'));
    folders.push(folder);
    const text = seedText().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').replace('AI - Sale', 'AI - Vendé');
    writeFileSync(join(folder, 'seed.five9ivr'), Buffer.from(text, 'latin1'));

    const { results } = await five9.run(['Spring'], { out: folder, seed: join(folder, 'seed.five9ivr'), json: true });

    expect(results).toMatchObject([{ ok: true, blanks: [] }]);
  });

  it('--how-to-seed describes the seed script', async () => {
    const five9 = await startScriptDomain(campaigns);

    expect((await five9.run([], { howToSeed: true })).text).toContain('"AI - Sale", "AI - Do not call"');
    expect(five9.operations()).toEqual([]);
  });
});

describe('the seed script of the domain', () => {
  it('is read by its name', async () => {
    const five9 = await startScriptDomain(campaigns, { ivr: { seedScript: 'Patchbay seed' } });
    five9.scripts.set('Patchbay seed', { description: '', xml: seedText() });

    const { results } = await five9.run(['Spring'], { json: true });

    expect(results).toMatchObject([{ ok: true, blanks: [] }]);
  });

  it('is asked for when it is not there', async () => {
    const five9 = await startScriptDomain(campaigns, { ivr: { seedScript: 'Patchbay seed' } });

    await expect(five9.run(['Spring'])).rejects.toMatchObject({ hint: expect.stringContaining('--how-to-seed') });
  });
});

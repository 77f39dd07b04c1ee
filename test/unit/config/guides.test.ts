import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openExampleSite } from '../../../config/example-site.ts';
import { guidesTables } from '../../../config/guides-table.ts';
import { main } from '../../../src/cli/main.ts';
import type { OfflineSite } from '../../../src/cli/offline-site.ts';
import type { GuideEntry } from '../../../src/domain/guide.ts';
import { namesOfRef } from '../../../src/domain/named-refs.ts';
import type { SetupStep } from '../../../src/domain/setup.ts';
import { allChecks, type DoctorSite } from '../../../src/flows/doctor/site.ts';
import { ownSteps } from '../../../src/flows/setup/own-steps.ts';

describe('the guides', () => {
  let example: OfflineSite;
  /** As the example, with what it leaves out because it excludes another. */
  let other: OfflineSite;
  let entries: { owner: string; entry: GuideEntry }[];
  beforeAll(async () => {
    example = await openExampleSite();
    other = await openExampleSite((text) =>
      text.replace('connection: pop', 'connection: carrier').replace('handoff: A', 'handoff: B'),
    );
    entries = [...example.site.guides].flatMap(([owner, own]) => own.map((entry) => ({ owner, entry })));
  });
  afterAll(async () => {
    await example.close();
    await other.close();
  });

  /** References that mean nothing for the instances of the example. */
  const lost = (known: ReadonlySet<string>, refsOf: (entry: GuideEntry) => readonly string[]) => {
    const { dialers, platforms } = example.site;
    const space = { dialers: [...dialers.keys()], platforms: [...platforms.keys()] };
    return entries.flatMap(({ owner, entry }) =>
      refsOf(entry).flatMap((ref) =>
        namesOfRef(ref, { ...space, owner }).some((name) => known.has(name)) ? [] : `${owner} “${entry.title}”: ${ref}`,
      ),
    );
  };

  it('are served entry by entry: no row of the table is empty', () => {
    const empty = entries.filter(
      ({ entry }) => entry.checks.length + (entry.steps?.length ?? 0) + (entry.commands?.length ?? 0) === 0,
    );

    expect(empty.map(({ entry }) => entry.title)).toEqual([]);
    expect([...example.site.guides.keys()].sort()).toEqual(['five9', 'sigmamind', 'vicidial']);
    expect(entries.length).toBeGreaterThan(60);
  });

  it('have a check behind each entry of their troubleshooting', () => {
    const bare = entries.filter(({ entry }) => entry.kind === 'trouble' && entry.checks.length === 0);

    expect(bare.map(({ entry }) => entry.title)).toEqual([]);
  });

  it('name checks that are there', () => {
    const known = new Set(allChecks(example.site).map(({ id }) => id));

    expect(lost(known, ({ checks }) => checks)).toEqual([]);
  });

  it('name steps that are there', () => {
    const known = new Set(
      [example, other].flatMap(({ site }) => stepsOf(site)).map(({ owner, step }) => `${owner}:${step.id}`),
    );

    expect(lost(known, ({ steps = [] }) => steps)).toEqual([]);
  });

  it('name commands that are there', async () => {
    const { dialers, platforms } = example.site;
    const commands = entries.flatMap(({ owner, entry }) =>
      (entry.commands ?? []).map((command) => ({ owner, command })),
    );
    const isOfConnector = ({ owner, command }: (typeof commands)[number]) =>
      (dialers.get(owner) ?? platforms.get(owner))?.commands?.some(({ name }) =>
        command.startsWith(`npx patchbay <id> ${name}`),
      );
    const ours = [...new Set(commands.filter((each) => !isOfConnector(each)).map(({ command }) => command))];

    const strange: string[] = [];
    for (const command of ours) if (!(await isOurs(command))) strange.push(command);
    expect(strange).toEqual([]);
    expect(ours.length).toBeGreaterThan(2);
  });

  it('are done by steps that name checks that are there', () => {
    const { dialers, platforms } = example.site;
    const space = { dialers: [...dialers.keys()], platforms: [...platforms.keys()] };
    const known = new Set(allChecks(example.site).map(({ id }) => id));
    const strange = [example, other].flatMap(({ site }) =>
      stepsOf(site).flatMap(({ owner, step }) =>
        step.checks.flatMap((ref) =>
          namesOfRef(ref, { ...space, owner }).some((name) => known.has(name)) ? [] : `${owner}:${step.id}: ${ref}`,
        ),
      ),
    );

    expect([...new Set(strange)]).toEqual([]);
  });

  it('stand in one table each, and a bar in a title does not break it', () => {
    const entry: GuideEntry = {
      guide: 'Made up',
      kind: 'trouble',
      title: 'a | b',
      checks: ['one', 'dialer:two'],
      steps: ['s'],
    };

    expect(guidesTables([entry, { ...entry, guide: 'Another', kind: 'step', commands: ['npx patchbay x'] }])).toBe(
      [
        '### Made up',
        '',
        '| In the guide | Served by | What is right |',
        '| --- | --- | --- |',
        '| Troubleshooting: a \\| b | check `one`, `dialer:two`<br>step `s` |  |',
        '',
        '### Another',
        '',
        '| In the guide | Served by | What is right |',
        '| --- | --- | --- |',
        '| a \\| b | check `one`, `dialer:two`<br>step `s`<br>command `npx patchbay x` |  |',
      ].join('\n'),
    );
  });
});

function stepsOf({ dialers, platforms }: DoctorSite): { owner: string; step: SetupStep }[] {
  const own = { id: 'patchbay', setupSteps: ownSteps(facts) };
  return [own, ...dialers.values(), ...platforms.values()].flatMap(({ id, setupSteps = [] }) =>
    setupSteps.map((step) => ({ owner: id, step })),
  );
}

const facts = {
  publicUrl: 'https://patchbay.example.com',
  host: '127.0.0.1',
  port: 8080,
  configFile: 'patchbay.yaml',
  secretsFile: 'patchbay.secrets.env',
  folder: '/srv',
  node: 'node',
  program: 'patchbay.js',
  written: [],
  store: { kind: 'file' as const, name: 'a file' },
  dialers: [],
  asking: [],
  campaigns: [],
};

/** Asks the program for help with it: a word that it does not know shows the help of what stands above. */
async function isOurs(command: string): Promise<boolean> {
  const [npx, patchbay, ...rest] = command.split(' ');
  const options = rest.findIndex((word) => !/^[a-z]/.test(word));
  const words = options < 0 ? rest : rest.slice(0, options);
  if (npx !== 'npx' || patchbay !== 'patchbay' || words.length === 0) return false;

  const said: string[] = [];
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('help was given');
  });
  await expect(main([...words, '--help'])).rejects.toThrow('help was given');
  out.mockRestore();
  exit.mockRestore();
  return said.join('').includes(`Usage: patchbay ${words.join(' ')} `);
}

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, CommandOutput } from '../../../../src/domain/connector.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { Five9 } from '../../five9.ts';
import { readExport } from '../audit/read-export.ts';
import { writeXml } from '../xml.ts';
import { byHand } from './by-hand.ts';
import { partsOf } from './config.ts';
import { describeDifference } from './diff.ts';
import { describeBlank, generateScript, nameOf, scriptOf } from './generate.ts';
import { howToSeed } from './how-to-seed.ts';
import { type Installer, installScript } from './install.ts';
import type { ScriptInput } from './plan.ts';
import { prepareScript, seedOfDomain } from './prepare.ts';
import { createScriptOperations } from './script-operations.ts';
import { learnSeed, type Seed } from './seed.ts';
import { undoScript } from './undo.ts';

type Wanted = Pick<ScriptInput, 'campaign' | 'part'>;

/** `patchbay <id> script [CAMPAIGN]`: the IVR script of a campaign, shown, written to a file, installed, taken back. */
export function scriptCommand(five9: Five9): Command {
  return {
    name: 'script',
    summary: 'makes the IVR script of a campaign and shows how it differs from what Five9 has',
    arguments: [{ name: 'campaign', summary: 'campaign of the configuration', isRequired: false }],
    options: [
      { flags: '--all', summary: 'every campaign that has a script in the configuration' },
      { flags: '--out <file>', summary: 'write it to this file or folder; Five9 is not asked' },
      {
        flags: '--seed <file>',
        summary: 'export of the seed script (Default: the script ivr.seedScript of the domain)',
      },
      { flags: '--how-to-seed', summary: 'say how the seed script is made' },
      { flags: '--apply', summary: 'install it in Five9' },
      { flags: '--undo', summary: 'take the last installation back' },
      { flags: '--force', summary: 'with --apply or --undo: also where somebody else made or changed the script' },
    ],
    isOffline: (_words, { howToSeed, out }) => howToSeed === true || typeof out === 'string',
    async run([campaign], options, output) {
      if (options.howToSeed === true) {
        const lines = howToSeed(five9.config);
        say(output, { howToSeed: lines }, lines);
        return 0;
      }
      const wanted = choose(five9, campaign, options.all === true);
      if (typeof options.out === 'string') return writeFiles(five9, wanted, options, output);
      const work = options.undo === true ? undoOne : showOne;
      const seed = options.undo === true ? undefined : await seedOf(five9, options);
      const doAll = () => forEach(wanted, output, (one) => work(five9, one, seed, options, output));
      if (options.apply !== true && options.undo !== true) return doAll();
      const code = await five9.deps.withLease(`ivr-scripts:${five9.id}`, doAll);
      if (code !== null) return code;
      throw new ConnectorError('store_conflict', 'another command installs scripts now', {
        hint: 'Wait until it is through, then run this one again.',
      });
    },
  };
}

/** The scripts that were asked for. */
function choose({ config }: Five9, campaign: string | undefined, isAll: boolean): Wanted[] {
  const having = Object.keys(config.campaigns).filter((name) => config.campaigns[name]?.script);
  const names = isAll ? having : campaign === undefined ? [] : [campaign];
  if (names.length === 0) {
    throw new ConnectorError('bad_request', isAll ? 'no campaign has a script' : 'no campaign was named', {
      hint: `Name one, or give --all. With a script in the configuration: ${having.join(', ') || 'none; see campaigns.<name>.script'}.`,
    });
  }
  return names.flatMap((name) =>
    partsOf(scriptOf({ config, campaign: name })).map((part) => ({ campaign: name, part })),
  );
}

type Options = Readonly<Record<string, unknown>>;

/** One that fails does not keep the others from their turn. */
async function forEach(
  wanted: readonly Wanted[],
  output: CommandOutput,
  work: (one: Wanted) => Promise<void>,
): Promise<number> {
  let failed = 0;
  for (const one of wanted) {
    try {
      await work(one);
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error;
      failed += 1;
      const { message, hint } = error;
      say(output, { ok: false, ...one, why: message, hint }, [`${one.campaign}: ${message}`, `→ ${hint}`]);
    }
  }
  return failed > 0 ? 1 : 0;
}

async function showOne(
  five9: Five9,
  wanted: Wanted,
  seed: Seed | undefined,
  options: Options,
  output: CommandOutput,
): Promise<void> {
  const installer = installerOf(five9);
  const prepared = await prepareScript(five9, installer.operations, wanted, seed);
  const { name, there, make, difference, blanks } = prepared;
  const isApplied = options.apply === true;
  const installation = isApplied
    ? await installScript(installer, name, (frame) => make(frame).root, options.force === true)
    : null;

  const todo = [...blanks.map(describeBlank), ...byHand(five9.config, wanted)];
  say(output, { ok: true, ...wanted, script: name, difference, blanks, todo, ...(installation ?? {}) }, [
    `${wanted.campaign}: script "${name}"${there ? '' : ', which Five9 does not have yet'}`,
    ...describeDifference(difference).map((line) => `  ${line}`),
    ...(installation
      ? [`  ${doneWords[installation.done]}`]
      : ['  Nothing was changed in Five9; --apply installs it.']),
    ...(installation?.normalised
      ? [
          '  Five9 holds it in another form:',
          ...describeDifference(installation.normalised).map((line) => `    ${line}`),
        ]
      : []),
    ...(todo.length > 0 ? ['  To do by hand:', ...todo.map((line) => `  - ${line}`)] : []),
  ]);
}

const doneWords = {
  nothing: 'Five9 has it already; nothing was changed.',
  created: 'Created and filled.',
  changed: 'Changed. --undo takes it back.',
} as const;

async function undoOne(
  five9: Five9,
  wanted: Wanted,
  _seed: Seed | undefined,
  options: Options,
  output: CommandOutput,
): Promise<void> {
  const name = nameOf({ config: five9.config, ...wanted });
  const undone = await undoScript(installerOf(five9), name, options.force === true);
  const words = {
    nothing: 'there is nothing to take back.',
    removed: 'the script is deleted, as it was not there before.',
    restored: 'what was there before is there again.',
  };
  say(output, { ok: true, ...wanted, script: name, undone }, [
    `${wanted.campaign}: script "${name}": ${words[undone]}`,
  ]);
}

function writeFiles(five9: Five9, wanted: readonly Wanted[], options: Options, output: CommandOutput): number {
  const seed = typeof options.seed === 'string' ? readSeed(options.seed) : undefined;
  const out = String(options.out);
  const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory() === true;
  if (wanted.length > 1 && !isFolder) {
    throw new ConnectorError('bad_request', `${wanted.length} scripts do not go into one file`, {
      hint: 'Give an existing folder to --out.',
    });
  }
  for (const one of wanted) {
    const { name, root, blanks } = generateScript({ ...inputOf(five9, one), seed });
    const file = isFolder ? join(out, `${name.replace(/[^\w .-]/g, '_')}.five9ivr`) : out;
    writeFileSync(file, writeXml(root));
    const todo = [...blanks.map(describeBlank), ...byHand(five9.config, one)];
    say(output, { ok: true, ...one, script: name, file, blanks, todo }, [
      `${one.campaign}: script "${name}" is in ${file}`,
      ...todo.map((line) => `  - ${line}`),
    ]);
  }
  return 0;
}

/** From the file, else from the domain's own script of that name; none when neither is given. */
async function seedOf(five9: Five9, options: Options): Promise<Seed | undefined> {
  if (typeof options.seed === 'string') return readSeed(options.seed);
  return seedOfDomain(five9, createScriptOperations(five9.api));
}

function readSeed(file: string): Seed {
  try {
    return learnSeed(readExport(readFileSync(file)).root);
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError('bad_request', `the seed ${file} can not be read`, {
      hint: 'Give the path of a script that was exported from Five9.',
      cause: error,
    });
  }
}

function inputOf({ id, config, deps }: Five9, wanted: Wanted): ScriptInput {
  return { id, config, publicUrl: deps.publicUrl, ...wanted };
}

function installerOf({ id, api, deps }: Five9): Installer {
  return { id, operations: createScriptOperations(api), deps };
}

function say(output: CommandOutput, result: object, lines: readonly string[]): void {
  if (output.isJson) output.write(JSON.stringify(result));
  else for (const line of lines) output.write(line);
}

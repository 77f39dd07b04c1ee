import { ConnectorError } from '../../../../src/domain/errors.ts';
import type { MadeThing, PlannedChange, SetupRun } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { partsOf } from '../../ivr/script/config.ts';
import { nameOf } from '../../ivr/script/generate.ts';
import { digestOfXml } from '../../ivr/script/history.ts';
import { howToSeed } from '../../ivr/script/how-to-seed.ts';
import { type Installer, installScript, isMarked } from '../../ivr/script/install.ts';
import type { ScriptInput } from '../../ivr/script/plan.ts';
import { type PreparedScript, prepareScript, seedOfDomain } from '../../ivr/script/prepare.ts';
import { createScriptOperations } from '../../ivr/script/script-operations.ts';
import { readUndoing } from '../undoing.ts';
import { isInDoubt, type StepOf } from './making.ts';
import { takeBack } from './take-back.ts';
import { isEmpty } from './take-back-script.ts';

/** The IVR script of each campaign that has one in the configuration; the campaign `*` included. */
export function scriptStep(five9: Five9): StepOf {
  return {
    id: 'script',
    title: 'IVR scripts',
    kind: 'api',
    phase: 'dialer',
    checks: [
      ...['scripts.exist', 'scripts.ours', 'scripts.seed', 'scripts.number', 'scripts.send-data', 'scripts.return'],
      ...['scripts.authorization', 'scripts.choices', 'scripts.audit', 'headers.names'],
    ],
    describe: () => describe(five9),
    plan: async (made = []) => (await prepareAll(five9)).map((one) => planOne(one, leftBySetUp(made, one.name))),
    apply: (run, made = []) => applyAll(five9, run, made),
    undo: (made) => takeBack(five9, made),
  };
}

/** The scripts that the configuration asks for. */
export function wantedScripts({ config }: Pick<Five9, 'config'>): Pick<ScriptInput, 'campaign' | 'part'>[] {
  return Object.entries(config.campaigns).flatMap(([campaign, { script }]) =>
    script ? partsOf(script).map((part) => ({ campaign, part })) : [],
  );
}

async function prepareAll(five9: Five9): Promise<PreparedScript[]> {
  const operations = createScriptOperations(five9.api);
  const wanted = wantedScripts(five9);
  const seed = wanted.length > 0 ? await seedOfDomain(five9, operations) : undefined;
  const prepared: PreparedScript[] = [];
  for (const one of wanted) prepared.push(await prepareScript(five9, operations, one, seed));
  return prepared;
}

/** Digest of what Five9 held when set-up had written the script; undefined where it did not, or could not see it. */
function leftBySetUp(made: readonly MadeThing[], name: string): string | undefined {
  const ours = made.map(({ undoData }) => readUndoing(undoData)).filter((kept) => kept?.kind === 'script');
  return ours.findLast((kept) => kept.name === name)?.left;
}

function planOne({ name, there, difference, blanks }: PreparedScript, left: string | undefined): PlannedChange {
  const what = `IVR script ${name}`;
  const open = [...new Set(blanks.map(({ kind, name: of }) => `${kind}${of && ` "${of}"`}`))];
  const byHand = open.length > 0 ? ` To choose by hand then, for want of a seed: ${open.join(', ')}.` : '';
  if (!there) return { what, state: 'missing', detail: `is made and filled.${byHand}` };
  if (difference.isSame) return { what, state: 'there', detail: '' };
  if (!isMarked(there) && !isEmpty(there)) {
    const detail = `A script of that name was made by somebody else. Name another in \`campaigns.….script.name\`, or replace it: npx patchbay <id> script --apply --force`;
    return { what, state: 'blocked', detail };
  }
  if (left !== undefined && digestOfXml(there.xml) !== left) {
    const detail = `It was changed in Five9 since set-up wrote it, and stays as it is. Where the configuration shall have its way: npx patchbay <id> script --apply --force`;
    return { what, state: 'blocked', detail };
  }
  const { added, removed, changed } = difference;
  const parts = [...added.map((one) => `+ ${one}`), ...removed.map((one) => `- ${one}`)];
  const all = [...parts, ...changed.map(({ module }) => `~ ${module}`)];
  return { what, state: 'differs', detail: `is changed: ${all.join(', ')}.${byHand}` };
}

async function applyAll(five9: Five9, run: SetupRun, made: readonly MadeThing[]): Promise<void> {
  for (const prepared of await prepareAll(five9)) {
    const { state, detail } = planOne(prepared, leftBySetUp(made, prepared.name));
    if (state === 'there') continue;
    if (state === 'blocked') {
      // One of ours that was changed by hand runs as it is; a campaign must not be sent to somebody else's.
      if (prepared.there && isMarked(prepared.there)) continue;
      throw new ConnectorError('dialer_refused', `the script "${prepared.name}" was not installed`, { hint: detail });
    }
    await applyOne(five9, run, prepared);
  }
}

async function applyOne(five9: Five9, run: SetupRun, { name, there, make }: PreparedScript): Promise<void> {
  const before = there && { description: there.description, xml: there.xml };
  const kept = { kind: 'script', name, before };
  const begun = await run.begin(`IVR script ${name}`, kept);
  const installer = installerOf(five9);
  try {
    // Nobody's work is lost in an empty one: it may be what a run left that was cut off.
    const isForced = there !== null && isEmpty(there);
    await installScript(installer, name, (frame) => make(frame).root, isForced);
  } catch (error) {
    if (!isInDoubt(error)) await begun.dropped();
    throw error;
  }
  const held = await installer.operations.find(name);
  await begun.made(held ? { left: digestOfXml(held.xml) } : {});
}

/** What set-up did is in its own journal: the history of the command `script` needs the store. */
function installerOf({ id, api }: Five9): Installer {
  const cursors = new Map<string, string>();
  const deps: Installer['deps'] = {
    readCursor: async (name) => cursors.get(name) ?? '',
    writeCursor: async (name, value) => void cursors.set(name, value),
  };
  return { id, operations: createScriptOperations(api), deps };
}

function describe(five9: Five9): string {
  const { id, config } = five9;
  const wanted = wantedScripts(five9);
  if (wanted.length === 0) return 'No campaign has a `script` in the configuration.';
  const { seedScript } = config.ivr;
  const first = wanted[0]?.campaign ?? '';
  const rows = wanted.map((one) => {
    const script = config.campaigns[one.campaign]?.script;
    const does =
      one.part === 'inbound'
        ? `takes what the AI hands back, asks for its word, and goes to the skill ${script?.skill}`
        : `registers the call, hands it to ${script?.transferTo}, and ${script?.handoff === 'B' ? 'ends there' : 'takes it back'}`;
    return `| ${nameOf({ config, ...one })} | ${one.campaign} | ${does} |`;
  });
  const seed = seedScript
    ? [
        `The script \`${seedScript}\` of your domain is read for them. If it is not there yet:`,
        '',
        ...howToSeed(config),
      ]
    : ['Make a seed script, name it in `ivr.seedScript`, and apply this step again:', '', ...howToSeed(config)];
  return [
    '| script | campaign | what it does |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'Set-up installs them. It leaves a script alone that somebody else made. By hand: VCC Administrator → IVR Scripts → Add,',
    `then import the file that \`npx patchbay ${id} script "${first}" --out script.five9ivr\` writes.`,
    '',
    'Ids of authorization profile and dispositions, and how Five9 writes some modules, no web service tells. ' +
      seed[0],
    ...seed.slice(1).map((line) => (line === '' ? '' : `> ${line}  `)),
    '',
    `What is still to be chosen by hand after that, \`npx patchbay ${id} script "${first}"\` names, module by module.`,
  ].join('\n');
}

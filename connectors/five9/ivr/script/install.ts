import type { ConnectorDeps } from '../../../../src/domain/connector.ts';
import { ConnectorError } from '../../../../src/domain/errors.ts';
import { readXml, writeXml, type XmlNode } from '../xml.ts';
import { diffScripts, type ScriptDifference } from './diff.ts';
import { digestOf, digestOfXml, nothingDone, readHistory, type ScriptHistory, writeHistory } from './history.ts';
import type { ScriptDefinition, ScriptOperations } from './script-operations.ts';

export interface Installer {
  /** Id of the dialer. */
  id: string;
  operations: ScriptOperations;
  deps: Pick<ConnectorDeps, 'readCursor' | 'writeCursor'>;
}

export interface Installation {
  done: 'nothing' | 'created' | 'changed';
  /** Where what Five9 holds now differs from what it was given; null when it does not. */
  normalised: ScriptDifference | null;
}

/** By this text in the description a script is known as ours. */
const mark = 'Made by Patchbay';

/**
 * Brings a script into the domain. Twice changes nothing more.
 *
 * @param fill makes the script out of the definition that is there, or that Five9 made for a new one
 * @throws ConnectorError `dialer_refused` when a script of that name was made or changed by somebody else, unless forced
 */
export async function installScript(
  installer: Installer,
  name: string,
  fill: (frame: XmlNode) => XmlNode,
  isForced: boolean,
): Promise<Installation> {
  const { id, operations, deps } = installer;
  const there = await operations.find(name);
  const history = await readHistory(deps, id, name);
  if (!there) return create(installer, name, fill);
  const root = readXml(there.xml);
  const wanted = fill(root);
  if (diffScripts(root, wanted).isSame) {
    // The answer of an earlier run was lost, and the script was written all the same.
    if (history.isUnderWay) await remember(installer, name, root);
    return { done: 'nothing', normalised: null };
  }
  if (!isForced) assertUntouched(there, history, 'install');

  await writeHistory(deps, id, name, {
    ...history,
    before: history.isUnderWay ? history.before : [...history.before, withoutName(there)],
    isUnderWay: true,
  });
  try {
    await modify(installer, name, wanted);
  } catch (error) {
    if (!isInDoubt(error)) await writeHistory(deps, id, name, history);
    throw error;
  }
  return { done: 'changed', normalised: await readBack(installer, name, wanted) };
}

/** An empty script of ours must not stay when it can't be filled: a campaign bound to it would drop its calls. */
async function create(installer: Installer, name: string, fill: (frame: XmlNode) => XmlNode): Promise<Installation> {
  const { id, operations, deps } = installer;
  // Known before it is there: what a crash leaves behind is then taken for ours.
  await writeHistory(deps, id, name, { before: [null], left: null, isUnderWay: true });
  let isThere = false;
  let wanted: XmlNode;
  try {
    const created = await operations.create(name);
    isThere = true;
    wanted = fill(readXml(created.xml));
    await modify(installer, name, wanted);
  } catch (error) {
    if (isInDoubt(error)) throw error;
    if (isThere) await removeEmpty(installer, name);
    await writeHistory(deps, id, name, nothingDone);
    throw error;
  }
  return { done: 'created', normalised: await readBack(installer, name, wanted) };
}

async function removeEmpty({ operations }: Installer, name: string): Promise<void> {
  try {
    await operations.remove(name);
  } catch (error) {
    throw new ConnectorError('dialer_refused', `Five9 neither took the script "${name}" nor deleted the empty one`, {
      hint: 'Bind no campaign to it. Delete it in the Five9 administrator, or run the command again.',
      cause: error,
    });
  }
}

function modify({ operations }: Installer, name: string, wanted: XmlNode): Promise<void> {
  const description = `${mark}. Change it by its configuration.`;
  return operations.modify({ name, description, xml: writeXml(wanted) });
}

/** What Five9 made of it. */
async function readBack(installer: Installer, name: string, wanted: XmlNode): Promise<ScriptDifference | null> {
  const held = await installer.operations.find(name);
  if (!held) {
    throw new ConnectorError('dialer_odd', `Five9 took the script "${name}" but does not show it`, {
      hint: 'Look for the script in the Five9 administrator, then run the command again.',
    });
  }
  const root = readXml(held.xml);
  await remember(installer, name, root);
  const difference = diffScripts(wanted, root);
  return difference.isSame ? null : difference;
}

async function remember({ id, deps }: Installer, name: string, root: XmlNode): Promise<void> {
  const history = await readHistory(deps, id, name);
  const left = { digest: digestOf(root), isOurs: true };
  await writeHistory(deps, id, name, { ...history, left, isUnderWay: false });
}

/** An answer that was lost: the script may have been written. The next run reads it and goes on. */
function isInDoubt(error: unknown): boolean {
  return error instanceof ConnectorError && error.inDoubt;
}

/** True when the script was made by us, whatever became of it since. */
export function isMarked({ description }: ScriptDefinition): boolean {
  return description.startsWith(mark);
}

/**
 * Refuses to touch what is not as we left it. What an undo brought back may be somebody else's: only a further undo may
 * replace that.
 *
 * @throws ConnectorError `dialer_refused`
 */
export function assertUntouched(there: ScriptDefinition, history: ScriptHistory, work: 'install' | 'undo'): void {
  const { left, isUnderWay } = history;
  if (isUnderWay) return;
  const isAsLeft = left?.digest === digestOfXml(there.xml);
  if (isAsLeft && (left?.isOurs || work === 'undo')) return;
  if (!isMarked(there)) {
    throw new ConnectorError('dialer_refused', `the script "${there.name}" in Five9 was not made by Patchbay`, {
      hint: 'Give the script of the campaign another name, or replace the one that is there with --force.',
    });
  }
  if (left && !isAsLeft) {
    throw new ConnectorError(
      'dialer_refused',
      `the script "${there.name}" was changed in Five9 since it was installed`,
      { hint: 'Look at the difference first; with --force the change is lost, and --undo can bring it back.' },
    );
  }
}

function withoutName({ description, xml }: ScriptDefinition): Omit<ScriptDefinition, 'name'> {
  return { description, xml };
}

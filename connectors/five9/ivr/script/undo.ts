import { ConnectorError } from '../../../../src/domain/errors.ts';
import { digestOfXml, nothingDone, readHistory, writeHistory } from './history.ts';
import { assertUntouched, type Installer, isMarked } from './install.ts';

export type Undone = 'nothing' | 'removed' | 'restored';

/**
 * Takes the last installation of a script back: what was there before it is there again; a script that was not there is
 * deleted.
 *
 * @throws ConnectorError `dialer_refused` when somebody has changed the script since, unless forced
 */
export async function undoScript(installer: Installer, name: string, isForced: boolean): Promise<Undone> {
  const { id, operations, deps } = installer;
  const history = await readHistory(deps, id, name);
  const last = history.before.at(-1);
  if (last === undefined) return 'nothing';
  const there = await operations.find(name);
  const before = history.before.slice(0, -1);
  if (!there) {
    if (last !== null) throw gone(name);
    await writeHistory(deps, id, name, { ...history, before });
    return 'nothing';
  }
  if (!isForced) assertUntouched(there, history, 'undo');

  if (last === null) {
    await operations.remove(name);
    await writeHistory(deps, id, name, nothingDone);
    return 'removed';
  }
  await operations.modify({ name, ...last });
  const held = await operations.find(name);
  const left = held && { digest: digestOfXml(held.xml), isOurs: isMarked(held) };
  await writeHistory(deps, id, name, { before, left, isUnderWay: false });
  return 'restored';
}

function gone(name: string): ConnectorError {
  return new ConnectorError('not_found', `the script "${name}" is not in Five9 any more`, {
    hint: 'Create an empty script of that name in Five9, then run --undo --force to fill it.',
  });
}

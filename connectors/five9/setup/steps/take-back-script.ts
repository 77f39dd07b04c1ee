import type { UndoAnswer } from '../../../../src/domain/setup.ts';
import type { Five9 } from '../../five9.ts';
import { digestOfXml } from '../../ivr/script/history.ts';
import { isMarked } from '../../ivr/script/install.ts';
import { createScriptOperations, type ScriptDefinition } from '../../ivr/script/script-operations.ts';
import { readScript } from '../../ivr/script-model.ts';
import { readXml } from '../../ivr/xml.ts';
import { changed, remove } from './remove.ts';

interface KeptScript {
  name: string;
  before: { description: string; xml: string } | null;
  left?: string | undefined;
}

/** What was there before is there again; a script that was not there is deleted. */
export async function takeBackScript(
  five9: Five9,
  { name, before, left }: KeptScript,
  isCertain: boolean,
): Promise<UndoAnswer> {
  const operations = createScriptOperations(five9.api);
  const there = await operations.find(name);
  if (!there) return { kind: 'gone' };
  const digest = digestOfXml(there.xml);
  if (before && digest === digestOfXml(before.xml)) return { kind: 'gone' };
  const isOurs = left === undefined ? !isCertain && isBegun(there) : digest === left;
  if (!isOurs) return changed(`the script "${name}" was changed in Five9 since`);
  if (!before) return remove(five9, 'deleteIVRScript', { name });
  await operations.modify({ name, ...before });
  return { kind: 'undone' };
}

/** As a crash leaves it: filled by us, or still as empty as Five9 makes one. */
function isBegun(script: ScriptDefinition): boolean {
  return isMarked(script) || isEmpty(script);
}

/** As Five9 makes a new one. */
export function isEmpty({ xml }: Pick<ScriptDefinition, 'xml'>): boolean {
  return readScript(readXml(xml)).modules.length === 0;
}

import type { Run, Step } from '../run-script.ts';
import type { ScriptModule } from '../script.ts';
import { wordAt } from '../script-xml.ts';
import { branchesOf } from './conditions.ts';

/** A module that only passes the call on; what it plays is not heard. */
export function passModule(): Step {
  return { kind: 'next' };
}

/** Get Digits, Input: the caller's next keys go into the variable; no keys leave it as it was. */
export function keysModule({ keys, variables }: Run, { data }: ScriptModule): Step {
  const pressed = keys.shift();
  const variable = wordAt(data, 'targetVariableName') || wordAt(data, 'grammar', 'mainReturnValue', 'varName');
  if (pressed !== undefined && variable) variables.set(variable, pressed);
  return { kind: 'next' };
}

/** Menu: the branch that the caller's next keys name, else `No Match`. */
export function menuModule({ keys }: Run, module: ScriptModule): Step {
  const pressed = keys.shift();
  const branches = branchesOf(module);
  const branch = branches.find(({ name }) => name === pressed) ?? branches.find(({ name }) => name === 'No Match');
  if (!branch) throw new Error(`"${module.name}" has no branch for the keys, and no "No Match"`);
  return { kind: 'branch', id: branch.target, name: branch.name };
}

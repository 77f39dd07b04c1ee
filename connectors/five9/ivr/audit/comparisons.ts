import type { IvrModule, IvrScript } from '../script-model.ts';
import { childrenOf, textAt, type XmlNode } from '../xml.ts';
import { readOperand } from './operands.ts';

/** A condition of a Case or an If/Else that compares a variable with a constant. */
export interface Comparison {
  module: IvrModule;
  /** Where the branch leads; empty in an If/Else. */
  target: string;
  comparison: string;
  text: string;
}

/** Finds the comparisons of a variable, in the order of the file. Reads the script once, when it is first asked. */
export function createComparisons({ modules }: IvrScript): (variable: string) => readonly Comparison[] {
  let known: Map<string, Comparison[]> | undefined;
  return (variable) => {
    known ??= readAll(modules);
    return known.get(variable) ?? [];
  };
}

function readAll(modules: readonly IvrModule[]): Map<string, Comparison[]> {
  const found = new Map<string, Comparison[]>();
  for (const module of modules.filter(({ tag }) => tag === 'case' || tag === 'ifElse')) {
    const own = childrenOf(module.data, 'conditions').map((condition) => ({ condition, target: '' }));
    const ofBranches = module.branches.flatMap(({ node, target }) =>
      conditionsIn(node).map((condition) => ({ condition, target })),
    );
    for (const { condition, target } of [...own, ...ofBranches]) {
      const sides = condition.children.filter(({ name }) => /Operand$/.test(name)).map(readOperand);
      const constant = sides.find((side) => side.kind === 'constant');
      if (constant?.kind !== 'constant') continue;
      for (const side of sides) {
        if (side.kind !== 'variable') continue;
        const list = found.get(side.name) ?? [];
        list.push({ module, target, comparison: textAt(condition, 'comparisonType'), text: constant.text });
        found.set(side.name, list);
      }
    }
  }
  return found;
}

/** The conditions of a branch; that of No Match is empty. */
export function conditionsIn(entry: XmlNode): XmlNode[] {
  return childrenOf(
    entry.children.find(({ name }) => name === 'value'),
    'conditions',
  ).filter((condition) => textAt(condition, 'comparisonType') !== '');
}

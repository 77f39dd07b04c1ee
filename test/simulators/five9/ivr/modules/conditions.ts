import type { XmlElement } from '../../xml.ts';
import { javaRegex } from '../java-regex.ts';
import type { Run, Step } from '../run-script.ts';
import type { ScriptModule } from '../script.ts';
import { child, children, wordAt } from '../script-xml.ts';
import { readOperand, toText, type Value } from '../variables.ts';

/** Case: the first branch, in their order, whose conditions all hold; `No Match` has none. */
export function caseModule(run: Run, module: ScriptModule): Step {
  const branches = branchesOf(module);
  const fits = ({ node }: Branch) => {
    const conditions = children(child(node, 'value'), 'conditions').filter((one) => one.children.length > 0);
    return conditions.length > 0 && conditions.every((condition) => holds(run, condition));
  };
  const branch = branches.find(fits) ?? branches.find(({ name }) => name === 'No Match');
  if (!branch) throw new Error(`"${module.name}" has no branch that fits, and no "No Match"`);
  run.call.branch = branch.name;
  return { kind: 'branch', id: branch.target, name: branch.name };
}

/** If/Else: all or any of its conditions. */
export function ifElseModule(run: Run, module: ScriptModule): Step {
  const grouping = wordAt(module.data, 'conditionGrouping');
  const results = children(module.data, 'conditions').map((condition) => holds(run, condition));
  if (grouping !== 'ALL' && grouping !== 'ANY') {
    throw new Error(`"${module.name}" groups its conditions by ${grouping}, which is not simulated`);
  }
  const name = (grouping === 'ALL' ? results.every(Boolean) : results.some(Boolean)) ? 'IF' : 'ELSE';
  const branch = branchesOf(module).find((one) => one.name === name);
  if (!branch) throw new Error(`"${module.name}" has no branch ${name}`);
  return { kind: 'branch', id: branch.target, name };
}

interface Branch {
  name: string;
  target: string;
  node: XmlElement;
}

export function branchesOf(module: ScriptModule): Branch[] {
  return children(child(module.data, 'branches'), 'entry').map((node) => ({
    name: wordAt(node, 'key'),
    target: wordAt(node, 'value', 'desc'),
    node,
  }));
}

function holds(run: Run, condition: XmlElement): boolean {
  const left = readOperand(run.variables, child(condition, 'leftOperand'));
  const right = readOperand(run.variables, child(condition, 'rightOperand'));
  const type = wordAt(condition, 'comparisonType');
  if (type === 'EQUALS') return compare(left, right) === 0;
  if (type === 'NOT_EQUALS') return compare(left, right) !== 0;
  if (type === 'CONTAINS') return toText(left).includes(toText(right));
  if (type === 'MORE_THAN') return compare(left, right) > 0;
  if (type === 'LESS_THAN') return compare(left, right) < 0;
  if (type === 'REGEXP') {
    const pattern = toText(right);
    const isWhole = run.deps.domain.switches.conditionRegexMatchesWhole;
    return javaRegex(isWhole ? `\\A(?:${pattern})\\z` : pattern).test(toText(left));
  }
  throw new Error(`the comparison ${type} is not simulated`);
}

/** Numbers by value, everything else as text, letter by letter. */
function compare(left: Value, right: Value): number {
  if (typeof left === 'number' || typeof right === 'number') {
    const [a, b] = [Number(toText(left) || Number.NaN), Number(toText(right) || Number.NaN)];
    return a === b ? 0 : a < b ? -1 : a > b ? 1 : Number.NaN;
  }
  const [a, b] = [toText(left), toText(right)];
  return a === b ? 0 : a < b ? -1 : 1;
}

import { childOf, textAt, type XmlNode } from '../xml.ts';

/** A value in a script: a constant, or what a variable holds. */
export type Operand = { kind: 'constant'; text: string } | { kind: 'variable'; name: string };

/** The constant's text is not trimmed away: a blank is a value too. */
export function readOperand(node: XmlNode | undefined): Operand {
  if (textAt(node, 'isVarSelected') === 'true') return { kind: 'variable', name: textAt(node, 'variableName') };
  const holder = node?.children.find(({ name }) => /^[a-z]\w*Value$/.test(name) && name !== 'isNullValue');
  return { kind: 'constant', text: childOf(holder, 'value')?.text ?? '' };
}

/** One line of a Set Variable module. */
export interface Expression {
  target: string;
  /** `PUT`, `SUM` …; empty where a value is simply set. */
  function: string;
  args: readonly Operand[];
}

export function readExpression(node: XmlNode): Expression {
  const isFunction = textAt(node, 'isFunction') === 'true';
  const args = isFunction ? node.children.filter(({ name }) => name === 'functionArgs') : [];
  const constant = childOf(node, 'constant') ?? node;
  return {
    target: textAt(node, 'variableName'),
    function: isFunction ? textAt(node, 'function', 'name').toUpperCase() : '',
    args: isFunction ? args.map(readOperand) : [readOperand(constant)],
  };
}

export function isVariable(operand: Operand | undefined, name: string): boolean {
  return operand?.kind === 'variable' && operand.name === name;
}

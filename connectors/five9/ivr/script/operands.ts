import { element, type XmlNode } from '../xml.ts';

/** A value of a module: a text, a whole number, or the content of a variable. */
export type Operand = { text: string } | { integer: number } | { variable: string };

/** The children that stand for a value. */
export function operand(value: Operand): XmlNode[] {
  if ('variable' in value) return [element('isVarSelected', true), element('variableName', value.variable)];
  const holder =
    'text' in value
      ? element('stringValue', [element('value', value.text), element('id', 0)])
      : element('integerValue', [element('value', value.integer)]);
  return [element('isVarSelected', false), holder];
}

type Kind = 'STRING' | 'INTEGER' | 'KVLIST';

/** Functions of the Set Variable module: what they give and what they take. */
const functions = {
  PUT: { gives: 'STRING', takes: ['KVLIST', 'STRING', 'STRING'] },
  TOSTRING: { gives: 'STRING', takes: ['KVLIST'] },
  CONCAT: { gives: 'STRING', takes: ['STRING', 'STRING'] },
  SUM: { gives: 'INTEGER', takes: ['INTEGER', 'INTEGER'] },
} as const satisfies Record<string, { gives: Kind; takes: readonly Kind[] }>;

/** One line of a Set Variable module: the function's result goes into the variable. */
export function assign(target: string, name: keyof typeof functions, ...args: readonly Operand[]): XmlNode {
  const { gives, takes } = functions[name];
  return element('expressions', [
    element('variableName', target),
    element('isFunction', true),
    element('function', [
      element('returnType', gives),
      element('name', name),
      ...takes.map((kind) => element('arguments', kind)),
    ]),
    ...args.map((arg) => element('functionArgs', operand(arg))),
  ]);
}

/** A variable of the script, with its first value. */
export interface Variable {
  name: string;
  kind: Kind;
}

/** Variables that hold text. */
export function texts(...names: readonly string[]): Variable[] {
  return names.map((name) => ({ name, kind: 'STRING' }));
}

/** The entry of `userVariables`. Texts start empty and not null, so that they may be sent as they are. */
export function declare({ name, kind }: Variable): XmlNode {
  const holders: Record<Kind, XmlNode> = {
    STRING: element('stringValue', [element('value'), element('id', 0)]),
    INTEGER: element('integerValue', [element('value', 0)]),
    KVLIST: element('kvListValue', [element('value', Buffer.from('{}').toString('base64'))]),
  };
  return element('entry', [
    element('key', name),
    element('value', [
      element('name', name),
      element('description'),
      holders[kind],
      element('attributes', ordinaryVariable),
      element('isNullValue', false),
    ]),
  ]);
}

/** The flags of a variable that is neither input nor output of the script. */
const ordinaryVariable = 8;

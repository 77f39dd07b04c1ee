import type { XmlElement } from '../xml.ts';
import { children, isTrueAt, wordAt } from './script-xml.ts';

/** A KVList: text by text, in the order of the first PUT. */
export type KvList = Map<string, string>;
/** Null: a variable that has no value. */
export type Value = string | number | KvList | null;

/** The variables of one call: those that the script declares, and Five9's own, whose names have a dot. */
export interface Variables {
  /** Throws for a variable that nobody declared. */
  get(name: string): Value;
  set(name: string, value: Value): void;
  /** The list itself, to be changed in place; throws when the variable is none. */
  list(name: string): KvList;
  /** All that have a value, as text. */
  texts(): Record<string, string>;
}

/** Scratch and system variables that need no declaration, such as `__BUFFER__`. */
const systemVariable = /^__\w+__$/;

/**
 * Makes the variables of a call.
 *
 * @param declared the script's user variables with their first values
 * @param own `Call.…`, `Contact.…` and the like; one that is not there reads as empty
 */
export function createVariables(
  declared: Iterable<readonly [string, Value]>,
  own: Readonly<Record<string, string>>,
): Variables {
  const values = new Map<string, Value>(Object.entries(own));
  for (const [name, value] of declared) values.set(name, value instanceof Map ? new Map(value) : value);

  function check(name: string): void {
    const isKnown = values.has(name) || name.includes('.') || systemVariable.test(name);
    if (!isKnown) throw new Error(`the script does not declare the variable "${name}"`);
  }

  return {
    get(name) {
      check(name);
      return values.get(name) ?? null;
    },
    set(name, value) {
      check(name);
      const before = values.get(name);
      // A whole number stays one, also when a Query or a digit brings it as text.
      const isNumber = typeof before === 'number' && typeof value === 'string';
      values.set(name, isNumber ? toNumber(value) : value);
    },
    list(name) {
      const value = values.get(name);
      if (value instanceof Map) return value;
      throw new Error(`the variable "${name}" is not a KVList`);
    },
    texts() {
      const all = [...values].filter(([, value]) => value !== null && value !== '');
      return Object.fromEntries(all.map(([name, value]) => [name, toText(value)]));
    },
  };
}

/** The user variables of a script with their first values. */
export function readDeclarations(userVariables: XmlElement | undefined): [string, Value][] {
  return children(userVariables, 'entry').map((entry) => {
    const declared = entry.children.find(({ name }) => name === 'value');
    const isNull = isTrueAt(declared, 'isNullValue');
    const value = readConstant(declared);
    // A number or a list keeps its kind; an empty text and none read alike.
    return [wordAt(entry, 'key'), isNull && typeof value === 'string' ? null : value];
  });
}

/** A value in an operand: a constant, or what a variable holds. */
export function readOperand(variables: Variables, operand: XmlElement | undefined): Value {
  if (!operand) return null;
  return isTrueAt(operand, 'isVarSelected')
    ? variables.get(wordAt(operand, 'variableName'))
    : (readConstant(operand) ?? null);
}

/** `stringValue/value`, `integerValue/value`, `kvListValue/value` …: the element's name tells the type. */
function readConstant(holder: XmlElement | undefined): Value {
  const typed = holder?.children.find(({ name }) => /^[a-z]\w*Value$/.test(name) && name !== 'isNullValue');
  if (!typed) return null;
  const text = typed.children.find(({ name }) => name === 'value' || name === 'minutes')?.text ?? '';
  if (typed.name === 'kvListValue') return readList(text);
  if (typed.name === 'stringValue') return text;
  return text.trim() === '' ? 0 : toNumber(text);
}

/** The first value of a KVList is base64 of a JSON object. */
function readList(base64: string): KvList {
  const text = Buffer.from(base64, 'base64').toString('utf8') || '{}';
  return new Map(Object.entries(JSON.parse(text) as Record<string, string>));
}

export function toText(value: Value): string {
  if (value === null) return '';
  return value instanceof Map ? JSON.stringify(Object.fromEntries(value)) : String(value);
}

/** A whole or broken number; throws when it is none. */
export function toNumber(value: Value): number {
  const number = Number(toText(value));
  if (Number.isNaN(number)) throw new Error(`"${toText(value)}" is not a number`);
  return number;
}

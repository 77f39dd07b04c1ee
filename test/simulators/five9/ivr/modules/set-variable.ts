import type { XmlElement } from '../../xml.ts';
import type { Run, Step } from '../run-script.ts';
import type { ScriptModule } from '../script.ts';
import { child, children, isTrueAt, wordAt } from '../script-xml.ts';
import { readOperand, toNumber, toText, type Value } from '../variables.ts';

/** Set Variable: its expressions one after the other, each seeing what the ones before it set. */
export function setVariableModule(run: Run, module: ScriptModule): Step {
  for (const expression of children(module.data, 'expressions')) {
    const value = isTrueAt(expression, 'isFunction')
      ? callFunction(run, expression)
      : readOperand(run.variables, child(expression, 'constant'));
    run.variables.set(wordAt(expression, 'variableName'), value);
  }
  return { kind: 'next' };
}

type Call = (run: Run, args: readonly XmlElement[]) => Value;

/** By name and types of the arguments. A list is named by its variable and changed in place. */
const functions: Readonly<Record<string, Call>> = {
  'PUT(KVLIST,STRING,STRING)': (run, args) => {
    const list = listOf(run, args[0]);
    const key = textOf(run, args[1]);
    const before = list.get(key) ?? null;
    list.set(key, textOf(run, args[2]));
    return before;
  },
  'GET(KVLIST,STRING)': (run, args) => listOf(run, args[0]).get(textOf(run, args[1])) ?? null,
  'SIZE(KVLIST)': (run, args) => listOf(run, args[0]).size,
  'GET_KEY(KVLIST,INTEGER)': (run, args) => [...listOf(run, args[0]).keys()][numberOf(run, args[1])] ?? null,
  'REMOVE(KVLIST,STRING)': (run, args) => {
    const list = listOf(run, args[0]);
    const key = textOf(run, args[1]);
    const before = list.get(key) ?? null;
    list.delete(key);
    return before;
  },
  'TOSTRING(KVLIST)': (run, args) => toText(listOf(run, args[0])),
  'TOSTRING(INTEGER)': (run, args) => textOf(run, args[0]),
  'TOSTRING(DATE)': (run, args) => textOf(run, args[0]),
  'TOSTRING(TIME)': (run, args) => textOf(run, args[0]),
  'CONCAT(STRING,STRING)': (run, args) => textOf(run, args[0]) + textOf(run, args[1]),
  'SUM(INTEGER,INTEGER)': (run, args) => numberOf(run, args[0]) + numberOf(run, args[1]),
  // Times are minutes of the day.
  'ADD(TIME,INTEGER)': (run, args) => numberOf(run, args[0]) + numberOf(run, args[1]),
};

function callFunction(run: Run, expression: XmlElement): Value {
  const definition = child(expression, 'function');
  const args = children(expression, 'functionArgs');
  const name = wordAt(definition, 'name');
  // Five9's own name for taking over another variable's value, whatever its type.
  if (name === '__COPY__') return copied(readOperand(run.variables, args[0]));
  const types = children(definition, 'arguments').map(({ text }) => text.trim());
  const signature = `${name}(${types.join(',')})`;
  const call = functions[signature];
  if (!call) throw new Error(`the function ${signature} is not simulated`);
  if (args.length !== types.length) throw new Error(`${signature} was given ${args.length} arguments`);
  return call(run, args);
}

function copied(value: Value): Value {
  return value instanceof Map ? new Map(value) : value;
}

function listOf({ variables }: Run, operand: XmlElement | undefined) {
  return variables.list(wordAt(operand, 'variableName'));
}

function textOf({ variables }: Run, operand: XmlElement | undefined): string {
  return toText(readOperand(variables, operand));
}

function numberOf({ variables }: Run, operand: XmlElement | undefined): number {
  return toNumber(readOperand(variables, operand) ?? 0);
}

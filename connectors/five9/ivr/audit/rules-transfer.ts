import type { IvrModule } from '../script-model.ts';
import { childOf, textAt, type XmlNode } from '../xml.ts';
import type { Problem, Rule } from './finding.ts';
import { type Operand, readOperand } from './operands.ts';
import { asking } from './rules-query.ts';
import type { View } from './view.ts';

/** The 3rd Party Transfer to the AI, and what goes with it. */
export const transferRules: readonly Rule[] = [
  {
    id: 'transfer.there',
    severity: 'error',
    scope: 'ours',
    about: 'A script that registers calls hands them to the AI.',
    *check(view) {
      const [register] = asking(view, 'register');
      if (!register || view.toAi.length > 0) return;
      const change = 'Connect a 3rd Party Transfer with the number of the AI agent behind it.';
      yield { module: register.module, what: 'no 3rd Party Transfer follows it', change };
    },
  },
  {
    id: 'transfer.number',
    severity: 'error',
    scope: 'any',
    about: 'A 3rd Party Transfer has a number, to the AI one in E.164.',
    *check({ transfers, toAi }) {
      for (const module of transfers) {
        const number = readOperand(childOf(module.data, 'thirdPartyNumber'));
        const text = number.kind === 'constant' ? number.text.trim() : '';
        const change = 'Enter the number of the AI agent in the 3rd Party Transfer, such as +12125550100.';
        if (number.kind === 'constant' && text === '') yield { module, what: 'it has no number to call', change };
        else if (number.kind === 'constant' && toAi.includes(module) && !/^\+[1-9]\d{6,14}$/.test(text)) {
          yield { module, severity: 'warning', what: 'its number is not written as + and digits', change };
        }
      }
    },
  },
  {
    id: 'transfer.returns',
    severity: 'error',
    scope: 'ours',
    about:
      'Where the script asks for the outcome (handoff A), the call returns from the AI, and the outcome Query follows.',
    *check(view) {
      const outcomes = asking(view, 'outcome');
      for (const module of view.toAi) {
        const returns = textAt(module.data, 'returnAfter3rdParty') === 'true';
        if (!returns && outcomes.length > 0) {
          const change = 'Tick Return After 3rd Party Call in the 3rd Party Transfer.';
          yield { module, what: 'the call does not come back from it, so the outcome is never asked for', change };
        }
        const asks = outcomes.some((query) => view.after(module.id).has(query.module.id));
        if (returns && !asks) {
          const change = 'Connect a Query for …/outcome behind it, or untick Return After 3rd Party Call.';
          yield { module, what: 'the call comes back from it, and no outcome Query follows', change };
        }
      }
    },
  },
  {
    id: 'transfer.time',
    severity: 'error',
    scope: 'any',
    about: 'The call with the AI may last long enough.',
    *check({ toAi, context, isOurs }) {
      for (const module of toAi) {
        const seconds = Number(textAt(module.data, 'maxTimeOf3rdParty')) || 0;
        if (seconds >= context.minTransferSec) continue;
        yield {
          module,
          severity: isOurs ? 'error' : 'remark',
          what: `it cuts the call with the AI after ${seconds} s`,
          change: `Set the maximum time of the 3rd Party Transfer to ${context.minTransferSec} s or more.`,
        };
      }
    },
  },
  {
    id: 'transfer.ringing',
    severity: 'error',
    scope: 'any',
    about: 'A 3rd Party Transfer has a ringing time-out of 5 to 60 seconds.',
    *check({ transfers }) {
      for (const module of transfers) {
        const seconds = Number(textAt(module.data, 'ringingTimeout')) || 0;
        const change = 'Set the ringing time-out of the 3rd Party Transfer to 20 s.';
        if (seconds <= 0) yield { module, what: 'it has no ringing time-out', change };
        else if (seconds < 5 || seconds > 60) {
          yield { module, severity: 'warning', what: `it lets the phone ring for ${seconds} s`, change };
        }
      }
    },
  },
  {
    id: 'transfer.sends',
    severity: 'error',
    scope: 'ours',
    about: 'The transfer to the AI sends a KVList, and names it.',
    *check({ toAi, script, context }) {
      for (const module of toAi) {
        if (textAt(module.data, 'send3rdParty') !== 'true') {
          const isLost = context.connection === 'carrier';
          yield {
            module,
            severity: isLost ? 'remark' : 'error',
            what: `it sends no data${isLost ? '; over a carrier the headers may be lost anyway' : ': the AI does not learn which call it is'}`,
            change: 'Tick Send Data to 3rd Party in the 3rd Party Transfer, and choose the KVList.',
          };
        } else if (kvListsNamed(module, script).length === 0) {
          yield {
            module,
            severity: 'open',
            what: 'Send Data is on, and no KVList of the script is chosen in it',
            change: 'Choose the KVList under Send Data in the 3rd Party Transfer.',
          };
        }
        const named = kvListsNamed(module, script);
        if (textAt(module.data, 'receive3rdParty') !== 'true' || named.length >= 2) continue;
        if (named.length === 1 && textAt(module.data, 'send3rdParty') !== 'true') continue;
        yield {
          module,
          severity: 'open',
          what: 'Receive Data is on, and no KVList of its own is chosen in it',
          change: 'Choose the KVList under Receive Data in the 3rd Party Transfer.',
        };
      }
    },
  },
  {
    id: 'transfer.keys',
    severity: 'error',
    scope: 'any',
    about:
      'The KVList is filled by PUT before the transfer: at most ten keys X-…, among them the correlation ID, within the budget.',
    *check(view) {
      for (const module of view.toAi) {
        if (textAt(module.data, 'send3rdParty') === 'true') yield* badKeys(view, module);
      }
    },
  },
];

/** Most bytes of one header line. */
const maxLine = 1024;
const headerKey = /^[Xx]-[A-Za-z0-9_-]+$/;

interface Put {
  module: IvrModule;
  list: string;
  key: Operand;
  value: Operand | undefined;
}

function putsBefore(view: View, transfer: IvrModule): Put[] {
  return view.script.modules
    .filter(({ id, tag }) => tag === 'setVariable' && view.after(id).has(transfer.id))
    .flatMap((module) =>
      view
        .expressions(module)
        .flatMap(({ function: name, args: [list, key, value] }) =>
          name === 'PUT' && list?.kind === 'variable' && key ? [{ module, list: list.name, key, value }] : [],
        ),
    );
}

function* badKeys(view: View, transfer: IvrModule): Iterable<Problem> {
  const { context, script } = view;
  const named = kvListsNamed(transfer, script);
  const all = putsBefore(view, transfer);
  const puts = named.length > 0 ? all.filter(({ list }) => named.includes(list)) : all;
  if (puts.length === 0) {
    yield {
      module: transfer,
      what: 'nothing is put into its KVList before it: no header goes out',
      change: 'Add a Set Variable module before it, with a PUT for each header.',
    };
    return;
  }
  for (const put of puts) yield* badPut(put, view);
  const keys = [...new Set(puts.flatMap(({ key }) => (key.kind === 'constant' ? [key.text] : [])))];
  if (keys.length > 10) {
    const change = 'Leave out the least important: Five9 sends ten at most.';
    yield { module: transfer, what: `${keys.length} keys are put into its KVList`, change };
  }
  const literal = puts.reduce((sum, { key, value }) => sum + bytesOf(key) + bytesOf(value), 0);
  if (literal > context.headerBytes) {
    yield {
      module: transfer,
      what: `its headers take ${literal} bytes before a variable is filled in; the budget is ${context.headerBytes}`,
      change: 'Shorten the keys and constants, or leave some out.',
    };
  }
  if (!view.isOurs) return;
  const sent = new Set(keys.map((key) => key.toLowerCase()));
  const correlation = context.headers.find(({ from }) => from === 'correlation_id')?.name ?? 'X-correlation_id';
  const lacking = context.headers.map(({ name }) => name).filter((name) => !sent.has(name.toLowerCase()));
  if (!sent.has(correlation.toLowerCase())) {
    yield {
      module: transfer,
      what: `${correlation} is not put into its KVList: the AI does not learn which call it is`,
      change: `Add a PUT of ${correlation} with the variable that register filled.`,
    };
  }
  const others = lacking.filter((name) => name !== correlation);
  if (others.length > 0) {
    yield {
      module: transfer,
      severity: 'warning',
      what: `configured headers are not put into its KVList: ${others.join(', ')}`,
      change: 'Add a PUT for each, or take them out of the configuration.',
    };
  }
}

function* badPut({ module, list, key, value }: Put, { script }: View): Iterable<Problem> {
  const type = script.variables.get(list)?.type;
  if (type && type !== 'KVLIST') {
    yield { module, what: `PUT goes into ${list}, which is of type ${type}`, change: 'Make it a KVList.' };
  }
  if (key.kind === 'constant' && !headerKey.test(key.text)) {
    const what = `the key "${key.text.slice(0, 60)}" is no header: it must be X- and letters, digits, _ or -`;
    yield { module, what, change: 'Rename the key.' };
  }
  if (value?.kind !== 'constant') return;
  if (isPersonal(value.text)) {
    const what = 'a number or an e-mail address of somebody stands in it as a constant';
    yield { module, what, change: 'Put the variable instead.' };
  }
  if (bytesOf(value) + bytesOf(key) > maxLine) {
    yield { module, what: `one header is longer than ${maxLine} bytes`, change: 'Shorten it.' };
  }
}

function isPersonal(text: string): boolean {
  return /\+?\d[\d ().-]{8,}\d/.test(text) || /[^\s@]+@[^\s@]+\.[a-z]{2,}/i.test(text);
}

function bytesOf(operand: Operand | undefined): number {
  return operand?.kind === 'constant' ? Buffer.byteLength(operand.text) : 0;
}

/** The KVLists that the transfer names, in whatever element: which one it is, no export shows. */
function kvListsNamed({ data }: IvrModule, { variables }: View['script']): string[] {
  const names: string[] = [];
  const open: XmlNode[] = [...(data?.children ?? [])];
  for (let node = open.shift(); node; node = open.shift()) {
    if (node.children.length > 0) for (const child of node.children) open.push(child);
    else if (variables.get(node.text.trim())?.type === 'KVLIST') names.push(node.text.trim());
  }
  return names;
}

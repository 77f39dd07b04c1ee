import type { IvrModule } from '../script-model.ts';
import { childOf, textAt, type XmlNode } from '../xml.ts';
import type { Problem, Rule } from './finding.ts';
import type { Operand } from './operands.ts';
import { asking } from './rules-query.ts';
import type { View } from './view.ts';

/** The headers that go to the AI: what is in the KVList. */
export const headerRules: readonly Rule[] = [
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

/** Names of the headers that go out with a transfer, as far as they are written as constants; null when that can't be told. */
export function headersSent(view: View, transfer: IvrModule): string[] | null {
  if (textAt(transfer.data, 'send3rdParty') !== 'true') return [];
  const puts = putsInto(view, transfer);
  if (puts.some(({ key }) => key.kind !== 'constant')) return null;
  const keys = puts.flatMap(({ key }) => (key.kind === 'constant' ? [key.text] : []));
  return [...new Set(keys.filter((key) => headerKey.test(key)))];
}

function putsInto(view: View, transfer: IvrModule): Put[] {
  const named = kvListsNamed(transfer, view.script);
  const all = [...keysAtStart(view.script, transfer), ...putsBefore(view, transfer)];
  return named.length > 0 ? all.filter(({ list }) => named.includes(list)) : all;
}

function* badKeys(view: View, transfer: IvrModule): Iterable<Problem> {
  const { context } = view;
  const puts = putsInto(view, transfer);
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
  for (const put of puts) {
    if (put.key.kind !== 'constant' || put.key.text.toLowerCase() !== correlation.toLowerCase()) continue;
    const wrong = wrongId(view, put.value, ['correlation_id', correlation]);
    if (!wrong) continue;
    const change = `Put the variable that the register Query fills with "correlation_id".`;
    yield { module: put.module, what: `${wrong} goes out as ${correlation}`, change };
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

/** What is surely none of the keys with the correlation ID. A variable that a Set Variable or a calling script fills may well be it. */
function wrongId(view: View, value: Operand | undefined, keys: readonly string[]): string | null {
  if (!value) return null;
  if (value.kind === 'constant') return `the same text with every call ("${value.text.slice(0, 40)}")`;
  const readings = asking(view, 'register').flatMap((query) => view.readings(query));
  const isJudged = readings.length > 0 && readings.every(({ misses }) => misses !== null);
  const takes = readings.flatMap((reading) => reading.takes).filter(({ variable }) => variable === value.name);
  if (takes.some(({ key }) => keys.includes(key))) return null;
  const isSystem = value.name.includes('.');
  return isJudged && (isSystem || takes.length > 0) ? `${value.name}, which is not the correlation ID,` : null;
}

/** What a KVList holds before anything is put into it. */
function keysAtStart({ variables }: View['script'], module: IvrModule): Put[] {
  return [...variables.values()].flatMap(({ name, type, node }) => {
    if (type !== 'KVLIST') return [];
    const packed = textAt(childOf(node, 'kvListValue') ?? childOf(childOf(node, 'value'), 'kvListValue'), 'value');
    const text = Buffer.from(packed, 'base64').toString('utf8').slice(0, 20_000);
    return Object.entries(readObject(text)).map(([key, value]) => ({
      module,
      list: name,
      key: { kind: 'constant', text: key } as const,
      value: { kind: 'constant', text: typeof value === 'string' ? value : '' } as const,
    }));
  });
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // How Five9 writes other lists than empty ones, no export shows.
    return {};
  }
}

function isPersonal(text: string): boolean {
  return /\+?\d[\d ().-]{8,}\d/.test(text) || /[^\s@]+@[^\s@]+\.[a-z]{2,}/i.test(text);
}

function bytesOf(operand: Operand | undefined): number {
  return operand?.kind === 'constant' ? Buffer.byteLength(operand.text) : 0;
}

/** The KVLists that the transfer names, in whatever element: which one it is, no export shows. */
export function kvListsNamed({ data }: IvrModule, { variables }: View['script']): string[] {
  const names: string[] = [];
  const open: XmlNode[] = [...(data?.children ?? [])];
  for (let node = open.shift(); node; node = open.shift()) {
    if (node.children.length > 0) for (const child of node.children) open.push(child);
    else if (variables.get(node.text.trim())?.type === 'KVLIST') names.push(node.text.trim());
  }
  return names;
}

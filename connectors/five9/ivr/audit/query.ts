import type { IvrModule, IvrScript } from '../script-model.ts';
import { childOf, childrenOf, textAt, type XmlNode } from '../xml.ts';
import type { AuditContext } from './audit-context.ts';
import { type Operand, readOperand } from './operands.ts';
import type { Unpack } from './unpack.ts';

/** A Query module, read. */
export interface Query {
  module: IvrModule;
  /** Constant parts, with what variables hold at the start; `{name}` where a variable holds nothing. */
  url: string;
  /** The variables in it. */
  urlVariables: readonly string[];
  /** Whether it asks Patchbay, or means to. */
  isOurs: boolean;
  /** `register`, `outcome`, `context`, or whatever stands in its place. */
  endpoint: string;
  /** Name of the dialer in the address. */
  dialer: string;
  method: string;
  /** Seconds; 0 when there is none. */
  timeoutSec: number;
  parameters: readonly Entry[];
  headers: readonly Entry[];
  /** The body, unpacked; null when it can't be. */
  template: string | null;
  replacements: readonly { position: number; variable: string }[];
  rules: readonly ResponseRule[];
  /** Of scripts before response rules: key of the answer → variable. */
  returns: readonly { key: string; variable: string }[];
  isOldStyle: boolean;
}

export interface Entry {
  key: string;
  value: Operand;
}

/** What is done with an answer of some statuses. */
export interface ResponseRule {
  from: number;
  to: number;
  method: string;
  /** Java syntax; empty when the rule is no regular expression. */
  regex: string;
  flags: number;
  /** From 0, the first capturing group; the variable is empty when the group goes nowhere. */
  groups: readonly { index: number; variable: string }[];
}

const ourPath = /\/v1\/(?:ivr|dialers)\/([^/?#]*)(?:\/([^/?#]*))?/;

export function readQuery(module: IvrModule, script: IvrScript, context: AuditContext, unpack: Unpack): Query {
  const { data } = module;
  const { url, variables } = readUrl(data, script);
  const [, dialer = '', endpoint = ''] = ourPath.exec(url) ?? [];
  const info = childOf(data, 'requestInfo');
  const method = textAt(data, 'responseParsingMethod');
  return {
    module,
    url,
    urlVariables: variables,
    isOurs: ourPath.test(url) || hostOf(url) === hostOf(context.publicUrl),
    endpoint,
    dialer: decode(dialer),
    method: textAt(data, 'method').toUpperCase(),
    timeoutSec: Number(textAt(data, 'fetchTimeout')) || 0,
    parameters: entriesOf(childOf(data, 'parameters')),
    headers: entriesOf(childOf(data, 'headers')),
    template: unpack(textAt(info, 'template', 'base64')),
    replacements: childrenOf(info, 'replacements').map((node) => ({
      position: Number(textAt(node, 'position')),
      variable: textAt(node, 'variableName'),
    })),
    rules: childrenOf(data, 'responseInfos').map(readRule),
    returns: childrenOf(childOf(data, 'returnValues'), 'entry').map((entry) => ({
      key: textAt(entry, 'key'),
      variable: textAt(entry, 'value'),
    })),
    isOldStyle: method !== '' && !childOf(data, 'responseInfos'),
  };
}

function readRule(node: XmlNode): ResponseRule {
  const regexp = childOf(node, 'regexp');
  return {
    from: Number(textAt(node, 'from')) || 0,
    to: Number(textAt(node, 'to')) || 0,
    method: textAt(node, 'method'),
    // Blanks at its ends belong to a regular expression.
    regex: childOf(regexp, 'regexp')?.text ?? '',
    flags: Number(textAt(regexp, 'regexpFlags')) || 0,
    groups: childrenOf(regexp, 'regexpParameters').map((group) => ({
      index: Number(textAt(group, 'groupIndex')),
      variable: textAt(group, 'variable'),
    })),
  };
}

function entriesOf(node: XmlNode | undefined): Entry[] {
  return childrenOf(node, 'entry').map((entry) => ({
    key: textAt(entry, 'key'),
    value: readOperand(childOf(entry, 'value')),
  }));
}

/** A constant, or parts of constants and variables one after the other. */
function readUrl(data: XmlNode | undefined, script: IvrScript): { url: string; variables: string[] } {
  const parts = operandsIn(childOf(data, 'urlParts'));
  const variables = parts.flatMap((part) => (part.kind === 'variable' ? [part.name] : []));
  const fromParts = parts.map((part) => (part.kind === 'constant' ? part.text : startOf(part.name, script))).join('');
  return { url: (fromParts || textAt(data, 'url')).trim(), variables };
}

function operandsIn(node: XmlNode | undefined): Operand[] {
  if (!node) return [];
  return childOf(node, 'isVarSelected') ? [readOperand(node)] : node.children.flatMap(operandsIn);
}

function startOf(name: string, { variables }: IvrScript): string {
  const entry = childOf(variables.get(name)?.node, 'value') ?? variables.get(name)?.node;
  const text = textAt(entry, 'stringValue', 'value');
  return text || `{${name}}`;
}

/** Lower case, with its port; empty when it is no address. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host.toLowerCase() : '';
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the Query sends a key, as parameter, in the address or in the body. Null: not, or in the body, where one can't tell what with. */
export function sentValue(query: Query, key: string): Operand | 'in the body' | undefined {
  const parameter = query.parameters.find((entry) => entry.key === key);
  if (parameter) return parameter.value;
  const inUrl = new RegExp(`[?&]${key}=([^&#]*)`).exec(query.url)?.[1];
  if (inUrl !== undefined) {
    const variable = /^\{(.+)\}$/.exec(inUrl)?.[1];
    return variable ? { kind: 'variable', name: variable } : { kind: 'constant', text: inUrl };
  }
  if (!new RegExp(`(^|[^A-Za-z0-9_])${key}([^A-Za-z0-9_]|$)`).test(query.template ?? '')) return undefined;
  // A body without variables says the same of every call.
  return query.replacements.length > 0 ? 'in the body' : { kind: 'constant', text: '' };
}

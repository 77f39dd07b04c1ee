import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { writeElement, type XmlChildren, type XmlContent } from '../xml.ts';

/** An operand of a module: a constant or a variable. */
export type Operand = XmlChildren;
export const variable = (name: string): Operand => ({ isVarSelected: true, variableName: name });
export const text = (value: string): Operand => ({ isVarSelected: false, stringValue: { value, id: 0 } });
export const whole = (value: number): Operand => ({ isVarSelected: false, integerValue: { value } });

/** Modules are known to each other by name here; their ids follow from it. */
export interface Edges {
  next?: string;
  onError?: string;
}

export function module(tag: string, name: string, data: XmlChildren, edges: Edges = {}): string {
  return writeElement(tag, {
    exceptionalDescendant: edges.onError && idOf(edges.onError),
    singleDescendant: edges.next && idOf(edges.next),
    moduleName: name,
    moduleId: idOf(name),
    data,
  });
}

/** 32 upper-case hex digits, the same for a name. */
function idOf(name: string): string {
  return createHash('md5').update(name).digest('hex').toUpperCase();
}

/**
 * A whole script, with what every script does when the caller hangs up.
 *
 * @param variables first values by name: a text, a number, or `[]` for an empty KVList
 * @param onHangup modules from `Caller hung up` on (Default: a Hang-up)
 */
export function script(
  modules: readonly string[],
  variables: Readonly<Record<string, string | number | readonly []>>,
  onHangup: readonly string[] = [
    module('startOnHangup', 'Caller hung up', {}, { next: 'Gone' }),
    hangUp('Gone', -17, 'Caller Disconnected', false),
  ],
): string {
  const entry = Object.entries(variables).map(([name, value]) => ({
    key: name,
    value: { name, ...firstValue(value), attributes: 8, isNullValue: false },
  }));
  return `<ivrScript><modules>${modules.join('')}</modules><modulesOnHangup>${onHangup.join('')}</modulesOnHangup>${writeElement('userVariables', { entry })}</ivrScript>`;
}

function firstValue(value: string | number | readonly []): XmlChildren {
  if (typeof value === 'number') return { integerValue: { value } };
  return typeof value === 'string' ? { stringValue: { value, id: 0 } } : { kvListValue: { value: 'e30=' } };
}

export function start(next: string): string {
  return module('incomingCall', 'Start', {}, { next });
}

export function hangUp(name: string, id: number, disposition: string, overwrites: boolean): string {
  return module('hangup', name, { dispo: { id, name: disposition }, overwriteDisposition: overwrites });
}

export function skillTransfer(name: string, next: string, skill = 'Sales'): string {
  const listOfSkillsEx = { extrnalObj: { id: 266, name: skill }, varSelected: false };
  return module('skillTransfer', name, { listOfSkillsEx }, { next });
}

/** A rule of a Query: a status range, an expression with Java's flags, and a variable per group (empty: none). */
export interface ResponseRule {
  from?: number;
  to?: number;
  regexp: string;
  flags?: number;
  groups: readonly string[];
}

export interface QuerySettings {
  url: string;
  method?: 'GET' | 'POST';
  fetchTimeout?: number;
  parameters?: readonly (readonly [key: string, operand: Operand])[];
  headers?: readonly (readonly [key: string, operand: Operand])[];
  /** Body of a POST with variables that go in at positions. */
  template?: { text: string; variables: readonly (readonly [position: number, name: string])[] };
  rules: readonly ResponseRule[];
  saveStatusCodeVar?: string;
}

export function query(name: string, settings: QuerySettings, edges: Edges): string {
  const { url, method = 'GET', fetchTimeout = 5, template, rules, saveStatusCodeVar } = settings;
  const pairs = (all: QuerySettings['parameters'] = []) => ({ entry: all.map(([key, value]) => ({ key, value })) });
  const data = {
    url,
    method,
    fetchTimeout,
    parameters: pairs(settings.parameters),
    requestInfo: template && {
      template: { base64: gzipSync(template.text).toString('base64') },
      replacements: template.variables.map(([position, variableName]) => ({ position, variableName })),
    },
    headers: pairs(settings.headers),
    requestBodyType: template ? 'XML_JSON' : 'LIST',
    authProfileHolder: { extrnalObj: { id: 1, name: 'Patchbay' }, varSelected: false },
    responseInfos: rules.map(({ from = 200, to = 200, regexp, flags = 32, groups }) => ({
      from,
      to,
      method: 'REG_EXP',
      regexp: {
        regexp,
        regexpParameters: groups.map((into, groupIndex) => ({ groupIndex, variable: into || undefined })),
        regexpFlags: flags,
      },
    })),
    saveStatusCode: saveStatusCodeVar !== undefined,
    saveStatusCodeVar,
  };
  return module('query', name, data, edges);
}

/** A rule that reads keys of a flat JSON answer, in its order, into variables. */
export function keysRule(keys: Readonly<Record<string, string>>): ResponseRule {
  const regexp = Object.keys(keys)
    .map((key) => `"${key}":"([^"]*)"`)
    .join('.*?');
  return { regexp, groups: Object.values(keys) };
}

/** Branches of a Case, each named as the value that the variable must equal. */
export function caseOf(
  name: string,
  variableName: string,
  branches: Readonly<Record<string, string>>,
  otherwise: string,
): string {
  const entries: XmlContent[] = Object.entries(branches).map(([value, target]) =>
    branch(value, target, { conditions: condition('EQUALS', variableName, text(value)) }),
  );
  return module('case', name, { branches: { entry: [...entries, branch('No Match', otherwise, {})] } });
}

export function ifElse(
  name: string,
  conditionGrouping: 'ALL' | 'ANY',
  conditions: readonly XmlChildren[],
  targets: { IF: string; ELSE: string },
): string {
  const entry = Object.entries(targets).map(([key, target]) => branch(key, target, {}));
  return module('ifElse', name, { branches: { entry }, conditionGrouping, conditions });
}

export function branch(name: string, target: string, more: XmlChildren): XmlChildren {
  return { key: name, value: { name, desc: idOf(target), ...more } };
}

export function condition(comparisonType: string, left: string, rightOperand: Operand): XmlChildren {
  return { comparisonType, rightOperand, leftOperand: variable(left) };
}

export function setVariable(name: string, expressions: readonly XmlChildren[], next: string): string {
  return module('setVariable', name, { expressions }, { next });
}

/** An expression of Set Variable that calls a function. */
export function call(
  into: string,
  returnType: string,
  name: string,
  ...args: readonly (readonly [type: string, operand: Operand])[]
): XmlChildren {
  return {
    variableName: into,
    isFunction: true,
    function: { returnType, name, arguments: args.map(([type]) => type) },
    functionArgs: args.map(([, operand]) => operand),
  };
}

export function put(list: string, key: string, value: Operand): XmlChildren {
  return call('__BUFFER__', 'STRING', 'PUT', ['KVLIST', variable(list)], ['STRING', text(key)], ['STRING', value]);
}

export function get(list: string, key: string, into: string): XmlChildren {
  return call(into, 'STRING', 'GET', ['KVLIST', variable(list)], ['STRING', text(key)]);
}

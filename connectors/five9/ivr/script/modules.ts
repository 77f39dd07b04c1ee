import { element, type XmlNode } from '../xml.ts';
import type { Branch } from './layout.ts';
import { type Operand, operand } from './operands.ts';

/** What a Query asks of Patchbay, and where the groups of its regular expression go. */
export interface QueryRequest {
  url: string;
  parameters: readonly (readonly [key: string, value: Operand])[];
  regex: string;
  /** One per group. */
  variables: readonly string[];
  /** How the authorization profile is named in the script. */
  profile: XmlNode;
}

/** The longest that Five9 waits for an answer, in seconds; Patchbay's own budgets are below it. */
const queryTimeoutSec = 5;
/** Java's flag that lets a dot stand for a line break too. */
const dotAll = 32;
/** base64 of the gzip of an empty text: how Five9 keeps large texts. */
const emptyText = 'H4sIAAAAAAAAAAMAAAAAAAAAAAA=';

/** Content of a Query: a form by POST, read by one regular expression when the status is 200. */
export function queryData({ url, parameters, regex, variables, profile }: QueryRequest): XmlNode[] {
  return [
    noPrompt('prompt'),
    noPrompt('vivrPrompts'),
    noPrompt('vivrHeader'),
    element('textChannelData', [
      noPrompt('textPrompts'),
      element('isUsedVivrPrompts', true),
      element('isTextOnly', true),
    ]),
    element('url', url),
    element('method', 'POST'),
    element('fetchTimeout', queryTimeoutSec),
    element(
      'parameters',
      parameters.map(([key, value]) => element('entry', [element('key', key), element('value', operand(value))])),
    ),
    element('returnValues', [element('entry', [element('key', scratch), element('value', scratch)])]),
    element('storeNumberOfArrayElementsInVariable', false),
    element('requestInfo', [element('template', [element('base64', emptyText)])]),
    element('headers'),
    element('requestBodyType', 'LIST'),
    profile,
    element('responseInfos', [
      element('from', 200),
      element('to', 200),
      element('method', 'REG_EXP'),
      element('regexp', [
        element('regexp', regex),
        ...variables.map((variable, index) =>
          element('regexpParameters', [element('groupIndex', index), element('variable', variable)]),
        ),
        element('regexpFlags', dotAll),
      ]),
    ]),
    element('saveStatusCode', false),
    element('saveReasonPhrase', false),
  ];
}

/** Five9's own variable for results that nobody reads. */
export const scratch = '__BUFFER__';

/** An object of the domain, by id and name, as modules refer to it. */
export function choice(tag: string, id: string, name: string): XmlNode {
  return element(tag, [
    element('extrnalObj', [element('id', id), element('name', name)]),
    element('varSelected', false),
  ]);
}

export function noPrompt(tag: string): XmlNode {
  return element(tag, [
    element('interruptible', false),
    element('canChangeInterruptableOption', true),
    element('ttsEnumed', false),
    element('exitModuleOnException', false),
  ]);
}

/** A branch of a Case: taken when the variable equals the text. */
export function when(variable: string, value: string, to: string): Branch {
  const conditions = element('conditions', [
    element('comparisonType', 'EQUALS'),
    element('rightOperand', operand({ text: value })),
    element('leftOperand', operand({ variable })),
  ]);
  return { name: value.slice(0, 35), to, rest: [conditions] };
}

/** The last branch of a Case. */
export function otherwise(to: string): Branch {
  return { name: 'No Match', to, rest: [element('conditions')] };
}

/** The branches and the condition of an If/Else: whether a number variable is below a bound. */
export function ifBelow(variable: string, bound: number, yes: string, no: string) {
  return {
    branches: [
      { name: 'IF', to: yes, rest: [] },
      { name: 'ELSE', to: no, rest: [] },
    ],
    data: [
      element('customCondition', 1),
      element('conditionGrouping', 'ALL'),
      element('conditions', [
        element('comparisonType', 'LESS_THAN'),
        element('joinMode', 'AND'),
        element('rightOperand', operand({ integer: bound })),
        element('leftOperand', operand({ variable })),
      ]),
    ],
  };
}

/** Content of a Hang-up. @param overwrites whether the disposition replaces the one that the call has already */
export function hangupData(disposition: { id: string; name: string }, overwrites: boolean): XmlNode[] {
  return [
    dispo(disposition.id, disposition.name),
    element('returnToCallingModule', true),
    element('errCode', operand({ integer: 0 })),
    element('errDescription', operand({ text: '' })),
    element('overwriteDisposition', overwrites),
  ];
}

export function dispo(id: string, name: string): XmlNode {
  return element('dispo', [element('id', id), element('name', name)]);
}

/** Dispositions of Five9 itself; their ids are the same in every domain. */
export const systemDispositions = {
  none: { id: '0', name: 'No Disposition' },
  abandon: { id: '-5', name: 'Abandon' },
  callerDisconnected: { id: '-17', name: 'Caller Disconnected' },
  thirdParty: { id: '-23', name: 'Transferred To 3rd Party' },
} as const;

import { assumedElements } from './modules/third-party-transfer.ts';
import {
  call,
  caseOf,
  condition,
  get,
  hangUp,
  ifElse,
  keysRule,
  module,
  type Operand,
  put,
  query,
  script,
  setVariable,
  skillTransfer,
  start,
  text,
  variable,
  whole,
} from './write-script.ts';

export interface BuiltInPlaces {
  patchbayUrl: string;
  /** Patchbay's name of this dialer. */
  dialer: string;
  aiNumber: string;
  /** Contact fields that the register Query sends along. */
  registerFields: readonly string[];
  /** Headers that register's answer holds, in its order, and that go to the AI. */
  headers: readonly string[];
}

/** Headers of the AI's BYE that the outcome Query hands on. */
const byeHeaders = ['X-outcome', 'X-summary', 'X-callback_at'];

/**
 * The script of a campaign that names none: Query register, Case on its route, KVList by PUT, 3rd Party Transfer with
 * return, Query outcome (again while pending, three times at most), Case on its route.
 */
export function builtInScript(places: BuiltInPlaces): string {
  const { headers, registerFields } = places;
  const register = {
    url: `${ivrUrl(places)}/register`,
    parameters: [...callParameters, ...registerFields.map((name) => [name, variable(`Contact.${name}`)] as const)],
    rules: [keysRule(Object.fromEntries(['route', 'correlation_id', ...headers].map((key) => [key, nameFor(key)])))],
  };
  const outcome = {
    url: `${ivrUrl(places)}/outcome`,
    parameters: [
      ['correlation_id', variable('correlation_id')],
      ['call_id', variable('Call.call_id')],
      ['wait_ms', text('1500')],
      ...byeHeaders.map((name) => [name, variable(nameFor(name))] as const),
    ] as const,
    rules: [keysRule({ status: 'status', route: 'route' })],
  };
  const isPending = [condition('EQUALS', 'status', text('pending')), condition('LESS_THAN', 'tries', whole(3))];
  const countTry = call('tries', 'INTEGER', 'SUM', ['INTEGER', variable('tries')], ['INTEGER', whole(1)]);
  return script(
    [
      start('Register'),
      query('Register', register, { next: 'Route', onError: 'People' }),
      caseOf('Route', 'route', { ai: 'Headers', hangup: 'Hang up' }, 'People'),
      setVariable(
        'Headers',
        headers.map((name) => put('ToAI', name, variable(nameFor(name)))),
        'To AI',
      ),
      module('thirdPartyTransfer', 'To AI', transferTo(places.aiNumber), { next: 'From AI', onError: 'People' }),
      setVariable(
        'From AI',
        byeHeaders.map((name) => get('FromAI', name, nameFor(name))),
        'Again',
      ),
      setVariable('Again', [countTry], 'Outcome'),
      query('Outcome', outcome, { next: 'Is pending', onError: 'People' }),
      ifElse('Is pending', 'ALL', isPending, { IF: 'Again', ELSE: 'Outcome route' }),
      caseOf(
        'Outcome route',
        'route',
        { skill: 'People', dnc: 'Do not call', callback: 'Hang up', hangup: 'Hang up' },
        'People',
      ),
      module('setDNC', 'Do not call', {}, { next: 'Hang up' }),
      ...ending,
    ],
    {
      ...Object.fromEntries(
        ['status', 'route', 'correlation_id', ...headers, ...byeHeaders].map((key) => [nameFor(key), '']),
      ),
      tries: 0,
      ToAI: [],
      FromAI: [],
    },
  );
}

/** The script of an inbound campaign that names none: Query context, then people. */
export function builtInInboundScript(places: BuiltInPlaces): string {
  const context = {
    url: `${ivrUrl(places)}/context`,
    parameters: [['correlation_id', variable('Call.correlation_id')], ...callParameters] as const,
    rules: [keysRule({ status: 'status', outcome: 'outcome', summary: 'summary' })],
  };
  return script([start('Context'), query('Context', context, { next: 'People', onError: 'People' }), ...ending], {
    status: '',
    outcome: '',
    summary: '',
  });
}

const ivrUrl = ({ patchbayUrl, dialer }: BuiltInPlaces) => `${patchbayUrl}/v1/ivr/${dialer}`;
/** The variable that holds a key of an answer, or a header. */
const nameFor = (key: string) => key.replaceAll('-', '_');

const callParameters: readonly (readonly [string, Operand])[] = [
  ['call_id', variable('Call.call_id')],
  ['session_id', variable('Call.session_id')],
  ['call_type', variable('Call.type')],
  ['ani', variable('Call.ANI')],
  ['dnis', variable('Call.DNIS')],
  ['campaign', variable('Call.campaign_name')],
];

const ending = [skillTransfer('People', 'Hang up'), hangUp('Hang up', 0, 'No Disposition', true)];

function transferTo(aiNumber: string) {
  return {
    dispo: { id: -23, name: 'Transferred To 3rd Party' },
    thirdPartyNumber: text(aiNumber),
    returnAfter3rdParty: true,
    send3rdParty: true,
    [assumedElements.send]: 'ToAI',
    receive3rdParty: true,
    [assumedElements.receive]: 'FromAI',
    maxTimeOf3rdParty: 3600,
    ringingTimeout: 10,
  };
}

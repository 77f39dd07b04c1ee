import { textAt } from '../xml.ts';
import type { Problem, Rule } from './finding.ts';
import { hostOf, type Query, sentValue } from './query.ts';
import type { View } from './view.ts';

/** What a Query asks, and what happens when no answer comes. */
export const queryRules: readonly Rule[] = [
  {
    id: 'query.timeout',
    severity: 'error',
    scope: 'any',
    about: 'A Query waits for 1 to 10 seconds, and longer than Patchbay may take.',
    *check({ queries, context }) {
      for (const { module, timeoutSec, isOurs, endpoint } of queries) {
        const change = 'Set Fetch Timeout in the Query to 5.';
        if (timeoutSec <= 0) yield { module, what: 'it has no time-out', change };
        else if (timeoutSec > 10) {
          yield { module, what: `its time-out is ${timeoutSec} s: so long the caller hears nothing`, change };
        }
        const budget = isOurs && isEndpoint(endpoint) ? context.budgetsMs[endpoint] : 0;
        if (timeoutSec > 0 && timeoutSec * 1000 < budget + 500) {
          yield {
            module,
            what: `its time-out of ${timeoutSec} s is over before Patchbay has to answer (${budget} ms)`,
            change,
          };
        }
      }
    },
  },
  {
    id: 'query.error-branch',
    severity: 'error',
    scope: 'any',
    about: 'A Query has an error branch: without one a time-out ends the call.',
    *check({ queries }) {
      for (const { module } of queries) {
        if (module.onError) continue;
        const change = 'Connect the error branch of the Query to the Skill Transfer, or to a Hang Up.';
        yield { module, what: 'it has no error branch', change };
      }
    },
  },
  {
    id: 'query.error-to-ai',
    severity: 'error',
    scope: 'ours',
    about: 'The error branches lead to people or to the end, not to the AI (again).',
    *check(view) {
      const toAi = new Set(view.toAi.map(({ id }) => id));
      for (const module of [...view.queries.map((query) => query.module), ...view.toAi]) {
        const target = module.onError;
        const leads = toAi.has(target) || [...view.after(target)].some((id) => toAi.has(id));
        if (!target || !leads) continue;
        yield {
          module,
          what: 'its error branch leads to the transfer to the AI, where nobody knows of the call or it was already',
          change: 'Connect the error branch to the Skill Transfer, or to a Hang Up.',
        };
      }
    },
  },
  {
    id: 'query.address',
    severity: 'error',
    scope: 'ours',
    about: 'A Query for Patchbay has its address: public URL, this dialer, and register, outcome or context.',
    *check({ queries, context }) {
      for (const query of queries.filter(({ isOurs }) => isOurs)) {
        const wrong = wrongIn(query, context.publicUrl, context.dialer);
        if (!wrong) continue;
        const right = `${context.publicUrl}/v1/ivr/${context.dialer}/${isEndpoint(query.endpoint) ? query.endpoint : 'register'}`;
        yield { module: query.module, what: wrong, change: `Set the URL of the Query to ${right}` };
      }
    },
  },
  {
    id: 'query.call-id',
    severity: 'error',
    scope: 'ours',
    about:
      'register is told Call.call_id; outcome the correlation ID or Call.call_id; context the correlation ID or the ANI.',
    *check({ queries }) {
      for (const query of queries.filter(({ isOurs }) => isOurs)) yield* namelessCall(query);
    },
  },
  {
    id: 'query.authorization',
    severity: 'error',
    scope: 'ours',
    about: 'A Query for Patchbay proves itself by an authorization profile.',
    *check({ queries }) {
      for (const { module, headers } of queries.filter(({ isOurs }) => isOurs)) {
        const hasHeader = headers.some(({ key }) => /^(authorization|x-api-key)$/i.test(key));
        const holder = module.data?.children.find(({ name }) => name === 'authProfileHolder');
        const change = 'Choose the authorization profile that holds the API key of Patchbay, in the Query.';
        const id = textAt(holder, 'extrnalObj', 'id');
        if (!holder && !hasHeader) {
          yield { module, what: 'it names no authorization profile: Patchbay answers 401', change };
        } else if (holder && textAt(holder, 'varSelected') !== 'true' && !isRealId(id) && !hasHeader) {
          const name = textAt(holder, 'extrnalObj', 'name');
          yield {
            module,
            severity: 'open',
            what: `the authorization profile${name ? ` "${name}"` : ''} is not chosen yet`,
            change,
          };
        }
      }
    },
  },
  {
    id: 'query.personal-data',
    severity: 'remark',
    scope: 'any',
    about: "Numbers and names of people don't stand in the address of a request (GET).",
    *check({ queries }) {
      for (const { module, method, parameters, urlVariables } of queries) {
        const sent = parameters.flatMap(({ value }) => (value.kind === 'variable' ? [value.name] : []));
        const personal = [...(method === 'GET' ? sent : []), ...urlVariables].filter((name) => isPersonal(name));
        if (personal.length === 0) continue;
        yield {
          module,
          what: `${personal.slice(0, 5).join(', ')} ${personal.length > 1 ? 'go' : 'goes'} into the address, which servers on the way keep in their logs`,
          change: 'Set the method of the Query to POST, with the variables as parameters.',
        };
      }
    },
  },
  {
    id: 'query.body',
    severity: 'error',
    scope: 'any',
    about: 'The body of a Query can be unpacked, and its variables stand within it.',
    *check({ queries }) {
      for (const { module, template, replacements } of queries) {
        if (template === null) {
          yield { module, what: 'its body can not be unpacked', change: 'Enter the body of the Query anew.' };
          continue;
        }
        const outside = replacements.filter(({ position }) => !(position >= 0 && position <= template.length));
        if (outside.length === 0) continue;
        const names = outside.map(({ variable }) => variable).slice(0, 5);
        yield {
          module,
          what: `${names.join(', ')} would stand behind the end of its body`,
          change: 'Enter the body of the Query anew, and insert the variables.',
        };
      }
    },
  },
];

const endpoints = ['register', 'outcome', 'context'] as const;

function isEndpoint(text: string): text is (typeof endpoints)[number] {
  return (endpoints as readonly string[]).includes(text);
}

function isRealId(id: string): boolean {
  return /^-?\d*[1-9]\d*$/.test(id);
}

function isPersonal(variable: string): boolean {
  if (/^Call\.(ANI|DNIS|number)$/i.test(variable)) return true;
  return /^(Contact|Customer)\./i.test(variable) && !/^\w+\.(_record_id|contact_id)$/i.test(variable);
}

function wrongIn({ url, dialer, endpoint, method }: Query, publicUrl: string, right: string): string | null {
  const shown = url.split(/[?#]/)[0] ?? '';
  if (hostOf(url) !== hostOf(publicUrl)) return `it asks ${shown}, and Patchbay is at ${publicUrl}`;
  if (!shown.startsWith(`${publicUrl}/`) && new URL(url).protocol !== new URL(publicUrl).protocol) {
    return `it asks by ${new URL(url).protocol}//, and Patchbay is at ${publicUrl}`;
  }
  if (!shown.startsWith(`${publicUrl}/v1/ivr/`)) return `${shown} is no address for a script`;
  if (dialer !== right) return `it names the dialer "${dialer}", and this one is "${right}"`;
  if (!isEndpoint(endpoint)) return `"${endpoint}" is none of ${endpoints.join(', ')}`;
  if (!/^(GET|POST|PUT|)$/.test(method)) return `it asks by ${method}, and Patchbay answers GET and POST`;
  return shown.replace(/\/$/, '').endsWith(`/${endpoint}`) ? null : `${shown} is no address for a script`;
}

function* namelessCall(query: Query): Iterable<Problem> {
  const { module, endpoint } = query;
  if (endpoint === 'register') {
    const sent = sentValue(query, 'call_id');
    const change = 'Add the parameter call_id with the variable Call.call_id to the Query.';
    if (!sent) yield { module, what: 'it does not send call_id: Patchbay can not tell which call it is', change };
    else if (sent !== 'in the body' && sent.kind === 'constant') {
      yield { module, what: 'it sends the same call_id with every call', change };
    } else if (sent !== 'in the body' && sent.name !== 'Call.call_id') {
      yield { module, severity: 'warning', what: `it sends ${sent.name} as call_id`, change };
    }
    return;
  }
  if (endpoint !== 'outcome' && endpoint !== 'context') return;
  const varying = (key: string) => {
    const sent = sentValue(query, key);
    return sent === 'in the body' || sent?.kind === 'variable' ? [sent] : [];
  };
  if (varying('correlation_id').length > 0 || (endpoint === 'outcome' && varying('call_id').length > 0)) return;
  const [number] = ['number', 'ani', ...(endpoint === 'outcome' ? ['dnis'] : [])].flatMap(varying);
  const change = changes[endpoint];
  if (!number) {
    const lacking = endpoint === 'outcome' ? 'correlation_id nor call_id' : 'correlation_id nor ani';
    yield { module, what: `it sends neither ${lacking} of the call: Patchbay can not tell which call it is`, change };
  } else if (endpoint === 'outcome') {
    const what = 'it names the call by a number only: where several calls have it, Patchbay guesses none';
    yield { module, severity: 'warning', what, change };
  } else if (number !== 'in the body' && number.kind === 'variable' && number.name === 'Call.DNIS') {
    yield {
      module,
      what: 'it sends Call.DNIS as the number of the caller, which is the number that was called',
      change,
    };
  }
}

const changes = {
  outcome: 'Add the parameter correlation_id with the variable that register filled to the Query.',
  context: 'Add the parameter ani with the variable Call.ANI to the Query.',
};

/** The Queries of an endpoint of ours. */
export function asking({ queries }: View, ...wanted: readonly string[]): Query[] {
  return queries.filter(({ isOurs, endpoint }) => isOurs && wanted.includes(endpoint));
}

import type { Problem, Rule } from './finding.ts';
import { translateJava } from './java-pattern.ts';
import type { Query } from './query.ts';
import type { Reading } from './reads.ts';
import type { View } from './view.ts';

/** What a Query does with the answer. */
export const responseRules: readonly Rule[] = [
  {
    id: 'response.success',
    severity: 'error',
    scope: 'any',
    about: 'A Query has a response rule for status 200.',
    *check({ queries }) {
      for (const { module, rules, isOldStyle, returns, isOurs } of queries) {
        // Patchbay's answer is always 200; others may answer 201 or 204.
        const last = isOurs ? 200 : 299;
        const reads = rules.some(({ from, to }) => from <= last && to >= 200 && from <= to);
        const readsOldStyle = isOldStyle && returns.some(({ variable }) => variable !== '');
        if (reads || readsOldStyle) continue;
        yield {
          module,
          what: `no response rule takes an answer with ${isOurs ? 'the status 200' : 'a status from 200 to 299'}`,
          change: 'Add a response rule from 200 to 200 with a regular expression to the Query.',
        };
      }
    },
  },
  {
    id: 'response.range',
    severity: 'error',
    scope: 'any',
    about: 'Response rules cover a range of statuses, and one does not hide another that Patchbay needs.',
    *check({ queries }) {
      for (const { module, rules, isOurs } of queries) {
        for (const { from, to } of rules.filter((rule) => rule.from > rule.to || rule.from < 100 || rule.to > 599)) {
          yield { module, what: `a response rule goes from ${from} to ${to}`, change: 'Set From and To to 200.' };
        }
        const forSuccess = rules.filter(({ from, to }) => from <= 200 && to >= 200);
        if (!isOurs || forSuccess.length < 2) continue;
        yield {
          module,
          severity: 'warning',
          what: `${forSuccess.length} response rules take status 200: Five9 may use only the first that fits`,
          change: 'Put all groups into one regular expression, in the order of the answer.',
        };
      }
    },
  },
  {
    id: 'response.variables',
    severity: 'error',
    scope: 'any',
    about: 'The groups of a regular expression are there, and go into declared variables of type STRING.',
    *check(view) {
      for (const query of view.queries) {
        for (const { variable } of query.returns) yield* unfit(view, query, variable);
        for (const { regex, flags, groups } of query.rules) {
          const pattern = regex ? translateJava(regex, flags) : null;
          for (const { index, variable } of groups) {
            yield* unfit(view, query, variable);
            if (variable === '' || pattern?.kind !== 'pattern' || (index >= 0 && index < pattern.groups)) continue;
            yield {
              module: query.module,
              what: `${variable} takes group ${index}, and the regular expression has ${pattern.groups} (counted from 0)`,
              change: 'Enter the regular expression anew, and choose a variable for each group.',
            };
          }
        }
        yield* unfitResult(view, query);
      }
    },
  },
  {
    id: 'response.regex',
    severity: 'error',
    scope: 'any',
    about: 'Regular expressions compile in Java.',
    *check({ queries }) {
      for (const { module, rules } of queries) {
        for (const { method, regex, flags } of rules) {
          if (method === 'REG_EXP' && regex === '') {
            yield { module, what: 'a response rule has no regular expression', change: 'Enter it in the Query.' };
            continue;
          }
          const pattern = regex ? translateJava(regex, flags) : null;
          if (pattern?.kind === 'broken') {
            yield {
              module,
              what: `Java refuses a regular expression: ${pattern.why}`,
              change: 'Correct it in the Query.',
            };
          } else if (pattern?.kind === 'unknown') {
            yield {
              module,
              severity: 'remark',
              what: `a regular expression can not be judged here: ${pattern.why}`,
              change: 'Try it with a Java regular expression tester.',
            };
          }
        }
      }
    },
  },
  {
    id: 'response.fit',
    severity: 'error',
    scope: 'ours',
    about: "The regular expressions fit Patchbay's answers, also those without values.",
    *check(view) {
      for (const query of ourQueries(view)) {
        const readings = view.readings(query);
        const always = readings.some(({ misses }) => misses?.length === 0);
        for (const reading of readings) yield* badReading(reading, always);
      }
    },
  },
];

function ourQueries({ queries }: View): Query[] {
  return queries.filter(({ isOurs, endpoint }) => isOurs && /^(register|outcome|context)$/.test(endpoint));
}

const published = 'Take the regular expression that the README of the connector shows for it.';

function* badReading({ query, rule, misses, isNeverRight, takes }: Reading, always: boolean): Iterable<Problem> {
  const { module } = query;
  if (misses === null) {
    const pattern = translateJava(rule.regex, rule.flags);
    if (pattern.kind !== 'pattern') return;
    const what = 'a regular expression takes too long: it may try for ever on some answer';
    yield { module, severity: 'warning', what, change: published };
    return;
  }
  if (isNeverRight) {
    const what = `a regular expression never fits an answer of ${query.endpoint}: the keys, or their order, are others`;
    yield { module, what, change: published };
    return;
  }
  if (misses.length > 0 && !always) {
    const others = misses.length > 3 ? ` and ${misses.length - 3} more` : '';
    yield {
      module,
      severity: 'warning',
      what: `a regular expression does not fit every answer, such as: ${misses.slice(0, 3).join('; ')}${others}`,
      change: published,
    };
  }
  for (const { variable, isSeveral } of takes) {
    if (!isSeveral || isWholeBody(rule.regex)) continue;
    const what = `${variable || 'a group'} takes more than one value of the answer`;
    yield { module, what, change: `Write ([^"]*) for a value. ${published}` };
  }
}

/** Somebody who wants everything gets it. */
function isWholeBody(regex: string): boolean {
  return /^\^?\(\.[*+]\??\)\$?$/.test(regex);
}

function* unfit({ script }: View, { module }: Query, variable: string): Iterable<Problem> {
  if (variable === '' || /^__\w+__$/.test(variable) || variable.includes('.')) return;
  const declared = script.variables.get(variable);
  const change = `Declare ${variable} as a STRING in the script's variables, or choose another.`;
  if (!declared) yield { module, what: `the answer goes into ${variable}, which is not declared`, change };
  else if (declared.type && declared.type !== 'STRING') {
    yield { module, what: `the answer goes into ${variable}, which is of type ${declared.type}`, change };
  }
}

/** The status code is a number or a text; the reason is a text. */
function* unfitResult({ script }: View, { module }: Query): Iterable<Problem> {
  for (const name of ['saveStatusCode', 'saveReasonPhrase']) {
    const textOf = (tag: string) => module.data?.children.find((child) => child.name === tag)?.text.trim() ?? '';
    const variable = textOf(`${name}Var`);
    if (textOf(name) !== 'true' || /^__\w+__$/.test(variable) || variable.includes('.')) continue;
    if (variable && script.variables.has(variable)) continue;
    const what = `${name} is on, and its variable${variable ? ` ${variable}` : ''} is not declared`;
    yield { module, what, change: 'Declare the variable, or switch the option off in the Query.' };
  }
}

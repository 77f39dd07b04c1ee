import { targetsOf } from '../script-model.ts';
import type { Comparison } from './comparisons.ts';
import type { Problem, Rule } from './finding.ts';
import { translateJava } from './java-pattern.ts';
import type { Match } from './match.ts';
import type { Query } from './query.ts';
import { asking } from './rules-query.ts';
import { reach, type View } from './view.ts';

/** How a script branches. */
export const caseRules: readonly Rule[] = [
  {
    id: 'case.no-match',
    severity: 'error',
    scope: 'any',
    about: 'A Case ends with No Match.',
    *check({ script }) {
      for (const module of script.modules.filter(({ tag }) => tag === 'case')) {
        const places = module.branches.flatMap(({ name }, index) => (name === 'No Match' ? [index] : []));
        const change = 'Delete the Case and add it anew; the editor brings No Match as its last branch.';
        if (places.length === 0) yield { module, what: 'it has no branch No Match', change };
        else if (places.at(-1) !== module.branches.length - 1) {
          yield { module, what: 'branches follow after No Match', change };
        }
      }
    },
  },
  {
    id: 'case.branches',
    severity: 'error',
    scope: 'any',
    about: 'Branch names are unique and have at most 35 characters, and a module has at most 100 branches.',
    *check({ script }) {
      for (const module of script.modules) {
        const { branches } = module;
        if (branches.length > 100) {
          yield { module, what: `it has ${branches.length} branches`, change: 'Split it in two: at most 100.' };
        }
        const names = branches.map(({ name }) => name);
        for (const name of names.filter((each) => each.length > 35)) {
          yield {
            module,
            what: `the name of the branch "${name.slice(0, 80)}" is too long`,
            change: 'At most 35 characters.',
          };
        }
        const seen = new Set<string>();
        const doubled = new Set(names.filter((name) => seen.size === seen.add(name).size));
        for (const name of doubled)
          yield { module, what: `two branches are called "${name.slice(0, 80)}"`, change: 'Rename one.' };
        if (names.some((name) => name === '')) {
          yield { module, what: 'a branch has no name', change: 'Name it, or delete it.' };
        }
      }
    },
  },
  {
    id: 'case.covers',
    severity: 'error',
    scope: 'ours',
    about:
      'What follows an answer branches on every route, or on every outcome, that Patchbay answers for the campaign.',
    *check(view) {
      for (const query of asking(view, 'register', 'outcome', 'context')) yield* uncovered(view, query);
    },
  },
  {
    id: 'case.unknown-value',
    severity: 'warning',
    scope: 'ours',
    about: 'Branches wait for routes and outcomes that Patchbay answers.',
    *check(view) {
      const { context } = view;
      for (const query of asking(view, 'register', 'outcome', 'context')) {
        const isRegister = query.endpoint === 'register';
        const known = {
          route: isRegister
            ? [...new Set(['ai', 'hangup', 'skill', ...context.safeRoutes])]
            : [...new Set([...context.routes, 'skill', 'callback', 'dnc', 'hangup'])],
          outcome: context.knownOutcomes,
        };
        for (const key of ['route', 'outcome'] as const) {
          for (const { module, comparison, text } of branchesOn(view, query, key)) {
            if (comparison !== 'EQUALS' || text === '' || known[key].includes(text)) continue;
            yield {
              module,
              what: `it waits for the ${key} "${text.slice(0, 60)}", which never comes`,
              change: `One of ${known[key].join(', ').slice(0, 300)}, in these letters.`,
            };
          }
        }
      }
    },
  },
  {
    id: 'case.dnc',
    severity: 'open',
    scope: 'ours',
    about: 'On the route dnc stands a Set DNC module, which protects the number at once.',
    *check(view) {
      const found = asking(view, 'outcome', 'context').flatMap((query) => branchesOn(view, query, 'route'));
      for (const { module, target, text } of found) {
        const behind = view.byId.get(target);
        const isSet = [target, ...view.after(target)].some((id) => view.byId.get(id)?.tag === 'setDNC');
        if (text !== 'dnc' || !behind || isSet) continue;
        yield {
          module: behind,
          what: `the branch dnc of "${module.name}" leads here, and no Set DNC module is on the way`,
          change:
            'Put a Set DNC module before it, or give the disposition of opt_out a type that adds to the DNC list.',
        };
      }
    },
  },
];

/** Every comparison of what a Query answers under a key, in the modules behind it. */
function branchesOn(view: View, query: Query, key: string): Comparison[] {
  return [...variablesOf(view, query, key)].flatMap((variable) => {
    const behind = whereItHolds(view, query, variable);
    return view.comparisonsOn(variable).filter(({ module }) => behind.has(module.id));
  });
}

/** The modules behind a Query, until another one fills the variable anew: scripts use one for several answers. */
function whereItHolds(view: View, { module }: Query, variable: string): ReadonlySet<string> {
  const behind = view.after(module.id);
  const others = view.queries.filter((other) => behind.has(other.module.id) && other.module.id !== module.id);
  const refill = new Set(others.filter((other) => fills(other, variable)).map((other) => other.module.id));
  return refill.size === 0 ? behind : reach(view.byId, targetsOf(module), (id) => refill.has(id));
}

function fills({ rules, returns }: Query, name: string): boolean {
  return [...rules.flatMap(({ groups }) => groups), ...returns].some(({ variable }) => variable === name);
}

function variablesOf(view: View, query: Query, key: string): Set<string> {
  const old = query.isOldStyle ? query.returns.filter((each) => each.key === key).map(({ variable }) => variable) : [];
  const takes = view.readings(query).flatMap((reading) => reading.takes);
  const filled = takes.filter((each) => each.key === key && each.variable !== '').map(({ variable }) => variable);
  return new Set([...old, ...filled]);
}

function* uncovered(view: View, query: Query): Iterable<Problem> {
  const { context, match } = view;
  const { module, endpoint } = query;
  const routes = branchesOn(view, query, 'route');
  const outcomes = branchesOn(view, query, 'outcome');
  const dispositions = branchesOn(view, query, 'disposition');
  const wantedRoutes = endpoint === 'register' ? ['ai', 'hangup', 'skill', ...context.safeRoutes] : context.routes;
  const lackingRoutes = lacking(wantedRoutes, routes, match);
  const lackingOutcomes = endpoint === 'register' ? [] : lacking(context.outcomes, outcomes, match);
  const change = 'Add a branch for each to the Case: EQUALS, in these letters.';
  if (routes.length > 0) {
    if (lackingRoutes.length > 0)
      yield { module: routes[0]?.module, what: `no branch for the route ${lackingRoutes.join(', ')}`, change };
    return;
  }
  if (endpoint !== 'register' && outcomes.length > 0) {
    if (lackingOutcomes.length > 0) {
      yield { module: outcomes[0]?.module, what: `no branch for the outcome ${lackingOutcomes.join(', ')}`, change };
    }
    return;
  }
  const isUnjudged = view.readings(query).some(({ misses }) => misses === null);
  // Who was handed over by the AI may go straight to people.
  if (dispositions.length > 0 || isUnjudged || endpoint === 'context') return;
  yield {
    module,
    severity: endpoint === 'register' ? 'warning' : 'error',
    what: `nothing behind it branches on the route${endpoint === 'register' ? '' : ' or the outcome'} that it answers`,
    change: 'Let the regular expression fill a variable with "route", and branch on it in a Case behind the Query.',
  };
}

function lacking(wanted: readonly string[], found: readonly Comparison[], match: Match): string[] {
  return [...new Set(wanted)].filter((value) => !found.some((each) => fits(each, value, match)));
}

function fits({ comparison, text }: Comparison, value: string, match: Match): boolean {
  if (comparison === 'EQUALS') return text === value;
  if (comparison === 'CONTAINS') return value.includes(text);
  // The branch of everything else may be the one that is meant.
  if (comparison === 'NOT_EQUALS') return true;
  if (comparison !== 'REGEXP') return false;
  const pattern = translateJava(text, 0);
  if (pattern.kind !== 'pattern') return true;
  const found = match(pattern, [value]);
  return found === 'too slow' || found[0] !== null;
}

import { type IvrModule, targetsOf } from '../script-model.ts';
import { childrenOf, type XmlNode } from '../xml.ts';
import { conditionsIn } from './comparisons.ts';
import type { Rule } from './finding.ts';
import { readOperand } from './operands.ts';
import type { View } from './view.ts';

/** Circles in the graph. */
export const loopRules: readonly Rule[] = [
  {
    id: 'loops.counted',
    severity: 'error',
    scope: 'any',
    about: 'A loop with a Query or a transfer in it counts its rounds, and leaves when there were too many.',
    *check(view) {
      for (const loop of loopsOf(view.script.modules)) {
        const costly = loop.find(({ tag }) => tag === 'query' || tag === 'thirdPartyTransfer');
        if (costly && !isCounted(view, loop)) {
          yield {
            module: costly,
            what: `it stands in a loop that nothing counts (${namesOf(loop)})`,
            change:
              'Count the rounds with a Set Variable module (SUM of a number and 1), and leave by an If/Else when there were a few.',
          };
        }
      }
    },
  },
  {
    id: 'loops.quiet',
    severity: 'warning',
    scope: 'any',
    about: 'A loop waits for the caller somewhere, or counts its rounds.',
    *check(view) {
      for (const loop of loopsOf(view.script.modules)) {
        const isOther = loop.some(({ tag }) => tag === 'query' || tag === 'thirdPartyTransfer');
        const waits = loop.some(({ tag }) => !quiet.has(tag));
        if (isOther || waits || isCounted(view, loop)) continue;
        yield {
          module: loop[0],
          what: `it stands in a loop that neither waits for the caller nor counts its rounds (${namesOf(loop)})`,
          change: 'Count the rounds with a Set Variable module, and leave by an If/Else.',
        };
      }
    },
  },
];

/** Kinds that are through at once, whoever is on the line. */
const quiet = new Set([
  'setVariable',
  'ifElse',
  'case',
  'lookupCRMRecord',
  'crmUpdate',
  'systemInfo',
  'systemUpdate',
  'play',
]);

/** Names of a few. */
function namesOf(loop: readonly IvrModule[]): string {
  const names = loop.slice(0, 6).map(({ name }) => name);
  return loop.length > 6 ? `${names.join(', ')} …` : names.join(', ');
}

/** Every round must pass both: what counts, and what looks at the count and can leave. */
function isCounted(view: View, loop: readonly IvrModule[]): boolean {
  const ids = new Set(loop.map(({ id }) => id));
  const counting = new Map<string, Set<string>>();
  for (const module of loop) {
    for (const { target, function: name, args } of view.expressions(module)) {
      const isSum = /^(SUM|ADD|SUB|SUBTRACT|DIFF|MINUS|PLUS|INC|DEC)/.test(name);
      if (!isSum || !args.some((arg) => arg.kind === 'variable' && arg.name === target)) continue;
      counting.set(target, (counting.get(target) ?? new Set()).add(module.id));
    }
  }
  return [...counting].some(([variable, counters]) => {
    const exits = loop.filter((module) => targetsOf(module).some((id) => !ids.has(id)) && compares(module, variable));
    const isReset = loop.some((module) =>
      view.expressions(module).some(({ target, function: name }) => target === variable && name === ''),
    );
    const without = (left: ReadonlySet<string>) => !hasCircle(loop.filter(({ id }) => !left.has(id)));
    return !isReset && without(counters) && without(new Set(exits.map(({ id }) => id)));
  });
}

function compares(module: IvrModule, variable: string): boolean {
  const direct = childrenOf(module.data, 'conditions');
  const ofBranches = module.branches.flatMap(({ node }) => conditionsIn(node));
  return [...direct, ...ofBranches].some((condition) =>
    condition.children.some((side) => /Operand$/.test(side.name) && isOf(side, variable)),
  );
}

function isOf(side: XmlNode, variable: string): boolean {
  const operand = readOperand(side);
  return operand.kind === 'variable' && operand.name === variable;
}

function hasCircle(modules: readonly IvrModule[]): boolean {
  return loopsOf(modules).length > 0;
}

/** Sets of modules each of which leads to every other (strongly connected, by Kosaraju's two walks). */
function loopsOf(modules: readonly IvrModule[]): IvrModule[][] {
  const byId = new Map(modules.map((module) => [module.id, module]));
  const order = leavingOrder(modules, byId);
  const before = new Map<string, string[]>();
  for (const module of modules) {
    for (const target of targetsOf(module)) {
      const list = before.get(target);
      if (list) list.push(module.id);
      else before.set(target, [module.id]);
    }
  }
  const seen = new Set<string>();
  const loops: IvrModule[][] = [];
  for (const id of order.reverse()) {
    const members: IvrModule[] = [];
    const open = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const module = byId.get(at);
      if (!module || seen.has(at)) continue;
      seen.add(at);
      members.push(module);
      for (const earlier of before.get(at) ?? []) open.push(earlier);
    }
    const [only] = members;
    if (members.length > 1 || (only && targetsOf(only).includes(only.id))) loops.push(members);
  }
  return loops;
}

/** Ids in the order in which a walk leaves them for good. */
function leavingOrder(modules: readonly IvrModule[], byId: ReadonlyMap<string, IvrModule>): string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  for (const { id: start } of modules) {
    const open: { id: string; isLeft: boolean }[] = [{ id: start, isLeft: false }];
    for (let at = open.pop(); at; at = open.pop()) {
      if (at.isLeft) order.push(at.id);
      const module = byId.get(at.id);
      if (at.isLeft || !module || seen.has(at.id)) continue;
      seen.add(at.id);
      open.push({ id: at.id, isLeft: true });
      for (const id of targetsOf(module)) if (!seen.has(id)) open.push({ id, isLeft: false });
    }
  }
  return order;
}

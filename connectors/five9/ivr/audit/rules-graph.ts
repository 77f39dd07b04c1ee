import { type IvrModule, targetsOf } from '../script-model.ts';
import type { Problem, Rule } from './finding.ts';
import { mayEnd, reach, type View } from './view.ts';

/** How modules hang together. */
export const graphRules: readonly Rule[] = [
  {
    id: 'modules.start',
    severity: 'error',
    scope: 'any',
    about: 'There is exactly one Incoming Call module, and it leads somewhere.',
    *check({ script }) {
      const starts = script.modules.filter(({ tag }) => tag === 'incomingCall');
      if (starts.length === 0) {
        yield {
          what: 'there is no Incoming Call module: no call gets into the script',
          change: 'Add one, and connect it.',
        };
      }
      for (const extra of starts.slice(1)) {
        yield { module: extra, what: 'this is a second Incoming Call module', change: 'Delete all but one.' };
      }
      if (starts[0] && !starts[0].next) {
        yield { module: starts[0], what: 'it leads nowhere', change: 'Connect it to the first module of the call.' };
      }
    },
  },
  {
    id: 'modules.hangup-pair',
    severity: 'error',
    scope: 'any',
    about: 'The part for calls that the caller ends has its start and a Hang Up that the start reaches.',
    *check({ script }) {
      const byId = new Map(script.onHangup.map((module) => [module.id, module]));
      const starts = script.onHangup.filter(({ tag }) => tag === 'startOnHangup');
      const change = 'On the tab for the hang-up of the caller, connect its start to a Hang Up module.';
      if (starts.length !== 1) {
        yield { what: `the part for the caller's hang-up has ${starts.length} starts`, change };
        return;
      }
      const reached = reach(byId, [starts[0]?.next ?? '']);
      const hasEnd = [...reached].some((id) => byId.get(id)?.tag === 'hangup');
      if (!hasEnd) yield { module: starts[0], what: "the part for the caller's hang-up ends in no Hang Up", change };
    },
  },
  {
    id: 'modules.ids',
    severity: 'error',
    scope: 'any',
    about: 'Every module has an id of 32 hex digits that no other has.',
    *check({ script }) {
      const seen = new Set<string>();
      for (const module of allOf(script)) {
        if (!/^[0-9A-Fa-f]{32}$/.test(module.id)) {
          yield {
            module,
            what: module.id ? 'its id is not 32 hex digits' : 'it has no id',
            change: 'Delete the module in the editor and add it anew.',
          };
        } else if (seen.has(module.id)) {
          yield { module, what: 'another module has the same id', change: 'Delete one of them and add it anew.' };
        }
        seen.add(module.id);
      }
    },
  },
  {
    id: 'modules.names',
    severity: 'warning',
    scope: 'any',
    about: 'Module names are there and unique: reports and IVR.last_module go by them.',
    *check({ script }) {
      const seen = new Set<string>();
      for (const module of allOf(script)) {
        if (seen.has(module.name)) {
          const what = module.name ? 'another module has the same name' : 'it has no name';
          yield { module, what, change: 'Give it a name of its own.' };
        }
        if (module.name || seen.has('')) seen.add(module.name);
        else {
          seen.add('');
          yield { module, what: 'it has no name', change: 'Give it a name of its own.' };
        }
      }
    },
  },
  {
    id: 'edges.resolve',
    severity: 'error',
    scope: 'any',
    about: 'Every connection leads to a module that is there.',
    *check({ script }) {
      for (const part of [script.modules, script.onHangup]) {
        const ids = new Set(part.map(({ id }) => id));
        for (const module of part) yield* lostEdges(module, ids);
      }
    },
  },
  {
    id: 'edges.mirrored',
    severity: 'error',
    scope: 'any',
    about: 'A module names as its ascendants the modules that lead to it, and no others.',
    *check({ script }) {
      for (const part of [script.modules, script.onHangup]) yield* unmirrored(part);
    },
  },
  {
    id: 'paths.dead-end',
    severity: 'error',
    scope: 'any',
    about: 'Every way through the script goes on until a hang-up, a transfer or a voicemail.',
    *check({ script }) {
      for (const module of allOf(script)) {
        if (module.tag === 'incomingCall' || mayEnd(module) || module.next || module.branches.length > 0) continue;
        const back = module.tag === 'thirdPartyTransfer' ? 'the call comes back to it, and ' : '';
        yield {
          module,
          what: `${back}nothing follows: the call is cut here`,
          change: 'Connect it to the module that comes next, at the end to a Hang Up.',
        };
      }
    },
  },
  {
    id: 'paths.end',
    severity: 'error',
    scope: 'any',
    about: 'From every module the call can come to an end.',
    *check(view) {
      const reached = view.start ? reach(view.byId, [view.start.id]) : new Set<string>();
      const ending = leadingToEnd(view);
      for (const module of view.script.modules) {
        const isDeadEnd = targetsOf(module).length === 0;
        if (!reached.has(module.id) || ending.has(module.id) || isDeadEnd) continue;
        yield {
          module,
          what: 'from here no way leads to a hang-up or a transfer: the call goes round for ever or is cut',
          change: 'Add a way out to a Hang Up or a Skill Transfer.',
        };
      }
    },
  },
  {
    id: 'paths.unreachable',
    severity: 'warning',
    scope: 'any',
    about: 'Every module can be reached from the Incoming Call module.',
    *check({ script, byId, start }) {
      const reached = start ? reach(byId, [start.id]) : new Set<string>();
      for (const module of start ? script.modules : []) {
        if (module.tag === 'incomingCall' || reached.has(module.id)) continue;
        yield { module, what: 'no call ever gets here', change: 'Connect it, or delete it.' };
      }
    },
  },
];

function allOf({ modules, onHangup }: View['script']): IvrModule[] {
  return [...modules, ...onHangup];
}

function* lostEdges(module: IvrModule, ids: ReadonlySet<string>): Iterable<Problem> {
  const change = 'Draw the connection anew.';
  if (module.next && !ids.has(module.next)) {
    yield { module, what: 'its connection leads to a module that is not there', change };
  }
  if (module.onError && !ids.has(module.onError)) {
    yield { module, what: 'its error branch leads to a module that is not there', change };
  }
  for (const { name, target } of module.branches) {
    if (ids.has(target)) continue;
    const where = target ? 'to a module that is not there' : 'nowhere';
    yield { module, what: `its branch "${name}" leads ${where}`, change: 'Connect the branch, or delete it.' };
  }
}

function* unmirrored(part: readonly IvrModule[]): Iterable<Problem> {
  const byId = new Map(part.map((module) => [module.id, module]));
  const named = new Map(part.map(({ id, ascendants }) => [id, new Set(ascendants)]));
  const targets = new Map(part.map((module) => [module.id, new Set(targetsOf(module))]));
  for (const module of part) {
    for (const id of new Set(targetsOf(module))) {
      const target = byId.get(id);
      if (!target || named.get(id)?.has(module.id)) continue;
      yield {
        module: target,
        what: `"${module.name}" leads to it, and it does not name that one as an ascendant`,
        change: 'Draw the connection anew, and save.',
      };
    }
    for (const id of new Set(module.ascendants)) {
      if (targets.get(id)?.has(module.id)) continue;
      const from = byId.get(id);
      yield {
        module,
        severity: 'warning',
        what: `it names ${from ? `"${from.name}"` : 'a module that is not there'} as an ascendant, which does not lead to it`,
        change: 'Draw the connection anew, and save.',
      };
    }
  }
}

function leadingToEnd({ script, byId }: View): Set<string> {
  const before = new Map<string, string[]>();
  for (const module of script.modules) {
    for (const target of targetsOf(module)) {
      const list = before.get(target);
      if (list) list.push(module.id);
      else before.set(target, [module.id]);
    }
  }
  const ending = new Set<string>();
  const open = [...byId.values()].filter(mayEnd).map(({ id }) => id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (ending.has(id)) continue;
    ending.add(id);
    for (const earlier of before.get(id) ?? []) open.push(earlier);
  }
  return ending;
}

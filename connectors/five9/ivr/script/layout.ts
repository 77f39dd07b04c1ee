import { createHash } from 'node:crypto';
import { element, type XmlNode } from '../xml.ts';

/** A module to be: edges go by name. */
export interface Step {
  tag: string;
  /** Unique within the script. */
  name: string;
  next?: string;
  onError?: string;
  branches?: readonly Branch[];
  /** Content of `data` behind the branches. Null: the module has no `data`. */
  data: readonly XmlNode[] | null;
}

export interface Branch {
  name: string;
  to: string;
  /** What the branch says besides its name and target. */
  rest: readonly XmlNode[];
}

/**
 * Makes modules out of steps: ids, edges, their mirror and places on the canvas. The same steps give the same text.
 *
 * @param scope of the ids: the name of the script
 * @param steps in the order of the call; an edge to an earlier step is a loop
 */
export function layOut(scope: string, steps: readonly Step[]): XmlNode[] {
  const idOf = (name: string) => moduleId(scope, name);
  const places = placesOf(steps);
  return steps.map((step) => {
    const { x, y } = places.get(step.name) ?? { x: 0, y: 0 };
    const leadHere = steps.filter((other) => edgesOf(other).includes(step.name));
    return element(step.tag, [
      ...leadHere.map(({ name }) => element('ascendants', idOf(name))),
      ...(step.onError ? [element('exceptionalDescendant', idOf(step.onError))] : []),
      ...(step.next ? [element('singleDescendant', idOf(step.next))] : []),
      element('moduleName', step.name),
      element('locationX', x),
      element('locationY', y),
      element('moduleId', idOf(step.name)),
      ...(step.data ? [element('data', [...branchesOf(step, idOf), ...step.data])] : []),
    ]);
  });
}

/** 32 upper-case hex digits that follow from the names, so that a script made anew differs only where it changed. */
function moduleId(scope: string, name: string): string {
  return createHash('sha256').update(`${scope}\n${name}`).digest('hex').slice(0, 32).toUpperCase();
}

function branchesOf({ branches }: Step, idOf: (name: string) => string): XmlNode[] {
  if (!branches) return [];
  const entries = branches.map(({ name, to, rest }) =>
    element('entry', [
      element('key', name),
      element('value', [element('name', name), element('desc', idOf(to)), ...rest]),
    ]),
  );
  return [element('branches', entries)];
}

function edgesOf({ next, onError, branches }: Step): string[] {
  return [...(onError ? [onError] : []), ...(next ? [next] : []), ...(branches ?? []).map(({ to }) => to)];
}

/** A column right of everything that leads to it, and below what stands in that column already. */
function placesOf(steps: readonly Step[]): Map<string, { x: number; y: number }> {
  const columns = new Map(steps.map(({ name }) => [name, 0]));
  for (const [index, step] of steps.entries()) {
    const later = new Set(steps.slice(index + 1).map(({ name }) => name));
    for (const target of edgesOf(step).filter((name) => later.has(name))) {
      columns.set(target, Math.max(columns.get(target) ?? 0, (columns.get(step.name) ?? 0) + 1));
    }
  }
  const taken = new Map<number, number>();
  return new Map(
    [...columns].map(([name, column]) => {
      const row = taken.get(column) ?? 0;
      taken.set(column, row + 1);
      return [name, { x: 40 + column * 150, y: 40 + row * 90 }];
    }),
  );
}

import { type IvrModule, type IvrScript, readScript } from '../script-model.ts';
import type { XmlNode } from '../xml.ts';

/** How two scripts differ; modules and variables by name. Ids and places on the canvas don't count. */
export interface ScriptDifference {
  isSame: boolean;
  added: string[];
  removed: string[];
  changed: { module: string; details: string[] }[];
}

/** The most lines per module: a block that is all new says enough in a few. */
const mostDetails = 12;

/** @param before null when there is no script yet */
export function diffScripts(before: XmlNode | null, after: XmlNode): ScriptDifference {
  const old = before ? partsOf(readScript(before)) : new Map<string, Map<string, string>>();
  const fresh = partsOf(readScript(after));
  const added = [...fresh.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !fresh.has(name));
  const changed: ScriptDifference['changed'] = [];
  for (const [module, now] of fresh) {
    const then = old.get(module);
    const details = then ? detailsOf(then, now) : [];
    if (details.length > 0) changed.push({ module, details: shorten(details) });
  }
  return { isSame: added.length + removed.length + changed.length === 0, added, removed, changed };
}

/** For people: a line per module, its details below. */
export function describeDifference({ isSame, added, removed, changed }: ScriptDifference): string[] {
  if (isSame) return ['no difference'];
  return [
    ...added.map((name) => `+ ${name}`),
    ...removed.map((name) => `- ${name}`),
    ...changed.flatMap(({ module, details }) => [`~ ${module}`, ...details.map((detail) => `    ${detail}`)]),
  ];
}

/** What a script does, in a fixed order. */
export function contentOf(root: XmlNode): [part: string, values: [path: string, value: string][]][] {
  const sorted = [...partsOf(readScript(root))].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([part, values]) => [part, [...values].sort(([one], [other]) => (one < other ? -1 : 1))]);
}

/** Modules and variables by what they are called, each as values by path. */
function partsOf(script: IvrScript): Map<string, Map<string, string>> {
  const names = new Map([...script.modules, ...script.onHangup].map(({ id, name }) => [id, name]));
  const modules = [...script.modules, ...script.onHangup].map(
    (module) => [`module ${module.name}`, valuesOf(module, names)] as const,
  );
  const variables = [...script.variables.values()].map(({ name, node }) => {
    const values = new Map<string, string>();
    collect(node, '', values, new Map());
    return [`variable ${name}`, values] as const;
  });
  return new Map([...modules, ...variables]);
}

/** Edges go by the name of the module that they lead to. Ascendants only mirror edges. */
function valuesOf({ tag, next, onError, data }: IvrModule, names: ReadonlyMap<string, string>): Map<string, string> {
  const nameOf = (id: string) => names.get(id) ?? id;
  const values = new Map([['kind', tag]]);
  if (next) values.set('next', nameOf(next));
  if (onError) values.set('on error', nameOf(onError));
  if (data) collect(data, '', values, names);
  return values;
}

/** Empty elements count as absent: Five9 may leave them out or write them. */
function collect(node: XmlNode, path: string, values: Map<string, string>, names: ReadonlyMap<string, string>): void {
  const seen = new Map<string, number>();
  for (const child of node.children) {
    const count = (seen.get(child.name) ?? 0) + 1;
    seen.set(child.name, count);
    const at = `${path}${path && '/'}${child.name}${count > 1 ? `[${count}]` : ''}`;
    if (child.children.length > 0) collect(child, at, values, names);
    else if (child.text.trim() !== '') values.set(at, names.get(child.text.trim()) ?? withoutLineBreaks(child.text));
  }
}

/** base64 is broken into lines in exports. */
function withoutLineBreaks(text: string): string {
  return text.trim().replace(/[\r\n]+/g, '');
}

function detailsOf(then: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  const paths = [...new Set([...then.keys(), ...now.keys()])];
  return paths
    .filter((path) => then.get(path) !== now.get(path))
    .map((path) => `${path}: ${show(then.get(path))} → ${show(now.get(path))}`);
}

function show(value: string | undefined): string {
  if (value === undefined) return '(none)';
  return value.length > 80 ? `${value.slice(0, 77)}…` : value;
}

function shorten(details: readonly string[]): string[] {
  if (details.length <= mostDetails) return [...details];
  return [...details.slice(0, mostDetails), `… and ${details.length - mostDetails} more`];
}

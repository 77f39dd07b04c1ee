import { childOf, childrenOf, textAt, type XmlNode } from './xml.ts';

/** A script as a graph of modules. Everything else of the document stays in `root`, which the modules point into. */
export interface IvrScript {
  root: XmlNode;
  /** In the order of the document. */
  modules: IvrModule[];
  /** What runs when the caller hangs up. */
  onHangup: IvrModule[];
  /** By name. */
  variables: ReadonlyMap<string, IvrVariable>;
}

export interface IvrModule {
  /** `query`, `case`, `hangup` … */
  tag: string;
  id: string;
  name: string;
  /** The normal edge; empty when the module has none. */
  next: string;
  /** The error edge; empty when there is none. */
  onError: string;
  /** The branches of case, ifElse, menu …, in their order. */
  branches: readonly IvrBranch[];
  /** Ids of the modules that say they lead here. */
  ascendants: readonly string[];
  node: XmlNode;
  data: XmlNode | undefined;
}

export interface IvrBranch {
  name: string;
  target: string;
  node: XmlNode;
}

export interface IvrVariable {
  name: string;
  /** From the element that holds the value: `stringValue` is STRING, `kvListValue` KVLIST …; empty when it can't be told. */
  type: string;
  node: XmlNode;
}

/** Reads a script's graph. Tolerates what is missing: judging that is the audit's part. */
export function readScript(root: XmlNode): IvrScript {
  return {
    root,
    modules: modulesIn(childOf(root, 'modules')),
    onHangup: modulesIn(childOf(root, 'modulesOnHangup')),
    variables: new Map(
      childrenOf(childOf(root, 'userVariables'), 'entry').map((entry) => {
        const variable = readVariable(entry);
        return [variable.name, variable] as const;
      }),
    ),
  };
}

function modulesIn(parent: XmlNode | undefined): IvrModule[] {
  return (parent?.children ?? []).map((node) => {
    const data = childOf(node, 'data');
    return {
      tag: node.name,
      id: textAt(node, 'moduleId'),
      name: textAt(node, 'moduleName'),
      next: textAt(node, 'singleDescendant'),
      onError: textAt(node, 'exceptionalDescendant'),
      branches: childrenOf(childOf(data, 'branches'), 'entry').map(readBranch),
      ascendants: childrenOf(node, 'ascendants').map(({ text }) => text.trim()),
      node,
      data,
    };
  });
}

function readBranch(entry: XmlNode): IvrBranch {
  const name = textAt(entry, 'key') || textAt(entry, 'value', 'name');
  return { name, target: textAt(entry, 'value', 'desc'), node: entry };
}

function readVariable(entry: XmlNode): IvrVariable {
  const node = childOf(entry, 'value') ?? entry;
  const holder = node.children.find(({ name }) => /^\w+Value$/.test(name) && name !== 'isNullValue');
  const type = holder ? holder.name.replace(/Value$/, '').toUpperCase() : '';
  return { name: textAt(entry, 'key') || textAt(node, 'name'), type, node };
}

/** The ids of every module that a module leads to, error edge included. */
export function targetsOf({ next, onError, branches }: IvrModule): string[] {
  return [next, onError, ...branches.map(({ target }) => target)].filter((id) => id !== '');
}

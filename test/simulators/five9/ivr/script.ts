import { parseXml, type XmlElement } from '../xml.ts';
import { child, wordAt } from './script-xml.ts';
import { readDeclarations, type Value } from './variables.ts';

/** A script as the runner needs it. */
export interface Script {
  /** Id of the module that an answered call begins with. */
  start: string;
  /** Id of the module that runs when the caller hangs up; empty when there is none. */
  startOnHangup: string;
  modules: ReadonlyMap<string, ScriptModule>;
  declared: readonly (readonly [name: string, Value])[];
}

export interface ScriptModule {
  /** `query`, `case`, `hangup` … */
  tag: string;
  id: string;
  name: string;
  /** The normal edge; empty when there is none. */
  next: string;
  /** The error edge; empty when there is none. */
  onError: string;
  data: XmlElement | undefined;
}

/** Reads `.five9ivr` text; throws an Error when it is not well-formed or has no beginning. */
export function readScript(xml: string): Script {
  const root = parseXml(xml.replace(/^\uFEFF/, ''));
  const modules = readModules(child(root, 'modules'));
  const onHangup = readModules(child(root, 'modulesOnHangup'));
  const starts = modules.filter(({ tag }) => tag === 'incomingCall');
  const [start] = starts;
  if (!start || starts.length > 1) throw new Error(`a script needs one incomingCall module, this has ${starts.length}`);
  return {
    start: start.id,
    startOnHangup: onHangup.find(({ tag }) => tag === 'startOnHangup')?.id ?? '',
    modules: new Map([...modules, ...onHangup].map((module) => [module.id, module])),
    declared: readDeclarations(child(root, 'userVariables')),
  };
}

function readModules(parent: XmlElement | undefined): ScriptModule[] {
  return (parent?.children ?? []).map((element) => ({
    tag: element.name,
    id: wordAt(element, 'moduleId'),
    name: wordAt(element, 'moduleName'),
    next: wordAt(element, 'singleDescendant'),
    onError: wordAt(element, 'exceptionalDescendant'),
    data: child(element, 'data'),
  }));
}

import { type Five9Domain, namePattern } from './five9-domain.ts';
import { alreadyExists, notFound } from './setup-operations.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import { parseXml, writeElement, type XmlContent } from './xml.ts';

/** Scripts with their definitions, by name. */
export function getIVRScripts(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('namePattern'));
  return [...domain.scripts.values()]
    .filter(({ name }) => fits(name))
    .map(({ description, name, xmlDefinition }) => ({ description, name, xmlDefinition }));
}

/** Makes an empty script, and gives the frame that the domain made for it. */
export function createIVRScript(domain: Five9Domain, args: Args): XmlContent {
  const name = args.text('name');
  if (domain.scripts.has(name)) throw alreadyExists('IVR script', name);
  const script = { description: '', name, xmlDefinition: emptyScript };
  domain.scripts.set(name, script);
  return script;
}

/** Keeps a definition as it came. ASSUMPTION: what can't be read as a script is an incorrect argument. */
export function modifyIVRScript(domain: Five9Domain, args: Args): XmlContent {
  const given = args.node('scriptDef');
  const script = domain.scripts.get(given.text('name'));
  if (!script) throw notFound('IVR script', given.text('name'));
  const xmlDefinition = given.has('xmlDefinition') ? given.text('xmlDefinition') : script.xmlDefinition;
  if (!isScript(xmlDefinition)) throw soapFault('IncorrectArgumentFault', 'The script definition can not be parsed');
  const description = given.has('description') ? given.text('description') : script.description;
  domain.scripts.set(script.name, { description, name: script.name, xmlDefinition });
  return undefined;
}

export function deleteIVRScript(domain: Five9Domain, args: Args): XmlContent {
  const name = args.text('name');
  if (!domain.scripts.has(name)) throw notFound('IVR script', name);
  const user = [...domain.campaigns.values()].find(({ script }) => script === name);
  if (user) {
    const message = `IVR script "${name}" is used by the campaign "${user.name}"`;
    throw soapFault('ObjectInUseFault', message, { objectName: name, objectType: 'IVR script' });
  }
  domain.scripts.delete(name);
  return undefined;
}

function isScript(xml: string): boolean {
  try {
    return parseXml(xml).name === 'ivrScript';
  } catch {
    return false;
  }
}

const emptyScript = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${writeElement('ivrScript', {
  domainId: 100_001,
  properties: {},
  modules: {},
  modulesOnHangup: {},
  userVariables: {},
  multiLanguagesPrompts: {},
  multiLanguagesVIVRPrompts: {},
  multiLanguagesTextPrompts: {},
  multiLanguagesMenuChoices: {},
  multiLanguagesEwtAnnouncement: {},
  languages: {},
  functions: {},
  defaultLanguage: 'en-US',
  defaultMethod: 'GET',
  defaultFetchTimeout: 5,
  showLabelNames: true,
  defaultVivrTimeout: 5,
  unicodeEncoding: false,
  useShortcut: false,
  resetErrorCode: true,
  showAllChannelPrompts: false,
  extContactFieldsInput: true,
  extContactFieldsOutput: true,
  timeoutInMilliseconds: 3_600_000,
  version: 1_300_001,
})}`;

import { type Five9Domain, namePattern } from './five9-domain.ts';
import { CallVariable, ContactField, Disposition } from './options.ts';
import type { Args } from './shapes.ts';
import { soapFault } from './soap-fault.ts';
import type { XmlChildren, XmlContent } from './xml.ts';

/** What an admin makes in a domain: contact fields, dispositions, lists, call variables. */
export function createContactField(domain: Five9Domain, args: Args): XmlContent {
  assertNothingRuns(domain);
  const field = readField(args);
  if (domain.contacts.field(field.name)) throw alreadyExists('Contact field', field.name);
  domain.contacts.addField(field);
  return undefined;
}

export function modifyContactField(domain: Five9Domain, args: Args): XmlContent {
  assertNothingRuns(domain);
  const field = readField(args);
  if (!domain.contacts.field(field.name)) throw notFound('Contact field', field.name);
  domain.contacts.addField(field);
  return undefined;
}

export function createDisposition(domain: Five9Domain, args: Args): XmlContent {
  const given = args.node('disposition');
  const name = given.text('name');
  if (domain.dispositions.has(name)) {
    const message = `Disposition "${name}" already exists`;
    throw soapFault('DispositionAlreadyExistsFault', message, { dispositionName: name });
  }
  domain.dispositions.set(name, Disposition.parse({ name, type: given.text('type') || undefined }));
  return undefined;
}

export function createList(domain: Five9Domain, args: Args): XmlContent {
  const listName = args.text('listName');
  if (domain.lists.has(listName)) {
    throw soapFault('ListAlreadyExistsFault', `List "${listName}" already exists`, { listName });
  }
  domain.lists.set(listName, new Map());
  return undefined;
}

export function getCallVariableGroups(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('namePattern'));
  return [...domain.variableGroups.values()]
    .filter(({ name }) => fits(name))
    .map(({ name, description, variables }) => ({
      description,
      name,
      variables: [...variables.values()].map((variable) => variableXml(name, variable)),
    }));
}

export function getCallVariables(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('namePattern'));
  const group = args.text('groupName');
  if (group && !domain.variableGroups.has(group)) throw notFound('Call variable group', group);
  return [...domain.variableGroups.values()]
    .filter(({ name }) => group === '' || name === group)
    .flatMap(({ name, variables }) =>
      [...variables.values()].filter((variable) => fits(variable.name)).map((variable) => variableXml(name, variable)),
    );
}

export function createCallVariablesGroup(domain: Five9Domain, args: Args): XmlContent {
  const name = args.text('name');
  if (domain.variableGroups.has(name)) throw alreadyExists('Call variable group', name);
  domain.variableGroups.set(name, { name, description: args.text('description'), variables: new Map() });
  return undefined;
}

export function createCallVariable(domain: Five9Domain, args: Args): XmlContent {
  const given = args.node('variable');
  const group = domain.variableGroups.get(given.text('group'));
  if (!group) throw notFound('Call variable group', given.text('group'));
  const variable = CallVariable.parse({
    name: given.text('name'),
    type: given.text('type') || undefined,
    description: given.text('description'),
    reporting: given.flag('reporting'),
    sensitiveData: given.flag('sensitiveData'),
    restrictions: readRestrictions(given),
  });
  if (group.variables.has(variable.name)) throw alreadyExists('Call variable', variable.name);
  group.variables.set(variable.name, variable);
  return undefined;
}

export function getSkills(domain: Five9Domain, args: Args): XmlContent {
  const fits = namePattern(args.text('skillNamePattern'));
  return domain.skills
    .filter(({ name }) => fits(name))
    .map(({ id, name }) => ({ description: '', id, messageOfTheDay: '', name, routeVoiceMails: false }));
}

export function getSkillInfo(domain: Five9Domain, args: Args): XmlContent {
  const skillName = args.text('skillName');
  const skill = domain.skills.find(({ name }) => name === skillName);
  if (!skill) throw soapFault('SkillNotFoundFault', `Skill "${skillName}" not found`, { skillName });
  const { id, name } = skill;
  const users = skill.users.map((userName) => ({ id, level: 1, skillName: name, userName }));
  return { skill: { id, name, routeVoiceMails: false }, users };
}

/** Fields can't be made, changed or deleted while a campaign runs. */
export function assertNothingRuns(domain: Five9Domain): void {
  if (![...domain.campaigns.values()].some(({ state }) => state !== 'NOT_RUNNING')) return;
  throw soapFault('ExecutionRestrictionFault', 'The operation is not allowed while campaigns are running');
}

function readField(args: Args): ContactField {
  const given = args.node('field');
  return ContactField.parse({
    name: given.text('name'),
    type: given.text('type') || undefined,
    mapTo: given.text('mapTo') || undefined,
    displayAs: given.text('displayAs') || undefined,
    restrictions: readRestrictions(given),
  });
}

function readRestrictions(given: Args): { type: string; value: string }[] {
  return given.nodes('restrictions').map((one) => ({ type: one.text('type'), value: one.text('value') }));
}

function variableXml(group: string, variable: CallVariable): XmlChildren {
  const { name, description, reporting, restrictions, sensitiveData, type } = variable;
  return { applyToAllDispositions: true, description, group, name, reporting, restrictions, sensitiveData, type };
}

export function alreadyExists(objectType: string, objectName: string) {
  return soapFault('ObjectAlreadyExistsFault', `${objectType} "${objectName}" already exists`, {
    objectName,
    objectType,
  });
}

export function notFound(objectType: string, objectName: string) {
  return soapFault('ObjectNotFoundFault', `${objectType} "${objectName}" not found`, { objectName, objectType });
}

import type { Five9Domain } from '../../simulators/five9/five9-domain.ts';
import type { Campaign } from '../../simulators/five9/options.ts';
import { everyRight, type UserRights } from '../../simulators/five9/user-operations.ts';
import type { Break } from '../break-checks.ts';
import type { Five9Section, HealthyFive9 } from './five9.ts';

/** A healthy site, and what a break may change of Patchbay's side. */
export interface Site extends HealthyFive9 {
  section: Five9Section;
  clockOffsetMs: number;
  inboundCallUrls: readonly string[];
}

export const spring = 'Spring outbound';
export const winter = 'Winter outbound';
export const script = `Patchbay ${spring}`;
const patchbayUser = 'patchbay@example.com';

/** Changes the configuration; the instance is made anew. */
export function configured(what: string, change: (section: Five9Section) => void, status?: Break<Site>['status']) {
  const run = async (site: Site) => {
    const before = site.section;
    site.section = structuredClone(before);
    change(site.section);
    return async () => {
      site.section = before;
    };
  };
  return { what, run, ...(status && { status }) };
}

/** Changes what Five9 holds. @param change gives what mends it */
export function inFive9(what: string, change: (domain: Five9Domain) => () => void, status?: Break<Site>['status']) {
  const run = async ({ simulator }: Site) => {
    let mend = () => {};
    simulator.change((domain) => {
      mend = change(domain);
    });
    return async () => mend();
  };
  return { what, run, ...(status && { status }) };
}

export function entry<T>(map: Map<string, T>, name: string, change: (held: T) => T | null): () => void {
  const held = map.get(name);
  if (held === undefined) throw new Error(`Five9 has no ${name}`);
  const changed = change(held);
  if (changed === null) map.delete(name);
  else map.set(name, changed);
  return () => void map.set(name, held);
}

export function campaign(what: string, name: string, more: Partial<Campaign>, status?: Break<Site>['status']) {
  const change = (held: Campaign) => ({ ...held, ...more, members: { ...held.members, ...more.members } });
  return inFive9(what, ({ campaigns }) => entry(campaigns, name, change), status);
}

/** Changes a text of the installed script, where it stands first. */
export function edited(what: string, from: string | RegExp, to: string, status?: Break<Site>['status']) {
  return written(what, (xml) => xml.replace(from, () => to), status);
}

export function written(what: string, write: (xml: string) => string, status?: Break<Site>['status']) {
  const change = ({ scripts }: Five9Domain) =>
    entry(scripts, script, (held) => {
      const xmlDefinition = write(held.xmlDefinition);
      if (xmlDefinition === held.xmlDefinition) throw new Error('nothing was changed in the script');
      return { ...held, xmlDefinition };
    });
  return inFive9(what, change, status);
}

/** Takes the error branch of a module away, and the word of it at the module where it led. */
export function withoutErrorBranch(xml: string): string {
  const [edge = '', target = ''] = /<exceptionalDescendant>(\w+)<\/exceptionalDescendant>\s*/.exec(xml) ?? [];
  const [, id = ''] = /<moduleId>(\w+)<\/moduleId>/.exec(xml.slice(xml.indexOf(edge))) ?? [];
  const end = xml.indexOf(`<moduleId>${target}</moduleId>`);
  const ascendant = `<ascendants>${id}</ascendants>`;
  const place = xml.lastIndexOf(ascendant, end);
  return `${xml.slice(0, place)}${xml.slice(place + ascendant.length)}`.replace(edge, '');
}

export function refusing(what: string, operation: string, fault: string, status?: Break<Site>['status']) {
  const run = async ({ simulator }: Site) => {
    simulator.failNext('soapFault', { operation, fault, times: -1 });
    return async () => simulator.heal();
  };
  return { what, run, ...(status && { status }) };
}

export function user(what: string, rights: Partial<UserRights>, status?: Break<Site>['status']) {
  return inFive9(what, ({ users }) => entry(users, patchbayUser, () => ({ ...everyRight, ...rights })), status);
}

export function contact(what: string, field: string, value: (first: string) => string, status?: Break<Site>['status']) {
  const change = ({ contacts, clock }: Five9Domain) => {
    const [first, second] = contacts.find([]);
    if (!first || !second) throw new Error('two contacts are needed');
    const before = contacts.read(second, field);
    contacts.set(second, field, value(contacts.read(first, field)), clock.now());
    return () => void contacts.set(second, field, before, clock.now());
  };
  return inFive9(what, change, status);
}

export function field(what: string, name: string, more: { type?: 'NUMBER'; mapTo?: 'None' } | null) {
  const change = ({ contacts }: Five9Domain) => {
    const held = contacts.field(name);
    if (!held) throw new Error(`there is no field ${name}`);
    if (more) contacts.addField({ ...held, ...more });
    else contacts.removeField(name);
    return () => contacts.addField(held);
  };
  return inFive9(what, change);
}

export function groupOf({ variableGroups }: Five9Domain) {
  const group = variableGroups.get('SigmaMind');
  if (!group) throw new Error('there is no group');
  return group.variables;
}

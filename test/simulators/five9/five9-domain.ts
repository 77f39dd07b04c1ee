import type { Clock } from '../../../src/domain/clock.ts';
import type { Effect } from '../simulator.ts';
import { type Contact, type ContactStore, createContactStore } from './contact-store.ts';
import { createImportQueue, type ImportQueue, type TellCallback } from './import-queue.ts';
import type { CallLog } from './ivr/call-log.ts';
import { javaRegex } from './ivr/java-regex.ts';
import type {
  CallVariable,
  Campaign,
  Disposition,
  Five9SimulatorOptions,
  IvrScript,
  SavedReport,
  Seed,
  Switches,
} from './options.ts';
import type { RunningReport } from './report-operations.ts';
import { soapFault } from './soap-fault.ts';
import { everyRight, type UserRights } from './user-operations.ts';

/** A contact's place in a list. `callTime`: epoch milliseconds, null for the dialer's own order. */
export interface ListEntry {
  contact: Contact;
  callTime: number | null;
}

/** The last disposition of a contact in one campaign. */
export interface RecordDisposition {
  disposition: string;
  at: number;
  by: Effect['by'];
}

export type Actor = Pick<Effect, 'by' | 'callKey'> & { at: number };

/** A customer's account on Five9 (Five9 calls it a domain): everything that it holds. */
export interface Five9Domain {
  clock: Clock;
  timeZone: string;
  switches: Switches;
  contacts: ContactStore;
  imports: ImportQueue;
  campaigns: Map<string, Campaign>;
  /** By list, by contact id. */
  lists: Map<string, Map<number, ListEntry>>;
  dispositions: Map<string, Disposition>;
  /** By campaign, by contact id. */
  records: Map<string, Map<number, RecordDisposition>>;
  dnc: Set<string>;
  /** By name. */
  scripts: Map<string, IvrScript>;
  skills: { id: number; name: string; users: string[] }[];
  /** Who may use the web services, by name. */
  users: Map<string, UserRights>;
  /** Numbers of the inventory. */
  dnis: string[];
  /** Records that are to be dialled at once, in the order in which they came. */
  dialNow: { list: string; contact: Contact }[];
  /** By name; variables by theirs. */
  variableGroups: Map<string, { name: string; description: string; variables: Map<string, CallVariable> }>;
  savedReports: SavedReport[];
  /** By identifier. */
  reports: Map<string, RunningReport>;
  reportDelayMs: number;
  reportRowCap: number;
  /** By call id: what the call log tells of. */
  calls: Map<string, CallLog>;
  /** Called when the seed changed something: those who wait for a campaign's state look again. */
  watchers: Set<() => void>;
  journal: Effect[];
  /** Imports refuse rows of contacts with such a first number. */
  refusesRow(number1: string): boolean;
}

export function createFive9Domain(clock: Clock, options: Five9SimulatorOptions, tell: TellCallback): Five9Domain {
  const domain: Five9Domain = {
    clock,
    timeZone: options.domainTimeZone,
    switches: options.switches,
    contacts: createContactStore(options.domainTimeZone),
    imports: createImportQueue(clock, options.importDelayMs, tell),
    campaigns: new Map(),
    lists: new Map(),
    dispositions: new Map(),
    records: new Map(),
    dnc: new Set(),
    scripts: new Map(),
    skills: [],
    users: new Map(options.users.map(({ name }) => [name, everyRight])),
    dnis: [],
    dialNow: [],
    variableGroups: new Map(),
    savedReports: [{ folder: 'Call Log Reports', name: 'Call Log', kind: 'calls', columns: [] }],
    reports: new Map(),
    reportDelayMs: options.reportDelayMs,
    reportRowCap: options.reportRowCap,
    calls: new Map(),
    watchers: new Set(),
    journal: [],
    refusesRow: () => false,
  };
  seedDomain(domain, options.seed);
  return domain;
}

/** Adds to what the domain holds; leaves no trace in the journal. */
export function seedDomain(domain: Five9Domain, seed: Seed): void {
  const at = domain.clock.now();
  const list = (name: string) => {
    const entries = domain.lists.get(name) ?? new Map<number, ListEntry>();
    domain.lists.set(name, entries);
    return entries;
  };
  for (const name of seed.lists) list(name);
  for (const disposition of seed.dispositions) domain.dispositions.set(disposition.name, disposition);
  for (const script of seed.scripts) domain.scripts.set(script.name, script);
  for (const { variables, ...group } of seed.callVariableGroups) {
    const byName = new Map(variables.map((variable) => [variable.name, variable]));
    domain.variableGroups.set(group.name, { ...group, variables: byName });
  }
  domain.skills.push(...seed.skills);
  domain.dnis.push(...seed.dnis);
  domain.savedReports.push(...seed.reports);
  for (const field of seed.contactFields) domain.contacts.addField(field);
  for (const campaign of seed.campaigns) {
    domain.campaigns.set(campaign.name, campaign);
    for (const name of campaign.lists) list(name);
  }
  for (const { fields, lists } of seed.contacts) {
    for (const name of Object.keys(fields)) {
      if (!domain.contacts.field(name)) throw new Error(`the seed has a contact with an unknown field ${name}`);
    }
    const contact = domain.contacts.add(fields, at);
    for (const name of lists) list(name).set(contact.id, { contact, callTime: null });
  }
  for (const look of domain.watchers) look();
}

/** Notes an effect. */
export function note(domain: Five9Domain, actor: Actor, effect: Omit<Effect, 'at' | 'by' | 'callKey'>): void {
  const { by, callKey, at } = actor;
  domain.journal.push({ at: new Date(at).toISOString(), by, ...(callKey !== undefined && { callKey }), ...effect });
}

/** How the journal names a contact. */
export function recordName(domain: Five9Domain, contact: Contact): string {
  return domain.contacts.read(contact, 'number1') || `contact ${contact.id}`;
}

export function campaignOf(domain: Five9Domain, name: string): Campaign {
  const campaign = domain.campaigns.get(name);
  if (campaign) return campaign;
  throw soapFault('CampaignNotFoundFault', `Campaign "${name}" not found`, { campaignName: name });
}

export function listOf(domain: Five9Domain, name: string): Map<number, ListEntry> {
  const list = domain.lists.get(name);
  if (list) return list;
  throw soapFault('ListNotFoundFault', `List "${name}" not found`, { listName: name });
}

/** The contact is in one of the campaign's lists. */
export function isInCampaign(domain: Five9Domain, campaign: Campaign, contact: Contact): boolean {
  return campaign.lists.some((list) => domain.lists.get(list)?.has(contact.id));
}

/** A name pattern is a Java regular expression over the whole name; none is all. ASSUMPTION: it is anchored. */
export function namePattern(pattern: string): (name: string) => boolean {
  if (pattern === '') return () => true;
  try {
    const regex = javaRegex(`^(?:${pattern})$`);
    return (name) => regex.test(name);
  } catch {
    throw soapFault('InvalidRegexpPatternFault', 'Invalid regular expression pattern', { pattern });
  }
}

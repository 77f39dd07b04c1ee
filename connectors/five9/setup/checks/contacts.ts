import type { Check, CheckResult } from '../../../../src/domain/connector.ts';
import { fieldsForRegister } from '../../ivr/script/plan.ts';
import { leadFieldOf } from '../../read/contact-to-lead.ts';
import { readDomainTime } from '../../times.ts';
import type { PlannedThing } from '../domain-plan.ts';
import { standardFields } from '../plan-contact-fields.ts';
import { checkOf, fail, notUsed, ok, rightsCheck, some, unknown, warn } from './results.ts';
import type { Site } from './site.ts';

const fieldsMenu = 'VCC Administrator → Contact Fields';

/** The contact database: fields, our key, and how values are written. */
export function contactChecks(site: Site): Check[] {
  return [
    checkOf({
      id: 'fields.known',
      title: 'The contact fields that Patchbay reads and writes exist',
      looksAt: 'getContactFields: names of keyField, fields and campaigns.….fields',
      run: () => fieldsKnown(site),
    }),
    checkOf({
      id: 'fields.types',
      title: 'The contact fields have types that take their values',
      looksAt: 'getContactFields: type',
      run: () => fieldsFit(site, 'type'),
    }),
    checkOf({
      id: 'fields.mappings',
      title: 'Five9 fills the contact fields that Patchbay reads back',
      looksAt: 'getContactFields: mapTo',
      run: () => fieldsFit(site, 'mapTo'),
    }),
    checkOf({
      id: 'fields.agents',
      title: "Patchbay sees an agent's disposition",
      looksAt: 'fields.lastAgentDisposition and fields.lastAgentDispositionAt of the configuration',
      needs: [],
      run: async () => agentFields(site),
    }),
    checkOf({
      id: 'fields.used',
      title: 'The contact fields that scripts, headers and the lead sync name exist',
      looksAt: 'getContactFields: names of headers, script.sendFields and sync.partitions',
      run: () => fieldsUsed(site),
    }),
    checkOf({
      id: 'key.unique',
      title: 'No two contacts have the same key',
      looksAt: 'getContactRecords: keyField, of up to 1,000 contacts',
      needs: [rightsCheck, 'fields.known'],
      run: () => keyUnique(site),
    }),
    checkOf({
      id: 'key.values',
      title: 'Every contact has a key',
      looksAt: 'getContactRecords: keyField, of up to 1,000 contacts',
      needs: [rightsCheck, 'fields.known'],
      run: () => keyValues(site),
    }),
    checkOf({
      id: 'contacts.numbers',
      title: 'Numbers of contacts are written as Patchbay writes them',
      looksAt: 'getContactRecords: number1, against numberFormat',
      run: () => numbers(site),
    }),
    checkOf({
      id: 'contacts.times',
      title: "Times of contacts fit the domain's time zone",
      looksAt: 'getContactRecords: what Five9 wrote into the mapped DATE_TIME fields, against domainTimeZone',
      needs: [rightsCheck, 'clock.apart'],
      run: () => times(site),
    }),
  ];
}

async function fieldsKnown(site: Site): Promise<CheckResult> {
  const { things } = await site.fieldPlan();
  const missing = things.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return ok(`${things.length} fields are there`);
  return fail(
    `not in Five9: ${missing.map(nameOf).join(', ')}`,
    'Five9 refuses an import that names a field which it does not have.',
    `Stop all campaigns and run npx patchbay ${site.five9.id} fields --apply (by hand: ${fieldsMenu} → Add), or correct the names in the configuration.`,
  );
}

function nameOf({ what }: PlannedThing): string {
  return what.replace(/^contact field /, '');
}

/** A field that differs in both is told by its mapping: with the right one its type is right too. */
async function fieldsFit(site: Site, member: 'type' | 'mapTo'): Promise<CheckResult> {
  const { things } = await site.fieldPlan();
  const there = new Map((await site.contactFields()).map((field) => [field.name, field]));
  const differing = things.filter(({ state }) => state === 'differs');
  const wrong = differing.filter((thing) => {
    const wantsMapping = /should be .*filled by Five9/.test(thing.detail);
    const isMapped = (there.get(nameOf(thing))?.mapTo || 'None') !== 'None';
    const isMapping = wantsMapping !== isMapped || (wantsMapping && !hasSameMapping(thing));
    return isMapping === (member === 'mapTo');
  });
  if (wrong.length === 0) return ok('all as they should be');
  return fail(
    wrong.map(({ what, detail }) => `${what} ${detail}`).join('; '),
    member === 'type'
      ? 'A field of another type refuses our values, or cuts them.'
      : 'Five9 fills a mapped field by itself; one without the mapping stays empty, and one with another holds something else.',
    `${fieldsMenu} → ${some(wrong.map(nameOf))}: while no campaign runs make a new field with the right type and mapping, and name it in the configuration.`,
  );
}

function hasSameMapping({ detail }: PlannedThing): boolean {
  const [found, wanted] = [...detail.matchAll(/filled by Five9 \((\w+)\)/g)].map(([, mapTo]) => mapTo);
  return found === wanted;
}

function agentFields({ config: { fields }, five9 }: Site): CheckResult {
  if (fields.lastAgentDisposition && fields.lastAgentDispositionAt) return ok(fields.lastAgentDisposition);
  return warn(
    'no field is configured for LastAgentDisposition and LastAgentDispositionDateTime',
    "Without them Patchbay can't see that an agent was faster, and may write over an agent's result.",
    `Name fields.lastAgentDisposition and fields.lastAgentDispositionAt in the configuration, then run npx patchbay ${five9.id} fields --apply.`,
  );
}

/** What register is told without a contact field. */
const notOfContact = ['correlation_id', 'caller_code', 'lead_id', 'campaign', 'list', 'phone', 'dialer'];

async function fieldsUsed(site: Site): Promise<CheckResult> {
  const { config } = site;
  const there = new Set((await site.contactFields()).map(({ name }) => name));
  const { leadFields, partitions } = config.sync;
  const isHeaderField = (from: string) =>
    notOfContact.includes(from) || [...there].some((field) => leadFieldOf(field, leadFields) === from);
  const missing = [
    ...config.headers.flatMap(({ name, from }) => (isHeaderField(from) ? [] : [`${from} (header ${name})`])),
    ...Object.entries(config.campaigns).flatMap(([campaign, { script }]) =>
      script?.sendFields
        ? fieldsForRegister(config, script)
            .filter((field) => field !== config.keyField && !there.has(field))
            .map((field) => `${field} (script of ${campaign})`)
        : [],
    ),
    ...partitions.flatMap(({ field }) => (there.has(field) ? [] : [`${field} (sync.partitions)`])),
  ];
  if (missing.length === 0) return ok('all of them are there');
  return fail(
    `not in Five9: ${some(missing)}`,
    'A header from a field that is not there stays empty; a script that names one can not be saved.',
    `Correct the names in the configuration (sync.leadFields where Five9 has another name), or make the field: ${fieldsMenu} → Add.`,
  );
}

/** Standard fields are not ours to fill: two contacts may well share one. */
function keyFieldIn({ config }: Site): string {
  return standardFields.has(config.keyField) ? '' : config.keyField;
}

async function keysOf(site: Site): Promise<{ total: number; keys: string[] }> {
  const sample = await site.sample();
  const keys = sample.map((contact) => contact[site.config.keyField] ?? '').filter((key) => key !== '');
  return { total: sample.length, keys };
}

async function keyUnique(site: Site): Promise<CheckResult> {
  const { keys } = await keysOf(site);
  const doubled = keys.length - new Set(keys).size;
  if (doubled === 0) return ok(`${keys.length} keys, each once`);
  const found = `${doubled} of ${keys.length} contacts with a key have that of another contact`;
  const why = 'Five9 takes a key only where exactly one contact has it: write-backs for these are refused.';
  if (!keyFieldIn(site)) {
    return fail(
      found,
      why,
      `${site.config.keyField} is a field of Five9's own, in which two may well hold the same. Set keyField to one of ours, such as patchbay_key, then run npx patchbay ${site.five9.id} fields --apply and keys --apply.`,
    );
  }
  return fail(
    found,
    why,
    `VCC Administrator → Contacts: empty ${site.config.keyField} of contacts that were copied, then run npx patchbay ${site.five9.id} keys --apply.`,
  );
}

async function keyValues(site: Site): Promise<CheckResult> {
  const { total, keys } = await keysOf(site);
  if (total === 0) return notUsed('there is no contact yet');
  const found = `of ${total} contacts ${keys.length} have a key`;
  if (keys.length === total) return ok(found);
  const why =
    'A contact without a key is written by its first number, and only where no other contact has that number.';
  if (!keyFieldIn(site)) return warn(found, why, 'Set keyField to a field of our own, such as patchbay_key.');
  return warn(found, why, `Run npx patchbay ${site.five9.id} keys --apply, and again after each import of contacts.`);
}

async function numbers(site: Site): Promise<CheckResult> {
  const { numberFormat } = site.config;
  const held = (await site.sample()).map(({ number1 = '' }) => number1).filter((number) => number !== '');
  if (held.length === 0) return notUsed('no contact has a number yet');
  const fits = numberFormat === 'e164' ? /^\+\d{7,15}$/ : /^(\d{10}|011\d{7,13})$/;
  const others = held.filter((number) => !fits.test(number)).length;
  const found = `${held.length - others} of ${held.length} numbers are in the form ${numberFormat}`;
  if (others === 0) return ok(found);
  const isMost = others > held.length / 2;
  const why = 'Contacts are looked up by the number as it is written: in another form none is found.';
  const other = numberFormat === 'e164' ? 'national' : 'e164';
  if (isMost)
    return fail(
      found,
      why,
      `Set numberFormat to ${other}, if Five9 ${other === 'e164' ? 'has switched' : 'did not switch'} the domain to E.164.`,
    );
  return warn(found, why, 'VCC Administrator → Contacts: correct the first number of the others.');
}

const minuteMs = 60_000;

/** A zone that lies too far west makes what was just written look like the future; one too far east can't be seen. */
async function times(site: Site): Promise<CheckResult> {
  const { config, five9 } = site;
  const names = [
    ...[config.fields.lastDispositionAt, config.fields.lastAgentDispositionAt, config.fields.lastModifiedAt],
  ].flatMap((name) => name ?? []);
  const zone = config.domainTimeZone;
  const held = (await site.sample()).flatMap((contact) => names.map((name) => contact[name] ?? '')).filter(Boolean);
  if (held.length === 0) return notUsed('no contact holds a time of Five9 yet');
  const why = 'By these times Patchbay judges whether an agent or the AI was last.';
  const now = five9.deps.clock.now();
  const read = held.flatMap((text) => readDomainTime(text, zone, now) ?? []);
  if (read.length === 0) {
    return unknown(
      `${held.length} times are written in a form that is not known`,
      why,
      `${fieldsMenu}: give the mapped fields the type DATE_TIME.`,
    );
  }
  const latest = Math.max(...read.map((instant) => Date.parse(instant))) - now;
  if (latest <= 5 * minuteMs) return ok(`${read.length} times, none of them in the future by ${zone}`);
  return fail(
    `a time lies ${Math.round(latest / minuteMs)} minutes in the future by ${zone}`,
    why,
    'Set domainTimeZone to the default time zone of the domain: VCC Administrator → Actions → Configure → Other → Default Time Zone.',
  );
}

import type { Check, CheckResult } from '../../../src/domain/connector.ts';
import type { Five9 } from '../five9.ts';
import { checkOf, fail, ok, unknown, warn } from './check-results.ts';
import type { PlannedThing } from './domain-plan.ts';
import { planContactFields } from './plan-contact-fields.ts';

/** The contact database: fields, our key, and the list of callbacks. */
export function contactChecks(five9: Five9): Check[] {
  const { callbackList: list } = five9.config;
  return [
    checkOf('fields.known', 'The contact fields exist', () => fieldsKnown(five9)),
    checkOf('fields.types', 'The contact fields have the types and mappings that they need', () => fieldTypes(five9)),
    checkOf('key.values', 'The key field tells contacts apart', () => keyValues(five9)),
    ...(list ? [checkOf('callbacks.list', 'The callback list is dialled', () => callbackList(five9, list))] : []),
  ];
}

async function fieldsKnown(five9: Five9): Promise<CheckResult> {
  const missing = (await planContactFields(five9)).things.filter(({ state }) => state === 'missing');
  if (missing.length === 0) return ok('every contact field is there');
  return fail(
    `not in Five9: ${missing.map(nameOf).join(', ')}`,
    'Five9 refuses an import that names a field which it does not have.',
    `Stop all campaigns and run npx patchbay ${five9.id} fields --apply (in the VCC Administrator: Contact Fields), or correct the names.`,
  );
}

async function fieldTypes(five9: Five9): Promise<CheckResult> {
  const { things } = await planContactFields(five9);
  const wrong = things.filter(({ state }) => state === 'differs');
  if (wrong.length === 0) {
    const { lastAgentDisposition, lastAgentDispositionAt } = five9.config.fields;
    if (lastAgentDisposition && lastAgentDispositionAt) return ok('all as they should be');
    return warn(
      'no field is mapped to LastAgentDisposition and LastAgentDispositionDateTime',
      "Without them Patchbay can't see that an agent was faster, and may write over an agent's result.",
      `Name both under fields, then run npx patchbay ${five9.id} fields --apply.`,
    );
  }
  return fail(
    wrong.map(({ what, detail }) => `${what} ${detail}`).join('; '),
    'Five9 fills a mapped field by itself; what has another type or mapping holds something else, or refuses our values.',
    'VCC Administrator → Contact Fields: name another field in the configuration, or change this one while no campaign runs.',
  );
}

function nameOf({ what }: PlannedThing): string {
  return what.replace(/^contact field /, '');
}

/** A look at one part of the contacts, at most 1,000: what is wrong everywhere shows there. */
async function keyValues(five9: Five9): Promise<CheckResult> {
  const { id, api, config } = five9;
  const { keyField } = config;
  if (!(await api.contactFields()).some(({ name }) => name === keyField)) {
    return unknown(`there is no field ${keyField}`, 'See fields.known.');
  }
  const [part] = config.sync.partitions;
  const sample = await api.contacts(part?.values[0] ? { [part.field]: part.values[0] } : {});
  const keys = sample.map((contact) => contact[keyField] ?? '').filter((key) => key !== '');
  const doubled = keys.length - new Set(keys).size;
  const found = `of ${sample.length} contacts ${keys.length} have a key`;
  if (doubled > 0) {
    return fail(
      `${found}; ${doubled} have that of another contact`,
      'Five9 takes a key only where exactly one contact has it: write-backs for these are refused.',
      `Empty ${keyField} of contacts that were copied, then run npx patchbay ${id} keys --apply.`,
    );
  }
  if (keys.length === sample.length) return ok(found);
  return warn(
    found,
    'A contact without a key is written by its first number, and only where no other contact has that number.',
    `Run npx patchbay ${id} keys --apply, and again after each import of contacts.`,
  );
}

async function callbackList({ api }: Five9, list: string): Promise<CheckResult> {
  for (const { name, type } of await api.campaigns()) {
    if (type !== 'INBOUND' && (await api.listsOfCampaign(name)).includes(list)) return ok(`${list} belongs to ${name}`);
  }
  return fail(
    `${list} belongs to no campaign`,
    'Five9 ignores the time of a callback in a list that no campaign dials.',
    'VCC Administrator → Lists: make it, if it is not there. Then Campaigns → the campaign → Lists: add it.',
  );
}

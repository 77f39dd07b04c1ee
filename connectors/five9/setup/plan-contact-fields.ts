import type { Five9 } from '../five9.ts';
import { type DomainPlan, type PlannedThing, unlessThere } from './domain-plan.ts';
import { createSetupOperations, type NewContactField } from './setup-operations.ts';

/**
 * The contact fields that the configuration needs: our key, what Five9 itself keeps about a contact, and what is written
 * after a call. Five9 creates fields only while no campaign runs.
 */
export async function planContactFields(five9: Five9): Promise<DomainPlan> {
  const { api } = five9;
  const there = new Map((await api.contactFields()).map((field) => [field.name, field]));
  const running = (await api.campaigns()).filter(isRunning).map(({ name }) => name);
  const operations = createSetupOperations(api);
  const things = contactFieldsOf(five9.config).map((wanted): PlannedThing => {
    const what = `contact field ${wanted.name}`;
    const found = there.get(wanted.name);
    if (!found) {
      const { name, type, mapTo } = wanted;
      const make = () => unlessThere(() => operations.createContactField(wanted));
      const makings = [{ what, undo: { kind: 'contact-field' as const, name, type, mapTo }, make }];
      return { what, state: 'missing', detail: describe(wanted), makings };
    }
    const isFit = (found.mapTo || 'None') === wanted.mapTo && (wanted.takesAnyType || found.type === wanted.type);
    if (isFit) return { what, state: 'there', detail: describe(found) };
    return {
      what,
      state: 'differs',
      detail: `is ${describe(found)}, should be ${describe(wanted)}: name another field in the configuration`,
    };
  });
  const isStopped = running.length === 0 || things.every(({ state }) => state !== 'missing');
  return { things, obstacle: isStopped ? '' : whyRunning(running) };
}

/** A state that was not told is left to Five9 to judge. */
export function isRunning({ state }: { state: string }): boolean {
  return state !== '' && state !== 'NOT_RUNNING';
}

interface WantedField extends NewContactField {
  /** What is written there after a call may be meant for a date or a number. */
  takesAnyType: boolean;
}

const mapped = {
  lastDisposition: { mapTo: 'LastDisposition', type: 'STRING' },
  lastDispositionAt: { mapTo: 'LastDispositionDateTime', type: 'DATE_TIME' },
  lastAgentDisposition: { mapTo: 'LastAgentDisposition', type: 'STRING' },
  lastAgentDispositionAt: { mapTo: 'LastAgentDispositionDateTime', type: 'DATE_TIME' },
  lastModifiedAt: { mapTo: 'LastModifiedDateTime', type: 'DATE_TIME' },
  callbackMark: { mapTo: 'None', type: 'STRING' },
} as const;

/** Fields that every domain has. */
export const standardFields: ReadonlySet<string> = new Set([
  ...['number1', 'number2', 'number3', 'first_name', 'last_name', 'company', 'street', 'city', 'state', 'zip'],
]);

/** Standard fields are always there, so they are left out. */
export function contactFieldsOf(config: Five9['config']): WantedField[] {
  const fields = new Map<string, WantedField>();
  const add = (
    name: string,
    type: string,
    mapTo: string,
    displayAs: NewContactField['displayAs'],
    takesAnyType = false,
  ) => {
    if (!standardFields.has(name) && !fields.has(name))
      fields.set(name, { name, type, mapTo, displayAs, takesAnyType });
  };
  add(config.keyField, 'STRING', 'None', 'Invisible');
  for (const [key, { mapTo, type }] of Object.entries(mapped)) {
    const name = config.fields[key as keyof typeof mapped];
    if (name !== undefined) add(name, type, mapTo, mapTo === 'None' ? 'Invisible' : 'Short');
  }
  for (const { fields: written } of Object.values(config.campaigns)) {
    for (const name of Object.keys(written)) add(name, 'STRING', 'None', 'Long', true);
  }
  return [...fields.values()];
}

function describe({ type, mapTo }: { type: string; mapTo: string }): string {
  return mapTo === 'None' || mapTo === '' ? type : `${type}, filled by Five9 (${mapTo})`;
}

export function whyRunning(names: readonly string[]): string {
  return `Five9 creates and deletes contact fields only while no campaign runs. Stop these first: ${names.join(', ')}.`;
}

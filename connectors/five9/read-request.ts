import type { Variables } from '../../src/domain/connector.ts';
import type { Five9Config } from './config.ts';

/**
 * What a request of a Five9 script means: variables that were not filled in are left out, `number` is the customer's by
 * the call's type, and an outcome in the headers that the AI side sent back is under our own names for it.
 */
export function readRequest(
  { returnedHeaders }: Pick<Five9Config, 'returnedHeaders'>,
  variables: Variables,
): Variables {
  const values = readValues(variables);
  const read: Record<string, string> = Object.create(null);
  for (const [own, theirs] of [
    ['X-outcome', returnedHeaders.outcome],
    ['X-summary', returnedHeaders.summary],
    ['X-callback_at', returnedHeaders.callbackAt],
  ] as const) {
    const header = Object.entries(variables).find(([name]) => alike(name) === alike(theirs));
    const value = header && filled(...header);
    if (value) read[own] = value;
  }
  for (const [name, value] of Object.entries(variables)) {
    const text = filled(name, value);
    if (text && !(name in read)) read[name] = text;
  }
  const number = customerNumber(values);
  if (number) read.number = number;
  return read;
}

/** Filled-in variables by lower-case name, without the `X-` of a SIP header. */
export function readValues(variables: Variables): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    const key = alike(plainName(name));
    const text = filled(name, value);
    if (text && !values.has(key)) values.set(key, text);
  }
  return values;
}

/** Scripts and connectors write contact fields as `Customer.first_name` or `Contact.first_name`. */
export function plainName(name: string): string {
  return name.trim().replace(/^x[-_]|^(?:customer|contact)\./i, '');
}

/** Some SIP stacks write header names small, and `_` for `-`. */
function alike(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

/** A variable that the script does not know comes as its own name; a template that was not filled in comes as it is. */
const unfilled =
  /^(?:(?:Call|Customer|Contact|Agent|IVR|Omni)\.\w+|\{\{.*\}\}|\$\{.*\}|@[\w.]+@|__\w+__|null|undefined|\{\s*\})$/;

/** The value of a variable, or nothing where the script had none: empty, `null`, an empty list, the variable's own name. */
export function filled(name: string, value: string): string {
  const text = value.trim();
  const own = plainName(name);
  const isOwnName = text === own || (text.endsWith(`.${own}`) && /^[A-Za-z_][\w.-]*$/.test(text));
  return unfilled.test(text) || isOwnName ? '' : text;
}

/** Types 1, 4 and 5 dial the customer, on 2 the customer dials; scripts may send the type's name. */
const dialled = new Set(['1', '4', '5', 'outbound', 'agent', 'manual', 'preview', 'autodial']);
const dialling = new Set(['2', 'inbound']);

/**
 * An explicit number wins; else the call's type tells whose number ANI and DNIS are. On other types (test, internal, the
 * kinds of voicemail) and without a type we don't guess.
 */
export function customerNumber(values: ReadonlyMap<string, string>): string {
  const number = values.get('number');
  if (number) return number;
  if (dialled.has(typeOf(values))) return values.get('dnis') ?? '';
  return isInbound(values) ? (values.get('ani') ?? '') : '';
}

/** True when the customer called. */
export function isInbound(values: ReadonlyMap<string, string>): boolean {
  return dialling.has(typeOf(values));
}

function typeOf(values: ReadonlyMap<string, string>): string {
  return (values.get('call_type') ?? '').toLowerCase();
}

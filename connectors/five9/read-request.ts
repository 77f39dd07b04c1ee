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
  const told = readAll(variables);
  const read: Record<string, string> = Object.create(null);
  for (const [own, theirs] of [
    ['X-outcome', returnedHeaders.outcome],
    ['X-summary', returnedHeaders.summary],
    ['X-callback_at', returnedHeaders.callbackAt],
  ] as const) {
    const { alike } = readName(theirs);
    const header = told.find(({ name }) => name.alike === alike);
    if (header?.text) read[own] = header.text;
  }
  for (const { name, text } of told) if (text && !(name.whole in read)) read[name.whole] = text;
  const number = customerNumber(told);
  if (number) read.number = number;
  return read;
}

/**
 * A filled-in variable by its lower-case name, without the `X-` of a SIP header; empty when there is none. A script sends a
 * dozen: to look through them costs less than to sort them first.
 */
export function textOf(told: readonly Told[], key: string): string {
  for (const { name, text } of told) if (text && name.key === key) return text;
  return '';
}

/** A variable as it was told; its text is empty where the script had none. */
export interface Told {
  name: VariableName;
  text: string;
}

/** Every variable, read once: whoever needs several things of them shares it. */
export function readAll(variables: Variables): Told[] {
  const told: Told[] = [];
  for (const whole of Object.keys(variables)) {
    const name = readName(whole);
    told.push({ name, text: filled(name, variables[whole] ?? '') });
  }
  return told;
}

/** What a variable's name says. */
export interface VariableName {
  whole: string;
  /** Without what scripts and connectors write before a contact field: `Customer.`, `Contact.`, and a header's `X-`. */
  plain: string;
  /** The plain name in small letters. */
  small: string;
  /** By which it is found: some SIP stacks write header names small, and `_` for `-`. */
  key: string;
  /** The whole name in that spelling. */
  alike: string;
}

/** Scripts send the same few names with each call: they are read once. */
const knownNames = new Map<string, VariableName>();
const mostNames = 1000;
const longestName = 100;

function readName(whole: string): VariableName {
  const known = knownNames.get(whole);
  if (known) return known;
  const plain = whole.trim().replace(/^x[-_]|^(?:customer|contact)\./i, '');
  const small = plain.toLowerCase();
  const alike = whole.toLowerCase().replaceAll('-', '_');
  const name = { whole, plain, small, key: small.replaceAll('-', '_'), alike };
  if (knownNames.size >= mostNames) knownNames.clear();
  if (whole.length <= longestName) knownNames.set(whole, name);
  return name;
}

/** A variable that the script does not know comes as its own name; a template that was not filled in comes as it is. */
const unfilled =
  /^(?:(?:Call|Customer|Contact|Agent|IVR|Omni)\.\w+|\{\{.*\}\}|\$\{.*\}|@[\w.]+@|__\w+__|null|undefined|\{\s*\})$/;

/** The value of a variable, or nothing where the script had none: empty, `null`, an empty list, the variable's own name. */
function filled({ plain }: VariableName, value: string): string {
  const text = value.trim();
  const isOwnName =
    text.endsWith(plain) && (text === plain || (text.endsWith(`.${plain}`) && /^[A-Za-z_][\w.-]*$/.test(text)));
  return isOwnName || unfilled.test(text) ? '' : text;
}

/** Types 1, 4 and 5 dial the customer, on 2 the customer dials; scripts may send the type's name. */
const dialled = new Set(['1', '4', '5', 'outbound', 'agent', 'manual', 'preview', 'autodial']);
const dialling = new Set(['2', 'inbound']);

/**
 * An explicit number wins; else the call's type tells whose number ANI and DNIS are. On other types (test, internal, the
 * kinds of voicemail) and without a type we don't guess.
 */
export function customerNumber(told: readonly Told[]): string {
  const number = textOf(told, 'number');
  if (number) return number;
  if (dialled.has(typeOf(told))) return textOf(told, 'dnis');
  return isInbound(told) ? textOf(told, 'ani') : '';
}

/** True when the customer called. */
export function isInbound(told: readonly Told[]): boolean {
  return dialling.has(typeOf(told));
}

function typeOf(told: readonly Told[]): string {
  return textOf(told, 'call_type').toLowerCase();
}

import type { StoredFact } from '../../../domain/fact.ts';
import type { Role } from '../../../domain/roles.ts';
import { maskedKey, maskedPhone } from '../../components/phone.ts';
import { maskNumbers } from '../../mask-numbers.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * A fact as a role may see it. For a viewer every text that could be of the customer or of what was said is only its
 * length; an operator sees texts with the numbers in them masked; an admin sees all. What follows the `?` of an address
 * is nobody's: signed links carry their key there.
 */
export function redactFact(fact: StoredFact, role: Role): Json {
  return redact(fact as unknown as Json, 'fact', role);
}

/** Values that tell nothing of a person, by name. Whatever is not here, a name that comes tomorrow included, may. */
const plainNames = new Set([
  ...['correlationId', 'source', 'key', 'at', 'receivedAt', 'kind', 'via', 'route', 'dialer', 'callKey', 'campaign'],
  ...['list', 'leadKey', 'agent', 'agentVersion', 'calledAt', 'outcome', 'callbackAt', 'act', 'result', 'commit'],
  ...['disposition', 'by', 'event', 'answeredAt', 'endedAt', 'durationSec', 'sent', 'empty', 'dropped'],
  ...['seller', 'purpose', 'goods', 'callerId', 'aspect', 'shadow'],
]);
/** Words of a platform, an agent or a dialer: a number to transfer to, an event that is named after a customer. */
const toldNames = new Set(['key', 'event', 'outcome', 'disposition', 'result']);
/** Of which every value is plain: what the gate decided on is written without personal data. */
const plainObjects = new Set(['gate']);
const numberNames = new Set(['number', 'phone']);

function redact(value: Json, name: string, role: Role): Json {
  if (isList(value)) return value.map((each) => redact(each, name, role));
  if (typeof value === 'object' && value !== null) {
    const phones = [value.phone, value.number].filter((each) => typeof each === 'string');
    const entries = Object.entries(value).map(([own, inner]) => {
      const isPlain = plainObjects.has(name) || (own === 'reason' && value.kind === 'registered');
      // Fields have names that a site gives: `by` can be anything there.
      if (own === 'leadKey' && typeof inner === 'string' && role !== 'admin') return [own, maskedKey(inner, ...phones)];
      return [own, isPlain ? inner : redact(inner, name === 'fields' ? 'fields' : own, role)];
    });
    return Object.fromEntries(entries);
  }
  if (typeof value === 'string') return redactText(value, name, role);
  return value === null || typeof value === 'boolean' || plainNames.has(name) || role !== 'viewer'
    ? value
    : '(a number)';
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function redactText(text: string, name: string, role: Role): string {
  const shown = withoutQuery(text);
  if (role === 'admin' || text === '') return shown;
  if (numberNames.has(name)) return maskedPhone(text) || '•••';
  if (toldNames.has(name)) return maskNumbers(shown);
  if (plainNames.has(name)) return shown;
  return role === 'viewer' ? `(${text.length} characters)` : maskNumbers(shown);
}

/** An address as far as it names a place. */
function withoutQuery(text: string): string {
  return text.replace(/\b(https?:\/\/[^\s?#]+)[?#]\S*/gi, '$1?…');
}

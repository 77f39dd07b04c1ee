import type { z } from 'zod';
import { bare, childSchema } from './schema-walk.ts';

const hidden = '•••';
const leastPart = 12;
/** A key that a connector's transform made is not in the schema; its name must do. */
const secretName = /password|secret|token|credential|apikey|api_key/i;

/** A copy of a configuration in which every value that the schema marks as secret reads `•••`. */
export function redact(config: unknown, schema: z.core.$ZodType): unknown {
  return redactValue(config, schema, '');
}

/** Every secret text of a configuration, so that nothing else repeats one. */
export function secretsIn(config: unknown, schema: z.core.$ZodType): string[] {
  const found: string[] = [];
  visit(config, schema, '', (text) => found.push(text, ...partsOf(text)));
  return found;
}

/** What is secret in a secret by itself: the token in an address or a header, the key after its mark. */
function partsOf(text: string): string[] {
  const parts = text.replace(/^whsec_/, '').split(/[\s/?&=]+/);
  return parts.filter((part) => part !== text && part.length >= leastPart && !part.includes('.'));
}

function redactValue(value: unknown, schema: z.core.$ZodType | undefined, name: string): unknown {
  if (isSecret(schema, name)) return value === undefined || value === null ? value : hidden;
  if (Array.isArray(value)) return value.map((entry, index) => redactValue(entry, child(schema, value, index), ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, redactValue(entry, child(schema, value, key), key)]),
  );
}

function visit(
  value: unknown,
  schema: z.core.$ZodType | undefined,
  name: string,
  onSecret: (text: string) => void,
  isInSecret = false,
): void {
  const isHidden = isInSecret || isSecret(schema, name);
  if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      visit(entry, child(schema, value, Array.isArray(value) ? Number(key) : key), key, onSecret, isHidden);
    }
  } else if (isHidden && value !== undefined && value !== null) onSecret(String(value));
}

function isSecret(schema: z.core.$ZodType | undefined, name: string): boolean {
  return schema ? bare(schema).isSecret : secretName.test(name);
}

function child(schema: z.core.$ZodType | undefined, value: unknown, key: string | number) {
  return schema && childSchema(schema, value, key);
}

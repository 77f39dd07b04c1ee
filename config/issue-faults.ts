import type { z } from 'zod';
import { nearest } from '../src/domain/nearest.ts';
import type { Path } from './document.ts';
import { bare, knownKeys, schemaAt, valueAt } from './schema-walk.ts';

type Issue = z.core.$ZodIssue;

export interface Fault {
  path: Path;
  what: string;
  fix: string;
}

/**
 * Says what zod found in words that help: what is wrong, and what to do. An issue's own message counts only when
 * somebody wrote it; the parse is run with an error map that leaves the others empty.
 */
export function faultsOfIssue(issue: Issue, schema: z.core.$ZodType, value: unknown): Fault[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schemaAt(schema, value, path) ?? schema, valueAt(value, path));
    return issue.keys.map((key) => ({ path: [...path, key], what: 'is not a known key', fix: keyFix(key, known) }));
  }
  if (issue.code === 'invalid_union' && issue.discriminator === undefined && issue.errors.length > 0) {
    const [closest = []] = [...issue.errors].sort((a, b) => badness(a) - badness(b));
    return closest.flatMap((inner) => faultsOfIssue({ ...inner, path: [...path, ...inner.path] }, schema, value));
  }
  return [{ path, ...wordsOf(issue, valueAt(value, path), purposeOf(schema, value, path)) }];
}

/** What a key is for, or else the section that it stands in. */
function purposeOf(schema: z.core.$ZodType, value: unknown, path: Path): string {
  for (let length = path.length; length > 0; length -= 1) {
    const about = schemaAt(schema, value, path.slice(0, length));
    const description = about && bare(about).description;
    if (description) return description;
  }
  return 'Change the value.';
}

function wordsOf(issue: Issue, value: unknown, purpose: string): { what: string; fix: string } {
  if (value === undefined && issue.code !== 'custom') {
    const allowed = allowedValues(issue);
    return { what: 'is missing', fix: sentence('Add it:', allowed && `one of ${allowed}.`, purpose) };
  }
  if (issue.code === 'custom') {
    const fix = issue.params?.fix;
    return { what: issue.message || 'can not be used', fix: typeof fix === 'string' ? fix : purpose };
  }
  if (issue.message) return { what: issue.message, fix: purpose };
  switch (issue.code) {
    case 'invalid_type': {
      const what = `must be ${typeWord(issue.expected)}, but is ${valueWord(value)}`;
      const isBareText = issue.expected === 'string' && (typeof value === 'number' || typeof value === 'boolean');
      return { what, fix: sentence(isBareText && 'Put it in quotes.', purpose) };
    }
    case 'invalid_value':
    case 'invalid_union': {
      const values = valuesOf(issue);
      const guess = typeof value === 'string' ? nearest(value, values) : undefined;
      const allowed = values.length > 0 ? `Use one of ${values.join(', ')}.` : purpose;
      return { what: 'is not one of the allowed values', fix: sentence(guess && `Did you mean ${guess}?`, allowed) };
    }
    case 'too_small':
      return { what: `must ${amount(issue.origin, 'at least', issue.minimum)}`, fix: purpose };
    case 'too_big':
      return { what: `must ${amount(issue.origin, 'at most', issue.maximum)}`, fix: purpose };
    case 'invalid_format':
      return { what: `does not have the right form (${issue.format})`, fix: purpose };
    default:
      return { what: 'can not be used', fix: purpose };
  }
}

function keyFix(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  return (
    sentence(guess && `Did you mean ${guess}?`, known.length > 0 && `Known here: ${known.join(', ')}.`) || 'Remove it.'
  );
}

function allowedValues(issue: Issue): string {
  return issue.code === 'invalid_value' || issue.code === 'invalid_union' ? valuesOf(issue).join(', ') : '';
}

function valuesOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue) return (issue.options ?? []).map(String);
  return [];
}

/** The branch of a union that a value was probably meant for has the fewest and the deepest issues. */
function badness(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.path.length === 0 ? 100 : 1), 0);
}

function amount(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${bound} ${limit} characters`;
  if (origin === 'array') return `hold ${bound} ${limit}`;
  return `be ${bound} ${limit}`;
}

function typeWord(expected: string): string {
  const words: Record<string, string> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a section with keys',
    record: 'a section with keys',
  };
  return words[expected] ?? expected;
}

function valueWord(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a section with keys';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'true or false' : typeof value;
}

function sentence(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}

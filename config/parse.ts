import type { z } from 'zod';
import type { Path } from './document.ts';
import type { Interpolated } from './interpolate.ts';
import type { configSchema, PatchbayConfig } from './schema.ts';
import { bare, schemaAt, valueAt } from './schema-walk.ts';

type Schema = ReturnType<typeof configSchema>;
type Issue = z.core.$ZodIssue;

export type ParsedConfig = { kind: 'ok'; config: PatchbayConfig } | { kind: 'issues'; issues: Issue[] };

/** Parses a configuration whose references are filled in. Own messages only: zod's are left empty. */
export function parseConfig(schema: Schema, filled: Interpolated): ParsedConfig {
  const parsed = parseTexts(schema, filled);
  if (parsed.success) return { kind: 'ok', config: parsed.data };
  return {
    kind: 'issues',
    issues: [...parsed.error.issues, ...issuesBehind(schema, filled.value, parsed.error.issues)],
  };
}

/** The environment holds only text: what came whole from there becomes a number or a flag where the schema wants one. */
function parseTexts(schema: Schema, filled: Interpolated) {
  const wholes = new Set(filled.wholes.map(idOf));
  for (;;) {
    const parsed = schema.safeParse(filled.value, { error: () => '' });
    const wrong = parsed.success ? [] : parsed.error.issues.filter((issue) => issue.code === 'invalid_type');
    const turned = wrong.filter((issue) => wholes.has(idOf(issue.path)) && convert(filled.value, issue));
    if (turned.length === 0) return parsed;
  }
}

function convert(value: unknown, issue: z.core.$ZodIssueInvalidType): boolean {
  const [parent, key] = holderOf(value, issue.path);
  const text = parent?.[key];
  if (!parent || typeof text !== 'string') return false;
  if (issue.expected === 'boolean' && (text === 'true' || text === 'false')) parent[key] = text === 'true';
  else if ((issue.expected === 'number' || issue.expected === 'int') && /^-?\d+(\.\d+)?$/.test(text)) {
    parent[key] = Number(text);
  } else return false;
  return true;
}

/**
 * zod does not compare the keys of a section with each other while one of them has a fault. So the faulty ones that may
 * be left out are, and what is found then that nobody has told yet is told as well.
 */
function issuesBehind(schema: Schema, value: unknown, issues: readonly Issue[]): Issue[] {
  const mended = structuredClone(value);
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) remove(mended, [...issue.path, key]);
    } else {
      const about = schemaAt(schema, value, issue.path);
      if (about && bare(about).isOptional) remove(mended, issue.path);
    }
  }
  const again = schema.safeParse(mended, { error: () => '' });
  const known = new Set(issues.map((issue) => idOf(issue.path)));
  return (again.error?.issues ?? []).filter((issue) => !known.has(idOf(issue.path)));
}

/** The same text for the same place, whether its keys are numbers or digits. */
export function idOf(path: Path): string {
  return JSON.stringify(path.map(String));
}

function remove(value: unknown, path: Path): void {
  const [parent, key] = holderOf(value, path);
  if (parent && !Array.isArray(parent)) delete parent[key];
}

function holderOf(value: unknown, path: Path): [parent: Record<PropertyKey, unknown> | undefined, key: PropertyKey] {
  return [valueAt(value, path.slice(0, -1)) as Record<PropertyKey, unknown> | undefined, path.at(-1) ?? ''];
}

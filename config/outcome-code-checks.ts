import type { z } from 'zod';
import { nearest } from '../src/domain/nearest.ts';
import { outcomeCodes } from '../src/domain/outcome-codes.ts';
import type { Path, Report } from './cross-checks.ts';
import { bare, childSchema, valueAt } from './schema-walk.ts';

/** Checks every text that a connector's schema marks as an outcome code, wherever it stands: it must be an allowed one. */
export function checkMarkedCodes(config: unknown, schema: z.core.$ZodType, report: Report): void {
  const extra = valueAt(config, ['outcomes', 'extra']);
  const codes = [...outcomeCodes, ...(Array.isArray(extra) ? extra.filter((code) => typeof code === 'string') : [])];
  visit(config, schema, [], (path, code) => checkCode(path, code, codes, report));
}

function visit(value: unknown, schema: z.core.$ZodType, path: Path, onCode: (path: Path, code: string) => void): void {
  if (typeof value === 'string' && bare(schema).isOutcomeCode) onCode(path, value);
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    const child = childSchema(schema, value, key);
    if (child) visit(inner, child, [...path, key], onCode);
  }
}

export function checkCode(path: Path, code: string, codes: readonly string[], report: Report): void {
  if (codes.includes(code)) return;
  const guess = nearest(code, codes);
  const own = 'or add the code to outcomes.extra';
  report(
    path,
    'is not an outcome code',
    guess
      ? `Did you mean ${guess}? Else use one of ${codes.join(', ')}, ${own}.`
      : `Use one of ${codes.join(', ')}, ${own}.`,
  );
}

import type { z } from 'zod';
import { renderPath } from '../../../config/report.ts';
import { bare, schemaAt } from '../../../config/schema-walk.ts';

type Key = string | number;

/** One line for each value that differs between two configurations. What is secret is not shown, unless it is a name. */
export function differences(before: unknown, after: unknown, schema: z.core.$ZodType): string[] {
  const lines: string[] = [];
  compare([], before, after);
  return lines;

  function compare(path: readonly Key[], one: unknown, other: unknown): void {
    if (JSON.stringify(one) === JSON.stringify(other)) return;
    if (isSection(one) && isSection(other)) {
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
        compare([...path, key], one[key], other[key]);
      }
    } else if (one === undefined) add('+', path, other, after);
    else if (other === undefined) add('-', path, one, before);
    else lines.push(`~ ${renderPath(path)}: ${show(path, one, before)} → ${show(path, other, after)}`);
  }

  function add(sign: string, path: readonly Key[], value: unknown, whole: unknown): void {
    if (isSection(value) && Object.keys(value).length > 0) {
      for (const [key, entry] of Object.entries(value)) add(sign, [...path, key], entry, whole);
    } else lines.push(`${sign} ${renderPath(path)}: ${show(path, value, whole)}`);
  }

  function show(path: readonly Key[], value: unknown, whole: unknown): string {
    if (Array.isArray(value))
      return `[${value.map((entry, index) => show([...path, index], entry, whole)).join(', ')}]`;
    if (isSection(value)) {
      const entries = Object.entries(value).map(([key, entry]) => `${key}: ${show([...path, key], entry, whole)}`);
      return `{${entries.join(', ')}}`;
    }
    const about = schemaAt(schema, whole, path);
    const isShown = !about || !bare(about).isSecret || /^\$\{\w+\}$/.test(String(value));
    return isShown ? String(value) : '•••';
  }
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

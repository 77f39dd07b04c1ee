import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { jsonSchema } from '../../../config/json-schema.ts';
import { loadConfig } from '../../../config/load.ts';
import { optionsTables } from '../../../config/options-table.ts';
import { connectors } from '../../../connectors/index.ts';

const file = new URL('../../../config/patchbay.example.yaml', import.meta.url).pathname;
const text = readFileSync(file, 'utf8');
const names = new Set([...text.matchAll(/^[^#\n]*\$\{(\w+)\}/gm)].map(([, name = '']) => name));

it('loads without a fault or a warning, given the names that it refers to', async () => {
  const env = Object.fromEntries([...names].map((name) => [name, madeUp(name)]));

  const loaded = await loadConfig({ file, env, registry: connectors });

  expect(loaded.kind === 'faults' ? loaded.report : loaded.warnings).toEqual([]);
});

it('misses every name that it refers to at once', async () => {
  const loaded = await loadConfig({ file, env: {}, registry: connectors });

  const missing = loaded.kind === 'faults' ? loaded.faults.map(({ what }) => what) : [];
  expect(missing).toHaveLength(names.size);
});

it('shows every key, and every key is explained in the table', () => {
  const rows = [...optionsTables(connectors).matchAll(/^\| `([^`]+)` \| (.*?) \|/gm)];

  const keys = rows.map(([, key = '']) => key.split('.').at(-1)?.replace('[]', '') ?? '');
  const missing = keys.filter((key) => key !== '<name>' && !new RegExp(`^[\\s#-]*${key}:|"${key}:`, 'm').test(text));
  const unexplained = rows.filter(([, , meaning = '']) => meaning === '').map(([, key]) => key);
  expect(missing).toEqual([]);
  expect(unexplained).toEqual([]);
  expect(keys.length).toBeGreaterThan(80);
});

it('fits the JSON Schema for editors', async () => {
  const env = Object.fromEntries([...names].map((name) => [name, madeUp(name)]));
  const loaded = await loadConfig({ file, env, registry: connectors });
  const schema = JSON.parse(jsonSchema(connectors)) as { properties: Record<string, unknown> };

  if (loaded.kind === 'faults') throw new Error(loaded.report);
  const sections = Object.keys(loaded.config);
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(sections));
  expect(() => z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema).parse(loaded.config)).not.toThrow();
});

/** A secret that is one by its form. */
function madeUp(name: string): string {
  if (/SHA256/.test(name)) return 'a'.repeat(64);
  return /PASSWORD_HASH/.test(name) ? `$argon2id$${'a'.repeat(64)}` : 'x1'.repeat(16);
}

import { z } from 'zod';
import type { ConnectorRegistry } from './registry.ts';
import { configSchema } from './schema.ts';
import { bare } from './schema-walk.ts';

type Schema = z.core.$ZodType;

interface Row {
  key: string;
  meaning: string;
  values: string;
  standard: string;
}

/** Tables of every option, one per section, as Markdown. */
export function optionsTables(registry: ConnectorRegistry): string {
  const { def } = bare(configSchema(registry)).schema._zod;
  if (def.type !== 'object') throw new Error('the configuration is not an object');
  const parts: string[] = [];
  const plain: Row[] = [];
  for (const [key, schema] of Object.entries(def.shape)) {
    const inner = bare(schema).schema._zod.def;
    if (inner.type === 'record' && (key === 'dialers' || key === 'platforms')) {
      for (const option of optionsOf(inner.valueType)) {
        const title = `\`${key}.<id>\` of type \`${discriminatorOf(option)}\``;
        parts.push(section(title, '', rowsOf(option, '')));
      }
    } else if (['object', 'union', 'record'].includes(inner.type)) {
      parts.push(section(`\`${key}\``, bare(schema).description, rowsOf(schema, key)));
    } else plain.push(...rowsOf(schema, key));
  }
  return [section('At the top', '', plain), ...parts].join('\n\n');
}

function section(title: string, about: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ key, meaning, values, standard }) => `| \`${key}\` | ${meaning} | ${values} | ${standard} |`,
  );
  const head = ['| Key | Meaning | Values | Default |', '| --- | --- | --- | --- |'];
  return [`### ${title}`, '', ...(about ? [about, ''] : []), ...head, ...lines].join('\n');
}

function rowsOf(schema: Schema, key: string): Row[] {
  const found = bare(schema);
  const { def } = found.schema._zod;
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([name, inner]) => rowsOf(inner, key ? `${key}.${name}` : name));
    case 'record':
      return isLeaf(def.valueType) ? [rowOf(schema, key)] : rowsOf(def.valueType, `${key}.<name>`);
    case 'array':
      return isLeaf(def.element) ? [rowOf(schema, key)] : rowsOf(def.element, `${key}[]`);
    case 'union': {
      if (def.options.every(isLeaf)) return [rowOf(schema, key)];
      const options = def.options.flatMap((option) => rowsOf(option, key));
      return options.filter((row, index) => options.findIndex((other) => isSameRow(other, row)) === index);
    }
    default:
      return [rowOf(schema, key)];
  }
}

function rowOf(schema: Schema, key: string): Row {
  const found = bare(schema);
  const stated = /\s*\(Default: (.+)\)$/.exec(found.description);
  const meaning = found.description.replace(/\s*\(Default: .+\)$/, '');
  const standard = stated?.[1] ?? defaultOf(found.isOptional, found.defaultValue);
  const secret = found.isSecret ? ' Secret.' : '';
  return { key, meaning: cell(meaning + secret), values: cell(valuesOf(schema)), standard: cell(standard) };
}

function defaultOf(isOptional: boolean, value: unknown): string {
  if (value === undefined) return isOptional ? 'none' : 'must be given';
  const text = JSON.stringify(value);
  return text.length > 80 ? 'see the example' : `\`${text.replaceAll('"', '')}\``;
}

function valuesOf(schema: Schema): string {
  const { schema: inner } = bare(schema);
  const { def } = inner._zod;
  switch (def.type) {
    case 'enum':
      return Object.values(def.entries)
        .map((value) => `\`${value}\``)
        .join(', ');
    case 'literal':
      return def.values.map((value) => `\`${String(value)}\``).join(', ');
    case 'array':
      return `list of: ${valuesOf(def.element)}`;
    case 'record':
      return `name: ${valuesOf(def.valueType)}`;
    case 'number': {
      const { minimum, maximum = Number.MAX_SAFE_INTEGER } = z.toJSONSchema(inner, { io: 'input' });
      if (minimum === undefined) return 'number';
      return maximum < Number.MAX_SAFE_INTEGER ? `${minimum} to ${maximum}` : `${minimum} or more`;
    }
    case 'boolean':
      return '`true`, `false`';
    default:
      return 'text';
  }
}

function isLeaf(schema: Schema): boolean {
  return !['object', 'record', 'array', 'union'].includes(bare(schema).schema._zod.def.type);
}

function optionsOf(schema: Schema): readonly Schema[] {
  const { def } = bare(schema).schema._zod;
  return def.type === 'union' ? def.options : [];
}

function discriminatorOf(option: Schema): string {
  return [...(option._zod.propValues?.type ?? [])].join(', ');
}

function isSameRow(one: Row, other: Row): boolean {
  return one.key === other.key && one.meaning === other.meaning;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;').trim();
}

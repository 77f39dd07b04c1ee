import { z } from 'zod';

type Schema = z.core.$ZodType;

/** A schema without its wrappers, and what the wrappers say. */
export interface Bare {
  schema: z.core.$ZodTypes;
  isSecret: boolean;
  isOutcomeCode: boolean;
  description: string;
  isOptional: boolean;
  /** Undefined when the key must be given. */
  defaultValue?: unknown;
}

/** Takes off default, optional, transform and the like. */
export function bare(schema: Schema): Bare {
  const found: Bare = {
    schema: schema as z.core.$ZodTypes,
    isSecret: false,
    isOutcomeCode: false,
    description: '',
    isOptional: false,
  };
  for (;;) {
    const meta = z.globalRegistry.get(found.schema);
    if (meta?.secret === true) found.isSecret = true;
    if (meta?.outcomeCode === true) found.isOutcomeCode = true;
    if (!found.description && meta?.description) found.description = meta.description;
    const { def } = found.schema._zod;
    switch (def.type) {
      case 'default':
      case 'prefault':
        found.isOptional = true;
        found.defaultValue ??= def.defaultValue;
        found.schema = def.innerType as z.core.$ZodTypes;
        break;
      case 'optional':
      case 'nullable':
        found.isOptional = true;
        found.schema = def.innerType as z.core.$ZodTypes;
        break;
      case 'nonoptional':
      case 'readonly':
      case 'catch':
        found.schema = def.innerType as z.core.$ZodTypes;
        break;
      case 'pipe':
        found.schema = (def.in._zod.def.type === 'transform' ? def.out : def.in) as z.core.$ZodTypes;
        break;
      case 'lazy':
        found.schema = def.getter() as z.core.$ZodTypes;
        break;
      default:
        return found;
    }
  }
}

/** The schema of one key of a value; undefined when the schema knows no such key. */
export function childSchema(schema: Schema, value: unknown, key: string | number): Schema | undefined {
  const { def } = bare(schema).schema._zod;
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, key) ? def.shape[key] : def.catchall;
    case 'record':
      return def.valueType;
    case 'array':
      return def.element;
    case 'tuple':
      return def.items[Number(key)];
    case 'union': {
      const option = optionFor(def, value);
      return option && childSchema(option, value, key);
    }
    default:
      return undefined;
  }
}

/** The keys that an object of this schema may have; empty when any key may be there. */
export function knownKeys(schema: Schema, value: unknown): string[] {
  const { def } = bare(schema).schema._zod;
  if (def.type === 'object') return Object.keys(def.shape);
  if (def.type !== 'union') return [];
  const option = optionFor(def, value);
  return option ? knownKeys(option, value) : [];
}

/** The schema at a path of a value. */
export function schemaAt(schema: Schema, value: unknown, path: readonly PropertyKey[]): Schema | undefined {
  let inner: Schema | undefined = schema;
  let part: unknown = value;
  for (const key of path) {
    if (typeof key === 'symbol' || !inner) return undefined;
    inner = childSchema(inner, part, key);
    part = valueAt(part, [key]);
  }
  return inner;
}

/** The value at a path; undefined when there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let inner = value;
  for (const key of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    inner = (inner as Record<PropertyKey, unknown>)[key];
  }
  return inner;
}

/** Of a union, the option that the value's discriminator names; of a plain union, the first that knows its keys. */
function optionFor(def: z.core.$ZodUnionDef, value: unknown): Schema | undefined {
  const { discriminator } = def as Partial<z.core.$ZodDiscriminatedUnionDef>;
  if (discriminator === undefined) return def.options.find((option) => fits(option, value));
  const wanted = valueAt(value, [discriminator]);
  return def.options.find((option) => discriminates(option, discriminator, wanted));
}

function discriminates(option: Schema, discriminator: string, wanted: unknown): boolean {
  return option._zod.propValues?.[discriminator]?.has(wanted as z.core.util.Primitive) ?? false;
}

function fits(option: Schema, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const keys = knownKeys(option, value);
  return Object.keys(value).some((key) => keys.includes(key));
}

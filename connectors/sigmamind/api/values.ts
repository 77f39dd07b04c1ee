import { z } from 'zod';
import { filled } from '../../shared/read-as.ts';
import { jsonText } from '../json-text.ts';

/** Ids are opaque: bare, with a prefix of any age, and numbers in the first generation. */
export const Id = z.union([filled, z.number()]).transform(String);

export const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** A value of a list that grew over the years: `In-Progress` and `in_progress` are the same; an unknown one is kept. */
export const Word = Text.transform((text) => text.trim().toLowerCase().replaceAll('-', '_'));

/** True where nothing is said: what is switched off says so. */
export const Flag = z
  .boolean()
  .nullish()
  .transform((isSet) => isSet ?? true);

/** A list, or, from a slip of the platform's generator, one text with commas. */
export const Texts = z
  .union([z.array(z.union([z.string(), z.unknown().transform(jsonText)])), z.string()])
  .nullish()
  .transform((texts) => (typeof texts === 'string' ? texts.split(',') : (texts ?? [])).map((text) => text.trim()));

/** Variables by name; whatever their type, they travel as text. */
export const TextMap = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(undefined)
  .transform((values) => {
    const pairs = Object.entries(values ?? {}).filter(([, value]) => value !== null && typeof value !== 'object');
    return Object.fromEntries(pairs.map(([name, value]) => [name, String(value)]));
  });

/** An object inside a record that may be missing, null, or odd: never a reason to refuse the record. */
export function part<Shape extends z.ZodType>(shape: Shape) {
  return shape
    .nullish()
    .catch(null)
    .transform((value) => value ?? null);
}

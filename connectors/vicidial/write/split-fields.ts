import type { VicidialConfig } from '../config.ts';
import type { FieldDefinition } from '../tables/schema.ts';
import { customText, freeText, nameText } from './safe-text.ts';

/** Columns of the lead that may be written, with their length, and how VICIdial filters them. */
const freeColumns = { comments: 255, vendor_lead_code: 20, source_id: 50 } as const;
const nameColumns = {
  ...{ title: 4, first_name: 30, middle_initial: 1, last_name: 30, address1: 100, address2: 100, address3: 100 },
  ...{ city: 50, state: 2, province: 50, postal_code: 10, country_code: 3, alt_phone: 12, email: 70 },
  ...{ security_phrase: 100, owner: 20, rank: 5 },
} as const;
/** These steer the dialer: an outcome's field is no way to them. */
const forbidden: readonly string[] = [
  ...['lead_id', 'status', 'user', 'list_id', 'phone_number', 'phone_code', 'called_count', 'entry_list_id'],
  ...['gmt_offset_now', 'called_since_last_reset', 'entry_date', 'modify_date', 'last_local_call_time'],
];
/** They show something, and hold no value. */
const withoutValue: readonly string[] = ['DISPLAY', 'SCRIPT', 'BUTTON', 'SWITCH'];
/** An area is a TEXT column; a request of this size passes every web server. */
const areaBytes = 5000;

export interface SplitFields {
  columns: Record<string, string>;
  custom: Record<string, string>;
  /** Labels that the lead's list does not have, so that VICIdial would drop them without a word. */
  unknown: string[];
}

/** True for what is neither a column that may be written nor can be a custom field's label. */
export function isNoField(name: string): boolean {
  return forbidden.includes(name) || !/^[A-Za-z0-9_]{1,50}$/.test(name);
}

/**
 * Parts fields into columns and custom fields, each as VICIdial will keep it. Comments that are longer than their column
 * go whole to `notesField` too. `definitions` is null where the list's fields can't be read.
 */
export function splitFields(
  fields: Readonly<Record<string, string>>,
  definitions: readonly FieldDefinition[] | null,
  { notesField }: Pick<VicidialConfig, 'notesField'>,
): SplitFields {
  const split: SplitFields = { columns: {}, custom: {}, unknown: [] };
  for (const [name, value] of Object.entries(withNotes(fields, notesField))) {
    if (Object.hasOwn(freeColumns, name)) {
      split.columns[name] = freeText(value, freeColumns[name as keyof typeof freeColumns]);
    } else if (Object.hasOwn(nameColumns, name)) {
      split.columns[name] = nameText(value, nameColumns[name as keyof typeof nameColumns]);
    } else {
      const bytes = bytesOf(name, definitions);
      if (bytes === 0) split.unknown.push(name);
      else split.custom[name] = customText(value, bytes);
    }
  }
  return split;
}

function withNotes(fields: Readonly<Record<string, string>>, notesField: string | undefined) {
  const { comments = '' } = fields;
  const isLong = Buffer.byteLength(freeText(comments, areaBytes)) > freeColumns.comments;
  if (!notesField || !isLong || fields[notesField]) return fields;
  return { ...fields, [notesField]: comments };
}

/** How many bytes a custom field takes; 0 when the list has no such field. Unknown lengths count as an area's. */
function bytesOf(label: string, definitions: readonly FieldDefinition[] | null): number {
  if (definitions === null) return areaBytes;
  const found = definitions.find((field) => field.field_label === label);
  if (!found || withoutValue.includes(found.field_type)) return 0;
  if (found.field_type === 'AREA' || found.field_max < 1) return areaBytes;
  return Math.min(areaBytes, found.field_max);
}

import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { findLine, updatedRows, type wordsOf } from '../api/api-answer.ts';
import { customListOf } from '../tables/lead-rows.ts';
import type { LeadRow } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';
import { updateFailure } from './deliver-disposition.ts';
import { customText, freeText, nameText } from './safe-text.ts';
import { findTargetLead } from './target-lead.ts';

export type FieldsWish = Extract<Desired, { aspect: 'fields' }>;

/** Columns that may be written, with their length, and how VICIdial filters them. */
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
const maxCustomBytes = 5000;

/** Writes values into columns of the lead and into its list's custom fields; what is there already is left alone. */
export async function deliverFields(
  vicidial: Vicidial,
  { target }: WriteBack,
  { fields }: FieldsWish,
): Promise<DeliveryAnswer> {
  const found = await findTargetLead(vicidial, target);
  if ('kind' in found) return found;
  const wrong = Object.keys(fields).find((name) => forbidden.includes(name) || !/^[A-Za-z0-9_]{1,50}$/.test(name));
  if (wrong !== undefined) {
    return { kind: 'refused', why: `"${wrong}" is no field to write to`, hint: 'Change it in campaigns.*.fields.' };
  }
  const lead = await vicidial.reads.leadRow(found.leadId);
  if (!lead) {
    return { kind: 'refused', why: 'VICIdial has no such lead', hint: 'The lead was deleted or archived.' };
  }

  const wanted = splitFields(fields);
  const missing = vicidial.deps.ignoresIdempotency ? wanted : await leaveOutEqual(vicidial, lead, wanted);
  const hasCustom = Object.keys(missing.custom).length > 0;
  const hasColumns = Object.keys(missing.columns).length > 0;
  if (!hasColumns && !hasCustom) return { kind: 'done', note: 'was so already' };

  const answer = await vicidial.api.call('update_lead', {
    search_method: 'LEAD_ID',
    lead_id: found.leadId,
    ...missing.columns,
    ...(hasCustom && { custom_fields: 'Y', ...missing.custom }),
  });
  const rows = updatedRows(answer);
  if (hasColumns && rows !== 1 && rows !== 0) return updateFailure(answer);
  // Custom fields alone give no SUCCESS line.
  const isCustomDone = findLine(answer, 'notice', 'CUSTOM FIELDS VALUES UPDATED') !== undefined;
  if (hasCustom && !isCustomDone) return customFailure(answer, Object.keys(missing.custom), lead);
  return { kind: 'done' };
}

interface SplitFields {
  columns: Record<string, string>;
  custom: Record<string, string>;
}

function splitFields(fields: Readonly<Record<string, string>>): SplitFields {
  const split: SplitFields = { columns: {}, custom: {} };
  for (const [name, value] of Object.entries(fields)) {
    const isFree = Object.hasOwn(freeColumns, name);
    const isName = Object.hasOwn(nameColumns, name);
    if (isFree) split.columns[name] = freeText(value, freeColumns[name as keyof typeof freeColumns]);
    else if (isName) split.columns[name] = nameText(value, nameColumns[name as keyof typeof nameColumns]);
    else split.custom[name] = customText(value, maxCustomBytes);
  }
  return split;
}

async function leaveOutEqual(vicidial: Vicidial, lead: LeadRow, wanted: SplitFields): Promise<SplitFields> {
  const labels = Object.keys(wanted.custom);
  const custom = await vicidial.reads.customValues(lead, labels);
  const held = { ...lead, ...custom } as Readonly<Record<string, unknown>>;
  const differs = ([name, value]: [string, string]) => value !== '' && held[name] !== value;
  return {
    columns: Object.fromEntries(Object.entries(wanted.columns).filter(differs)),
    custom: Object.fromEntries(Object.entries(wanted.custom).filter(differs)),
  };
}

function customFailure(
  answer: Parameters<typeof wordsOf>[0],
  labels: readonly string[],
  lead: LeadRow,
): DeliveryAnswer {
  const isUnknown = answer.kind === 'empty' || updatedRows(answer) !== null;
  if (isUnknown || findLine(answer, 'notice', 'NO CUSTOM FIELDS DEFINED')) {
    return {
      kind: 'refused',
      why: `list ${customListOf(lead)} has no custom field ${labels.join(', ')}`,
      hint: 'Add the field to the list in VICIdial, or change campaigns.*.fields; then replay.',
    };
  }
  return updateFailure(answer);
}

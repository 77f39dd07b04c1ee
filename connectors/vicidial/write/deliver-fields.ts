import type { DeliveryAnswer } from '../../../src/domain/delivery.ts';
import type { Desired, WriteBack } from '../../../src/domain/write-back.ts';
import { type ApiAnswer, findLine, updatedRows } from '../api/api-answer.ts';
import { customListOf } from '../tables/lead-rows.ts';
import type { FieldDefinition } from '../tables/schema.ts';
import type { Vicidial } from '../vicidial.ts';
import { readLead, type TargetLead } from './situation.ts';
import { isNoField, type SplitFields, splitFields } from './split-fields.ts';
import { findTargetLead } from './target-lead.ts';
import { leadKeys, updateFailure } from './write-status.ts';

export type FieldsWish = Extract<Desired, { aspect: 'fields' }>;

/**
 * Writes values into columns of the lead and into its list's custom fields. What is there already is left alone, and an
 * empty value changes nothing: that a call brought no word on something is no reason to forget the old one.
 */
export async function deliverFields(
  vicidial: Vicidial,
  { target }: WriteBack,
  { fields }: FieldsWish,
): Promise<DeliveryAnswer> {
  const found = await findTargetLead(vicidial, target);
  if ('kind' in found) return found;
  const wrong = Object.keys(fields).find(isNoField);
  if (wrong !== undefined) {
    return { kind: 'refused', why: `"${wrong}" is no field to write to`, hint: 'Change it in campaigns.*.fields.' };
  }
  const lead = await readLead(vicidial, found.leadId);
  if (!lead) return { kind: 'refused', why: 'VICIdial has no such lead', hint: 'The lead was deleted.' };

  const definitions = await vicidial.reads.fieldDefinitions(customListOf(lead));
  const wanted = splitFields(fields, definitions, vicidial.config);
  const missing = vicidial.deps.ignoresIdempotency ? wanted : await leaveOutEqual(vicidial, lead, wanted);
  const failure = await write(vicidial, lead, missing);
  if (failure) return failure;
  const lost = await lostFields(vicidial, lead, missing, definitions);
  if (lost.length > 0) return { kind: 'retry', why: `${lost.join(', ')} is not there after the write`, inDoubt: true };
  const isWritten = hasAny(missing.columns) || hasAny(missing.custom);
  return (
    aboutUnknown(vicidial, lead, wanted.unknown) ?? { kind: 'done', note: isWritten ? 'read back' : 'was so already' }
  );
}

async function write(
  { api }: Vicidial,
  lead: TargetLead,
  { columns, custom }: SplitFields,
): Promise<DeliveryAnswer | null> {
  if (!hasAny(columns) && !hasAny(custom)) return null;
  const answer = await api.call('update_lead', {
    ...leadKeys(lead),
    ...columns,
    ...(hasAny(custom) && { custom_fields: 'Y', ...custom }),
  });
  const rows = updatedRows(answer);
  if (hasAny(columns) && rows !== 1 && rows !== 0) return updateFailure(answer);
  // Custom fields alone give no SUCCESS line.
  const isCustomDone = findLine(answer, 'notice', 'CUSTOM FIELDS VALUES UPDATED') !== undefined;
  return hasAny(custom) && !isCustomDone ? customFailure(answer, Object.keys(custom), lead) : null;
}

async function leaveOutEqual(vicidial: Vicidial, lead: TargetLead, wanted: SplitFields): Promise<SplitFields> {
  const held = await heldValues(vicidial, lead, Object.keys(wanted.custom));
  const differs = ([name, value]: [string, string]) => value !== '' && held[name] !== value;
  return {
    columns: Object.fromEntries(Object.entries(wanted.columns).filter(differs)),
    custom: Object.fromEntries(Object.entries(wanted.custom).filter(differs)),
    unknown: wanted.unknown,
  };
}

/** Fields that are empty although they were written. One that VICIdial keeps in its own form is there. */
async function lostFields(
  vicidial: Vicidial,
  before: TargetLead,
  { columns, custom }: SplitFields,
  definitions: readonly FieldDefinition[] | null,
): Promise<string[]> {
  const labels = Object.keys(custom);
  if (labels.length === 0 && !hasAny(columns)) return [];
  const lead = await readLead(vicidial, before.lead_id);
  if (!lead) return [];
  const held = await heldValues(vicidial, lead, labels);
  const isEncrypted = (name: string) => definitions?.some((each) => each.field_label === name && each.field_encrypt);
  const written = Object.entries({ ...columns, ...custom }).filter(([, value]) => value !== '');
  return written.map(([name]) => name).filter((name) => !held[name] && !isEncrypted(name));
}

export async function heldValues(
  { reads }: Vicidial,
  lead: TargetLead,
  labels: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  return { ...lead, ...(labels.length > 0 && (await reads.customValues(lead, labels))) };
}

/** The field for long notes is one of some lists maybe; what a campaign's mapping names is missed by somebody. */
function aboutUnknown(
  { config, deps, id }: Vicidial,
  lead: TargetLead,
  unknown: readonly string[],
): DeliveryAnswer | null {
  const mapped = unknown.filter((label) => label !== config.notesField);
  const list = customListOf(lead);
  if (mapped.length > 0) return unknownLabels(mapped, list);
  if (unknown.length > 0) deps.log.warn({ dialer: id, list }, 'a list lacks the notesField: a long note was cut');
  return null;
}

function customFailure(answer: ApiAnswer, labels: readonly string[], lead: TargetLead): DeliveryAnswer {
  const isUnknown = answer.kind === 'empty' || updatedRows(answer) !== null;
  if (isUnknown || findLine(answer, 'notice', 'NO CUSTOM FIELDS DEFINED')) {
    return unknownLabels(labels, customListOf(lead));
  }
  return updateFailure(answer);
}

function unknownLabels(labels: readonly string[], list: string): DeliveryAnswer {
  return {
    kind: 'refused',
    why: `list ${list} has no custom field ${labels.join(', ')}`,
    hint: 'Add the field to the list in VICIdial, or change campaigns.*.fields; then replay.',
  };
}

function hasAny(values: Readonly<Record<string, string>>): boolean {
  return Object.keys(values).length > 0;
}

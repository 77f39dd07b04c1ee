import type { ApiRequest } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { showFields } from './lead-columns.ts';
import { type Row, text } from './tables.ts';

/** The custom-field part of `update_lead`. Only labels that are parameters count, and never the first parameter. */
export async function changeCustomFields(deps: VicidialDeps, request: ApiRequest, lead: Row): Promise<string[]> {
  const { parameters } = request;
  if (parameters.get('custom_fields') !== 'Y') return [];
  const settings = await deps.tables.first('SELECT custom_fields_enabled FROM system_settings');
  if (text(settings?.custom_fields_enabled) !== '1') return [];

  const list = customListOf(lead, parameters.get('force_entry_list_id'));
  const labels = await customLabels(deps, list);
  const names = [text(lead.phone_number), lead.lead_id, lead.list_id];
  if (labels.length === 0)
    return [`NOTICE: update_lead CUSTOM FIELDS NOT ADDED, NO CUSTOM FIELDS DEFINED FOR THIS LIST - ${names.join('|')}`];
  const fields: Record<string, string> = {};
  for (const label of labels) {
    if (!parameters.has(label) || parameters.first === label) continue;
    fields[label] = filters.custom(parameters.get(label)).replace('--BLANK--', '');
  }
  if (Object.keys(fields).length === 0) return [];
  const rows = await writeFields(deps, list, Number(lead.lead_id), fields);
  return [`NOTICE: update_lead CUSTOM FIELDS VALUES UPDATED - ${[...names, lead.entry_list_id, list, rows].join('|')}`];
}

async function writeFields(
  { tables, journal }: VicidialDeps,
  list: number,
  leadId: number,
  fields: Record<string, string>,
): Promise<number> {
  const before = await tables.first('SELECT lead_id FROM ?? WHERE lead_id = ?', [`custom_${list}`, leadId]);
  const rows = before
    ? await tables.change('UPDATE ?? SET ? WHERE lead_id = ?', [`custom_${list}`, fields, leadId])
    : await tables.change('INSERT INTO ?? SET ?', [`custom_${list}`, { lead_id: leadId, ...fields }]);
  const isChange = rows > 0;
  journal.note({ kind: 'fields', record: String(leadId), value: showFields(fields), by: 'api', isChange });
  return rows;
}

/** Which list's custom fields apply to a lead. */
export function customListOf(lead: Row, forced = ''): number {
  const entryList = Number(filters.digits(forced)) || Number(lead.entry_list_id);
  return entryList > 99 ? entryList : Number(lead.list_id);
}

export async function customLabels({ tables }: VicidialDeps, list: number): Promise<string[]> {
  const rows = await tables.read('SELECT field_label FROM vicidial_lists_fields WHERE list_id = ? ORDER BY field_id', [
    list,
  ]);
  return rows.map((row) => text(row.field_label));
}

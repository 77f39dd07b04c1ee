import type { VicidialDeps } from './deps.ts';
import { breaksSql, filters } from './filters.ts';
import type { Parameters } from './parameters.ts';
import { fromBytes, type Row, text } from './tables.ts';

/** Columns of vicidial_list that the API may change, by the parameter that names them. */
const editable: Readonly<Record<string, { column: string; clean: (value: string) => string }>> = {
  status: { column: 'status', clean: filters.code },
  user_field: { column: 'user', clean: filters.code },
  list_id_field: { column: 'list_id', clean: filters.digits },
  vendor_lead_code: { column: 'vendor_lead_code', clean: filters.free },
  source_id: { column: 'source_id', clean: filters.free },
  gmt_offset_now: { column: 'gmt_offset_now', clean: (value) => value.replace(/[^-.0-9]/g, '') },
  called_count: { column: 'called_count', clean: filters.digits },
  phone_code: { column: 'phone_code', clean: filters.digits },
  entry_list_id: { column: 'entry_list_id', clean: filters.digits },
  date_of_birth: { column: 'date_of_birth', clean: (value) => value.replace(/[^-0-9]/g, '') },
  rank: { column: 'rank', clean: (value) => value.replace(/[^-0-9]/g, '') },
  comments: { column: 'comments', clean: filters.free },
};
const nameColumns =
  'title first_name middle_initial last_name address1 address2 address3 city state province postal_code country_code gender alt_phone email security_phrase owner';

export interface LeadChange {
  columns: Readonly<Record<string, string>>;
  /** VICIdial's SQL would break on one of the values. */
  breaks: boolean;
}

/** Reads the wanted column values out of a request. Empty values are ignored, `--BLANK--` empties. */
export function readLeadChange(parameters: Parameters): LeadChange {
  const columns: Record<string, string> = {};
  const take = (parameter: string, column: string, clean: (value: string) => string) => {
    const value = parameters.get(parameter);
    const cleaned = clean(value);
    if (value === '--BLANK--') columns[column] = '';
    else if (cleaned !== '') columns[column] = cleaned;
  };
  for (const [parameter, { column, clean }] of Object.entries(editable)) take(parameter, column, clean);
  for (const column of nameColumns.split(' ')) take(column, column, filters.name);
  if (parameters.get('update_phone_number') === 'Y') take('phone_number', 'phone_number', filters.digits);
  if (parameters.get('reset_lead') === 'Y') columns.called_since_last_reset = 'N';
  return { columns, breaks: Object.values(columns).some(breaksSql) };
}

/** Writes the columns of one lead, and tells the journal. Gives the rows changed; -1 when the SQL broke. */
export async function changeLead(
  deps: VicidialDeps,
  lead: Row,
  change: LeadChange,
  table: 'vicidial_list' | 'vicidial_list_archive' = 'vicidial_list',
): Promise<number> {
  if (change.breaks) return -1;
  const leadId = Number(lead.lead_id);
  const rows = await deps.tables.change('UPDATE ?? SET ? WHERE lead_id = ?', [table, change.columns, leadId]);
  const { status, user, ...fields } = change.columns;
  if (status !== undefined) {
    const stored = status.slice(0, 6);
    const isChange = stored !== text(lead.status);
    deps.journal.note({ kind: 'disposition', record: String(leadId), value: stored, by: 'api', isChange });
  } else if (user !== undefined) Object.assign(fields, { user });
  if (Object.keys(fields).length > 0) {
    const isChange = Object.entries(fields).some(([column, value]) => text(lead[column]) !== value);
    deps.journal.note({ kind: 'fields', record: String(leadId), value: showFields(fields), by: 'api', isChange });
  }
  return rows;
}

export function showFields(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${fromBytes(value)}`)
    .sort()
    .join('&');
}

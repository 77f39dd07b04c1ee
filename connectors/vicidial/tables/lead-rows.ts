import type { Lead } from '../../../src/domain/lead.ts';
import { leadPhone } from '../phones.ts';
import type { Page } from './database.ts';
import { AlternatePhone, CustomRow, FieldLabel, type LeadRow, type leadFieldNames } from './schema.ts';
import type { TableReading } from './table-reads.ts';

/**
 * Turns rows of vicidial_list into leads, with their other numbers and custom fields. Counts those that can't be one.
 * `alternatesIndex`: for many leads at once the server is told its index; of a small table it would read every row.
 */
export async function readLeadRows(
  vicidial: TableReading,
  page: Page<LeadRow>,
  signal?: AbortSignal,
  alternatesIndex?: string,
): Promise<{ leads: Lead[]; rejects: Record<string, number> }> {
  const [alternates, custom] = await Promise.all([
    readAlternates(vicidial, page.rows, alternatesIndex, signal),
    readCustomFields(vicidial, page.rows, signal),
  ]);

  const rejects: Record<string, number> = {};
  const count = (reason: string, by = 1) => {
    if (by > 0) rejects[reason] = (rejects[reason] ?? 0) + by;
  };
  count('unreadable row', page.count - page.rows.length);
  const leads: Lead[] = [];
  for (const row of page.rows) {
    const phones = phonesOf(vicidial, row, alternates.get(row.lead_id) ?? []);
    if (phones.length === 0) {
      count('no usable number');
      continue;
    }
    leads.push({
      dialer: vicidial.id,
      key: row.lead_id,
      list: row.list_id,
      campaign: row.campaign_id,
      phones,
      fields: withCustom(fieldsOf(row), custom.get(row.lead_id)),
      changedAt: new Date(row.modified * 1000).toISOString(),
    });
  }
  return { leads, rejects };
}

/** Every number of a lead as E.164, the main one first. */
export function phonesOf(
  { config }: Pick<TableReading, 'config'>,
  row: LeadRow,
  alternates: readonly AlternatePhone[],
): string[] {
  const all = [
    leadPhone(row.phone_code, row.phone_number, config.country),
    leadPhone(row.phone_code, row.alt_phone, config.country),
    ...alternates.map((each) => leadPhone(each.phone_code || row.phone_code, each.phone_number, config.country)),
  ];
  return [...new Set(all.filter(Boolean))];
}

function withCustom(fields: Record<string, string>, custom: Record<string, string> | undefined) {
  return custom ? Object.assign(fields, custom) : fields;
}

/** The lead's own columns as fields; empty ones are left out. One by one, not in a loop, for the reason at `leadRowOf`. */
export function fieldsOf(row: LeadRow): Record<string, string> {
  const fields: Partial<Record<(typeof leadFieldNames)[number] | 'utc_offset', string>> = {};
  if (row.title) fields.title = row.title;
  if (row.first_name) fields.first_name = row.first_name;
  if (row.middle_initial) fields.middle_initial = row.middle_initial;
  if (row.last_name) fields.last_name = row.last_name;
  if (row.address1) fields.address1 = row.address1;
  if (row.address2) fields.address2 = row.address2;
  if (row.address3) fields.address3 = row.address3;
  if (row.city) fields.city = row.city;
  if (row.state) fields.state = row.state;
  if (row.province) fields.province = row.province;
  if (row.postal_code) fields.postal_code = row.postal_code;
  if (row.country_code) fields.country_code = row.country_code;
  if (row.gender) fields.gender = row.gender;
  if (row.date_of_birth) fields.date_of_birth = row.date_of_birth;
  if (row.email) fields.email = row.email;
  if (row.security_phrase) fields.security_phrase = row.security_phrase;
  if (row.comments) fields.comments = row.comments;
  if (row.vendor_lead_code) fields.vendor_lead_code = row.vendor_lead_code;
  if (row.source_id) fields.source_id = row.source_id;
  if (row.rank) fields.rank = row.rank;
  if (row.owner) fields.owner = row.owner;
  if (row.gmt_offset_now) fields.gmt_offset_now = row.gmt_offset_now;
  // 0.00 is the column's default: VICIdial found no offset for the lead.
  if (Number(row.gmt_offset_now)) fields.utc_offset = row.gmt_offset_now;
  if (row.called_count) fields.called_count = row.called_count;
  if (row.last_local_call_time) fields.last_local_call_time = row.last_local_call_time;
  return fields;
}

async function readAlternates(
  { database }: TableReading,
  rows: readonly LeadRow[],
  index: string | undefined,
  signal?: AbortSignal,
): Promise<Map<string, AlternatePhone[]>> {
  if (rows.length === 0) return new Map();
  const phones = await database.select(
    AlternatePhone,
    `SELECT lead_id, phone_code, phone_number, alt_phone_count FROM vicidial_list_alt_phones
     ${index ? `FORCE INDEX (\`${index}\`)` : ''} WHERE lead_id IN (?)`,
    [rows.map((row) => Number(row.lead_id))],
    signal,
  );
  phones.sort((a, b) => a.alt_phone_count - b.alt_phone_count);
  return Map.groupBy(phones, (phone) => phone.lead_id);
}

/** Values lie in one table per list: that of `entry_list_id` when it is above 99, else that of the lead's own list. */
async function readCustomFields(
  vicidial: TableReading,
  rows: readonly LeadRow[],
  signal?: AbortSignal,
): Promise<Map<string, Record<string, string>>> {
  const values = new Map<string, Record<string, string>>();
  if (vicidial.config.customFields.length === 0) return values;
  for (const [list, leads] of Map.groupBy(rows, customListOf)) {
    const found = await readCustomTable(
      vicidial,
      list,
      leads.map((row) => row.lead_id),
      signal,
    );
    for (const [key, fields] of found) values.set(key, fields);
  }
  return values;
}

/** Configured custom fields of some leads of one list. A lead without values has no row, and a list maybe no table. */
export async function readCustomTable(
  { config, database }: TableReading,
  list: string,
  leadIds: readonly string[],
  signal?: AbortSignal,
  wanted: readonly string[] = config.customFields,
): Promise<Map<string, Record<string, string>>> {
  if (!/^\d+$/.test(list) || wanted.length === 0) return new Map();
  const defined = await database.select(
    FieldLabel,
    'SELECT field_label FROM vicidial_lists_fields WHERE list_id = ?',
    [list],
    signal,
  );
  const labels = defined.map((field) => field.field_label).filter((label) => wanted.includes(label));
  if (labels.length === 0) return new Map();
  const columns = ['lead_id', ...labels].map((label) => `\`${label}\``).join(', ');
  const rows = await database.select(
    CustomRow,
    `SELECT ${columns} FROM \`custom_${list}\` WHERE lead_id IN (?)`,
    [leadIds],
    signal,
  );
  return new Map(rows.map((row) => [row.lead_id, textsOf(row, labels)]));
}

export function customListOf(row: Pick<LeadRow, 'entry_list_id' | 'list_id'>): string {
  return row.entry_list_id > 99 ? String(row.entry_list_id) : row.list_id;
}

function textsOf(row: Readonly<Record<string, unknown>>, labels: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const label of labels) {
    const value = row[label];
    if (typeof value === 'string' && value !== '') fields[label] = value;
  }
  return fields;
}

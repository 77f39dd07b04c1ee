import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, joinColumns, mayUseList } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { type Row, text } from './tables.ts';
import { customLabels, customListOf } from './update-lead-custom.ts';

const permission = 'GET LEAD INFO';
const leadRights = ['1', '2', '3', '4', '5'];

/** Look-ups of leads: data without SUCCESS; an empty body where there is nothing to say. */
export const leadLookups = {
  lead_field_info: {
    firstBuild: 160709,
    level: 7,
    rights: { vdc_agent_api_access: ['1'], modify_leads: leadRights.slice(0, 4) },
    permission,
    run: fieldInfo,
  },
  lead_all_info: {
    firstBuild: 210316,
    level: 7,
    rights: { vdc_agent_api_access: ['1'], view_reports: ['1'], modify_leads: leadRights },
    permission,
    run: allInfo,
  },
  lead_search: {
    firstBuild: 211027,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_leads: leadRights },
    permission: 'SEARCH LEADS',
    run: search,
  },
  lead_callback_info: {
    firstBuild: 181214,
    level: 7,
    rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] },
    permission,
    run: callbackInfo,
  },
} satisfies Record<string, ApiFunction>;

const allColumns =
  'status user vendor_lead_code source_id list_id gmt_offset_now called_since_last_reset phone_code phone_number title first_name middle_initial last_name address1 address2 address3 city state province postal_code country_code gender date_of_birth alt_phone email security_phrase comments called_count last_local_call_time rank owner entry_list_id lead_id'.split(
    ' ',
  );

async function findLead(deps: VicidialDeps, leadId: string): Promise<Row | undefined> {
  return deps.tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [Number(filters.digits(leadId))]);
}

async function fieldInfo(deps: VicidialDeps, { parameters, user, userName }: ApiRequest): Promise<ApiAnswer> {
  const leadId = parameters.get('lead_id');
  const lead = await findLead(deps, leadId);
  if (!lead) return answer(`ERROR: lead_field_info LEAD NOT FOUND: |${userName}|${leadId}|`);
  if (!(await mayUseList(deps, user, Number(lead.list_id))))
    return answer(`ERROR: lead_field_info LIST NOT FOUND: |${userName}|${leadId}|`);

  const field = parameters.get('field_name');
  if (parameters.get('custom_fields') !== 'Y') return answer(Object.hasOwn(lead, field) ? text(lead[field]) : '');
  const custom = await customValues(deps, lead, parameters.get('list_id'));
  return answer(custom[field] ?? '');
}

async function allInfo(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const leadId = filters.digits(parameters.get('lead_id'));
  const phone = filters.digits(parameters.get('phone_number'));
  const lead = leadId
    ? await findLead(deps, leadId)
    : await deps.tables.first('SELECT * FROM vicidial_list WHERE phone_number = ? ORDER BY lead_id DESC LIMIT 1', [
        phone,
      ]);
  if (!lead) return answer(`ERROR: lead_all_info LEAD NOT FOUND: ${userName}|${leadId}|${phone}`);
  const wantsCustom = parameters.get('custom_fields') === 'Y';
  const custom = wantsCustom ? await customValues(deps, lead, parameters.get('force_entry_list_id')) : {};
  const lines = [joinColumns(parameters, [...allColumns.map((name) => text(lead[name])), ...Object.values(custom)])];
  if (parameters.get('header') === 'YES')
    lines.unshift(joinColumns(parameters, [...allColumns, ...Object.keys(custom)]));
  return answer(...lines);
}

/** The custom fields of a lead by label; empty values where it has no row. */
async function customValues(deps: VicidialDeps, lead: Row, forcedList: string): Promise<Record<string, string>> {
  const list = customListOf(lead, forcedList);
  const labels = await customLabels(deps, list);
  if (labels.length === 0) return {};
  const row = await deps.tables.first('SELECT * FROM ?? WHERE lead_id = ?', [`custom_${list}`, lead.lead_id ?? 0]);
  return Object.fromEntries(labels.map((label) => [label, text(row?.[label])]));
}

async function search(deps: VicidialDeps, { parameters, user }: ApiRequest): Promise<ApiAnswer> {
  const records = Number(filters.digits(parameters.get('records'))) || 1000;
  const lines: string[] = [];
  for (const phone of parameters.get('phone_number').split(',').map(filters.digits).filter(Boolean)) {
    const leads = await deps.tables.read(
      'SELECT lead_id, list_id FROM vicidial_list WHERE phone_number = ? ORDER BY lead_id DESC LIMIT ?',
      [phone, records],
    );
    const ids: string[] = [];
    for (const lead of leads) if (await mayUseList(deps, user, Number(lead.list_id))) ids.push(text(lead.lead_id));
    lines.push(joinColumns(parameters, [phone, String(ids.length), ids.join('-')]));
  }
  return answer(...lines);
}

async function callbackInfo(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const leadId = filters.digits(parameters.get('lead_id'));
  const rows = await deps.tables.read('SELECT * FROM vicidial_callbacks WHERE lead_id = ? ORDER BY callback_id DESC', [
    Number(leadId),
  ]);
  if (rows.length === 0) return answer(`ERROR: lead_callback_info CALLBACK NOT FOUND: |${userName}|${leadId}|`);
  const columns =
    'recipient status lead_status callback_time entry_time user list_id campaign_id user_group customer_timezone customer_time comments';
  return answer(
    ...rows.map((row) =>
      joinColumns(parameters, [leadId, 'CURRENT', ...columns.split(' ').map((name) => text(row[name]))]),
    ),
  );
}

import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, mayUseList, printed } from './api-function.ts';
import { codeInfo } from './ccc-lead-info.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { allInfoColumns } from './lead-info-columns.ts';
import { type Row, text } from './tables.ts';
import { customLabels } from './update-lead-custom.ts';

const permission = 'GET LEAD INFO';
const leadRights = ['1', '2', '3', '4', '5'];
const reader = { level: 7, permission };

/** Look-ups of leads: data without SUCCESS; an empty body where there is nothing to say. */
export const leadLookups = {
  lead_field_info: {
    ...reader,
    firstBuild: 160709,
    rights: { vdc_agent_api_access: ['1'], modify_leads: leadRights.slice(0, 4) },
    run: fieldInfo,
  },
  lead_all_info: {
    ...reader,
    firstBuild: 210316,
    rights: { vdc_agent_api_access: ['1'], view_reports: ['1'], modify_leads: leadRights },
    run: allInfo,
  },
  lead_search: {
    firstBuild: 211027,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_leads: leadRights },
    permission: 'SEARCH FOR LEADS',
    run: search,
  },
  lead_callback_info: {
    ...reader,
    firstBuild: 181214,
    rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] },
    run: callbackInfo,
  },
  ccc_lead_info: {
    ...reader,
    firstBuild: 170609,
    rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] },
    run: codeInfo,
  },
} satisfies Record<string, ApiFunction>;

async function fieldInfo(deps: VicidialDeps, { parameters, user, userName }: ApiRequest): Promise<ApiAnswer> {
  const leadId = filters.digits(parameters.get('lead_id'));
  const field = filters.code(parameters.get('field_name'));
  if (!leadId || !field)
    return answer(`ERROR: lead_field_info INVALID SEARCH PARAMETERS: ${userName}|${leadId}|${field}`);
  const lead = await deps.tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [Number(leadId)]);
  if (!lead) return answer(`ERROR: lead_field_info LEAD NOT FOUND: ${userName}|${leadId}`);
  if (!(await isListOfGroup(deps, user, lead)))
    return answer(`ERROR: lead_field_info LIST NOT FOUND: ${userName}|${leadId}|${text(lead.list_id)}`);

  if (parameters.get('custom_fields') !== 'Y')
    return Object.hasOwn(lead, field) ? answer(text(lead[field])) : { lines: [], sqlFailed: true };
  // The lead's own list counts only when it is named: entry_list_id is 0 as a rule.
  const list = Number(filters.digits(parameters.get('list_id'))) || Number(lead.entry_list_id);
  if (!(await customLabels(deps, list)).includes(field)) return { lines: [], sqlFailed: true };
  const row = await deps.tables.first('SELECT * FROM ?? WHERE lead_id = ?', [`custom_${list}`, Number(leadId)]);
  return row ? answer(text(row[field])) : answer(`ERROR: lead_field_info LIST FIELD NOT FOUND: ${userName}|${leadId}`);
}

async function allInfo(deps: VicidialDeps, { parameters, user, userName, build }: ApiRequest): Promise<ApiAnswer> {
  const leadId = filters.digits(parameters.get('lead_id'));
  const phone = build < 211107 ? '' : filters.digits(parameters.get('phone_number'));
  const shown = `${userName}|${leadId}|${phone}`;
  const leads = await deps.tables.read(
    `SELECT * FROM vicidial_list WHERE ${leadId ? 'lead_id' : 'phone_number'} = ? ORDER BY lead_id DESC LIMIT 1000`,
    [leadId ? Number(leadId) : phone],
  );
  if (leads.length === 0) return answer(`ERROR: lead_all_info LEAD NOT FOUND: ${shown}`);
  const lines: string[] = [];
  for (const lead of leads) {
    if (!(await isListOfGroup(deps, user, lead))) continue;
    const wantsCustom = parameters.get('custom_fields') === 'Y';
    const list = Number(filters.digits(parameters.get('force_entry_list_id'))) || Number(lead.entry_list_id);
    const custom = wantsCustom ? await customValues(deps, lead, list) : {};
    const values = [...allInfoColumns.map((name) => lead[name]), ...Object.values(custom)];
    // The names come again above each lead.
    lines.push(...printed(parameters, [...allInfoColumns, ...Object.keys(custom)], [values]).lines);
  }
  return lines.length > 0 ? answer(...lines) : answer(`ERROR: lead_all_info LIST NOT FOUND: ${shown}`);
}

/** Whatever `api_list_restrict` says: a list of another campaign than the user group's is not found. */
async function isListOfGroup(deps: VicidialDeps, user: Row, lead: Row): Promise<boolean> {
  const list = await deps.tables.first('SELECT 1 FROM vicidial_lists WHERE list_id = ?', [lead.list_id ?? 0]);
  return list !== undefined && (await mayUseList(deps, { ...user, api_list_restrict: '1' }, Number(lead.list_id)));
}

/** The custom fields that a list defines, with a lead's values; none when the lead has no row. */
async function customValues(deps: VicidialDeps, lead: Row, list: number): Promise<Record<string, string>> {
  const labels = await customLabels(deps, list);
  if (labels.length === 0) return {};
  const row = await deps.tables.first('SELECT * FROM ?? WHERE lead_id = ?', [`custom_${list}`, lead.lead_id ?? 0]);
  return row ? Object.fromEntries(labels.map((label) => [label, text(row[label])])) : {};
}

async function search(deps: VicidialDeps, { parameters, user, userName }: ApiRequest): Promise<ApiAnswer> {
  const records = Number(filters.digits(parameters.get('records'))) || 1000;
  const phones = parameters.get('phone_number').split(',').map(filters.digits).filter(Boolean);
  if (phones.length === 0) return answer(`ERROR: lead_search NO VALID SEARCH METHOD - ${userName}||||`);
  const lines: string[] = [];
  let found = 0;
  for (const phone of phones) {
    const leads = await deps.tables.read(
      'SELECT lead_id, list_id FROM vicidial_list WHERE phone_number = ? ORDER BY lead_id DESC LIMIT ?',
      [phone, records],
    );
    const ids: string[] = [];
    for (const lead of leads) if (await mayUseList(deps, user, Number(lead.list_id))) ids.push(text(lead.lead_id));
    found += ids.length;
    lines.push(`${phone}|${ids.length}|${ids.join('-')}`);
  }
  if (found === 0)
    return answer(`ERROR: lead_search NO MATCHES FOUND IN THE SYSTEM - ${userName}|${phones.join(',')}||`);
  // Its header has no separators.
  return answer(...(parameters.get('header') === 'YES' ? ['search_keyrecords_foundlead_ids'] : []), ...lines);
}

const callbackNames =
  'lead_id callback_type recipient callback_status lead_status callback_date entry_date user list_id campaign_id user_group customer_timezone customer_time comments';
const callbackColumns =
  'recipient status lead_status callback_time entry_time user list_id campaign_id user_group customer_timezone customer_time comments';

/** The newest comes last. */
async function callbackInfo({ tables }: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const leadId = filters.digits(parameters.get('lead_id'));
  const location = parameters.get('search_location') || 'CURRENT';
  if (!leadId) return answer(`ERROR: lead_callback_info INVALID SEARCH PARAMETERS: ${userName}|${leadId}`);
  // The archive of callbacks is not kept here.
  const rows =
    location === 'ARCHIVE'
      ? []
      : await tables.read('SELECT * FROM vicidial_callbacks WHERE lead_id = ? ORDER BY callback_id', [Number(leadId)]);
  if (rows.length === 0)
    return answer(
      `ERROR: lead_callback_info CALLBACK NOT FOUND: ${userName}|${leadId}|${parameters.get('stage')}|${location}`,
    );
  return printed(
    parameters,
    callbackNames.split(' '),
    rows.map((row) => [leadId, 'CURRENT', ...callbackColumns.split(' ').map((name) => row[name])]),
  );
}

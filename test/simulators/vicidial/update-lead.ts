import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, mayUseList } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { changeLead, readLeadChange } from './lead-columns.ts';
import { type Row, text } from './tables.ts';
import { changeCallback } from './update-lead-callback.ts';
import { changeCustomFields } from './update-lead-custom.ts';

/** `update_lead`: status, columns, custom fields, callback and hopper of the leads that it finds. */
export const updateLead: ApiFunction = {
  firstBuild: 100718,
  level: 8,
  rights: { vdc_agent_api_access: ['1'], modify_leads: ['1', '2', '3', '4'] },
  permission: 'UPDATE LEADS',
  run,
};

async function run(deps: VicidialDeps, request: ApiRequest): Promise<ApiAnswer> {
  const { parameters, userName } = request;
  const key = {
    leadId: filters.digits(parameters.get('lead_id')),
    vendor: filters.free(parameters.get('vendor_lead_code')),
    phone: filters.digits(parameters.get('phone_number')),
  };
  const method = parameters.get('search_method') || 'LEAD_ID';
  const searches = searchesOf(method, key);
  if (searches.length === 0)
    return answer(
      `ERROR: update_lead NO VALID SEARCH METHOD - ${userName}|${method}|${key.leadId}|${key.vendor}|${key.phone}`,
    );
  const leads = await findLeads(deps, request, searches);
  if (leads.length === 0)
    return answer(
      `ERROR: update_lead NO MATCHES FOUND IN THE SYSTEM: |${userName}|${key.leadId}|${key.vendor}|${key.phone}`,
    );

  const lines: string[] = [];
  let sqlFailed = false;
  for (const lead of leads) {
    if (!(await mayUseList(deps, request.user, Number(lead.list_id)))) {
      lines.push(`ERROR: update_lead NOT AN ALLOWED LIST ID, RESULTS - ${userName}|${lead.lead_id}|${lead.list_id}`);
      continue;
    }
    const result = await updateOne(deps, request, lead);
    lines.push(...result.lines);
    sqlFailed ||= result.sqlFailed === true;
  }
  return { lines, sqlFailed };
}

async function updateOne(deps: VicidialDeps, request: ApiRequest, lead: Row): Promise<ApiAnswer> {
  const { parameters, userName } = request;
  if (parameters.get('no_update') === 'Y') {
    const found = [userName, lead.lead_id, lead.vendor_lead_code, lead.phone_number, lead.list_id, lead.entry_list_id];
    const line = `NOTICE: update_lead LEADS FOUND IN THE SYSTEM: |${found.map((value) => text(value)).join('|')}`;
    return answer(line, ...(await changeHopper(deps, request, lead)));
  }
  if (parameters.get('delete_lead') === 'Y') return deleteLead(deps, request, lead);
  const lines: string[] = [];
  const change = readLeadChange(parameters);
  let rows = 0;
  if (Object.keys(change.columns).length > 0) {
    rows = await changeLead(deps, lead, change, tableOf(request));
    const end = request.build < 200101 ? '' : '|||';
    lines.push(`SUCCESS: update_lead LEAD HAS BEEN UPDATED - ${userName}|${lead.lead_id}|${rows}${end}`);
  }
  lines.push(...(await changeCustomFields(deps, request, lead)));
  lines.push(...(await changeCallback(deps, request, lead)));
  lines.push(...(await changeHopper(deps, request, lead)));
  return { lines, sqlFailed: rows < 0 };
}

/** Its rows elsewhere (custom fields, logs) stay. */
async function deleteLead(deps: VicidialDeps, request: ApiRequest, lead: Row): Promise<ApiAnswer> {
  const { userName } = request;
  const rows = await deps.tables.change('DELETE FROM ?? WHERE lead_id = ?', [tableOf(request), lead.lead_id ?? 0]);
  deps.journal.note({ kind: 'lead-deleted', record: text(lead.lead_id), value: '', by: 'api', isChange: rows > 0 });
  return answer(
    `SUCCESS: update_lead LEAD HAS BEEN DELETED - ${userName}|${lead.lead_id}|${rows}|||`,
    ...(await changeHopper(deps, request, lead)),
  );
}

interface Search {
  column: string;
  value: string;
}

/** `archived_lead=Y` reaches the leads of the archive, where a site has one. */
function tableOf({ parameters }: ApiRequest): 'vicidial_list' | 'vicidial_list_archive' {
  return parameters.get('archived_lead') === 'Y' ? 'vicidial_list_archive' : 'vicidial_list';
}

function searchesOf(method: string, key: { leadId: string; vendor: string; phone: string }): Search[] {
  const ways: Search[] = [];
  if (method.includes('LEAD_ID') && key.leadId) ways.push({ column: 'lead_id', value: key.leadId });
  if (method.includes('VENDOR_LEAD_CODE') && key.vendor) ways.push({ column: 'vendor_lead_code', value: key.vendor });
  if (method.includes('PHONE_NUMBER') && key.phone) ways.push({ column: 'phone_number', value: key.phone });
  return ways;
}

/** Tries one way after the other until one hits; the newest leads first. */
async function findLeads(deps: VicidialDeps, request: ApiRequest, searches: readonly Search[]): Promise<Row[]> {
  const { parameters } = request;
  const records = Number(filters.digits(parameters.get('records'))) || 1;
  const listId = filters.digits(parameters.get('list_id'));
  const scopes: Record<string, string> = {
    LIST: 'AND list_id = ?',
    CAMPAIGN:
      'AND list_id IN (SELECT a.list_id FROM vicidial_lists a JOIN vicidial_lists b USING (campaign_id) WHERE b.list_id = ?)',
  };
  const scope = listId ? (scopes[parameters.get('search_location')] ?? '') : '';
  const table = tableOf(request);
  if (!(await deps.tables.first('SHOW TABLES LIKE ?', [table]))) return [];
  for (const { column, value } of searches) {
    const leads = await deps.tables.read(
      `SELECT * FROM ${table} WHERE ${column} = ? ${scope} ORDER BY entry_date DESC, lead_id DESC LIMIT ?`,
      [value, ...(scope ? [listId] : []), records],
    );
    if (leads.length > 0) return leads;
  }
  return [];
}

async function changeHopper(deps: VicidialDeps, { parameters, userName }: ApiRequest, lead: Row): Promise<string[]> {
  const names = `${text(lead.phone_number)}|${lead.lead_id}`;
  const there = await deps.tables.first('SELECT status FROM vicidial_hopper WHERE lead_id = ?', [lead.lead_id ?? 0]);
  if (parameters.get('remove_from_hopper') === 'Y' && there) {
    await deps.tables.change('DELETE FROM vicidial_hopper WHERE lead_id = ?', [lead.lead_id ?? 0]);
    return [`NOTICE: update_lead REMOVED FROM HOPPER - ${names}|${text(there.status)}|${userName}`];
  }
  if (parameters.get('add_to_hopper') !== 'Y') return [];
  if (there) return [`NOTICE: update_lead NOT ADDED TO HOPPER, LEAD IS ALREADY IN THE HOPPER - ${names}|${userName}`];
  if (await isOutsideCallTime(deps, parameters, lead))
    return [`NOTICE: update_lead NOT ADDED TO HOPPER, OUTSIDE OF LOCAL CALL TIME - ${names}|${userName}`];
  await addToHopper(deps, lead, Number(parameters.get('hopper_priority')) || 0);
  return [`NOTICE: update_lead ADDED TO HOPPER - ${names}|${userName}`];
}

/** Asked for only: the lead's own clock stands outside of its campaign's hours. */
export async function isOutsideCallTime(
  { tables, time }: VicidialDeps,
  parameters: ApiRequest['parameters'],
  lead: Row,
): Promise<boolean> {
  if (parameters.get('hopper_local_call_time_check') !== 'Y') return false;
  const campaign = await tables.first(
    'SELECT c.local_call_time FROM vicidial_lists l JOIN vicidial_campaigns c ON c.campaign_id = l.campaign_id WHERE l.list_id = ?',
    [lead.list_id ?? 0],
  );
  const { opens, shuts } = hoursNamed(text(campaign?.local_call_time));
  const hour = (((time.epochSec() / 3600 + Number(lead.gmt_offset_now ?? 0)) % 24) + 24) % 24;
  return hour < opens || hour >= shuts;
}

/** As the names of its call times say them: `9am-9pm`, and `12am-12am` for a whole day. 9 to 21 o'clock where none does. */
function hoursNamed(name: string): { opens: number; shuts: number } {
  if (name === '24hours') return { opens: 0, shuts: 24 };
  const [, from, fromHalf, to, toHalf] = /^(\d+)(am|pm)-(\d+)(am|pm)$/.exec(name) ?? [];
  if (!from || !to) return { opens: 9, shuts: 21 };
  const hourOf = (hour: string, half = '') => (Number(hour) % 12) + (half === 'pm' ? 12 : 0);
  return { opens: hourOf(from, fromHalf), shuts: hourOf(to, toHalf) || 24 };
}

/** Puts a lead into the hopper of its list's campaign, as the API does: source P. */
export async function addToHopper(deps: VicidialDeps, lead: Row, priority: number): Promise<void> {
  const list = await deps.tables.first('SELECT campaign_id FROM vicidial_lists WHERE list_id = ?', [lead.list_id ?? 0]);
  await deps.tables.insert('vicidial_hopper', {
    lead_id: lead.lead_id ?? 0,
    campaign_id: text(list?.campaign_id),
    list_id: lead.list_id ?? 0,
    gmt_offset_now: lead.gmt_offset_now ?? 0,
    priority,
    source: 'P',
    vendor_lead_code: text(lead.vendor_lead_code),
  });
  deps.journal.note({
    kind: 'hopper',
    record: text(lead.lead_id),
    campaign: text(list?.campaign_id),
    value: String(priority),
    by: 'api',
    isChange: true,
  });
}

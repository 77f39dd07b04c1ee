import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, mayUseList, printed } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { type Row, text } from './tables.ts';

/** Look-ups of what a site has set up, and of what is about to be dialled. */
export const siteLookups = {
  list_info: {
    firstBuild: 191107,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], modify_lists: ['1'] },
    permission: 'MODIFY LISTS',
    run: listInfo,
  },
  hopper_list: {
    firstBuild: 200815,
    level: 8,
    rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] },
    permission: 'GET CAMPAIGN INFO',
    run: hopperList,
  },
} satisfies Record<string, ApiFunction>;

async function listInfo(deps: VicidialDeps, { parameters, user, userName }: ApiRequest): Promise<ApiAnswer> {
  const listId = filters.digits(parameters.get('list_id'));
  if (listId.length < 2) return answer(`ERROR: list_info YOU MUST USE ALL REQUIRED FIELDS - ${userName}|${listId}`);
  const list = await deps.tables.first('SELECT * FROM vicidial_lists WHERE list_id = ?', [Number(listId)]);
  if (!list) return answer(`ERROR: list_info LIST DOES NOT EXIST - ${userName}|${listId}`);
  if (!(await mayUseList(deps, user, Number(listId))))
    return answer(`ERROR: list_info NOT AN ALLOWED LIST ID - ${userName}|${listId}`);
  const names =
    'list_id list_name campaign_id active list_changedate list_lastcalldate expiration_date resets_today'.split(' ');
  const values = names.map((name) => list[name]);
  if (parameters.get('leads_counts') === 'Y') {
    const counts = await deps.tables.first(
      "SELECT COUNT(*) AS leads, COALESCE(SUM(status = 'NEW'), 0) AS fresh FROM vicidial_list WHERE list_id = ?",
      [Number(listId)],
    );
    names.push('all_leads_count', 'new_leads_count');
    values.push(counts?.leads, counts?.fresh);
  }
  return printed(parameters, names, [values]);
}

async function hopperList({ tables }: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const campaign = filters.code(parameters.get('campaign_id'));
  const there = await tables.first('SELECT 1 FROM vicidial_campaigns WHERE campaign_id = ?', [campaign]);
  if (!there) return answer(`ERROR: hopper_list THIS CAMPAIGN DOES NOT EXIST - ${userName}|${campaign}`);
  const rows = await tables.read(
    `SELECT h.priority, h.lead_id, l.list_id, l.phone_number, l.phone_code, l.state, l.status, l.called_count,
       l.gmt_offset_now, l.rank, h.alt_dial, h.source, l.vendor_lead_code, l.source_id,
       DATEDIFF(NOW(), l.entry_date) AS age_days, l.last_local_call_time
     FROM vicidial_hopper h JOIN vicidial_list l ON l.lead_id = h.lead_id
     WHERE h.campaign_id = ? AND h.status = 'READY' ORDER BY h.priority DESC, h.hopper_id`,
    [campaign],
  );
  if (rows.length === 0)
    return answer(`ERROR: hopper_list THERE ARE NO LEADS IN THE HOPPER FOR THIS CAMPAIGN - ${userName}|${campaign}`);
  const names =
    'hopper_order priority lead_id list_id phone_number phone_code state status count gmt_offset rank alt hopper_source vendor_lead_code source_id age_days last_call_time';
  const valuesOf = (row: Row, order: number) => [
    order,
    ...Object.entries(row).map(([name, value]) => (name === 'alt_dial' && value === 'NONE' ? '' : text(value))),
  ];
  return printed(parameters, names.split(' '), rows.map(valuesOf));
}

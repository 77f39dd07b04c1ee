import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, mayUseList } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { changeLead, readLeadChange } from './lead-columns.ts';
import type { Row } from './tables.ts';

/** `batch_update_lead`: the same columns for many leads. Leads of lists out of reach are left out without a word. */
export const batchUpdateLead: ApiFunction = {
  firstBuild: 210917,
  level: 8,
  rights: { vdc_agent_api_access: ['1'], modify_leads: ['1', '2', '3', '4'] },
  permission: 'UPDATE LEADS',
  run,
};

async function run(deps: VicidialDeps, { parameters, user, userName }: ApiRequest): Promise<ApiAnswer> {
  const records = Number(filters.digits(parameters.get('records'))) || 100;
  const ids = parameters.get('lead_ids').split(',').map(filters.digits).filter(Boolean).slice(0, records);
  const found: Row[] = ids.length
    ? await deps.tables.read('SELECT * FROM vicidial_list WHERE lead_id IN (?) ORDER BY lead_id', [ids])
    : [];
  const leads: Row[] = [];
  for (const lead of found) {
    if (await mayUseList(deps, user, Number(lead.list_id))) leads.push(lead);
  }
  if (leads.length === 0)
    return answer(`ERROR: batch_update_lead NO MATCHES FOUND IN THE SYSTEM: |${userName}|${ids.join(',')}`);

  const change = readLeadChange(parameters);
  if (Object.keys(change.columns).length === 0) return answer();
  let rows = 0;
  for (const lead of leads) rows += await changeLead(deps, lead, change);
  const changed = leads.map((lead) => lead.lead_id).join(',');
  const total = change.breaks ? -1 : rows;
  const line = `SUCCESS: batch_update_lead LEADS HAVE BEEN UPDATED - ${userName}|${total}|${leads.length}|${changed}`;
  return { lines: [line], sqlFailed: change.breaks };
}

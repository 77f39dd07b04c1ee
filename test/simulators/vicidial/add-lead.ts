import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, mayUseList } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { readLeadChange } from './lead-columns.ts';
import { type Row, text } from './tables.ts';
import { addToHopper } from './update-lead.ts';

/** `add_lead`: one new lead, unless its number is on a DNC list or there already, where that is asked for. */
export const addLead: ApiFunction = {
  firstBuild: 80424,
  level: 8,
  rights: { vdc_agent_api_access: ['1'], modify_leads: ['1', '2', '3', '4'] },
  permission: 'ADD LEADS TO THE SYSTEM',
  run,
};

const duplicateScopes: Readonly<Record<string, { words: string; where: string }>> = {
  DUPLIST: { words: 'LIST', where: 'AND list_id = ?' },
  DUPCAMP: {
    words: 'CAMPAIGN LISTS',
    where:
      'AND list_id IN (SELECT a.list_id FROM vicidial_lists a JOIN vicidial_lists b USING (campaign_id) WHERE b.list_id = ?)',
  },
  DUPSYS: { words: 'SYSTEM', where: 'AND ? > 0' },
};

async function run(deps: VicidialDeps, request: ApiRequest): Promise<ApiAnswer> {
  const { parameters, user, userName } = request;
  const phone = filters.digits(parameters.get('phone_number'));
  const list = Number(filters.digits(parameters.get('list_id')) || '999');
  if (phone.length < 6 || phone.length > 16)
    return answer(`ERROR: add_lead INVALID PHONE NUMBER LENGTH - ${phone}|${userName}`);
  if (!(await mayUseList(deps, user, list)))
    return answer(`ERROR: add_lead NOT AN ALLOWED LIST ID, INSERT - ${phone}|${list}`);
  const refusal = (await whyListed(deps, request, phone)) ?? (await whyThere(deps, request, phone, list));
  if (refusal) return answer(refusal);

  const { columns } = readLeadChange(parameters);
  const offset = deps.time.offsetHours().now.toFixed(2);
  const leadId = await deps.tables.insert('vicidial_list', {
    entry_date: deps.time.local(),
    status: 'NEW',
    user: '',
    gmt_offset_now: offset,
    phone_code: '1',
    ...columns,
    list_id: list,
    phone_number: phone,
  });
  deps.journal.note({ kind: 'lead-added', record: String(leadId), value: String(list), by: 'api', isChange: true });
  const lines = [`SUCCESS: add_lead LEAD HAS BEEN ADDED - ${phone}|${list}|${leadId}|${offset}|${userName}`];
  if (parameters.get('add_to_hopper') === 'Y') {
    const lead = await deps.tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [leadId]);
    await addToHopper(deps, lead as Row, Number(parameters.get('hopper_priority')) || 0);
    lines.push(`NOTICE: add_lead ADDED TO HOPPER - ${phone}|${leadId}|${userName}`);
  }
  return answer(...lines);
}

async function whyListed(
  { tables }: VicidialDeps,
  { parameters, userName }: ApiRequest,
  phone: string,
): Promise<string | null> {
  const system =
    parameters.get('dnc_check') === 'Y' &&
    (await tables.first('SELECT 1 FROM vicidial_dnc WHERE phone_number = ?', [phone]));
  if (system) return `ERROR: add_lead PHONE NUMBER IN DNC - ${phone}|${userName}`;
  const campaign = filters.code(parameters.get('campaign_id'));
  const own =
    parameters.get('campaign_dnc_check') === 'Y' &&
    (await tables.first('SELECT 1 FROM vicidial_campaign_dnc WHERE phone_number = ? AND campaign_id = ?', [
      phone,
      campaign,
    ]));
  return own ? `ERROR: add_lead PHONE NUMBER IN CAMPAIGN DNC - ${phone}|${campaign}|${userName}` : null;
}

async function whyThere(
  { tables }: VicidialDeps,
  { parameters }: ApiRequest,
  phone: string,
  list: number,
): Promise<string | null> {
  const scope = duplicateScopes[parameters.get('duplicate_check')];
  if (!scope) return null;
  const lead = await tables.first(
    `SELECT lead_id, list_id FROM vicidial_list WHERE phone_number = ? ${scope.where} ORDER BY lead_id DESC`,
    [phone, list],
  );
  if (!lead) return null;
  return `ERROR: add_lead DUPLICATE PHONE NUMBER IN ${scope.words} - ${phone}|${list}|${text(lead.lead_id)}|${text(lead.list_id)}`;
}

import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, printed } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import type { Row, Value } from './tables.ts';

const needs = { level: 7, rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] } };

/** Look-ups of what was: calls by number, and recordings. */
export const logLookups = {
  phone_number_log: { ...needs, firstBuild: 170204, permission: 'GET CALL LOG INFO', run: phoneNumberLog },
  recording_lookup: { ...needs, firstBuild: 101206, permission: 'GET RECORDING INFO', run: recordingLookup },
} satisfies Record<string, ApiFunction>;

const logNames = 'phone_number call_date list_id length_in_sec lead_status hangup_reason call_status source_id user';

async function phoneNumberLog({ tables, time }: VicidialDeps, request: ApiRequest): Promise<ApiAnswer> {
  const { parameters, userName } = request;
  const phones = parameters.get('phone_number').split(',').map(filters.digits);
  const usable = phones.filter((phone) => phone.length >= 6);
  const asked = `${userName}|${phones.join(',')}|${time.local().slice(0, 10)}`;
  if (usable.length === 0) return answer(`ERROR: phone_number_log NO VALID PHONE NUMBERS DEFINED - ${asked}`);
  const type = parameters.get('type') || 'OUT';
  const wanted = { OUT: ['vicidial_log'], IN: ['vicidial_closer_log'], ALL: ['vicidial_log', 'vicidial_closer_log'] };
  const rows: Row[] = [];
  for (const table of wanted[type as keyof typeof wanted] ?? wanted.OUT) {
    rows.push(
      ...(await tables.read(
        `SELECT c.phone_number, c.call_date, c.list_id, c.length_in_sec, l.status AS lead_status, c.term_reason,
           c.status, l.source_id, c.user
         FROM ${table} c LEFT JOIN vicidial_list l ON l.lead_id = c.lead_id
         WHERE c.phone_number IN (?) ORDER BY c.phone_number, c.call_date DESC`,
        [usable],
      )),
    );
  }
  const first = new Map(rows.toReversed().map((row) => [row.phone_number, row]));
  const shown = parameters.get('detail') === 'LAST' ? [...first.values()] : rows;
  if (shown.length === 0) return answer(`ERROR: phone_number_log NO RECORDS FOUND - ${asked}`);
  return printed(
    parameters,
    logNames.split(' '),
    shown.map((row) => Object.values(row)),
  );
}

async function recordingLookup({ tables }: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const agent = filters.code(parameters.get('agent_user'));
  const leadId = filters.digits(parameters.get('lead_id'));
  const date = filters.dateTime(parameters.get('date'));
  const uniqueid = parameters.get('uniqueid').replace(/[^.0-9]/g, '');
  const asked = `${userName}|${agent}|${leadId}|${date}|${uniqueid}`;
  const conditions: [sql: string, value: Value][] = [];
  if (agent) conditions.push(['user = ?', agent]);
  if (leadId) conditions.push(['lead_id = ?', leadId]);
  if (date) conditions.push(['start_time BETWEEN ? AND ?', date]);
  if (uniqueid) conditions.push(['vicidial_id = ?', uniqueid]);
  // An agent's recordings are found with a date only.
  if (conditions.length === 0 || (agent && conditions.length === 1))
    return answer(`ERROR: recording_lookup INVALID SEARCH PARAMETERS - ${asked}`);
  const rows = await tables.read(
    `SELECT start_time, user, recording_id, lead_id, length_in_sec, location FROM recording_log
     WHERE ${conditions.map(([sql]) => sql).join(' AND ')} ORDER BY start_time LIMIT 100000`,
    conditions.flatMap(([sql, value]) =>
      sql.includes('BETWEEN') ? [`${value} 00:00:00`, `${value} 23:59:59`] : [value],
    ),
  );
  if (rows.length === 0) return answer(`ERROR: recording_lookup NO RECORDINGS FOUND - ${asked}`);
  const hasDuration = parameters.get('duration') === 'Y';
  const names = ['start_time', 'user', 'recording_id', 'lead_id', ...(hasDuration ? ['duration'] : []), 'location'];
  return printed(
    parameters,
    names,
    rows.map(({ length_in_sec, location, ...row }) => [
      ...Object.values(row),
      ...(hasDuration ? [length_in_sec] : []),
      location,
    ]),
  );
}

import { type ApiAnswer, type ApiRequest, answer, mayUseList, printed } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { codeInfoColumns } from './lead-info-columns.ts';
import { text } from './tables.ts';

const tenHoursMs = 36_000_000;

/** `ccc_lead_info`: the lead of a call by its caller code, for ten hours; neither its id nor custom fields. */
export async function codeInfo(deps: VicidialDeps, { parameters, user, userName }: ApiRequest): Promise<ApiAnswer> {
  const { tables, time, clock } = deps;
  const callId = parameters.get('call_id').replace(/[\n\r\t ]/g, '');
  if (callId.length < 18 || callId.length > 39 || !/^(Y|J|V|M|DC|S|LP|VH|XL)/.test(callId))
    return answer(`ERROR: ccc_lead_info INVALID SEARCH PARAMETERS: ${userName}|${callId}`);
  // The codes of three-way calls are in the log of all dialling only.
  const table = callId.startsWith('DC') ? 'vicidial_dial_log' : 'vicidial_log_extended';
  const call = await tables.first(`SELECT lead_id FROM ${table} WHERE caller_code = ? AND call_date > ?`, [
    callId,
    time.local(clock.now() - tenHoursMs),
  ]);
  if (!call) return answer(`ERROR: ccc_lead_info CALL NOT FOUND: ${userName}|`);
  const lead = await tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [call.lead_id ?? 0]);
  if (!lead) return answer(`ERROR: ccc_lead_info LEAD NOT FOUND: ${userName}|`);
  if (!(await mayUseList(deps, user, Number(lead.list_id))))
    return answer(`ERROR: ccc_lead_info LEAD NOT FOUND: |${text(user.user)}|1|`);
  return printed(parameters, codeInfoColumns, [codeInfoColumns.map((name) => lead[name])]);
}

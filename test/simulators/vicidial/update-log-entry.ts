import { type ApiAnswer, type ApiFunction, type ApiRequest, answer } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { text } from './tables.ts';

/**
 * `update_log_entry`: a caller code is only taken for its lead, whose newest log row of the group is changed. A
 * uniqueid loses its dot and never matches.
 */
export const updateLogEntry: ApiFunction = {
  firstBuild: 120913,
  level: 8,
  rights: { vdc_agent_api_access: ['1'], modify_leads: ['1', '2', '3', '4'] },
  permission: 'UPDATE LOGS',
  run,
};

async function run(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const group = filters.code(parameters.get('group'));
  const callId = filters.code(parameters.get('call_id'));
  const status = filters.code(parameters.get('status'));
  const asked = `${userName}|${group}|${callId}|${status}`;
  if (!group || !callId || !status) return answer(`ERROR: update_log_entry INVALID SEARCH PARAMETERS: ${asked}`);
  const table = await logTableOf(deps, group);
  if (!table) return answer(`ERROR: update_log_entry GROUP NOT FOUND: ${asked}`);

  const leadId = /^[VMYJ]\d{9}(\d{10})$/.exec(callId)?.[1];
  const [where, value] = leadId ? ['lead_id', Number(leadId)] : ['uniqueid', callId];
  const row = await deps.tables.first(
    `SELECT * FROM ${table} WHERE ${where} = ? AND campaign_id = ? ORDER BY call_date DESC LIMIT 1`,
    [value, group],
  );
  if (!row) return answer(`ERROR: update_log_entry NO RECORDS FOUND: ${asked}`);

  const rows = await deps.tables.change(`UPDATE ${table} SET status = ? WHERE uniqueid = ? AND lead_id = ?`, [
    status,
    text(row.uniqueid),
    row.lead_id ?? 0,
  ]);
  const code = await deps.tables.first('SELECT caller_code FROM vicidial_log_extended WHERE uniqueid = ?', [
    text(row.uniqueid),
  ]);
  const callKey = text(code?.caller_code);
  deps.journal.note({
    // A row of another call than the one that was asked for: what a careful caller must notice.
    kind: leadId && callKey !== '' && callKey !== callId ? 'log-wrong' : 'log',
    record: text(row.lead_id),
    campaign: group,
    callKey: callKey || callId,
    value: status.slice(0, 6),
    by: 'api',
    isChange: rows > 0,
  });
  const result = `${userName}|${group}|${callId}|${status}|${text(row.status)}|${text(row.uniqueid)}`;
  return rows > 0
    ? answer(`SUCCESS: update_log_entry RECORD HAS BEEN UPDATED - ${userName}|${result}|`)
    : answer(`ERROR: update_log_entry NO RECORDS UPDATED: ${result}`);
}

async function logTableOf({ tables }: VicidialDeps, group: string): Promise<string | null> {
  if (await tables.first('SELECT 1 FROM vicidial_campaigns WHERE campaign_id = ?', [group])) return 'vicidial_log';
  if (await tables.first('SELECT 1 FROM vicidial_inbound_groups WHERE group_id = ?', [group]))
    return 'vicidial_closer_log';
  return null;
}

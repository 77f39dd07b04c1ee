import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, joinColumns } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { type Row, text } from './tables.ts';

const needs = {
  level: 7,
  rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] },
  permission: 'GET CALL OR AGENT INFO',
};

/** Look-ups of calls and of the lines that are logged in. */
export const callLookups = {
  callid_info: { ...needs, firstBuild: 140124, run: callIdInfo },
  logged_in_agents: { ...needs, firstBuild: 151226, run: loggedInAgents },
  agent_status: { ...needs, firstBuild: 130405, run: agentStatus },
} satisfies Record<string, ApiFunction>;

async function callIdInfo(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const callId = filters.code(parameters.get('call_id'));
  const call = await deps.tables.first(
    'SELECT l.* FROM vicidial_log_extended e JOIN vicidial_log l ON l.uniqueid = e.uniqueid WHERE e.caller_code = ? ORDER BY e.call_date DESC LIMIT 1',
    [callId],
  );
  if (!call) return answer(`ERROR: callid_info CALL NOT FOUND: |${userName}|${callId}|`);
  // Time with the customer is kept in the agent log, where remote agents have no row.
  const short = [callId, '0'];
  const detail = ['call_date', 'phone_number', '', 'campaign_id', 'list_id', 'status', 'user'];
  const columns =
    parameters.get('detail') === 'YES'
      ? [...short, ...detail.map((name) => (name ? text(call[name]) : 'OUTBOUND'))]
      : short;
  return answer(joinColumns(parameters, columns));
}

async function loggedInAgents(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const campaigns = parameters.get('campaigns').split('|').filter(Boolean);
  const agents = await deps.tables.read(
    `SELECT a.*, u.full_name, u.user_group FROM vicidial_live_agents a LEFT JOIN vicidial_users u ON u.user = a.user
     ${campaigns.length > 0 ? 'WHERE a.campaign_id IN (?)' : ''} ORDER BY a.user`,
    campaigns.length > 0 ? [campaigns] : [],
  );
  if (agents.length === 0) return answer(`ERROR: logged_in_agents NO LOGGED IN AGENTS: |${userName}|`);
  const lines: string[] = [];
  for (const agent of agents) {
    const columns = [agent.user, agent.campaign_id, agent.conf_exten, agent.status, agent.lead_id, agent.callerid];
    const person = [agent.calls_today, agent.full_name, agent.user_group, agent.user_level];
    const sub = parameters.get('show_sub_status') === 'YES' ? [agent.pause_code, await subStatus(deps, agent)] : [];
    lines.push(
      joinColumns(
        parameters,
        [...columns, ...person, ...sub].map((value) => text(value)),
      ),
    );
  }
  return answer(...lines);
}

async function agentStatus(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const name = filters.code(parameters.get('agent_user'));
  const user = await deps.tables.first('SELECT * FROM vicidial_users WHERE user = ?', [name]);
  if (!user) return answer(`ERROR: agent_status AGENT NOT FOUND: |${userName}|${name}|`);
  const agent = await deps.tables.first('SELECT * FROM vicidial_live_agents WHERE user = ?', [name]);
  if (!agent) return answer(`ERROR: agent_status AGENT NOT LOGGED IN: |${userName}|${name}|`);
  const lead = await deps.tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [agent.lead_id ?? 0]);
  const columns = [agent.status, agent.callerid, agent.lead_id, agent.campaign_id, agent.calls_today];
  const person = [user.full_name, user.user_group, user.user_level, agent.pause_code, await subStatus(deps, agent)];
  const call = [lead?.phone_number, lead?.vendor_lead_code, agent.conf_exten];
  return answer(
    joinColumns(
      parameters,
      [...columns, ...person, ...call].map((value) => text(value)),
    ),
  );
}

/** DEAD: the call's own row is gone, but the line is not yet free; the customer has hung up. */
async function subStatus(deps: VicidialDeps, agent: Row): Promise<string> {
  if (!['INCALL', 'QUEUE'].includes(text(agent.status))) return '';
  const call = await deps.tables.first('SELECT 1 FROM vicidial_auto_calls WHERE callerid = ?', [text(agent.callerid)]);
  return call ? '' : 'DEAD';
}

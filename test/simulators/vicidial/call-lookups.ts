import { type ApiAnswer, type ApiFunction, type ApiRequest, answer, printed } from './api-function.ts';
import type { VicidialDeps } from './deps.ts';
import { filters } from './filters.ts';
import { type Row, text } from './tables.ts';

const needs = { level: 7, rights: { vdc_agent_api_access: ['1'], view_reports: ['1'] } };

/** Look-ups of calls and of the lines that are logged in. */
export const callLookups = {
  callid_info: { ...needs, firstBuild: 140124, permission: 'GET CALL INFO', run: callIdInfo },
  logged_in_agents: { ...needs, firstBuild: 151226, permission: 'GET AGENT INFO', run: loggedInAgents },
  agent_status: { ...needs, firstBuild: 130405, permission: 'GET AGENT INFO', run: agentStatus },
} satisfies Record<string, ApiFunction>;

async function callIdInfo({ tables }: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const callId = filters.code(parameters.get('call_id'));
  if (callId.length < 16) return answer(`ERROR: callid_info INVALID SEARCH PARAMETERS: ${userName}|${callId}|`);
  const known = await tables.first(
    'SELECT uniqueid, lead_id FROM vicidial_log_extended WHERE caller_code = ? ORDER BY call_date DESC LIMIT 1',
    [callId],
  );
  if (!known) return answer(`ERROR: callid_info CALL NOT FOUND: |${userName}|${callId}|`);
  const isInbound = /^[YJ]/.test(callId);
  const call = await tables.first(
    `SELECT * FROM ${isInbound ? 'vicidial_closer_log' : 'vicidial_log'} WHERE lead_id = ? AND uniqueid = ?`,
    [known.lead_id ?? 0, text(known.uniqueid)],
  );
  if (!call) return answer(`ERROR: callid_info CALL LOG NOT FOUND: |${userName}|${callId}|`);
  // Time with the customer is kept in the agent log, where remote agents have no row.
  const short = [callId, '0'];
  if (parameters.get('detail') !== 'YES') return printed(parameters, ['call_id', 'custtime'], [short]);
  const names = ['call_date', 'phone', 'call_type', 'campaign_id', 'list_id', 'status', 'user'];
  const detail = [call.call_date, call.phone_number, isInbound ? 'INBOUND' : 'OUTBOUND'];
  const end = [call.campaign_id, call.list_id, call.status, call.user];
  return printed(parameters, ['call_id', 'custtime', ...names], [[...short, ...detail, ...end]]);
}

const agentNames =
  'user campaign_id session_id status lead_id callerid calls_today full_name user_group user_level'.split(' ');

async function loggedInAgents(deps: VicidialDeps, { parameters, userName }: ApiRequest): Promise<ApiAnswer> {
  const campaigns = parameters.get('campaigns').split('|').filter(Boolean);
  const agents = await deps.tables.read(
    `SELECT a.*, u.full_name, u.user_group FROM vicidial_live_agents a LEFT JOIN vicidial_users u ON u.user = a.user
     ${campaigns.length > 0 ? 'WHERE a.campaign_id IN (?)' : ''} ORDER BY a.user`,
    campaigns.length > 0 ? [campaigns] : [],
  );
  if (agents.length === 0) return answer(`ERROR: logged_in_agents NO LOGGED IN AGENTS: |${userName}|`);
  const showsSub = parameters.get('show_sub_status') === 'YES';
  const rows: (string | number | null | undefined)[][] = [];
  for (const agent of agents) {
    const call = [agent.user, agent.campaign_id, agent.conf_exten, agent.status, agent.lead_id, agent.callerid];
    const person = [agent.calls_today, agent.full_name, agent.user_group, agent.user_level];
    rows.push([...call, ...person, ...(showsSub ? [agent.pause_code, await subStatus(deps, agent)] : [])]);
  }
  return printed(parameters, showsSub ? [...agentNames, 'pause_code', 'sub_status'] : agentNames, rows);
}

const statusNames =
  'status call_id lead_id campaign_id calls_today full_name user_group user_level pause_code real_time_sub_status phone_number vendor_lead_code session_id'.split(
    ' ',
  );

async function agentStatus(deps: VicidialDeps, { parameters, userName, build }: ApiRequest): Promise<ApiAnswer> {
  const name = filters.code(parameters.get('agent_user'));
  if (name.length < 2) return answer(`ERROR: agent_status INVALID SEARCH PARAMETERS: |${userName}|${name}|`);
  const user = await deps.tables.first('SELECT * FROM vicidial_users WHERE user = ?', [name]);
  if (!user) return answer(`ERROR: agent_status AGENT NOT FOUND: |${userName}|${name}|`);
  const agent = await deps.tables.first('SELECT * FROM vicidial_live_agents WHERE user = ?', [name]);
  if (!agent) return answer(`ERROR: agent_status AGENT NOT LOGGED IN: |${userName}|${name}|`);
  const lead = await deps.tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [agent.lead_id ?? 0]);
  const columns = [agent.status, agent.callerid, agent.lead_id, agent.campaign_id, agent.calls_today];
  const person = [user.full_name, user.user_group, user.user_level, agent.pause_code, await subStatus(deps, agent)];
  const call = [lead?.phone_number, lead?.vendor_lead_code, agent.conf_exten];
  // Number and vendor's code came in August 2014, the session at the end of 2015.
  const known = build < 140812 ? 10 : build < 151226 ? 12 : 13;
  return printed(parameters, statusNames.slice(0, known), [[...columns, ...person, ...call].slice(0, known)]);
}

/** DEAD: the call's own row is gone, but the line is not yet free; the customer has hung up. */
async function subStatus(deps: VicidialDeps, agent: Row): Promise<string> {
  if (!['INCALL', 'QUEUE'].includes(text(agent.status))) return '';
  const call = await deps.tables.first('SELECT 1 FROM vicidial_auto_calls WHERE callerid = ?', [text(agent.callerid)]);
  return call ? '' : 'DEAD';
}

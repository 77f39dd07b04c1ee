import { type ApiAnswer, answer, mayCall } from './api-function.ts';
import { logIn } from './api-login.ts';
import type { VicidialDeps } from './deps.ts';
import type { Dialer } from './dialer.ts';
import type { RequestFaults } from './faults.ts';
import { filters } from './filters.ts';
import type { Parameters } from './parameters.ts';
import { type Row, text } from './tables.ts';

const firstBuild = 100315;

/** Answers `/agc/api.php`: steering a live call of a remote agent. */
export async function answerAgentApi(
  deps: VicidialDeps,
  dialer: Dialer,
  parameters: Parameters,
  faults: RequestFaults,
): Promise<ApiAnswer> {
  const settings = await deps.tables.first('SELECT vdc_agent_api_active FROM system_settings');
  if (text(settings?.vdc_agent_api_active) !== '1') return answer('ERROR: System API NOT ACTIVE');
  const login = await logIn(deps, parameters, { leastLevel: 1, isLocked: faults.loginLocked });
  const name = parameters.get('function');
  if (login.kind === 'refused' || text(login.user.vdc_agent_api_access) !== '1') {
    const user = filters.code(parameters.get('user'));
    // The real one echoes the password, and the SQL that looked for it.
    const pass = parameters.get('pass');
    return answer(
      `ERROR: Invalid Username/Password: |${user}|${pass}|${login.kind === 'refused' ? login.why : 'BAD'}|`,
    );
  }
  if (!mayCall(login.user, name))
    return answer(`ERROR: auth USER DOES NOT HAVE PERMISSION TO USE THIS FUNCTION: |${login.userName}|${name}|`);
  if (name === 'ra_call_control' && faults.build >= firstBuild) return callControl(deps, dialer, parameters);
  if (['external_hangup', 'external_status', 'external_pause'].includes(name)) return setFlag(deps, name, parameters);
  return answer('ERROR: NO FUNCTION SPECIFIED');
}

/** Sets a flag that only a human agent's screen reads: for a remote agent nothing follows. */
async function setFlag({ tables }: VicidialDeps, name: string, parameters: Parameters): Promise<ApiAnswer> {
  const agent = filters.code(parameters.get('agent_user'));
  const value = parameters.get('value').slice(0, 1);
  const there = await tables.first('SELECT 1 FROM vicidial_live_agents WHERE user = ?', [agent]);
  if (!there) return answer(`ERROR: agent_user is not logged in - ${agent}`);
  await tables.change('UPDATE vicidial_live_agents SET ?? = ? WHERE user = ?', [name, value, agent]);
  return answer(`SUCCESS: ${name} function set - ${value}|${agent}`);
}

async function callControl(deps: VicidialDeps, dialer: Dialer, parameters: Parameters): Promise<ApiAnswer> {
  const code = filters.code(parameters.get('value'));
  const agent = filters.code(parameters.get('agent_user'));
  const stage = filters.code(parameters.get('stage'));
  if (code.length < 18 || !agent || !stage)
    return answer(`ERROR: ra_call_control not valid - ${code}|${agent}|${stage}`);
  const call = await deps.tables.first('SELECT * FROM vicidial_auto_calls WHERE callerid = ?', [code]);
  if (!call) return answer(`ERROR: no active call found - ${code}`);
  const line = await deps.tables.first('SELECT 1 FROM vicidial_live_agents WHERE user = ?', [agent]);
  if (!line) return answer(`ERROR: agent_user is not logged in - ${agent}`);

  const target = await readTarget(deps, call, stage, parameters);
  if (target.kind === 'invalid') return answer(`ERROR: ${target.why}`);
  const status = filters.code(parameters.get('status')) || 'RAXFER';
  const wasLive = await dialer.letGo(
    code,
    async () => {
      await cutCall(deps, call, { agent, status, command: commandOf(target, call, agent) });
      deps.journal.note({
        kind: target.kind,
        record: text(call.lead_id),
        campaign: text(call.campaign_id),
        callKey: code,
        value: target.to,
        by: 'api',
        isChange: true,
      });
    },
    stage === 'INGROUPTRANSFER' ? target.to : '',
  );
  if (!wasLive) return answer(`ERROR: no active call found - ${code}`);
  if (target.kind === 'hangup') return answer(`SUCCESS: ra_call_control hungup - ${agent}|${code}|HANGUP`);
  const shown = stage === 'EXTENSIONTRANSFER' ? target.to : '';
  return answer(`SUCCESS: ra_call_control transfer - ${agent}|${code}|${shown}`);
}

type Target = { kind: 'hangup' | 'transfer'; to: string; isGroup?: boolean } | { kind: 'invalid'; why: string };

async function readTarget(deps: VicidialDeps, call: Row, stage: string, parameters: Parameters): Promise<Target> {
  if (stage === 'HANGUP') return { kind: 'hangup', to: '' };
  if (stage === 'EXTENSIONTRANSFER') {
    const number = filters.digits(parameters.get('phone_number'));
    return number.length < 2
      ? { kind: 'invalid', why: `phone_number is not valid - ${number}` }
      : { kind: 'transfer', to: number };
  }
  if (stage !== 'INGROUPTRANSFER') return { kind: 'invalid', why: `stage is not valid - ${stage}` };
  let group = filters.code(parameters.get('ingroup_choices'));
  if (group === 'DEFAULTINGROUP') {
    const campaign = await deps.tables.first(
      'SELECT default_xfer_group FROM vicidial_campaigns WHERE campaign_id = ?',
      [text(call.campaign_id)],
    );
    group = text(campaign?.default_xfer_group);
  }
  const there = await deps.tables.first("SELECT 1 FROM vicidial_inbound_groups WHERE group_id = ? AND active = 'Y'", [
    group,
  ]);
  return there
    ? { kind: 'transfer', to: group, isGroup: true }
    : { kind: 'invalid', why: `ingroup is not valid - ${group}` };
}

interface Cut {
  agent: string;
  status: string;
  /** What Asterisk is to do, as the manager's queue holds it. */
  command: Row;
}

function commandOf(target: Exclude<Target, { kind: 'invalid' }>, call: Row, agent: string): Row {
  const [leadId, phone] = [text(call.lead_id), text(call.phone_number)];
  if (target.kind === 'hangup') return { action: 'Hangup', cmd_line_b: `Channel: ${text(call.channel)}` };
  const exten = target.isGroup ? `90009*${target.to}**${leadId}**${phone}**${agent}**` : target.to;
  return {
    action: 'Redirect',
    cmd_line_b: `Channel: ${text(call.channel)}`,
    cmd_line_c: 'Context: default',
    cmd_line_d: `Exten: ${exten}`,
  };
}

/**
 * Log, lead, the command for Asterisk, the line that really has the call, and last the live row. The log's user is the
 * named agent, whether the call is on its line or not; of an inbound call only status and length are set.
 */
async function cutCall(deps: VicidialDeps, call: Row, { agent, status, command }: Cut): Promise<void> {
  const { tables, time, journal, serverIp } = deps;
  const now = time.epochSec();
  const stored = status.slice(0, 6);
  const record = text(call.lead_id);
  const code = text(call.callerid);
  const isInbound = text(call.call_type) === 'IN';
  const lead = await tables.first('SELECT status FROM vicidial_list WHERE lead_id = ?', [call.lead_id ?? 0]);
  const key = [isInbound ? 'vicidial_closer_log' : 'vicidial_log', call.lead_id ?? 0, text(call.uniqueid)];
  const log = await tables.first('SELECT * FROM ?? WHERE lead_id = ? AND uniqueid = ?', key);
  if (log) {
    const length = { status: stored, length_in_sec: now - Number(log.start_epoch) };
    const [table = '', ...where] = key;
    await tables.change('UPDATE ?? SET ? WHERE lead_id = ? AND uniqueid = ?', [
      table,
      isInbound ? length : { ...length, user: agent, end_epoch: now },
      ...where,
    ]);
    journal.note({
      kind: 'log',
      record,
      campaign: text(call.campaign_id),
      callKey: code,
      value: stored,
      by: 'api',
      isChange: text(log.status) !== stored,
    });
  }
  await tables.change('UPDATE vicidial_list SET status = ? WHERE lead_id = ?', [stored, call.lead_id ?? 0]);
  const isChange = text(lead?.status) !== stored;
  journal.note({ kind: 'disposition', record, callKey: code, value: stored, by: 'api', isChange });
  await tables.insert('vicidial_manager', {
    uniqueid: text(call.uniqueid),
    entry_date: time.local(),
    status: 'NEW',
    server_ip: text(call.server_ip) || serverIp,
    channel: text(call.channel),
    callerid: `${command.action === 'Hangup' ? 'HAPI' : 'XAPI'}${time.codeStamp()}`,
    cmd_line_a: '',
    ...command,
  });
  await tables.change(
    `UPDATE vicidial_live_agents SET status = 'READY', lead_id = 0, uniqueid = '', callerid = '', channel = '',
       comments = '', last_state_change = ? WHERE callerid = ?`,
    [time.local(), code],
  );
  await tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [code]);
}

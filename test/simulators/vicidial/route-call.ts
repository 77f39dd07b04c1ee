import { groupOf, type LiveCall } from './live-call.ts';
import { insertLog, insertOnce, noteStatus, updateLog } from './log-rows.ts';
import type { RemoteAgentDaemon } from './remote-agent-daemon.ts';
import { type Row, text } from './tables.ts';

/**
 * The customer has answered, or called in: the routing script looks for the live row, and writes the log row. False
 * when there is no live row, as after a restart of the database: such a call is hung up.
 */
export async function answered(call: LiveCall): Promise<boolean> {
  const { deps, lead, code, uniqueid, channel } = call;
  await insertOnce(call, 'call_log', {
    uniqueid,
    channel,
    server_ip: deps.serverIp,
    extension: '8368',
    number_dialed: text(lead.phone_number),
    caller_code: code,
    start_time: deps.time.local(),
    start_epoch: deps.time.epochSec(),
  });
  const live = await deps.tables.first('SELECT 1 FROM vicidial_auto_calls WHERE callerid = ?', [code]);
  if (!live) return false;
  if (call.request.kind === 'inbound') {
    await insertLog(call, { status: 'QUEUE', user: 'VDCL' });
    return true;
  }
  await deps.tables.change("UPDATE vicidial_list SET status = 'PU' WHERE lead_id = ?", [lead.lead_id ?? 0]);
  await deps.tables.change(
    "UPDATE vicidial_auto_calls SET status = 'LIVE', uniqueid = ?, channel = ? WHERE callerid = ?",
    [uniqueid, channel, code],
  );
  await insertLog(call, { status: 'QUEUE', user: 'VDAD' });
  return true;
}

/** Takes a line that is READY, within the campaign's drop_call_seconds; its row names the call from then on. */
export async function findLine(daemon: RemoteAgentDaemon, call: LiveCall): Promise<Row | null> {
  const { clock, tables, stopping } = call.deps;
  const campaign = await tables.first('SELECT drop_call_seconds FROM vicidial_campaigns WHERE campaign_id = ?', [
    call.request.campaign,
  ]);
  const until = clock.now() + Number(campaign?.drop_call_seconds ?? 5) * 1000;
  for (;;) {
    const ready = daemon.isFresh() ? await readyLines(call) : [];
    for (const agent of ready) {
      if (call.request.lineUser && text(agent.user) !== call.request.lineUser) continue;
      if (await takeLine(call, text(agent.user))) return agent;
    }
    if (clock.now() >= until || stopping.aborted || call.ended.signal.aborted) return null;
    await clock.sleep(1000, AbortSignal.any([stopping, call.ended.signal]));
  }
}

/** Lines of the campaign, or those whose remote agent takes calls of the in-group. */
function readyLines(call: LiveCall): Promise<Row[]> {
  const isInbound = call.request.kind === 'inbound';
  return call.deps.tables.read(
    `SELECT a.* FROM vicidial_live_agents a JOIN vicidial_remote_agents r ON r.user_start = a.ra_user
     WHERE a.status = 'READY' AND ${isInbound ? "r.closer_campaigns LIKE CONCAT('% ', ?, ' %')" : 'a.campaign_id = ?'}
       AND r.status = 'ACTIVE' AND r.server_ip = a.server_ip ORDER BY a.last_call_time, a.user`,
    [groupOf(call)],
  );
}

async function takeLine(call: LiveCall, user: string): Promise<boolean> {
  const { tables, time, serverIp } = call.deps;
  const taken = await tables.change("UPDATE vicidial_live_agents SET ? WHERE user = ? AND status = 'READY'", [
    {
      status: 'QUEUE',
      lead_id: call.lead.lead_id ?? 0,
      callerid: call.code,
      uniqueid: call.uniqueid,
      channel: call.channel,
      call_server_ip: serverIp,
      last_call_time: time.local(),
      last_state_change: time.local(),
      comments: call.request.kind === 'inbound' ? 'INBOUND' : 'AUTO',
    },
    user,
  ]);
  if (taken === 1) call.line = user;
  return taken === 1;
}

export async function noLineFree(call: LiveCall): Promise<void> {
  const { tables, time } = call.deps;
  const now = time.epochSec();
  await tables.change("UPDATE vicidial_list SET status = 'DROP' WHERE lead_id = ?", [call.lead.lead_id ?? 0]);
  await tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  await updateLog(call, {
    status: 'DROP',
    end_epoch: now,
    length_in_sec: now - call.startedSec,
    term_reason: 'QUEUETIMEOUT',
  });
  noteStatus(call, 'DROP', 'dialer');
}

/** With another Routing Extension than VICIdial's own the script is never asked: no log row, and no line gets the call. */
export async function isRouted({ deps, request }: LiveCall): Promise<boolean> {
  const campaign = await deps.tables.first('SELECT campaign_vdad_exten FROM vicidial_campaigns WHERE campaign_id = ?', [
    request.campaign,
  ]);
  return request.kind === 'inbound' || /^83(6[4-9]|73)$/.test(text(campaign?.campaign_vdad_exten) || '8368');
}

export async function neverRouted(call: LiveCall): Promise<void> {
  const { tables } = call.deps;
  await tables.change("UPDATE vicidial_list SET status = 'PDROP' WHERE lead_id = ?", [call.lead.lead_id ?? 0]);
  await tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  const effect = { record: text(call.lead.lead_id), callKey: call.code, value: 'PDROP', by: 'dialer' } as const;
  call.deps.journal.note({ kind: 'disposition', ...effect, isChange: true });
}

/** The hand-over is logged, and the live row names the extension to which the customer goes. */
export async function giveToLine(call: LiveCall, agent: Row): Promise<void> {
  const { tables, time } = call.deps;
  await tables.insert('vicidial_remote_agent_log', {
    lead_id: call.lead.lead_id ?? 0,
    callerid: call.code,
    uniqueid: call.uniqueid,
    ra_user: text(agent.ra_user),
    user: call.line,
    call_time: time.local(),
    extension: text(agent.conf_exten),
    phone_number: text(call.lead.phone_number),
    campaign_id: groupOf(call),
  });
  await tables.change("UPDATE vicidial_auto_calls SET status = 'XFER', extension = ? WHERE callerid = ?", [
    `${dialableIp(text(agent.server_ip))}${text(agent.conf_exten)}`,
    call.code,
  ]);
}

/** `10.10.10.15` as it begins an extension: `010*010*010*015*`. */
function dialableIp(ip: string): string {
  return ip
    .split('.')
    .map((part) => `${part.padStart(3, '0')}*`)
    .join('');
}

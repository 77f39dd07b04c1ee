import { orDie, patient } from './database-away.ts';
import { groupOf, inTurn, type LiveCall } from './live-call.ts';
import { insertLog, noteStatus } from './log-rows.ts';
import { text } from './tables.ts';

/** The auto-dial daemon, an agent's screen or the carrier takes the lead, and the call is on its way. */
export async function dial(call: LiveCall): Promise<void> {
  const { deps, lead, request } = call;
  const { time, journal, serverIp, stopping } = deps;
  const tables = patient(deps.tables, stopping);
  const leadId = lead.lead_id ?? 0;
  const isInbound = request.kind === 'inbound';
  if (!isInbound) {
    await tables.change(
      "UPDATE vicidial_list SET called_since_last_reset = 'Y', called_count = called_count + 1, user = ?, last_local_call_time = ? WHERE lead_id = ?",
      [request.kind === 'manual' ? (request.human?.user ?? '') : 'VDAD', time.local(), leadId],
    );
    await tables.change('DELETE FROM vicidial_hopper WHERE lead_id = ?', [leadId]);
    await tables.change('UPDATE vicidial_campaigns SET campaign_calldate = ? WHERE campaign_id = ?', [
      time.local(),
      request.campaign,
    ]);
  }
  await tables.insert('vicidial_auto_calls', {
    server_ip: serverIp,
    campaign_id: groupOf(call),
    // An agent's own call needs no routing, a caller waits for it at once.
    status: { auto: 'SENT', inbound: 'LIVE', manual: 'XFER' }[request.kind],
    call_type: isInbound ? 'IN' : 'OUT',
    ...(isInbound && { uniqueid: call.uniqueid, channel: call.channel }),
    lead_id: leadId,
    callerid: call.code,
    phone_code: lead.phone_code ?? '',
    phone_number: lead.phone_number ?? '',
    call_time: time.local(),
  });
  if (!isInbound)
    await tables.insert('vicidial_dial_log', {
      caller_code: call.code,
      lead_id: leadId,
      server_ip: serverIp,
      call_date: time.local(),
      extension: `9${text(lead.phone_code)}${text(lead.phone_number)}`,
      channel: '',
      context: 'default',
    });
  journal.note({
    kind: isInbound ? 'called-in' : 'dialled',
    record: text(leadId),
    campaign: groupOf(call),
    callKey: call.code,
    value: text(lead.phone_number),
    by: request.kind === 'manual' ? 'human' : 'dialer',
    isChange: true,
  });
}

/** No answer, busy, or a machine: lead and log get the status from the dialer itself, user VDAD. */
export async function notAnswered(call: LiveCall): Promise<void> {
  await inTurn(call, () => orDie(() => writeNotAnswered(call)));
  call.ended.abort();
}

async function writeNotAnswered(call: LiveCall): Promise<void> {
  const { deps } = call;
  const status = call.request.notAnswered ?? 'NA';
  const now = deps.time.epochSec();
  await insertLog(call, { status, user: 'VDAD', end_epoch: now, length_in_sec: now - call.startedSec });
  await deps.tables.change('UPDATE vicidial_list SET status = ? WHERE lead_id = ?', [status, call.lead.lead_id ?? 0]);
  noteStatus(call, status, 'dialer');
  await deps.tables.change('INSERT IGNORE INTO vicidial_carrier_log SET ?', [
    {
      uniqueid: call.uniqueid,
      call_date: deps.time.local(),
      server_ip: deps.serverIp,
      lead_id: call.lead.lead_id ?? 0,
      dialstatus: { NA: 'NOANSWER', B: 'BUSY', AA: 'ANSWER' }[status],
      sip_hangup_cause: { NA: 480, B: 486, AA: 200 }[status],
      caller_code: call.code,
    },
  ]);
  await deps.tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
}

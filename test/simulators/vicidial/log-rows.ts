import type { VicidialDeps } from './deps.ts';
import type { LiveCall } from './live-call.ts';
import { type Row, text } from './tables.ts';

/** The outbound log row of a call, and its extension, which knows the caller code. */
export async function insertLog(deps: VicidialDeps, call: LiveCall, columns: Row): Promise<void> {
  const { lead } = call;
  const callDate = deps.time.local(call.startedSec * 1000);
  await deps.tables.insert('vicidial_log_extended', {
    uniqueid: call.uniqueid,
    server_ip: deps.serverIp,
    call_date: callDate,
    lead_id: lead.lead_id ?? 0,
    caller_code: call.code,
  });
  await deps.tables.insert('vicidial_log', {
    uniqueid: call.uniqueid,
    lead_id: lead.lead_id ?? 0,
    list_id: lead.list_id ?? 0,
    campaign_id: call.request.campaign,
    call_date: callDate,
    start_epoch: call.startedSec,
    phone_code: lead.phone_code ?? '',
    phone_number: lead.phone_number ?? '',
    comments: 'AUTO',
    processed: 'N',
    called_count: Number(lead.called_count) + 1,
    ...columns,
  });
}

/** Lead and log got a status together. */
export function noteStatus(deps: VicidialDeps, call: LiveCall, status: string, by: 'dialer' | 'human'): void {
  const effect = { record: text(call.lead.lead_id), callKey: call.code, value: status, by, isChange: true };
  deps.journal.note({ kind: 'log', campaign: call.request.campaign, ...effect });
  deps.journal.note({ kind: 'disposition', ...effect });
}

import { isDuplicate } from './database-away.ts';
import { groupOf, type LiveCall } from './live-call.ts';
import { type Row, text, type Value } from './tables.ts';

/** The log row of a call, and its extension, which knows the caller code. */
export async function insertLog(call: LiveCall, columns: Row): Promise<void> {
  const { lead, deps } = call;
  const callDate = deps.time.local(call.startedSec * 1000);
  await insertOnce(call, 'vicidial_log_extended', {
    uniqueid: call.uniqueid,
    server_ip: deps.serverIp,
    call_date: callDate,
    lead_id: lead.lead_id ?? 0,
    caller_code: call.code,
  });
  const shared = {
    uniqueid: call.uniqueid,
    lead_id: lead.lead_id ?? 0,
    list_id: lead.list_id ?? 0,
    campaign_id: groupOf(call),
    call_date: callDate,
    start_epoch: call.startedSec,
    phone_code: lead.phone_code ?? '',
    phone_number: lead.phone_number ?? '',
    comments: 'AUTO',
  };
  if (call.request.kind === 'inbound') {
    await deps.tables.insert('vicidial_closer_log', { ...shared, ...columns });
    return;
  }
  await insertOnce(call, 'vicidial_log', {
    ...shared,
    processed: 'N',
    called_count: Number(lead.called_count) + 1,
    ...columns,
  });
}

/** A uniqueid that another server gave already: the later row is lost, as it is on a real cluster. */
export async function insertOnce({ deps }: LiveCall, table: string, row: Row): Promise<void> {
  await deps.tables.insert(table, row).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
  });
}

/** The call's own log row: `vicidial_closer_log` for an inbound call, else `vicidial_log`. */
export async function readLog(call: LiveCall): Promise<Row | undefined> {
  return call.deps.tables.first('SELECT * FROM ?? WHERE lead_id = ? AND uniqueid = ?', [
    logTable(call),
    call.lead.lead_id ?? 0,
    call.uniqueid,
  ]);
}

export async function updateLog(call: LiveCall, columns: Readonly<Record<string, Value>>): Promise<void> {
  await call.deps.tables.change('UPDATE ?? SET ? WHERE lead_id = ? AND uniqueid = ?', [
    logTable(call),
    columns,
    call.lead.lead_id ?? 0,
    call.uniqueid,
  ]);
}

function logTable({ request }: LiveCall): string {
  return request.kind === 'inbound' ? 'vicidial_closer_log' : 'vicidial_log';
}

/** Lead and log got a status together. */
export function noteStatus(call: LiveCall, status: string, by: 'dialer' | 'human'): void {
  const effect = { record: text(call.lead.lead_id), callKey: call.code, value: status, by, isChange: true };
  call.deps.journal.note({ kind: 'log', campaign: groupOf(call), ...effect });
  call.deps.journal.note({ kind: 'disposition', ...effect });
}

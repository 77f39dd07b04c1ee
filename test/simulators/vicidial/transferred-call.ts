import { patient } from './database-away.ts';
import { inTurn, type LiveCall } from './live-call.ts';
import { insertLog, noteStatus, updateLog } from './log-rows.ts';

const ringSec = 4;
/** So long a customer waits for a human agent before they hang up. */
const patienceSec = 60;

/**
 * What follows a transfer to an in-group: the customer waits there under a code of its own (`J…`), with a row in
 * vicidial_closer_log. A human agent gets the lead on the screen, and in the end puts their disposition over it; with
 * nobody there the call is a DROP.
 */
export async function playTransferredCall(first: LiveCall): Promise<void> {
  const { deps, request, transferredTo } = first;
  const call: LiveCall = {
    ...first,
    code: `J${deps.time.codeStamp()}${first.code.slice(10)}`,
    startedSec: deps.time.epochSec(),
    request: { ...request, kind: 'inbound', inGroup: transferredTo },
    // People, and a customer in a queue, are still there when a dead database comes back.
    deps: { ...deps, tables: patient(deps.tables, deps.stopping) },
  };
  const { human } = request;
  await inTurn(first, () => enterQueue(call));
  await deps.clock.sleep((human ? ringSec : patienceSec) * 1000, deps.stopping);
  if (deps.stopping.aborted) return;
  if (!human) return inTurn(first, () => leave(call, 'DROP', 'VDCL', 'ABANDON'));

  await inTurn(first, () => answer(call, human.user));
  await deps.clock.sleep(human.afterSec * 1000, deps.stopping);
  if (!deps.stopping.aborted) await inTurn(first, () => leave(call, human.status, human.user, 'AGENT'));
}

async function enterQueue(call: LiveCall): Promise<void> {
  const { deps, lead } = call;
  await deps.tables.insert('vicidial_auto_calls', {
    server_ip: deps.serverIp,
    campaign_id: call.transferredTo,
    status: 'LIVE',
    lead_id: lead.lead_id ?? 0,
    uniqueid: call.uniqueid,
    callerid: call.code,
    channel: call.channel,
    phone_code: lead.phone_code ?? '',
    phone_number: lead.phone_number ?? '',
    call_time: deps.time.local(),
    call_type: 'IN',
  });
  await insertLog(call, { status: 'QUEUE', user: 'VDCL' });
}

async function answer(call: LiveCall, user: string): Promise<void> {
  const { tables } = call.deps;
  await tables.change("UPDATE vicidial_auto_calls SET status = 'CLOSER' WHERE callerid = ?", [call.code]);
  await tables.change("UPDATE vicidial_list SET status = 'INCALL', user = ? WHERE lead_id = ?", [
    user,
    call.lead.lead_id ?? 0,
  ]);
  await updateLog(call, { status: 'INCALL', user });
}

async function leave(call: LiveCall, status: string, user: string, reason: string): Promise<void> {
  const { tables, time } = call.deps;
  const now = time.epochSec();
  await tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  await updateLog(call, {
    ...{ status, user, term_reason: reason },
    ...{ end_epoch: now, length_in_sec: now - call.startedSec },
  });
  await tables.change('UPDATE vicidial_list SET status = ?, user = ? WHERE lead_id = ?', [
    status,
    user,
    call.lead.lead_id ?? 0,
  ]);
  noteStatus(call, status, user === 'VDCL' ? 'dialer' : 'human');
}

import { patient } from './database-away.ts';
import type { VicidialDeps } from './deps.ts';
import { inTurn, type LiveCall } from './live-call.ts';
import { insertLog, noteStatus, updateLog } from './log-rows.ts';

/** What a human agent decides. */
interface Human {
  status: string;
  user: string;
}

/** A call that a human agent dials by hand: the log row is theirs from the answer on, the disposition ends it. */
export async function playManualCall(call: LiveCall): Promise<void> {
  const { deps, request } = call;
  const human = request.human ?? { status: 'NI', user: 'anna', afterSec: 0 };
  const over = AbortSignal.any([deps.stopping, call.ended.signal]);
  await deps.clock.sleep(request.answerSec * 1000, over);
  if (deps.stopping.aborted) return;
  await inTurn(call, () => beginManualLog(call, human));
  await deps.clock.sleep((request.talkSec ?? 30) * 1000, over);
  await deps.clock.sleep(human.afterSec * 1000, deps.stopping);
  if (deps.stopping.aborted) return;
  call.ended.abort();
  await inTurn(call, () => endManualCall(call, human));
}

async function beginManualLog(raw: LiveCall, human: Human): Promise<void> {
  const call = withPatience(raw);
  const { tables, time } = call.deps;
  const leadId = call.lead.lead_id ?? 0;
  await tables.change("UPDATE vicidial_list SET status = 'INCALL', user = ? WHERE lead_id = ?", [human.user, leadId]);
  await tables.change('UPDATE vicidial_auto_calls SET uniqueid = ?, channel = ? WHERE callerid = ?', [
    call.uniqueid,
    call.channel,
    call.code,
  ]);
  await insertLog(call, { status: 'INCALL', user: human.user, comments: 'MANUAL' });
  await tables.insert('user_call_log', {
    user: human.user,
    call_date: time.local(),
    call_type: 'MANUAL_DIALNOW',
    server_ip: call.deps.serverIp,
    phone_number: call.lead.phone_number ?? '',
    lead_id: leadId,
    campaign_id: call.request.campaign,
  });
}

async function endManualCall(raw: LiveCall, human: Human): Promise<void> {
  const call = withPatience(raw);
  const { tables, time } = call.deps;
  const now = time.epochSec();
  await tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  await updateLog(call, {
    status: human.status,
    end_epoch: now,
    length_in_sec: now - call.startedSec,
    term_reason: 'AGENT',
  });
  await setLeadStatus(call.deps, call, human);
}

/** A human agent talked to the customer after the AI's call: the lead's status, and a newer log row. */
export async function writeHumanDisposition(call: LiveCall, human: Human): Promise<void> {
  const { time } = call.deps;
  const now = time.epochSec();
  const later = withPatience({
    ...call,
    code: `M${time.codeStamp()}${call.code.slice(10)}`,
    uniqueid: `${now}.9${call.uniqueid.split('.')[1]}`,
    request: { ...call.request, kind: 'manual' },
    startedSec: now - 30,
  });
  await insertLog(later, {
    status: human.status,
    user: human.user,
    comments: 'MANUAL',
    end_epoch: now,
    length_in_sec: 30,
    term_reason: 'AGENT',
  });
  await setLeadStatus(later.deps, later, human);
}

async function setLeadStatus({ tables }: VicidialDeps, call: LiveCall, human: Human): Promise<void> {
  await tables.change('UPDATE vicidial_list SET status = ?, user = ? WHERE lead_id = ?', [
    human.status,
    human.user,
    call.lead.lead_id ?? 0,
  ]);
  noteStatus(call, human.status, 'human');
}

/** A person waits for a dead database, and goes on when it is back. */
function withPatience(call: LiveCall): LiveCall {
  return { ...call, deps: { ...call.deps, tables: patient(call.deps.tables, call.deps.stopping) } };
}

import type { VicidialDeps } from './deps.ts';
import { type HandOverOptions, handOver } from './hand-over.ts';
import { freeLine, hangUp } from './hang-up.ts';
import { CallRequest, inTurn, type LiveCall } from './live-call.ts';
import { insertLog, noteStatus } from './log-rows.ts';
import { type Row, text } from './tables.ts';

/** The dialer: auto-dial daemon, routing and hang-up of VICIdial, as far as the tables show them. */
export interface Dialer {
  place(request: CallRequest): Promise<{ callerCode: string; uniqueid: string }>;
  /** The customer's leg is over: the AI platform ended its leg, or (`tellAi`) the customer hung up. */
  end(callerCode: string, options?: { tellAi: boolean }): Promise<boolean>;
  /** The Agent API cuts or moves the customer's leg, and writes the records itself. False when the call is over. */
  letGo(callerCode: string, writeRecords: () => Promise<void>): Promise<boolean>;
  calls(): readonly LiveCall[];
  /** Calls ordered, and those with nothing left to come: not even a human's disposition. */
  progress(): { started: number; over: number };
  settle(): Promise<void>;
}

export function createDialer(deps: VicidialDeps, options: HandOverOptions): Dialer {
  const calls = new Map<string, LiveCall>();
  const running = new Set<Promise<void>>();
  let started = 0;
  let over = 0;

  async function place(raw: CallRequest) {
    const request = CallRequest.parse(raw);
    const lead = await deps.tables.first('SELECT * FROM vicidial_list WHERE lead_id = ?', [request.leadId]);
    if (!lead) throw new Error(`the simulated VICIdial has no lead ${request.leadId}`);
    const call = newCall(deps, lead, request, started);
    if (calls.has(call.code)) throw new Error(`lead ${request.leadId} is dialled twice in one second`);
    calls.set(call.code, call);
    started += 1;
    await dial(deps, call);
    const run = playCall(deps, options, call)
      .catch((error: unknown) => {
        if (!deps.stopping.aborted) process.stderr.write(`simulated VICIdial, call failed: ${String(error)}\n`);
      })
      .finally(() => {
        over += 1;
        running.delete(run);
      });
    running.add(run);
    return { callerCode: call.code, uniqueid: call.uniqueid };
  }

  return {
    place,
    async end(callerCode, { tellAi } = { tellAi: false }) {
      const call = calls.get(callerCode);
      if (!call || call.ended.signal.aborted) return false;
      await hangUp(deps, call);
      if (tellAi) await tellPlatform(call);
      return true;
    },
    async letGo(callerCode, writeRecords) {
      const call = calls.get(callerCode);
      if (!call) return writeRecords().then(() => true);
      const wasLive = await inTurn(call, async () => {
        if (call.ended.signal.aborted) return false;
        await writeRecords();
        call.ended.abort();
        return true;
      });
      if (!wasLive) return false;
      freeLine(deps, call.line);
      await tellPlatform(call);
      return true;
    },
    calls: () => [...calls.values()],
    progress: () => ({ started, over }),
    async settle() {
      await Promise.all(running);
    },
  };
}

function newCall(deps: VicidialDeps, lead: Row, request: LiveCall['request'], index: number): LiveCall {
  const startedSec = deps.time.epochSec();
  return {
    code: `V${deps.time.codeStamp()}${String(lead.lead_id).padStart(10, '0')}`,
    uniqueid: `${startedSec}.${index + 1}`,
    lead,
    request,
    startedSec,
    channel: `SIP/customers-${(index + 1).toString(16).padStart(8, '0')}`,
    line: '',
    headers: [],
    isNoticed: false,
    ended: new AbortController(),
    hangUpUrl: '',
    turn: Promise.resolve(),
  };
}

/** The auto-dial daemon takes the lead, and the call is on its way. */
async function dial({ tables, time, journal, serverIp }: VicidialDeps, call: LiveCall): Promise<void> {
  const { lead, request } = call;
  const leadId = lead.lead_id ?? 0;
  await tables.change(
    "UPDATE vicidial_list SET called_since_last_reset = 'Y', called_count = called_count + 1, user = 'VDAD', last_local_call_time = ? WHERE lead_id = ?",
    [time.local(), leadId],
  );
  await tables.change('DELETE FROM vicidial_hopper WHERE lead_id = ?', [leadId]);
  await tables.insert('vicidial_auto_calls', {
    server_ip: serverIp,
    campaign_id: request.campaign,
    status: 'SENT',
    lead_id: leadId,
    callerid: call.code,
    phone_code: lead.phone_code ?? '',
    phone_number: lead.phone_number ?? '',
    call_time: time.local(),
  });
  journal.note({
    kind: 'dialled',
    record: text(leadId),
    campaign: request.campaign,
    callKey: call.code,
    value: text(lead.phone_number),
    by: 'dialer',
    isChange: true,
  });
}

async function playCall(deps: VicidialDeps, options: HandOverOptions, call: LiveCall): Promise<void> {
  const { clock, stopping } = deps;
  const { request, ended } = call;
  await clock.sleep(request.answerSec * 1000, AbortSignal.any([stopping, ended.signal]));
  if (stopping.aborted) return;

  if (request.notAnswered) await inTurn(call, () => notAnswered(deps, call));
  else if (!ended.signal.aborted) await handOver(deps, options, call);
  if (stopping.aborted || !request.human) return;

  await clock.sleep(request.human.afterSec * 1000, stopping);
  if (!stopping.aborted) await humanDisposition(deps, call, request.human);
}

/** No answer, busy, or a machine: lead and log get the status from the dialer itself, user VDAD. */
async function notAnswered(deps: VicidialDeps, call: LiveCall): Promise<void> {
  const status = call.request.notAnswered ?? 'NA';
  const seconds = deps.time.epochSec() - call.startedSec;
  await insertLog(deps, call, { status, user: 'VDAD', end_epoch: deps.time.epochSec(), length_in_sec: seconds });
  await deps.tables.change('UPDATE vicidial_list SET status = ? WHERE lead_id = ?', [status, call.lead.lead_id ?? 0]);
  noteStatus(deps, call, status, 'dialer');
  const dialStatus = { NA: 'NOANSWER', B: 'BUSY', AA: 'ANSWER' }[status];
  await deps.tables.insert('vicidial_carrier_log', {
    uniqueid: call.uniqueid,
    call_date: deps.time.local(),
    server_ip: deps.serverIp,
    lead_id: call.lead.lead_id ?? 0,
    dialstatus: dialStatus,
    sip_hangup_cause: { NA: 480, B: 486, AA: 200 }[status],
    caller_code: call.code,
  });
  await deps.tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  call.ended.abort();
}

/** A human agent talked to the customer afterwards: the lead's status, and a newer log row. */
async function humanDisposition(
  deps: VicidialDeps,
  call: LiveCall,
  human: { status: string; user: string },
): Promise<void> {
  const later: LiveCall = {
    ...call,
    ...{
      code: `M${deps.time.codeStamp()}${call.code.slice(10)}`,
      uniqueid: `${deps.time.epochSec()}.9${call.uniqueid.split('.')[1]}`,
    },
    startedSec: deps.time.epochSec() - 30,
  };
  await insertLog(deps, later, {
    status: human.status,
    user: human.user,
    end_epoch: deps.time.epochSec(),
    length_in_sec: 30,
    term_reason: 'AGENT',
  });
  await deps.tables.change('UPDATE vicidial_list SET status = ?, user = ? WHERE lead_id = ?', [
    human.status,
    human.user,
    call.lead.lead_id ?? 0,
  ]);
  noteStatus(deps, later, human.status, 'human');
}

/** The platform that named a place for it is told that its leg is cut. */
async function tellPlatform(call: LiveCall): Promise<void> {
  if (!call.hangUpUrl) return;
  const signal = AbortSignal.timeout(2000);
  await fetch(call.hangUpUrl, { method: 'POST', signal }).catch(() => undefined);
}

import { orDie } from './database-away.ts';
import { inTurn, type LiveCall } from './live-call.ts';
import { noteStatus, readLog, updateLog } from './log-rows.ts';
import type { RemoteAgentDaemon } from './remote-agent-daemon.ts';
import { type Row, text } from './tables.ts';

/** What a log row says as long as nobody dispositioned the call. */
const undecided = ['NA', 'NEW', 'QUEUE', 'XFER'];

/**
 * The `h` extension: the live row goes, the log gets its end. A call that the remote-agent daemon has noticed (REMOTE in
 * its log row) keeps its status, any other becomes a DROP. With the database dead the script dies, and nobody repeats it.
 */
export async function hangUp(daemon: RemoteAgentDaemon, call: LiveCall): Promise<void> {
  if (call.ended.signal.aborted) return;
  call.ended.abort();
  await inTurn(call, () => orDie(() => writeEnd(call)));
  daemon.freeLater(call);
}

async function writeEnd(call: LiveCall): Promise<void> {
  const { deps } = call;
  const now = deps.time.epochSec();
  await writeCarrierLog(call);
  const live = await deps.tables.first('SELECT 1 FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  // Without the live row, as after a restart of the database, the script looks no further: the log never gets its end.
  if (!live) return;

  const log = await readLog(call);
  const isDrop = log !== undefined && undecided.includes(text(log.status)) && text(log.comments) !== 'REMOTE';
  if (isDrop)
    await deps.tables.change("UPDATE vicidial_list SET status = 'DROP', user = 'VDAD' WHERE lead_id = ?", [
      call.lead.lead_id ?? 0,
    ]);
  // The end in the log comes last: who waits for it finds everything else done.
  await deps.tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
  await updateLog(call, {
    end_epoch: now,
    length_in_sec: now - call.startedSec,
    ...(isDrop ? droppedColumns(call) : { term_reason: 'CALLER' }),
  });
  if (isDrop) noteStatus(call, 'DROP', 'dialer');
}

function droppedColumns({ request }: LiveCall): Row {
  return { status: 'DROP', user: request.kind === 'inbound' ? 'VDCL' : 'VDAD', term_reason: 'ABANDON' };
}

async function writeCarrierLog({ deps, uniqueid, startedSec, lead, channel, code }: LiveCall): Promise<void> {
  const now = deps.time.epochSec();
  await deps.tables.change('UPDATE call_log SET ? WHERE uniqueid = ? AND server_ip = ?', [
    { end_time: deps.time.local(), end_epoch: now, length_in_sec: now - startedSec },
    uniqueid,
    deps.serverIp,
  ]);
  await deps.tables.change('INSERT IGNORE INTO vicidial_carrier_log SET ?', [
    {
      uniqueid,
      call_date: deps.time.local(),
      server_ip: deps.serverIp,
      lead_id: lead.lead_id ?? 0,
      dialstatus: 'ANSWER',
      channel,
      answered_time: now - startedSec,
      caller_code: code,
    },
  ]);
}

import type { VicidialDeps } from './deps.ts';
import { inTurn, type LiveCall } from './live-call.ts';
import { noteStatus } from './log-rows.ts';

/**
 * The `h` extension: the live row goes, the log gets its end. A call that the remote-agent daemon has noticed stays XFER,
 * any other becomes a DROP.
 */
export async function hangUp(deps: VicidialDeps, call: LiveCall): Promise<void> {
  if (call.ended.signal.aborted) return;
  call.ended.abort();
  await inTurn(call, async () => {
    const isDrop = call.line !== '' && !call.isNoticed;
    const now = deps.time.epochSec();
    if (isDrop)
      await deps.tables.change("UPDATE vicidial_list SET status = 'DROP', user = 'VDAD' WHERE lead_id = ?", [
        call.lead.lead_id ?? 0,
      ]);
    // The end in the log comes last: who waits for it finds everything else done.
    await writeCarrierLog(deps, call);
    await deps.tables.change('DELETE FROM vicidial_auto_calls WHERE callerid = ?', [call.code]);
    await deps.tables.change('UPDATE vicidial_log SET ? WHERE uniqueid = ?', [
      {
        end_epoch: now,
        length_in_sec: now - call.startedSec,
        ...(isDrop ? { status: 'DROP', user: 'VDAD', term_reason: 'ABANDON' } : { term_reason: 'CALLER' }),
      },
      call.uniqueid,
    ]);
    if (isDrop) noteStatus(deps, call, 'DROP', 'dialer');
    freeLine(deps, call.line);
  });
}

async function writeCarrierLog(deps: VicidialDeps, call: LiveCall): Promise<void> {
  const now = deps.time.epochSec();
  await deps.tables.change('UPDATE call_log SET ? WHERE uniqueid = ?', [
    { end_time: deps.time.local(), end_epoch: now, length_in_sec: now - call.startedSec },
    call.uniqueid,
  ]);
  await deps.tables.insert('vicidial_carrier_log', {
    uniqueid: call.uniqueid,
    call_date: deps.time.local(),
    server_ip: deps.serverIp,
    lead_id: call.lead.lead_id ?? 0,
    dialstatus: 'ANSWER',
    channel: call.channel,
    answered_time: now - call.startedSec,
    caller_code: call.code,
  });
}

/** The daemon sees a loop or two later that the line has no call any more. */
export function freeLine(deps: VicidialDeps, line: string): void {
  if (!line) return;
  const { clock, tables, time, stopping } = deps;
  const free = async () => {
    await clock.sleep(2000 + Math.random() * 2000, stopping);
    if (stopping.aborted) return;
    await tables.change(
      "UPDATE vicidial_live_agents SET status = 'READY', lead_id = 0, uniqueid = '', callerid = '', channel = '', comments = '', last_state_change = ? WHERE user = ?",
      [time.local(), line],
    );
  };
  void free().catch(() => undefined);
}

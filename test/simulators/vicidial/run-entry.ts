import { type Invite, parseDialplan, runDialplan } from './asterisk-dialplan.ts';
import { namesOf } from './caller-names.ts';
import type { LiveCall } from './live-call.ts';
import { text } from './tables.ts';

const context = 'default';

/**
 * Runs the dialplan entries of carriers and server as they lie in the tables, for the extension of the line that has the call. Null when
 * they lead nowhere: no pattern fits, or the entry ends without Dial.
 */
export async function runEntry(call: LiveCall): Promise<Invite | null> {
  const { tables, serverIp } = call.deps;
  const line = await tables.first('SELECT conf_exten FROM vicidial_live_agents WHERE user = ?', [call.line]);
  const carriers = await tables.read(
    "SELECT dialplan_entry FROM vicidial_server_carriers WHERE active = 'Y' AND server_ip IN (?, '0.0.0.0')",
    [serverIp],
  );
  const servers = await tables.read('SELECT custom_dialplan_entry FROM servers WHERE server_ip = ?', [serverIp]);
  const entries = [
    ...carriers.map(({ dialplan_entry: entry }) => text(entry)),
    ...servers.map(({ custom_dialplan_entry: entry }) => text(entry)),
  ];
  const { callerId, connectedLine } = namesOf(call.code, call.request.callerName ?? { kind: 'kept' });
  const num = text(call.lead.phone_number);
  const run = await runDialplan({
    dialplan: parseDialplan(entries.join('\n'), context),
    context,
    extension: text(line?.conf_exten),
    callerId: { name: callerId, num },
    connectedLine: { name: connectedLine, num },
    uniqueid: call.uniqueid,
    channelName: call.channel,
  });
  return run.invite;
}

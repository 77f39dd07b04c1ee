import type { VicidialDeps } from './deps.ts';
import { type Row, text } from './tables.ts';

/**
 * What one loop of the remote-agent daemon does to the lines: those of ACTIVE remote agents get a heartbeat, and missing
 * ones log in. A line too many, or of an INACTIVE one, lingers without a heartbeat.
 */
export async function beatLines(deps: VicidialDeps): Promise<void> {
  const { tables, time } = deps;
  // The keep-alive script beside it writes the configuration anew where that is asked for.
  await tables.change("UPDATE servers SET rebuild_conf_files = 'N' WHERE active = 'Y' AND rebuild_conf_files = 'Y'");
  const agents = await tables.read("SELECT * FROM vicidial_remote_agents WHERE status = 'ACTIVE'");
  for (const agent of agents) {
    // The daemon takes only rows with a dialer's own address.
    if (text(agent.server_ip) === '0.0.0.0') continue;
    const users = usersOf(agent);
    const lines = await tables.read('SELECT user FROM vicidial_live_agents WHERE ra_user = ?', [
      text(agent.user_start),
    ]);
    const there = new Set(lines.map((row) => text(row.user)));
    for (const user of users) if (!there.has(user)) await logInLine(deps, agent, user);
    await tables.change('UPDATE vicidial_live_agents SET last_update_time = FROM_UNIXTIME(?) WHERE user IN (?)', [
      time.epochSec(),
      users,
    ]);
  }
}

/** A line is a row of its own, with a user that counts up. */
export async function logInLine({ tables, time }: VicidialDeps, agent: Row, user: string): Promise<void> {
  await tables.insert('vicidial_live_agents', {
    user,
    server_ip: text(agent.server_ip),
    extension: `R/${user}`,
    conf_exten: text(agent.conf_exten),
    status: 'READY',
    campaign_id: text(agent.campaign_id),
    closer_campaigns: text(agent.closer_campaigns),
    ra_user: text(agent.user_start),
    ra_extension: text(agent.conf_exten),
    user_level: 1,
    last_state_change: time.local(),
  });
}

function usersOf(agent: Row): string[] {
  const first = Number(agent.user_start);
  return Array.from({ length: Math.max(1, Number(agent.number_of_lines)) }, (_, line) => String(first + line));
}

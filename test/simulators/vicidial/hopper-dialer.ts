import type { VicidialDeps } from './deps.ts';
import type { CallRequest } from './live-call.ts';
import { type Row, text } from './tables.ts';

/** How the customers answer whom the dialer calls out of the hopper. (Default: each answers and talks until the AI ends) */
export type HopperCustomer = Partial<Omit<CallRequest, 'leadId' | 'campaign'>>;

const loopMs = 1000;

/**
 * The auto-dial daemon: calls the leads of the hopper, the highest priority first, so many at a time as there are lines
 * that are logged in, times the dial level. A campaign that is not active, or is dialled by hand, is left alone.
 */
export async function runHopperDialer(
  deps: VicidialDeps,
  place: (request: CallRequest) => Promise<unknown>,
  customer: () => HopperCustomer,
): Promise<void> {
  const { clock, tables, stopping } = deps;
  while (!stopping.aborted) {
    await clock.sleep(loopMs, stopping);
    if (stopping.aborted) return;
    // With the database away the daemon is started anew until it is back.
    await dialOnce(tables, place, customer).catch(() => undefined);
  }
}

async function dialOnce(
  tables: VicidialDeps['tables'],
  place: (request: CallRequest) => Promise<unknown>,
  customer: () => HopperCustomer,
): Promise<void> {
  const campaigns = await tables.read(
    "SELECT * FROM vicidial_campaigns WHERE active = 'Y' AND dial_method NOT IN ('MANUAL', 'INBOUND_MAN')",
  );
  for (const campaign of campaigns) {
    const free = await freeCalls(tables, campaign);
    if (free <= 0) continue;
    const leads = await tables.read(
      `SELECT lead_id FROM vicidial_hopper WHERE campaign_id = ? AND status = 'READY'
       ORDER BY priority DESC, hopper_id LIMIT ${free}`,
      [text(campaign.campaign_id)],
    );
    for (const { lead_id } of leads) {
      await place({ ...customer(), leadId: Number(lead_id), campaign: text(campaign.campaign_id) });
    }
  }
}

/** A line without a heartbeat counts for nothing. */
async function freeCalls(tables: VicidialDeps['tables'], campaign: Row): Promise<number> {
  const id = text(campaign.campaign_id);
  const lines = await tables.first(
    `SELECT COUNT(*) AS lines_in FROM vicidial_live_agents a JOIN vicidial_remote_agents r ON r.user_start = a.ra_user
     WHERE a.campaign_id = ? AND a.status IN ('READY', 'QUEUE', 'INCALL') AND r.status = 'ACTIVE'
       AND r.server_ip = a.server_ip`,
    [id],
  );
  const calls = await tables.first(
    "SELECT COUNT(*) AS calls_out FROM vicidial_auto_calls WHERE campaign_id = ? AND call_type = 'OUT'",
    [id],
  );
  return Math.floor(Number(lines?.lines_in) * Number(campaign.auto_dial_level)) - Number(calls?.calls_out);
}

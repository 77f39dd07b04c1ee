import { z } from 'zod';
import { readRemoteAgents } from '../tables/site-set-up.ts';
import type { Vicidial } from '../vicidial.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const Line = z.object({ user: text, status: text, updated: text.transform((value) => Math.trunc(Number(value)) || 0) });

/** A line gets no calls when its heartbeat is older than 5 s; the rest is for clocks that differ. */
const heartbeatSec = 60;

export interface LineCount {
  /** Logged in, with a heartbeat. */
  alive: number;
  free: number;
}

/** The lines of a campaign that could take a call now. Over the API all lines count, and nobody tells their heartbeat. */
export async function freeLines({ database, reads, deps }: Vicidial, campaign: string): Promise<LineCount> {
  if (!database) {
    const lines = await reads.liveLines();
    return { alive: lines.length, free: lines.filter(({ callerid }) => callerid === '').length };
  }
  const rows = await database.select(
    Line,
    `SELECT user, status, UNIX_TIMESTAMP(last_update_time) AS updated FROM vicidial_live_agents
     WHERE extension LIKE 'R/%' AND campaign_id = ?`,
    [campaign],
  );
  const now = deps.clock.now() / 1000;
  const alive = rows.filter(({ updated }) => Math.abs(now - updated) <= heartbeatSec);
  return { alive: alive.length, free: alive.filter(({ status }) => status === 'READY').length };
}

/** Why no line of the campaign is free, and what to do. */
export async function whyNoLine(vicidial: Vicidial, campaign: string): Promise<{ why: string; fix: string }> {
  const { alive } = await freeLines(vicidial, campaign);
  if (alive > 0) {
    const why = `all ${alive} lines of campaign ${campaign} are on calls`;
    return { why, fix: 'Wait, or give the remote agent more lines: Admin → Remote Agents → Number of Lines.' };
  }
  const { database, id } = vicidial;
  const why = `no line of a remote agent of campaign ${campaign} is logged in`;
  if (!database) return { why, fix: 'Admin → Remote Agents: Status ACTIVE, Campaign, and Server IP one real dialer.' };
  const agents = (await readRemoteAgents(database)).filter((agent) => agent.campaign === campaign);
  const [off] = agents.filter(({ status }) => status !== 'ACTIVE');
  const [nowhere] = agents.filter(({ server }) => server === '0.0.0.0');
  if (agents.length === 0) {
    return { why, fix: `Make one: step ${id}:remote-agent of \`npx patchbay setup\`; its Campaign is ${campaign}.` };
  }
  if (nowhere)
    return { why, fix: `Admin → Remote Agents → ${nowhere.user} → Server IP: one real dialer, not 0.0.0.0.` };
  if (off && agents.every(({ status }) => status !== 'ACTIVE')) {
    return {
      why,
      fix: `Admin → Remote Agents → ${off.user} → Status: ACTIVE (or \`npx patchbay ${id} lines ${off.user} up\`).`,
    };
  }
  return { why, fix: 'See that AST_VDremote_agents.pl runs on the dialer of the remote agent (its Server IP).' };
}

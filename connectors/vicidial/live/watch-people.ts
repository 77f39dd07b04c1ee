import { z } from 'zod';
import type { CallSighting } from '../../../src/domain/call.ts';
import { outcomeOfDisposition } from '../../../src/domain/settings.ts';
import { readHandOvers } from '../tables/hand-overs.ts';
import type { TableReading } from '../tables/table-reads.ts';
import type { Vicidial } from '../vicidial.ts';
import { readSituation } from '../write/situation.ts';
import { readSighting } from './watch-hand-overs.ts';

export interface PeopleWatch {
  /** A call that went to a line: its lead is looked at for a while. */
  note(sighting: CallSighting): void;
  look(now: number, signal: AbortSignal): Promise<void>;
}

interface Followed {
  sighting: CallSighting;
  /** The last disposition that was told, with its user. */
  told: string;
}

const LeadStatus = z.object({ lead_id: z.string(), status: z.string(), user: z.string().nullable() });
const leadsAtOnce = 500;

/**
 * Finds what human agents make of leads after the AI's calls. The log rows of people's calls don't say when they were
 * dispositioned, so the leads themselves are read, by their key.
 */
export function createPeopleWatch(vicidial: TableReading & Vicidial): PeopleWatch {
  const { database, config, deps, lines } = vicidial;
  const keepMs = config.watch.humanMinutes * 60_000;
  const followed = new Map<string, Followed>();
  let isLoaded = false;

  function note(sighting: CallSighting): void {
    const { leadKey, callKey } = sighting.leg;
    if (keepMs === 0 || followed.get(leadKey)?.sighting.leg.callKey === callKey) return;
    followed.set(leadKey, { sighting, told: '' });
  }

  /** After a restart: calls of the last hour that another process, or this one before, had noted. */
  async function load(now: number, signal: AbortSignal): Promise<void> {
    for await (const row of readHandOvers(vicidial, now - keepMs, now, signal)) {
      const sighting = await readSighting(vicidial, row, signal);
      if (sighting) note(sighting);
    }
    isLoaded = true;
  }

  async function lookAt(page: readonly string[], signal: AbortSignal): Promise<void> {
    const rows = await database.select(
      LeadStatus,
      'SELECT lead_id, status, user FROM vicidial_list WHERE lead_id IN (?)',
      [page],
      signal,
    );
    for (const { lead_id, status, user } of rows) {
      const follow = followed.get(lead_id);
      const word = `${status} ${user}`;
      if (!follow || follow.told === word || !(await lines.isHuman(user ?? '', follow.sighting.leg.agent))) continue;
      if (await tell(follow.sighting)) follow.told = word;
    }
  }

  async function tell({ refs, leg }: CallSighting): Promise<boolean> {
    const situation = await readSituation(vicidial, leg, leg.leadKey);
    if (situation.kind !== 'human') return false;
    const { disposition, by, at, lead } = situation;
    const outcome = outcomeOfDisposition(config, leg.campaign || lead.campaign_id, disposition);
    await deps.recordFacts([
      {
        refs,
        source: vicidial.id,
        key: `dispositioned:${disposition}:${at}`,
        at,
        body: { kind: 'dispositioned', dialer: vicidial.id, disposition, by, ...(outcome && { outcome }) },
      },
    ]);
    return true;
  }

  return {
    note,
    async look(now, signal) {
      if (keepMs === 0) return;
      if (!isLoaded) await load(now, signal);
      for (const [leadKey, { sighting }] of followed) {
        if (now - Date.parse(sighting.leg.calledAt) > keepMs) followed.delete(leadKey);
      }
      const leadKeys = [...followed.keys()];
      for (let start = 0; start < leadKeys.length && !signal.aborted; start += leadsAtOnce) {
        await lookAt(leadKeys.slice(start, start + leadsAtOnce), signal);
      }
    },
  };
}

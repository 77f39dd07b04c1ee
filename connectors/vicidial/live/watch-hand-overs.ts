import type { CallSighting } from '../../../src/domain/call.ts';
import type { Variables } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { HeldLease } from '../../../src/domain/lease.ts';
import { findCall } from '../find-call.ts';
import { recogniseCall, sightingOfFound } from '../recognise.ts';
import { instantsOf } from '../server-time.ts';
import { type HandOver, readHandOvers } from '../tables/hand-overs.ts';
import type { TableReading } from '../tables/table-reads.ts';
import type { Vicidial } from '../vicidial.ts';

export interface HandOverWatch {
  /** Registers what is new. `isSweep`: also what came late, or from a server whose clock is behind. */
  look(now: number, isSweep: boolean, signal: AbortSignal, lease?: HeldLease): Promise<void>;
}

const cursorName = 'watch';
const shortOverlapMs = 30_000;
/** After a longer stop, what lies further back is left to the platform's events. */
const furthestBackMs = 86_400_000;
/** Longer than the hour that comes twice in autumn, in which old rows come into sight again. */
const seenMs = 3 * 3_600_000;

/**
 * Every look reads a span that ends in the future (a server's clock may be ahead) and begins before the last look.
 * Registering a call again is harmless; what was seen here is only left out to spare the store.
 */
export function createHandOverWatch(
  vicidial: TableReading & Vicidial,
  note: (sighting: CallSighting) => void,
): HandOverWatch {
  const { config, deps, id } = vicidial;
  const overlapMs = config.watch.overlapSec * 1000;
  const seen = new Map<string, number>();
  let lookedAt: number | null = null;

  async function register(row: HandOver, now: number, signal: AbortSignal): Promise<void> {
    const key = `${row.callerid} ${row.uniqueid} ${row.user}`;
    if (seen.has(key)) return;
    const sighting = await readSighting(vicidial, row, signal);
    if (!sighting) return;
    try {
      await deps.registerCall(sighting, 'poll');
      note(sighting);
      seen.set(key, now);
    } catch (error) {
      // It stays unseen, so that the next sweep brings it again.
      deps.log.warn({ dialer: id, reason: messageOf(error) }, 'a call that went to a line could not be registered');
    }
  }

  return {
    async look(now, isSweep, signal, lease) {
      lookedAt ??= Number(await deps.readCursor(cursorName)) || now;
      const back = isSweep ? overlapMs : shortOverlapMs;
      const from = Math.max(Math.min(lookedAt, now) - back, now - furthestBackMs);
      for await (const row of readHandOvers(vicidial, from, now + overlapMs, signal)) {
        if (signal.aborted) return;
        await register(row, now, signal);
      }
      lookedAt = now;
      if (!isSweep) return;
      await deps.writeCursor(cursorName, String(now), lease);
      for (const [key, at] of seen) if (now - at > seenMs) seen.delete(key);
    },
  };
}

/** A row as a sighting, with the same names of the call that a header gives it. */
export async function readSighting(
  vicidial: TableReading & Vicidial,
  row: HandOver,
  signal: AbortSignal,
): Promise<CallSighting | null> {
  const { id, config, deps } = vicidial;
  const context = { id, config, clock: deps.clock };
  const variables: Variables = {
    code: row.callerid,
    uid: row.uniqueid,
    phone: row.phone_number,
    campaign: row.campaign_id,
    user: row.user,
    lead_id: row.lead_id,
  };
  const named = recogniseCall(context, variables);
  if (named) return named.isContinuation ? await findCall(vicidial, variables, signal) : named;
  if (!/^[1-9]\d*$/.test(row.lead_id)) return null;
  return sightingOfFound(context, variables, {
    ...{ code: row.callerid, leadId: row.lead_id, uniqueid: row.uniqueid },
    ...{ campaign: row.campaign_id, number: row.phone_number },
    at: instantsOf(row.call_time, config.timeZone).at(-1) ?? deps.clock.now(),
  });
}

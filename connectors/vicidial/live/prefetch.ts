import { LRUCache } from 'lru-cache';
import type { CallSighting } from '../../../src/domain/call.ts';
import type { Job, Metric } from '../../../src/domain/connector.ts';
import { messageOf } from '../../../src/domain/errors.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { TableReading } from '../tables/table-reads.ts';
import { readLeadsById, readUpcoming } from '../tables/upcoming-leads.ts';
import type { Vicidial } from '../vicidial.ts';

/** Leads that are about to talk, read ahead of their calls. */
export interface Prefetch {
  jobs: readonly Job[];
  /** The lead of a call, read at most `freshSec` ago. */
  held(sighting: CallSighting): Lead | null;
  /** The same, however long ago: better than nothing while the database is away. */
  lastKnown(sighting: CallSighting): Lead | null;
  metrics(): Metric[];
}

/** Where there is no table to look through. */
export const noPrefetch: Prefetch = { jobs: [], held: () => null, lastKnown: () => null, metrics: () => [] };

/** Null stands for a lead that can't be read: it is not asked for again at every poll. */
interface Held {
  lead: Lead | null;
  readAt: number;
}

/**
 * Looks through the hopper and the live calls, and reads those leads that it does not hold yet. Every process fills a
 * memory of its own, since any of them may be asked for the headers of the call.
 */
export function createPrefetch(vicidial: TableReading & Pick<Vicidial, 'deps'>): Prefetch {
  const { id, config, deps } = vicidial;
  const { everyMs, leadsPerPoll, maxLeads, freshSec } = config.prefetch;
  const memory = new LRUCache<string, Held>({ max: maxLeads });
  const oldest = () => deps.clock.now() - freshSec * 1000;

  let isAway = false;

  /** Comes again in a second, so only the beginning and the end of a trouble are worth a line. */
  async function poll(signal: AbortSignal): Promise<void> {
    try {
      await readAhead(signal);
      if (isAway) deps.log.info({ dialer: id }, 'leads are read ahead of their calls again');
      isAway = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isAway)
        deps.log.warn({ dialer: id, reason: messageOf(error) }, 'leads can not be read ahead of their calls');
      isAway = true;
    }
  }

  async function readAhead(signal: AbortSignal): Promise<void> {
    const upcoming = [...(await readUpcoming(vicidial, signal))].slice(0, maxLeads);
    const wanted = upcoming.filter(([leadId]) => !isFresh(leadId)).slice(0, leadsPerPoll);
    const readAt = deps.clock.now();
    const leadIds = wanted.map(([leadId]) => leadId);
    const leads = new Map((await readLeadsById(vicidial, leadIds, signal)).map((lead) => [lead.key, lead]));
    for (const [leadId, campaign] of wanted) {
      const lead = leads.get(leadId);
      memory.set(leadId, { lead: lead ? { ...lead, campaign: lead.campaign || campaign } : null, readAt });
    }
  }

  function isFresh(leadId: string): boolean {
    return (memory.peek(leadId)?.readAt ?? Number.NEGATIVE_INFINITY) >= oldest();
  }

  return {
    jobs: everyMs > 0 ? [{ name: 'prefetch', schedule: { everyMs }, isExclusive: false, run: poll }] : [],
    held({ leg }) {
      const known = memory.get(leg.leadKey);
      return known && known.readAt >= oldest() ? known.lead : null;
    },
    lastKnown: ({ leg }) => memory.peek(leg.leadKey)?.lead ?? null,
    metrics: () => [
      {
        name: 'patchbay_prefetched_leads',
        help: 'Leads that are held ahead of their calls.',
        type: 'gauge',
        labelNames: ['dialer'],
        samples: [{ labels: { dialer: id }, value: memory.size }],
      },
    ],
  };
}

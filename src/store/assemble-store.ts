import { leadRowsOf } from './rows.ts';
import type { ClaimedWriteBack, ClaimInput, Place, Store } from './store.ts';
import type { StoreParts } from './store-parts.ts';
import type { LeadRow } from './tables.ts';

/** Leads in one transaction: one flush for a page of a sync, and some 25 ms in which live calls wait for it. */
const leadsAtOnce = 1000;
const callsAtOnce = 100;
/** Rows that one transaction claims: live calls wait for it. */
const claimsAtOnce = 500;

/** The store's methods over a database's named units. */
export function assembleStore(parts: StoreParts): Store {
  const { write, read, readLong } = parts;

  /** Part after part, and the place only with the last of them. */
  async function saveRows(rows: readonly LeadRow[], which: 'all' | 'held', place?: Place): Promise<void> {
    const last = Math.max(0, Math.ceil(rows.length / leadsAtOnce) - 1) * leadsAtOnce;
    for (const part of cut(rows.slice(0, last), leadsAtOnce)) await write('saveLeads', { rows: part, which });
    await write('saveLeads', { rows: rows.slice(last), which, ...(place && { place }) });
  }

  return {
    kind: parts.kind,

    recordFacts: (input) => write('recordFacts', input),
    async replan({ correlationIds, now }) {
      const ids = correlationIds ?? (await readLong('heldCalls'));
      let changed = 0;
      for (const part of cut(ids, callsAtOnce)) changed += await write('replan', { correlationIds: part, now });
      return changed;
    },

    claimWriteBacks: (input) => claimInParts(input, (part) => write('claimWriteBacks', part)),
    claimReceipts: (input) => claimInParts(input, (part) => write('claimReceipts', part)),
    async renewClaims(claims, leaseMs) {
      let count = 0;
      for (const claim of claims) count += await write('renewClaim', { claim, leaseMs });
      return count;
    },
    async settleWriteBacks(settlements) {
      if (settlements.length === 0) return { lost: [] };
      return write('settleWriteBacks', settlements);
    },
    settleSoon: (input) => write('settleSoon', input),
    async replayWriteBacks({ ids, dialer, now }) {
      const chosen = ids ?? (await readLong('replayable', dialer));
      let count = 0;
      for (const part of cut(chosen, callsAtOnce)) {
        count += await write('replayWriteBacks', { ids: part, now });
      }
      return count;
    },

    callByRef: (ref) => read('callByRef', ref),
    callById: (correlationId) => read('callById', correlationId),
    callsWithOutcome: (correlationIds) => read('callsWithOutcome', correlationIds),
    callsByPhone: (phone, since) => read('callsByPhone', { phone, since }),
    openCalls: (input) => read('openCalls', input),
    callsRegistered: (input) => readLong('callsRegistered', input),
    factsOf: (correlationId) => read('factsOf', correlationId),
    refsOf: (correlationId) => readLong('refsOf', correlationId),
    writeBacksOf: (correlationId) => readLong('writeBacksOf', correlationId),
    writeBacks: (filter) => readLong('writeBacks', filter),
    countWriteBacks: () => readLong('countWriteBacks'),
    backlog: (dialer, now) => readLong('backlog', { dialer, now }),

    isOptedOut: (phone) => read('isOptedOut', phone),
    optOuts: (after, limit) => readLong('optOuts', { after, limit }),

    saveLeads: (leads, now, place) => saveRows(leadRowsOf(leads, now), 'all', place),
    renewLeads: (leads, now) => saveRows(leadRowsOf(leads, now), 'held'),
    leadByKey: (dialer, key) => read('leadByKey', { dialer, key }),
    leadsByPhone: (phone, dialer) => read('leadsByPhone', { phone, ...(dialer && { dialer }) }),
    countLeads: () => readLong('countLeads'),

    readCursor: (name) => read('readCursor', name),
    writeCursor: (name, value) => write('writeCursor', { name, value }),

    raiseAttention: async (items, now) => {
      if (items.length > 0) await write('raiseAttention', { items, now });
    },
    settleAttention: (input) => write('settleAttention', input),
    attention: (filter) => readLong('attention', filter),
    appendAudit: (entry) => write('appendAudit', entry),
    auditLog: (limit) => readLong('auditLog', { limit }),

    takeLease: (name, holder, ttlMs) => write('takeLease', { name, holder, ttlMs }),
    releaseLease: (name, holder) => write('releaseLease', { name, holder }),

    ping: () => write('ping', null),
    close: () => parts.close(),
  };
}

/**
 * Claims part after part. When the store goes away between two, what was taken is given all the same: nothing was done
 * with it yet, and left alone it would come back in doubt.
 */
async function claimInParts(
  input: ClaimInput,
  claim: (part: ClaimInput) => Promise<ClaimedWriteBack[]>,
): Promise<ClaimedWriteBack[]> {
  const taken: ClaimedWriteBack[] = [];
  while (taken.length < input.limit) {
    const limit = Math.min(claimsAtOnce, input.limit - taken.length);
    try {
      const part = await claim({ ...input, limit });
      taken.push(...part);
      if (part.length < limit) break;
    } catch (error) {
      if (taken.length === 0) throw error;
      break;
    }
  }
  return taken;
}

function cut<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size));
  return parts;
}

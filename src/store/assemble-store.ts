import type { Instant } from '../domain/call.ts';
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
    let marked = 0;
    for (const part of cut(rows.slice(0, last), leadsAtOnce)) marked += await write('saveLeads', { rows: part, which });
    marked += await write('saveLeads', { rows: rows.slice(last), which, ...(place && { place }) });
    const now = rows[0]?.saved_at;
    if (marked > 0 && now) await replan(await readLong('plansToRenew', now), now);
  }

  async function replan(ids: readonly string[], now: Instant): Promise<number> {
    let changed = 0;
    for (const part of cut(ids, callsAtOnce)) changed += await write('replan', { correlationIds: part, now });
    return changed;
  }

  return {
    kind: parts.kind,

    recordFacts: (input) => write('recordFacts', input),
    async replan({ correlationIds, now }) {
      const ids = correlationIds ?? [...(await readLong('heldCalls')), ...(await readLong('plansToRenew', now))];
      return replan([...new Set(ids)], now);
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

    async redoWriteBacks({ ids, why, now }) {
      const due: string[] = [];
      for (const part of cut(ids, callsAtOnce)) due.push(...(await write('redoWriteBacks', { ids: part, why, now })));
      return due;
    },

    callByRef: (ref) => read('callByRef', ref),
    callById: (correlationId) => read('callById', correlationId),
    callsWithOutcome: (correlationIds) => read('callsWithOutcome', correlationIds),
    callsByPhone: (phone, since) => read('callsByPhone', { phone, since }),
    openCalls: (input) => read('openCalls', input),
    callsOfCampaign: (input) => read('callsOfCampaign', input),
    callsPage: (query) => readLong('callsPage', query),
    dialersOfCalls: () => readLong('dialersOfCalls'),
    callsRegistered: (input) => readLong('callsRegistered', input),
    callsWithoutOutcome: (input) => readLong('callsWithoutOutcome', input),
    confirmedWriteBacks: (input) => readLong('confirmedWriteBacks', input),
    shellsNamed: (input) => readLong('shellsNamed', input),
    factsOf: (correlationId) => read('factsOf', correlationId),
    refsOf: (correlationId) => read('refsOf', correlationId),
    writeBacksOf: (correlationId) => readLong('writeBacksOf', correlationId),
    writeBacks: (filter) => readLong('writeBacks', filter),
    countWriteBacks: () => readLong('countWriteBacks'),
    backlog: (dialer, now) => readLong('backlog', { dialer, now }),

    isOptedOut: (phone) => read('isOptedOut', phone),
    toldOptOuts: (query) => readLong('toldOptOuts', query),
    optedOutCalls: (input = {}) => readLong('optedOutCalls', input),
    optOuts: (after, limit) => readLong('optOuts', { after, limit }),

    saveLeads: (leads, now, place) => saveRows(leadRowsOf(leads, now), 'all', place),
    renewLeads: (leads, now) => saveRows(leadRowsOf(leads, now), 'held'),
    leadByKey: (dialer, key) => read('leadByKey', { dialer, key }),
    leadsByPhone: (phone, dialer) => read('leadsByPhone', { phone, ...(dialer && { dialer }) }),
    leadsByPlace: (place) => readLong('leadsByPlace', place),
    leadsOfList: (query) => readLong('leadsOfList', query),
    countLeads: () => readLong('countLeads'),
    measure: () => readLong('measure'),

    readCursor: (name) => read('readCursor', name),
    writeCursor: (name, value) => write('writeCursor', { name, value }),

    raiseAttention: async (items, now) => {
      if (items.length > 0) await write('raiseAttention', { items, now });
    },
    settleAttention: (input) => write('settleAttention', input),
    attention: (filter) => readLong('attention', filter),
    keepTranscript: (transcript) => write('keepTranscript', transcript),
    transcriptsOf: (correlationId) => readLong('transcriptsOf', correlationId),
    heldOfPerson: (phone) => readLong('heldOfPerson', phone),
    eraseCall: (input) => write('eraseCall', input),
    eraseLeads: (input) => write('eraseLeads', input),
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

import type { Instant } from '../domain/call.ts';
import { type Fence, fenceOf } from '../domain/lease.ts';
import type { CancelledWriteBacks } from './operations/cancel-write-backs.ts';
import { leadRowsOf } from './rows.ts';
import type { ClaimedWriteBack, ClaimInput, Place, Store } from './store.ts';
import type { StoreParts } from './store-parts.ts';
import type { LeadRow } from './tables.ts';

/** Leads in one transaction: one flush for a page of a sync, and some 25 ms in which live calls wait for it. */
const leadsAtOnce = 1000;
const callsAtOnce = 100;
/** Rows that one transaction claims: live calls wait for it. */
const claimsAtOnce = 500;
const heldAtOnce = 5000;
const waiting: ReadonlySet<string> = new Set(['held', 'pending', 'claimed', 'submitted']);

/** The store's methods over a database's named units. */
export function assembleStore(parts: StoreParts): Store {
  const { write, read, readLong } = parts;

  /** Part after part, and the place only with the last of them. */
  async function saveRows(rows: readonly LeadRow[], which: 'all' | 'held', place?: Place): Promise<void> {
    const last = Math.max(0, Math.ceil(rows.length / leadsAtOnce) - 1) * leadsAtOnce;
    let marked = 0;
    const under = place?.under && fenceOf(place.under);
    for (const part of cut(rows.slice(0, last), leadsAtOnce)) {
      marked += await write('saveLeads', { rows: part, which, ...(under && { under }) });
    }
    marked += await write('saveLeads', { rows: rows.slice(last), which, ...(place && { place: fencedPlace(place) }) });
    const now = rows[0]?.saved_at;
    if (marked > 0 && now) await replan(await readLong('plansToRenew', now), now);
  }

  async function allHeld(): Promise<string[]> {
    const found: string[] = [];
    for (let page = [''], after = ''; page.length > 0; after = page.at(-1) ?? '') {
      page = await readLong('heldCalls', { after, limit: heldAtOnce });
      found.push(...page);
    }
    return found;
  }

  async function replan(ids: readonly string[], now: Instant): Promise<number> {
    let changed = 0;
    for (const part of cut(ids, callsAtOnce)) changed += await write('replan', { correlationIds: part, now });
    return changed;
  }

  return {
    kind: parts.kind,

    recordFacts: (input) => write('recordFacts', input),
    previewFacts: (input) => write('previewFacts', input),
    async replan({ correlationIds, now }) {
      const ids = correlationIds ?? [...(await allHeld()), ...(await readLong('plansToRenew', now))];
      return replan([...new Set(ids)], now);
    },

    heldCalls: (page) => readLong('heldCalls', page),
    plansToRenew: (now) => readLong('plansToRenew', now),
    claimWriteBacks: (input) => claimInParts(input, (part) => write('claimWriteBacks', part)),
    claimBetweenPauses: (input) =>
      write('claimBetweenPauses', { ...input, limit: Math.min(input.limit, claimsAtOnce) }),
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

    async cancelWriteBacks({ ids, ...input }) {
      const done: CancelledWriteBacks = { cancelled: [], kept: [] };
      for (const part of cut(ids, callsAtOnce)) {
        const { cancelled, kept } = await write('cancelWriteBacks', { ...input, ids: part });
        done.cancelled.push(...cancelled);
        done.kept.push(...kept);
      }
      return done;
    },

    callByRef: (ref) => read('callByRef', ref),
    callById: (correlationId) => read('callById', correlationId),
    callsWithOutcome: (correlationIds) => read('callsWithOutcome', correlationIds),
    callsByPhone: (phone, since) => read('callsByPhone', { phone, since }),
    openCalls: (input) => read('openCalls', input),
    callsOfCampaign: (input) => read('callsOfCampaign', input),
    callsPage: (query) => readLong('callsPage', query),
    dialersOfCalls: () => readLong('dialersOfCalls'),
    givenCalls: (query) => readLong('givenCalls', query),
    callsRegistered: (input) => readLong('callsRegistered', input),
    callsWithoutOutcome: (input) => readLong('callsWithoutOutcome', input),
    confirmedWriteBacks: (input) => readLong('confirmedWriteBacks', input),
    shellsNamed: (input) => readLong('shellsNamed', input),
    searchCalls: (search) => readLong('searchCalls', search),
    markedCalls: (ids) => readLong('markedCalls', ids),
    countHours: (query) => readLong('countHours', query),
    callsOfHour: (input) => readLong('callsOfHour', input),
    callChoices: (input) => readLong('callChoices', input),
    changedMinutes: (since) => readLong('changedMinutes', since),
    lastCallBefore: (input) => readLong('lastCallBefore', input),
    leftHours: (limit) => readLong('leftHours', limit),
    countCallsOf: (input) => readLong('countCallsOf', input),
    keepCounts: (input) => write('keepCounts', input),
    unmarkedCalls: (limit) => readLong('unmarkedCalls', limit),
    markCalls: (input) => write('markCalls', input),
    factsOf: (correlationId) => read('factsOf', correlationId),
    refsOf: (correlationId) => read('refsOf', correlationId),
    writeBacksOf: (correlationId) => readLong('writeBacksOf', correlationId),
    writeBacks: (filter) => readLong('writeBacks', filter),
    writeBackPage: (query) => readLong('writeBackPage', query),
    writeBacksById: (ids) => readLong('writeBacksById', ids),
    rowsOfRecords: (query) => readLong('rowsOfRecords', query),
    heldReasons: (most) => readLong('heldReasons', { most }),
    countWriteBacks: () => readLong('countWriteBacks'),
    countOpenWriteBacks: (now) => readLong('countOpenWriteBacks', now),
    countWriteBacksUpTo: (query) => readLong('countWriteBacksUpTo', query),
    callsWithOpenOptOut: (input) => readLong('callsWithOpenOptOut', input),
    backlog: (dialer, now) => readLong('backlog', { dialer, now }),

    isOptedOut: (phone) => read('isOptedOut', phone),
    toldOptOuts: (query) => readLong('toldOptOuts', query),
    latestOptOuts: (input) => readLong('latestOptOuts', input),
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
    writeCursor: (name, value, under) => write('writeCursor', fencedPlace({ name, value, ...(under && { under }) })),

    raiseAttention: async (items, now) => {
      if (items.length > 0) await write('raiseAttention', { items, now });
    },
    settleAttention: (input) => write('settleAttention', input),
    attention: (filter) => readLong('attention', filter),
    attentionPage: (query) => readLong('attentionPage', query),
    attentionNamed: (input) => readLong('attentionNamed', input),
    countAttention: (most) => readLong('countAttention', { most }),
    keepTranscript: (transcript) => write('keepTranscript', transcript),
    transcriptsOf: (correlationId) => readLong('transcriptsOf', correlationId),
    heldOfPerson: (phone) => readLong('heldOfPerson', phone),
    eraseCall: (input) => write('eraseCall', input),
    eraseLeads: (input) => write('eraseLeads', input),
    setControl: (control, audit) => write('setControl', { control, audit }),
    liftControl: (of, audit) => write('liftControl', { of, audit }),
    replaceControl: (input) => write('replaceControl', input),
    controls: () => read('controls', undefined),
    useRules: (present) => parts.useRules(present),
    keepMapping: (mapping, now) => write('keepMapping', { ...mapping, now }),
    mapping: (version) => read('mappingByVersion', version),
    openAlerts: () => readLong('openAlerts'),
    alertPage: (query) => readLong('alertPage', query),
    keepAlerts: (input) => write('keepAlerts', { ...input, under: fenceOf(input.under) }),
    ackAlert: (input) => write('ackAlert', input),
    channelsWithDue: (now) => readLong('channelsWithDue', now),
    claimLetter: (input) => write('claimLetter', { ...input, under: fenceOf(input.under) }),
    settleLetter: (input) => write('settleLetter', input),
    letterPage: (limit) => readLong('letterPage', { limit }),
    letterStates: (since) => readLong('letterStates', { since }),
    dropOldAlerts: (input) => write('dropOldAlerts', input),
    appendAudit: (entry) => write('appendAudit', entry),
    auditPage: (query) => readLong('auditPage', query),
    auditChoices: () => readLong('auditChoices'),
    auditLog: (limit) => readLong('auditLog', { limit }),
    attentionOf: (correlationId) => readLong('attentionOf', correlationId),
    auditOf: (subject, limit) => readLong('auditOf', { subject, limit }),

    startSession: (input) => write('startSession', input),
    sessionById: (idHash) => read('sessionById', idHash),
    renewSession: (input) => write('renewSession', input),
    endSessions: (input) => write('endSessions', input),
    sessions: () => readLong('sessions'),
    logInLocks: (now) => readLong('logInLocks', now),
    countTry: (input) => write('countTry', input),
    forgiveTry: (input) => write('forgiveTry', input),
    forgetTries: (input) => write('forgetTries', input),
    dropOldTries: (input) => write('dropOldTries', input),

    oldCalls: (input) => readLong('oldCalls', input),
    judgePurge: (input) => readLong('judgePurge', input),
    rowsOfCalls: (ids) => readLong('rowsOfCalls', ids),
    purgeCalls: (input) => write('purgeCalls', input),
    oldRows: (query) => readLong('oldRows', query),
    dropOldRows: (input) => write('dropOldRows', input),
    async doubtOpenRows(now) {
      await write('beginRestored', { now });
      for (let count = 1; count > 0; ) count = await write('doubtOpenRows', {});
      const counts = await readLong('countWriteBacks');
      return counts.filter(({ state }) => waiting.has(state)).reduce((sum, { count }) => sum + count, 0);
    },

    reportProcess: (report) => write('reportProcess', report),
    forgetProcess: (id) => write('forgetProcess', id),
    processes: () => readLong('processes'),

    takeLease: (name, holder, ttlMs) => write('takeLease', { name, holder, ttlMs }),
    holdSlots: (input) => write('holdSlots', input),
    goingCalls: (query) => readLong('goingCalls', query),
    releaseLease: (name, holder) => write('releaseLease', { name, holder }),

    ping: () => write('ping', null),
    close: () => parts.close(),
  };
}

/** As plain data, that can go to another thread. */
function fencedPlace({ name, value, under }: Place): Place {
  const fence: Fence | undefined = under && fenceOf(under);
  return { name, value, ...(fence && { under: fence }) };
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

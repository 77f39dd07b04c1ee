import { randomBytes, randomUUID } from 'node:crypto';
import type { CallRef, Instant, Leg } from '../../../src/domain/call.ts';
import { correlationRef } from '../../../src/domain/connector.ts';
import { mintCorrelationId } from '../../../src/domain/correlation-id.ts';
import type { Fact, FactBody } from '../../../src/domain/fact.ts';
import type { Lead } from '../../../src/domain/lead.ts';
import type { PlanRules } from '../../../src/domain/plan-write-backs.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type {
  ClaimedWriteBack,
  ClaimInput,
  FactToRecord,
  Settlement,
  Store,
  StoreConfig,
  StoreOptions,
} from '../../../src/store/store.ts';

/** The named cast of the store's tests. */
export const noon = '2026-11-21T12:00:00.000Z';
export const later = '2026-11-21T12:10:00.000Z';
export const adasNumber = '+13125550100';
export const adasOtherNumber = '+13125550101';

const allAspects = ['disposition', 'callback', 'dnc', 'fields'] as const;

export const rules: PlanRules = {
  dialers: {
    vicidial: {
      aspects: allAspects,
      campaigns: {
        SPRING: {
          dispositions: { callback: 'CALLBK', sale: 'SALE', not_interested: 'NI', opt_out: 'DNC', hung_up: 'DROP' },
          fields: { comments: 'summary' },
        },
      },
    },
    five9: {
      aspects: ['disposition', 'dnc'],
      campaigns: { '*': { dispositions: { callback: 'Callback', sale: 'Sale', opt_out: 'Do Not Call' }, fields: {} } },
    },
  },
  technicalEndWaitSec: 60,
  humanWaitSec: 60,
  handOverOutcomes: [],
};

export function openTestStore(config: StoreConfig, options: Partial<StoreOptions> = {}): Promise<Store> {
  return openStore({
    config,
    rules,
    newId: randomUUID,
    ignoresIdempotency: false,
    onWarning: () => undefined,
    ...options,
  });
}

export const freshId = () => mintCorrelationId((count) => randomBytes(count));
export const callerCode = (key: string): CallRef => ({ instance: 'vicidial', kind: 'caller-code', key });
export const five9Call = (key: string): CallRef => ({ instance: 'five9', kind: 'call', key });
export const platformCall = (key: string): CallRef => ({ instance: 'sigmamind', kind: 'call', key });
export const ours = correlationRef;

export function legOf(callKey: string, changes: Partial<Leg> = {}): Leg {
  return {
    dialer: 'vicidial',
    callKey,
    campaign: 'SPRING',
    list: '101',
    leadKey: '7',
    number: '3125550100',
    phone: adasNumber,
    agent: '',
    calledAt: noon,
    ...changes,
  };
}

export function registration(leg: Leg): FactBody {
  return { kind: 'registered', leg, via: 'register', route: 'ai', reason: '', fields: {} };
}

export function committed(outcome: string, callbackAt?: Instant): FactBody {
  return { kind: 'committed', outcome, summary: `said ${outcome}`, fields: {}, ...(callbackAt && { callbackAt }) };
}

export function entry(
  refs: readonly CallRef[],
  key: string,
  body: FactBody,
  changes: Partial<Fact> & Partial<Omit<FactToRecord, 'fact'>> = {},
): FactToRecord {
  const { freshId: id, isAnnounced, receivedAt, expiresAt, ...fact } = changes;
  return {
    fact: { refs, source: 'sigmamind', key, at: noon, body, ...fact },
    receivedAt: receivedAt ?? noon,
    freshId: id ?? freshId(),
    isAnnounced: isAnnounced ?? false,
    expiresAt: expiresAt ?? later,
  };
}

/** A registration of a VICIdial call by its caller code. */
export function registered(callKey: string, changes: Parameters<typeof entry>[3] = {}): FactToRecord {
  return entry([callerCode(callKey)], `registered:${callKey}`, registration(legOf(callKey)), {
    source: 'vicidial',
    ...changes,
  });
}

export async function record(store: Store, ...facts: FactToRecord[]) {
  const results = await store.recordFacts({ facts, now: noon });
  const last = results.at(-1);
  if (!last) throw new Error('nothing was recorded');
  return last;
}

/** Registers a call and gives it an outcome; gives its correlation ID. */
export async function callWithOutcome(
  store: Store,
  callKey: string,
  outcome = 'sale',
  callbackAt?: string,
): Promise<string> {
  const { call } = await record(
    store,
    registered(callKey),
    entry([callerCode(callKey)], `commit:${outcome}`, committed(outcome, callbackAt)),
  );
  return call.correlationId;
}

export function claim(store: Store, changes: Partial<ClaimInput> = {}): Promise<ClaimedWriteBack[]> {
  return store.claimWriteBacks({ dialer: 'vicidial', limit: 50, leaseMs: 60_000, now: later, ...changes });
}

export function settlement(row: ClaimedWriteBack, changes: Partial<Settlement> = {}): Settlement {
  return {
    id: row.id,
    claim: row.claim,
    state: 'confirmed',
    dueAt: later,
    attempts: row.attempts,
    inDoubt: false,
    receipt: '',
    why: '',
    hint: '',
    now: later,
    ...changes,
  };
}

export function ada(changes: Partial<Lead> = {}): Lead {
  return {
    dialer: 'vicidial',
    key: '7',
    list: '101',
    campaign: 'SPRING',
    phones: [adasNumber, adasOtherNumber],
    fields: { first_name: 'Ada', last_name: 'Example' },
    changedAt: noon,
    ...changes,
  };
}

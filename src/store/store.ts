import type { Attention, AttentionKind, AttentionToRaise } from '../domain/attention.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Call, CallRef, Instant } from '../domain/call.ts';
import type { Backlog } from '../domain/delivery.ts';
import type { ListQuery } from '../domain/dialling.ts';
import type { Fact, StoredFact } from '../domain/fact.ts';
import type { Lead } from '../domain/lead.ts';
import type { Fence } from '../domain/lease.ts';
import type { ToldOptOut } from '../domain/opt-out-clock.ts';
import type { PlanRules } from '../domain/plan-write-backs.ts';
import type { Aspect, WriteBack, WriteBackState } from '../domain/write-back.ts';
import type { ClaimBetweenInput, ClaimedBetween } from './operations/claim-between-pauses.ts';
import type { EraseCallInput } from './operations/erase-person.ts';
import type { HeldSlots, HoldSlotsInput } from './operations/hold-slots.ts';
import type { GoingQuery } from './reads/going-calls.ts';
import type { StoreMeasure } from './reads/measure.ts';
import type { HeldOfPerson } from './reads/people.ts';
import type { RecordsQuery } from './reads/rows-of-record.ts';
import type { StoreByRules } from './store-by-rules.ts';
import type { StoreForPeople } from './store-for-people.ts';
import type { StoreOverTime } from './store-over-time.ts';

/**
 * Our own database, SQLite or MariaDB/MySQL. Every method is one unit: a write is one transaction, and is durable when
 * its promise resolves. A failing store rejects with ConnectorError `store_away` (retryable), never hangs a thread;
 * callers bring their own time budget, and a write that they gave up on may still happen: every write is idempotent.
 */
export interface Store extends StoreByRules, StoreForPeople, StoreOverTime {
  kind: 'sqlite' | 'mysql';

  /** Appends facts, derives the outcome of each call they touch, and plans its write-backs. */
  recordFacts(input: RecordInput): Promise<RecordedFact[]>;
  /** Plans calls anew by the present rules: those named, or all with a held write-back or a changed person. Gives how many changed. */
  replan(input: { correlationIds?: readonly string[]; now: Instant }): Promise<number>;
  /** Calls with a held write-back behind one, in the order of their IDs. */
  heldCalls(page: { after: string; limit: number; aspect?: Aspect }): Promise<string[]>;
  /** Calls whose plan must be looked at anew by now. */
  plansToRenew(now: Instant): Promise<string[]>;

  /** Takes due rows for a worker: none while something of the dialer is paused. A claim ends by itself after `leaseMs`. */
  claimWriteBacks(input: ClaimInput): Promise<ClaimedWriteBack[]>;
  /** Takes due rows that are not paused, at most one page of what is due further. */
  claimBetweenPauses(input: ClaimBetweenInput): Promise<ClaimedBetween>;
  /** Takes submitted rows whose confirmation is due. They stay `submitted`. */
  claimReceipts(input: ClaimInput): Promise<ClaimedWriteBack[]>;
  /** Lets claims that are still held end `leaseMs` from now. Gives how many rows are. */
  renewClaims(claims: readonly string[], leaseMs: number): Promise<number>;
  /** Writes what became of claimed rows. A row whose claim was lost stays as it is, and its id is given back. */
  settleWriteBacks(settlements: readonly Settlement[]): Promise<{ lost: string[] }>;
  /** Makes the confirmation of one receipt due now. Gives how many rows wait for it. */
  settleSoon(input: { dialer: string; receipt: string; now: Instant }): Promise<number>;
  /** Makes dead, refused and cancelled rows pending again that the facts want still. Gives how many. */
  replayWriteBacks(input: { ids?: readonly string[]; dialer?: string; now: Instant }): Promise<number>;
  /** Makes confirmed rows due again, in doubt, that their dialer turned out not to hold. Gives the ids of those that are. */
  redoWriteBacks(input: { ids: readonly string[]; why: string; now: Instant }): Promise<string[]>;

  callByRef(ref: CallRef): Promise<Call | null>;
  callById(correlationId: string): Promise<Call | null>;
  /** Those of the calls that have an outcome by now. Waiters ask for their own ids only. */
  callsWithOutcome(correlationIds: readonly string[]): Promise<Call[]>;
  /** Registered calls of a number since an instant, newest first, at most 10. */
  callsByPhone(phone: string, since: Instant): Promise<Call[]>;
  /** Registered calls of a campaign since an instant that have no outcome, newest first, at most 50. */
  openCalls(input: { dialer: string; campaign: string; since: Instant }): Promise<Call[]>;
  /** The same with those that have an outcome. */
  callsOfCampaign(input: { dialer: string; campaign: string; since: Instant }): Promise<Call[]>;
  /** Calls of a dialer that were registered from one instant on and before another, oldest first. Goes through all calls. */
  callsRegistered(input: { dialer: string; from: Instant; before: Instant }): Promise<Call[]>;
  /** Calls of a dialer that came to be within a span of time and have no outcome, oldest first, page by page. */
  callsWithoutOutcome(input: {
    dialer: string;
    route: string;
    from: Instant;
    before: Instant;
    after?: { registeredAt: Instant; correlationId: string };
    limit: number;
  }): Promise<Call[]>;
  /** Confirmed write-backs of a span of time that are still their call's last wish, page by page. */
  confirmedWriteBacks(input: {
    dialer: string;
    from: Instant;
    before: Instant;
    after?: { dueAt: Instant; id: string };
    limit: number;
  }): Promise<WriteBack[]>;
  /** Shells that have a name of this kind, none but our own besides, and no outcome: oldest first. */
  shellsNamed(input: { kind: string; since: Instant; limit: number }): Promise<{ call: Call; name: string }[]>;
  /** The same in pages: those after one that was read before. */
  callsPage(query: CallsPageQuery): Promise<Call[]>;
  /** Every dialer that has calls. */
  dialersOfCalls(): Promise<string[]>;
  factsOf(correlationId: string): Promise<StoredFact[]>;
  refsOf(correlationId: string): Promise<CallRef[]>;
  writeBacksOf(correlationId: string): Promise<WriteBack[]>;
  writeBacks(filter: WriteBackFilter): Promise<WriteBack[]>;
  /** Dispositions and fields that were wanted of records which several calls had, where they may matter to each other. */
  rowsOfRecords(query: RecordsQuery): Promise<WriteBack[]>;
  /** How many write-backs there are by dialer and state. */
  countWriteBacks(): Promise<{ dialer: string; state: WriteBackState; count: number; oldestDueAt: Instant | null }[]>;
  /** How many write-backs of a dialer wait, are due, or have a receipt: one entry per aspect that has any. */
  backlog(dialer: string, now: Instant): Promise<Backlog[]>;

  isOptedOut(phone: string): Promise<boolean>;
  /** What calls told of opt-outs, with what was written back of them. */
  toldOptOuts(query: OptOutQuery): Promise<ToldOptOut[]>;
  /** The calls of opt-outs that stand, each once: all, or only those of which a dialer's row is not confirmed. */
  optedOutCalls(input?: { isOpen?: true }): Promise<string[]>;
  /** Opted-out numbers in pages, for the memory that answers while the store is away. */
  optOuts(after: string, limit: number): Promise<{ phone: string; at: Instant }[]>;

  /**
   * Keeps each lead as its dialer now has it. Of two with one key in the same input the last counts. With a place, that
   * cursor is written in the transaction of the last of them: it never runs ahead of the leads.
   */
  saveLeads(leads: readonly Lead[], now: Instant, place?: Place): Promise<void>;
  /** The same for those of the leads that are held already; the others are not taken in. */
  renewLeads(leads: readonly Lead[], now: Instant): Promise<void>;
  leadByKey(dialer: string, key: string): Promise<Lead | null>;
  leadsByPhone(phone: string, dialer?: string): Promise<Lead[]>;
  /** Leads of a postal code with this last name: see `postalKey` and `nameKey`. */
  leadsByPlace(place: { postalCode: string; lastName: string }): Promise<{ leads: Lead[]; isWhole: boolean }>;
  /** Leads of a list in the order of their keys, those after a key. May go through all leads of the dialer. */
  leadsOfList(query: ListQuery): Promise<Lead[]>;
  countLeads(): Promise<{ dialer: string; count: number }[]>;
  /** Which database it is, and how many rows each table has. Goes through all. */
  measure(): Promise<StoreMeasure>;

  readCursor(name: string): Promise<string>;
  /** Rejects with `lease_lost` when another process has the lease of the fence by now. */
  writeCursor(name: string, value: string, under?: Fence): Promise<void>;

  /** Shows things to the people in charge; the same thing again only counts up. */
  raiseAttention(items: readonly AttentionToRaise[], now: Instant): Promise<void>;
  /** False when it is not there, or was settled before. */
  settleAttention(input: {
    kind: AttentionKind;
    key: string;
    by: string;
    settlement: string;
    now: Instant;
  }): Promise<boolean>;
  /** The latest first. */
  attention(filter: { kind?: AttentionKind; isOpen?: boolean; limit: number }): Promise<Attention[]>;
  /** Keeps what was spoken in a call; a later text takes the place of an earlier one. */
  keepTranscript(transcript: Transcript): Promise<void>;
  /** One per platform that brought one. */
  transcriptsOf(correlationId: string): Promise<Transcript[]>;
  /** Where we name a number. Goes through all facts. */
  heldOfPerson(phone: string): Promise<HeldOfPerson>;
  /** Erases a call, but for the evidence of an opt-out that it told; with it its names on these platforms. */
  eraseCall(input: EraseCallInput): Promise<'erased' | 'evidence kept' | 'nothing'>;
  /** Erases the leads of a number. Gives how many. */
  eraseLeads(input: { phone: string }): Promise<number>;
  appendAudit(entry: AuditEntry): Promise<void>;
  /** The latest first. */
  auditLog(limit: number): Promise<AuditEntry[]>;

  /** Takes or renews a lease by the database's clock. The fence counts up at each new holder. Null: another holds it. */
  takeLease(name: string, holder: string, ttlMs: number): Promise<{ fence: number } | null>;
  releaseLease(name: string, holder: string): Promise<void>;

  /** How many calls the AI has now, as far as was told. */
  goingCalls(query: GoingQuery): Promise<number>;
  /** Gives a process its part of what is free at a platform, for a while by the database's clock. */
  holdSlots(input: HoldSlotsInput): Promise<HeldSlots>;

  /** Rejects when the store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What was spoken in a call, as a platform wrote it down. */
export interface Transcript {
  correlationId: string;
  platform: string;
  spoken: string;
  keptAt: Instant;
}

/** A cursor by name, and its new value. */
export interface Place {
  name: string;
  value: string;
  /** Written only while this lease is held: the whole transaction is refused with `lease_lost` else. */
  under?: Fence;
}

export interface RecordInput {
  facts: readonly FactToRecord[];
  /** The time by `deps.clock`. */
  now: Instant;
}

export interface FactToRecord {
  fact: Fact;
  receivedAt: Instant;
  /** The ID that a call gets if this fact is the first of it. Fresh, minted by the caller. */
  freshId: string;
  /**
   * True when `freshId` was already given away (the store was out of reach when the dialer asked). If the call turns
   * out to be known, the ID becomes a further name of it.
   */
  isAnnounced: boolean;
  /** When the correlation ID of a new call ends. */
  expiresAt: Instant;
}

export interface RecordedFact {
  /** False when we had it already. */
  isAdded: boolean;
  /** True when the call was purged: nothing was kept, and `call` is only what it would have been. */
  isPurged?: true;
  call: Call;
  /** Every number that the call's opt-out means, while it stands. */
  optedOut?: readonly string[];
  /** True when a write-back of the call waits that can go at once. */
  isDue?: true;
  /** True when the call had no registration before, or one without went up in it. Not told of a new one. */
  wasShell?: true;
  /** Names by which nobody knew a call before. Left out where that was not looked at: then ask. */
  newNames?: readonly CallRef[];
}

export interface ClaimInput {
  dialer: string;
  limit: number;
  leaseMs: number;
  /** Rows due by this time of `deps.clock`. */
  now: Instant;
  /** Only rows of these that wait; an ended claim comes back whatever its aspect. (Default: all) */
  aspects?: readonly Aspect[];
}

export interface ClaimedWriteBack extends WriteBack {
  /** Fencing token of this claim. */
  claim: string;
}

export interface Settlement
  extends Pick<WriteBack, 'id' | 'attempts' | 'spared' | 'inDoubt' | 'receipt' | 'why' | 'hint'> {
  claim: string;
  state: Extract<WriteBackState, 'pending' | 'submitted' | 'confirmed' | 'refused' | 'dead' | 'cancelled'>;
  /** For `pending` and `submitted`: when to look again. */
  dueAt: Instant;
  /** So long by the database's clock neither the row nor a later revision is given to anybody. (Default: 0) */
  lateMs?: number;
  /** By `deps.clock`. */
  now: Instant;
}

export interface CallsPageQuery {
  dialer: string;
  before: Instant;
  /** Registered at this instant or later, after this call. */
  after: { at: Instant; correlationId: string };
  limit: number;
}

export interface OptOutQuery {
  /** Only those that stand, and of which a dialer's row is not confirmed. */
  isOpen?: true;
  /** Only those of this number (E.164). */
  phone?: string;
  /** Only what these calls told. */
  calls?: readonly string[];
  /** Told from one instant on, and before another. */
  from?: Instant;
  before?: Instant;
  /** Oldest first, those after this one; without it the latest first. */
  after?: { toldAt: Instant; correlationId: string };
  limit: number;
}

export interface WriteBackFilter {
  states?: readonly WriteBackState[];
  dialer?: string;
  limit: number;
}

/** What opening a store needs. `rules` decide the write-backs of every recorded fact. */
export interface StoreOptions {
  config: StoreConfig;
  rules: PlanRules;
  /** New random ids, lower-case text. */
  newId(): string;
  /** Only in a drill: facts are not deduplicated and write-backs not compared. */
  ignoresIdempotency: boolean;
  /** False: only checks the tables, and rejects with a hint when they are not up to date. (Default: true) */
  migrate?: boolean;
  onWarning(message: string, fields: object): void;
}

export type StoreConfig =
  | { kind: 'sqlite'; file: string }
  | { kind: 'mysql'; host: string; port: number; user: string; password: string; database: string; poolSize: number };

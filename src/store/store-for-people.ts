import type { GivenCall } from '../domain/ai-health.ts';
import type { Alert } from '../domain/alert.ts';
import type { Attention, AttentionKind } from '../domain/attention.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Instant } from '../domain/call.ts';
import type { CallCount, MarkedCall } from '../domain/call-marks.ts';
import type { CallChoices, CallSearch, CallsFound, CountedHour, CountQuery } from '../domain/call-search.ts';
import type { Control, ControlKind, ControlScope } from '../domain/controls.ts';
import type { KeptLetter } from '../domain/letter.ts';
import type { ProcessReport, SeenProcess } from '../domain/link-report.ts';
import type { KeptSession, LogInLock, TryAnswer, TryCounter } from '../domain/log-in.ts';
import type { WriteBack } from '../domain/write-back.ts';
import type { ClaimLetterInput, KeepAlertsInput, LetterEnd } from './operations/alerts.ts';
import type { CancelInput, CancelledWriteBacks } from './operations/cancel-write-backs.ts';
import type { ReplaceControlInput } from './operations/controls.ts';
import type { KeepCountsInput } from './operations/keep-counts.ts';
import type { MarkCallsInput } from './operations/mark-calls.ts';
import type { FactsPreview, PreviewInput } from './operations/preview-facts.ts';
import type { AlertPageQuery, LetterStates } from './reads/alerts.ts';
import type { AttentionPage, AttentionPageQuery } from './reads/attention-pages.ts';
import type { AuditPage, AuditQuery } from './reads/audit.ts';
import type { HourCall } from './reads/calls-of-hour.ts';
import type { GivenCallsQuery } from './reads/given-calls.ts';
import type { OptOutPlace } from './reads/latest-opt-outs.ts';
import type { CountUpTo, OpenWriteBacks } from './reads/open-write-backs.ts';
import type { WriteBackPage, WriteBackPageQuery } from './reads/write-back-pages.ts';
import type { LeftHourRow } from './tables.ts';

/** What the store does for people who look at its pages, and for the counts and log-ins behind them. */
export interface StoreForPeople {
  /** What recording these facts would make of a known call (by its own ID) and plan for it. Writes nothing. */
  previewFacts(input: PreviewInput): Promise<FactsPreview>;

  /** What people in charge have decided live. */
  controls(): Promise<Control[]>;
  /** Puts it in the place of what was set for its kind and scope, with its line in the audit log. */
  setControl(control: Control, audit: AuditEntry): Promise<void>;
  /** False, and nothing is written down, when there was none. */
  liftControl(of: { kind: ControlKind; scope: ControlScope }, audit: AuditEntry): Promise<boolean>;
  /** Puts one in the place of what was seen there, or takes that away. False, and nothing is changed, when there is another by now. */
  replaceControl(input: ReplaceControlInput): Promise<boolean>;

  /** Alerts that are not closed, the eldest first. */
  openAlerts(): Promise<Alert[]>;
  /** Alerts that hold, or those that ended, the latest first. */
  alertPage(query: AlertPageQuery): Promise<Alert[]>;
  /** Keeps what became of alerts, with the letters about it: all of it, or nothing once another process has the lease. */
  keepAlerts(input: KeepAlertsInput): Promise<void>;
  /** Somebody takes care of it. False when it ended, or somebody did before. */
  ackAlert(input: { id: string; by: string; now: Instant }): Promise<boolean>;
  /** Channels for which a letter waits whose time has come. */
  channelsWithDue(now: Instant): Promise<string[]>;
  /** The next letter to a channel whose time has come: it is due again at `until`, unless it is settled before. */
  claimLetter(input: ClaimLetterInput): Promise<KeptLetter | null>;
  settleLetter(end: LetterEnd): Promise<void>;
  /** The latest letters, at most so many. */
  letterPage(limit: number): Promise<KeptLetter[]>;
  /** How the channels do, by letters that were written since an instant. */
  letterStates(since: Instant): Promise<LetterStates[]>;
  /** Drops alerts that ended, and letters that were written, before. Gives how many. */
  dropOldAlerts(input: { alertsBefore: Instant; lettersBefore: Instant }): Promise<number>;

  /** Takes back what waits or failed, because a person says so: it is not planned again until something else is wanted. */
  cancelWriteBacks(input: CancelInput): Promise<CancelledWriteBacks>;
  /** The newest calls that a dialer gave to the AI within a span of time, with what was told of each; at most 60. */
  givenCalls(query: GivenCallsQuery): Promise<GivenCall[]>;

  /** Registered calls that fit, newest first, page by page. */
  searchCalls(search: CallSearch): Promise<CallsFound>;
  /** The calls of some IDs with their marks, in that order; those that are gone are left out. */
  markedCalls(correlationIds: readonly string[]): Promise<MarkedCall[]>;
  /** How many calls were registered within hours of the past, as far as they are counted. */
  countHours(query: CountQuery): Promise<CallCount[]>;
  /** The calls of a campaign of an hour or so, oldest first; at most 50,000. */
  callsOfHour(input: { dialer: string; campaign: string; from: Instant; before: Instant }): Promise<HourCall[]>;
  /** By what calls can be looked for that were counted since an instant. */
  callChoices(input: { from: Instant }): Promise<CallChoices>;
  /** For the counting: when calls were registered that changed since an instant, and the last of those before another. */
  changedMinutes(since: Instant): Promise<{ minute: string; calls: number; changedAt: Instant }[]>;
  lastCallBefore(input: { before: Instant; dialers: readonly string[] }): Promise<Instant | null>;
  /** For the counting: hours that calls have left. */
  leftHours(limit: number): Promise<LeftHourRow[]>;
  /** Counts the calls of some hours anew. */
  countCallsOf(input: { hours: readonly CountedHour[]; dialers: readonly string[] }): Promise<CallCount[]>;
  /** Keeps what was counted. False, and nothing is kept, when another counted meanwhile. */
  keepCounts(input: KeepCountsInput): Promise<boolean>;
  /** Calls that an earlier release wrote and that have no marks yet, the newest first. */
  unmarkedCalls(limit: number): Promise<{ correlationId: string; registeredAt: Instant }[]>;
  markCalls(input: MarkCallsInput): Promise<void>;
  /** One page of those of a state, by when they are or were due. */
  writeBackPage(query: WriteBackPageQuery): Promise<WriteBackPage>;
  /** Those of the ids that there are, in their order. */
  writeBacksById(ids: readonly string[]): Promise<WriteBack[]>;
  /** Why rows are held, each reason with an example; at most so many rows are looked at. */
  heldReasons(most: number): Promise<{ example: WriteBack; count: number }[]>;
  /** How many are held, waiting, under way, refused or dead, by dialer and aspect: from the index alone. */
  countOpenWriteBacks(now: Instant): Promise<OpenWriteBacks[]>;
  /** The same for some states, and no further than somebody reads. */
  countWriteBacksUpTo(query: CountUpTo): Promise<Omit<OpenWriteBacks, 'due'>[]>;
  /** Calls with an opt-out that some of these dialers does not hold yet, at most so many, those told first before others. */
  callsWithOpenOptOut(input: { dialers: readonly string[]; limit: number }): Promise<string[]>;
  /** Calls that told opt-outs, the latest first. */
  latestOptOuts(input: { after?: OptOutPlace; limit: number }): Promise<OptOutPlace[]>;
  /** One page of what is open, the most pressing kind first, or of what is settled; the latest first. */
  attentionPage(query: AttentionPageQuery): Promise<AttentionPage>;
  /** The things of this name, of whatever kind. */
  attentionNamed(input: { key: string; kind?: AttentionKind }): Promise<Attention[]>;
  /** How many things of each kind are open, and since when; at most so many are looked at. */
  countAttention(most: number): Promise<{ kind: AttentionKind; count: number; oldestAt: Instant }[]>;
  /** One page of who did what, the latest first. */
  auditPage(query: AuditQuery): Promise<AuditPage>;
  /** Everybody who did something, and every kind of act. */
  auditChoices(): Promise<{ by: string[]; acts: string[] }>;
  /** What one call gave people to do, settled or not: the latest first, at most 50. */
  attentionOf(correlationId: string): Promise<Attention[]>;
  /** Who did what to one thing, the latest first. */
  auditOf(subject: string, limit: number): Promise<AuditEntry[]>;

  /** Keeps a new session of the console; those that are over by `now`, or were not used since `idleSince`, go. */
  startSession(input: { session: KeptSession; now: Instant; idleSince: Instant }): Promise<void>;
  /** Null when it is not there; what is there may be over. */
  sessionById(idHash: string): Promise<KeptSession | null>;
  renewSession(input: { idHash: string; now: Instant }): Promise<void>;
  /** Ends one, or all of a user. Gives how many. */
  endSessions(input: { idHash: string } | { user: string }): Promise<number>;
  /** Those that are kept, over or not, the one used last first. */
  sessions(): Promise<KeptSession[]>;
  /** Counts a password as wrong before it is looked at; `forgiveTry` takes it back. */
  countTry(input: { counters: readonly TryCounter[]; now: Instant; lockMs: number }): Promise<TryAnswer>;
  /** The password was right: some counts begin anew, others lose this one try. */
  forgiveTry(input: { inARow: readonly string[]; others: readonly string[] }): Promise<void>;
  /** Forgets a count, and those whose key goes on from it after a colon. Gives how many were locked. */
  forgetTries(input: { key: string; now: Instant }): Promise<number>;
  /** What wrong passwords have locked by now. */
  logInLocks(now: Instant): Promise<LogInLock[]>;
  /** Drops counts that are old. Gives how many. */
  dropOldTries(input: { before: Instant; now: Instant }): Promise<number>;

  /** Keeps what a process tells of itself in place of what it told before. */
  reportProcess(report: ProcessReport): Promise<void>;
  forgetProcess(id: string): Promise<void>;
  /** Processes that told of themselves within a day and did not stop in good order; the one that told last comes first. */
  processes(): Promise<SeenProcess[]>;
}

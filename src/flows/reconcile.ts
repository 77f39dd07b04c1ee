import type { AttentionToRaise } from '../domain/attention.ts';
import type { Instant } from '../domain/call.ts';
import { instantOf } from '../domain/clock.ts';
import type { Fence } from '../domain/lease.ts';
import { restoredWaitCursor } from '../domain/restored.ts';
import type { Deps } from './deps.ts';
import { hintKind, hintLifeMs } from './keep-hint.ts';
import { reconcileDialer } from './reconcile-dialer.ts';
import { reconcilePlatform } from './reconcile-platform.ts';
import { markSilent } from './reconcile-silence.ts';
import { endWaitWhereKnown } from './wait-after-restore.ts';

/** What one reconciliation did, or in a dry run would have done. */
export interface Reconciliation {
  since: Instant;
  /** Records of calls that platforms have. */
  platformCalls: number;
  /** Of them, those that are no call of ours: of another dialer, or not to be told. */
  unmatched: number;
  /** Of them, those of people who were erased: told to nobody, and deleted there as well. */
  erased: number;
  factsAdded: number;
  /** Calls of ours of which nobody had told how they ended. */
  callsWithoutEnd: number;
  /** Of them, those of which no system knows: their outcome is `unknown` now. */
  silent: number;
  /** Write-backs that were confirmed, and compared with what their dialer holds. */
  lookedAt: number;
  /** Those that their dialer had lost: they are due again. */
  lost: number;
  /** Those after which a person set the record: the person's word stands. */
  movedOn: number;
  /** Those of which their dialer could not tell. */
  unknown: number;
  /** What is not safe to heal. */
  findings: AttentionToRaise[];
  /** Platforms and dialers that could not be read to the end: the next run looks at the same time again. */
  unread: string[];
}

export interface ReconcileOptions {
  signal: AbortSignal;
  /** From when on. (Default: the configured window, or where a run that was cut off began) */
  since?: Instant;
  /** Writes nothing. */
  isDryRun?: boolean;
  /** The lease that the caller holds: one who lost it heals no more. */
  under?: Fence;
  /** Heals even where so much is lost that it looks like a misunderstanding. */
  healsAll?: boolean;
}

/** What its steps work on. */
export interface ReconcileRun extends Omit<ReconcileOptions, 'since'> {
  report: Reconciliation;
  /** Calls of which a platform says that they go on, and in a dry run those of which it would tell the end. */
  spokenFor: Set<string>;
}

const cursor = 'reconcile:since';
const lastCursor = 'reconcile:last';
/** What could not be read for so long is given up: else a list that is too long for good would grow the span for ever. */
const mostBackMs = 7 * 86_400_000;
const lateHintMs = 3_600_000;
/** A call that was on its line when a backup was made began so long before at most. */
const longestCallMs = 3_600_000;
const mostWaiting = 1000;
/** One transaction must not hold up the events of live calls. */
const shownAtOnce = 100;

/**
 * Compares what platforms, dialers and we hold of the calls of a span of time. What was not told is added, what a dialer
 * lost is written again, what people set stands, and what is not safe to heal is shown. Does the same thing twice without
 * harm; a run that is cut off is caught up by the next. One process at a time (docs/decisions/0018).
 */
export async function reconcile(deps: Deps, options: ReconcileOptions): Promise<Reconciliation> {
  const cutOff = await deps.store.readCursor(cursor);
  const callsSince = await deps.store.readCursor(restoredWaitCursor);
  const since = options.since ?? earlier(defaultSince(deps, cutOff), callsSince);
  // A look at less than what a run that was cut off has left does not catch that up.
  const isWhole = options.since === undefined || cutOff === '' || options.since <= cutOff;
  const run: ReconcileRun = { ...options, report: emptyReport(since), spokenFor: new Set() };
  const { report, isDryRun, signal } = run;
  if (!isDryRun && isWhole) await deps.store.writeCursor(cursor, since, options.under);

  for (const platform of deps.platforms.values()) await reconcilePlatform(deps, platform, run);
  // Every call that a platform knows is known here again, however the dialers' part goes.
  const isCaughtUp = callsSince !== '' && since <= callsSince && report.unread.length === 0;
  if (isCaughtUp && !isDryRun && !signal.aborted) report.findings.push(...(await endWaitWhereKnown(deps, run.under)));
  await markSilent(deps, run);
  for (const dialer of deps.dialers.values()) await reconcileDialer(deps, dialer, run);
  report.unread = [...new Set(report.unread)];
  if (!signal.aborted) report.findings.push(...unreadFindings(deps, report), ...(await waitingFindings(deps)));

  if (!isDryRun) {
    for (let start = 0; start < report.findings.length; start += shownAtOnce) {
      await deps.store.raiseAttention(report.findings.slice(start, start + shownAtOnce), instantOf(deps.clock));
    }
    if (report.unread.length === 0 && !signal.aborted && isWhole) {
      await deps.store.writeCursor(cursor, '', options.under);
      await deps.store.writeCursor(lastCursor, instantOf(deps.clock), options.under);
    }
    if (report.lost > 0) deps.nudge();
  }
  const { findings, ...counts } = report;
  deps.log.info({ ...counts, findings: findings.length, isDryRun: isDryRun === true }, 'reconciled');
  return report;
}

/** When everything was last compared to the end, as epoch ms; null when it never was. */
export async function lastReconciledAt({ store }: Pick<Deps, 'store'>): Promise<number | null> {
  const at = await store.readCursor(lastCursor);
  return at ? Date.parse(at) : null;
}

function defaultSince({ clock, settings }: Deps, cutOff: string): Instant {
  const ago = (ms: number) => new Date(clock.now() - ms).toISOString();
  const usual = ago(settings.reconcile.windowHours * 3_600_000);
  if (!cutOff || cutOff > usual) return usual;
  const furthest = ago(mostBackMs);
  if (cutOff > furthest) return cutOff;
  return furthest < usual ? furthest : usual;
}

/** After a restore all calls since the backup are looked for, however old it is. */
function earlier(usual: Instant, callsSince: Instant): Instant {
  if (callsSince === '') return usual;
  const begin = new Date(Date.parse(callsSince) - longestCallMs).toISOString();
  return begin < usual ? begin : usual;
}

/** One a day for each. */
function unreadFindings(deps: Deps, { unread }: Reconciliation): AttentionToRaise[] {
  const why = 'it could not be read to the end, so what is missing there was not found';
  const hint = 'The log says why. The next run looks at the same time again, for a week.';
  return unread.map((id) => ({
    kind: 'finding',
    key: `unread:${id}:${dayOf(deps)}`,
    details: { system: id, why, hint },
  }));
}

async function waitingFindings(deps: Deps): Promise<AttentionToRaise[]> {
  const now = deps.clock.now();
  const since = new Date(now - hintLifeMs).toISOString();
  const shells = await deps.store.shellsNamed({ kind: hintKind, since, limit: mostWaiting });
  const late = shells.filter(({ call }) => now - Date.parse(call.registeredAt) > lateHintMs);
  if (late.length === 0) return [];
  const count = late.length === mostWaiting ? `${mostWaiting} or more` : String(late.length);
  const why = `${count} events wait for the platform's record of their call, and count for nothing until then`;
  const hint = "See in the log why the platform can't be asked. After a week they are given up.";
  return [{ kind: 'finding', key: `hints-wait:${dayOf(deps)}`, details: { why, hint } }];
}

function dayOf(deps: Deps): string {
  return instantOf(deps.clock).slice(0, 10);
}

function emptyReport(since: Instant): Reconciliation {
  const counts = { platformCalls: 0, unmatched: 0, erased: 0, factsAdded: 0, callsWithoutEnd: 0, silent: 0 };
  return { since, ...counts, lookedAt: 0, lost: 0, movedOn: 0, unknown: 0, findings: [], unread: [] };
}

import { setTimeout as wait } from 'node:timers/promises';
import type { AttentionToRaise } from '../domain/attention.ts';
import { instantOf } from '../domain/clock.ts';
import type { Dialer, HeldState } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import type { Aspect, WriteBack } from '../domain/write-back.ts';
import type { Deps } from './deps.ts';
import { dispositionedFact } from './dispositioned-fact.ts';
import { lookWithinLimits } from './look-within-limits.ts';
import type { ReconcileRun } from './reconcile.ts';
import { recordFacts } from './record-facts.ts';

const pageSize = 100;
/** Live calls go first, here and in the dialer: between two pages there is time for them. */
const pauseMs = 50;
const recordMs = 5000;
/** A dialer's limits are waited for, so long in one run at most, of `deps.clock`. */
const patienceMs = 4 * 3_600_000;
/** Fewer than these are written again whatever their share. */
const fewLost = 20;
/** One transaction must not hold up the events of live calls. */
const healedAtOnce = 50;
const healedWhy = 'reconciliation: the dialer does not hold it any more';

interface Tally {
  /** How many of an aspect the dialer could tell of. */
  told: Map<Aspect, number>;
  lost: Map<Aspect, WriteBack[]>;
}

interface Work {
  run: ReconcileRun;
  tally: Tally;
}

/** Compares what a dialer confirmed with what it holds: the lost is due again, and what people set since stands. */
export async function reconcileDialer(deps: Deps, dialer: Dialer, run: ReconcileRun): Promise<void> {
  if (!dialer.look) return;
  const { report, signal } = run;
  const tally: Tally = { told: new Map(), lost: new Map() };
  const before = instantOf(deps.clock);
  const patientUntil = deps.clock.now() + patienceMs;
  let after: { dueAt: string; id: string } | undefined;
  while (!signal.aborted) {
    const span = { dialer: dialer.id, from: report.since, before, limit: pageSize, ...(after && { after }) };
    const rows = await deps.store.confirmedWriteBacks(span);
    try {
      const held = await lookWithinLimits(deps, dialer, rows, { patientUntil, signal });
      for (const row of rows) await judge(deps, dialer, row, held.get(row.id), { run, tally });
    } catch (error) {
      deps.log.warn({ dialer: dialer.id, reason: messageOf(error) }, 'a dialer could not be compared to the end');
      report.unread.push(dialer.id);
      break;
    }
    after = rows.at(-1);
    if (rows.length < pageSize) break;
    await wait(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
  if (signal.aborted) {
    // Another process may be at it by now; the next run finds the same.
    report.unread.push(dialer.id);
    return;
  }
  for (const [aspect, lost] of tally.lost) await heal(deps, dialer, aspect, lost, { run, tally });
}

async function judge(
  deps: Deps,
  dialer: Dialer,
  row: WriteBack,
  state: HeldState | undefined,
  { run, tally }: Work,
): Promise<void> {
  const { report } = run;
  const { aspect } = row;
  report.lookedAt += 1;
  if (state && state.kind !== 'unknown') tally.told.set(aspect, (tally.told.get(aspect) ?? 0) + 1);
  switch (state?.kind) {
    case 'as-wanted':
      return;
    case 'lost': {
      const lost = tally.lost.get(aspect);
      if (lost) lost.push(row);
      else tally.lost.set(aspect, [row]);
      return;
    }
    case 'moved-on':
      if (aspect === 'disposition') await yieldTo(deps, dialer, row, state, run);
      else show(dialer, row, state, run);
      return;
    default:
      report.unknown += 1;
  }
}

/** A person's disposition is a fact; the plan yields to it by itself. */
async function yieldTo(
  deps: Deps,
  dialer: Dialer,
  row: WriteBack,
  { held, by, at }: Extract<HeldState, { kind: 'moved-on' }>,
  { report, isDryRun }: ReconcileRun,
): Promise<void> {
  const fact = dispositionedFact(dialer, row, { disposition: held, by, at });
  const facts = await deps.store.factsOf(row.correlationId);
  if (facts.some(({ source, key }) => source === fact.source && key === fact.key)) return;
  report.movedOn += 1;
  if (isDryRun) return;
  const kept = await recordFacts(deps, [fact], { budgetMs: recordMs });
  if (kept.kind === 'recorded' && kept.results[0]?.isAdded) report.factsAdded += 1;
}

function show(
  dialer: Dialer,
  row: WriteBack,
  { held, by }: Extract<HeldState, { kind: 'moved-on' }>,
  { report }: ReconcileRun,
): void {
  report.movedOn += 1;
  report.findings.push({
    kind: 'finding',
    key: `moved-on:${row.id}`,
    correlationId: row.correlationId,
    details: {
      dialer: dialer.id,
      aspect: row.aspect,
      held,
      by,
      why: `a person changed the ${row.aspect} after it was written; it is left as it is`,
      hint: 'Nothing to do where the person meant it; else set it in the dialer.',
    },
  });
}

/**
 * What was lost is written again, once: what is gone a second time, something in the dialer takes back. Where very much is
 * lost, the dialer was restored, or we misread it: a person decides. An opt-out is written again in any case.
 */
async function heal(deps: Deps, dialer: Dialer, aspect: Aspect, rows: readonly WriteBack[], work: Work): Promise<void> {
  const { run, tally } = work;
  const { report, isDryRun, healsAll } = run;
  const told = tally.told.get(aspect) ?? 0;
  const percent = (rows.length / told) * 100;
  const mustHeal = aspect === 'dnc' || healsAll === true;
  report.lost += rows.length;
  if (rows.length >= fewLost && percent > deps.settings.reconcile.maxLostPercent && !mustHeal) {
    const why = `${rows.length} of ${told} write-backs are not there any more: too many to write them again unasked`;
    const hint = 'Look at some of them in the dialer. If it was restored, run: npx patchbay reconcile --heal-all';
    // One a day: what somebody settled after one restore must not hide the next.
    const key = `many-lost:${dialer.id}:${aspect}:${instantOf(deps.clock).slice(0, 10)}`;
    report.findings.push({ kind: 'finding', key, details: { dialer: dialer.id, aspect, why, hint } });
    return;
  }
  const healed: WriteBack[] = [];
  for (const row of rows) {
    const isAgain = (await deps.store.readCursor(markOf(row))) !== '';
    if (isAgain) report.findings.push(lostAgain(dialer, row));
    if (!isAgain || mustHeal) healed.push(row);
  }
  if (!isDryRun) await makeDue(deps, healed, run.signal);
}

async function makeDue(deps: Deps, rows: readonly WriteBack[], signal: AbortSignal): Promise<void> {
  for (let start = 0; start < rows.length && !signal.aborted; start += healedAtOnce) {
    const some = rows.slice(start, start + healedAtOnce);
    const now = instantOf(deps.clock);
    const due = new Set(await deps.store.redoWriteBacks({ ids: some.map(({ id }) => id), why: healedWhy, now }));
    for (const row of some) if (due.has(row.id)) await deps.store.writeCursor(markOf(row), now);
  }
}

function markOf({ id }: WriteBack): string {
  return `reconcile:healed:${id}`;
}

function lostAgain(dialer: Dialer, { id, aspect, correlationId }: WriteBack): AttentionToRaise {
  const why = `the ${aspect} was written again after it was lost, and is lost again`;
  const hint = 'Something in the dialer takes it back, such as an import or a list reset. Look there.';
  return { kind: 'finding', key: `lost-again:${id}`, correlationId, details: { dialer: dialer.id, aspect, why, hint } };
}

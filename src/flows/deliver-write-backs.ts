import { instantOf } from '../domain/clock.ts';
import { type DeliveryAnswer, type DeliveryAnswers, isOutage, type KeepAnswers } from '../domain/delivery.ts';
import type { CampaignHold, Dialer } from '../domain/dialer.ts';
import { ConnectorError, messageOf } from '../domain/errors.ts';
import { restoredCursor } from '../domain/restored.ts';
import type { ClaimedWriteBack } from '../store/store.ts';
import type { Breaker } from './breaker.ts';
import { claimDue, type Search } from './claim-due.ts';
import type { Deps } from './deps.ts';
import { settleAnswers } from './settle-answers.ts';
import { spareOptedOut } from './spare-opted-out.ts';
import { spareRedialled } from './spare-redialled.ts';
import { isWhollyInShadow } from './stages.ts';
import { startStopwatch } from './stopwatch.ts';
import { type BatchHold, claimMsOf, whileHeld } from './while-held.ts';

export interface DeliveryState {
  breaker: Breaker;
  /** Its own, as the look may go another way than the write: what one can do says nothing about the other. */
  confirmBreaker: Breaker;
  /** Campaigns whose mapping the dialer itself contradicts. */
  holds: readonly CampaignHold[];
  /** What was sent for calls of before this instant, a backup that was put back may not know. Empty: none was. */
  restoredAt?: string;
  /** While something of the dialer is paused. */
  search?: Search | undefined;
}

const holdMs = 60_000;
const shadowWhy = 'every campaign of this dialer runs in shadow, and the call was of another';
/** What is to be put right at a receipt's confirmation waits so long for the next look while it is paused. */
const pausedLookMs = 5000;

/** One round for one dialer: claims due rows, hands them to the port, settles row by row. Gives how many were claimed. */
export async function deliverWriteBacks(deps: Deps, dialer: Dialer, state: DeliveryState): Promise<number> {
  if (state.breaker.waitMs() > 0) return 0;
  const open = dialer.aspects.filter((aspect) => (dialer.pausedUntil?.(aspect) ?? 0) <= deps.clock.now());
  if (open.length === 0) return 0;
  state.restoredAt ??= await deps.store.readCursor(restoredCursor);
  const { restoredAt } = state;
  const { rows: claimed, sinceClaim } = await claimDue(deps, dialer, state, open);
  if (claimed.length === 0) return 0;
  // The dialer may hold it already: it is looked at before it is written.
  const rows = claimed.map((row) => (row.target.calledAt < restoredAt ? { ...row, inDoubt: true } : row));
  deps.failAt('outbox.claimed');
  const start = {
    name: 'deliver write-backs',
    kind: 'consumer',
    attributes: { 'patchbay.system': dialer.id },
  } as const;
  const calls = rows.map(({ correlationId }) => correlationId);
  return deps.tracing.run({ ...start, calls }, () =>
    whileHeld(deps, { rows, sinceClaim, lateMs: dialer.lateMs }, (hold) =>
      deliverClaimed(deps, dialer, state, rows, hold),
    ),
  );
}

async function deliverClaimed(
  deps: Deps,
  dialer: Dialer,
  state: DeliveryState,
  rows: readonly ClaimedWriteBack[],
  hold: BatchHold,
): Promise<number> {
  const { free, held } = sortOut(deps, dialer, rows, state.holds);
  const kept = new Map<string, DeliveryAnswer>();
  const keep: KeepAnswers = async (answers) => {
    const lost = await settleAnswers(deps, dialer, answeredOf(free, answers), answers);
    // The machine slept, say: whatever else is sent of this batch, another worker sends too.
    if (lost > 0) throw new ConnectorError('store_away', 'another worker has the rows by now', { retryable: true });
    deps.failAt('receipt.stored');
    for (const [id, answer] of answers) kept.set(id, answer);
  };
  // Until it is known, all: a store that fails in between must not pass for a dialer that answers.
  let asked: readonly ClaimedWriteBack[] = free;
  const answers =
    free.length > 0
      ? await ask(deps, dialer, free, async () => {
          const optedOut = await spareOptedOut(deps, free);
          const { rows: sent, spared } = await spareRedialled(deps, optedOut.rows);
          asked = sent;
          deps.failAt('outbox.asking');
          const answered = sent.length > 0 ? await dialer.deliver(sent, keep, hold) : [];
          deps.failAt('outbox.answered');
          return new Map([...optedOut.spared, ...spared, ...answered]);
        })
      : new Map();
  // What was not sent any more says nothing about the dialer.
  if (!hold.hasStopped()) judge(deps, dialer, state.breaker, asked, new Map([...answers, ...kept]));
  const open = rows.filter(({ id }) => !kept.has(id));
  const told = asTold(state.breaker, answers);
  await settleAnswers(deps, dialer, open, new Map([...sparingTries(deps, hold, open, told), ...held]));
  deps.failAt('outbox.settled');
  return rows.length;
}

function answeredOf(rows: readonly ClaimedWriteBack[], answers: DeliveryAnswers): ClaimedWriteBack[] {
  return rows.filter(({ id }) => answers.has(id));
}

/** The same for what was submitted: rows with one receipt are confirmed together. */
export async function confirmReceipts(deps: Deps, dialer: Dialer, state: DeliveryState): Promise<number> {
  if (!dialer.confirm || state.confirmBreaker.waitMs() > 0) return 0;
  if ((dialer.confirmPausedUntil?.() ?? 0) > deps.clock.now()) return 0;
  const sinceClaim = startStopwatch();
  const rows = await deps.store.claimReceipts({
    dialer: dialer.id,
    limit: dialer.batchSize * 2,
    leaseMs: claimMsOf(deps, dialer),
    now: instantOf(deps.clock),
  });
  if (rows.length > 0) deps.failAt('confirm.claimed');
  return whileHeld(deps, { rows, sinceClaim, lateMs: dialer.lateMs }, async (hold) => {
    for (const [receipt, group] of Map.groupBy(rows, (row) => row.receipt)) {
      // What is not asked about stays claimed: whoever has it next looks.
      if (!hold.isOurs()) break;
      const waitMs = state.confirmBreaker.waitMs();
      if (waitMs > 0) {
        await settleAnswers(deps, dialer, group, notBefore(deps, group, waitMs));
        continue;
      }
      let isAnswered = false;
      const answers = await ask(deps, dialer, group, async () => {
        const answered = (await dialer.confirm?.(receipt, group, hold)) ?? new Map();
        deps.failAt('confirm.answered');
        isAnswered = true;
        return answered;
      });
      // A receipt that is worth nothing is an answer too: only a look that failed speaks against the dialer.
      const isLookLost = group.every(({ id }) => isFailedLook(answers.get(id)));
      if (!hold.hasStopped()) count(deps, dialer, state.confirmBreaker, isAnswered && !isLookLost);
      const told = asTold(state.confirmBreaker, answers);
      await settleAnswers(deps, dialer, group, sparingTries(deps, hold, group, told));
      deps.failAt('confirm.settled');
    }
    return rows.length;
  });
}

/**
 * A dialer for which nothing gets through twice in a row counts as away whatever it says: a proxy may speak for it. So a row ends
 * by its own tries only while others get through in between.
 */
function asTold(breaker: Breaker, answers: DeliveryAnswers): DeliveryAnswers {
  if (breaker.inARow() < 2) return answers;
  return new Map(
    [...answers].map(([id, answer]) => [id, answer.kind === 'retry' ? { ...answer, isOutage: true } : answer]),
  );
}

/** Many receipts must not each wait for a dialer that does not answer, nor lose a try by it. */
function notBefore(deps: Deps, rows: readonly ClaimedWriteBack[], waitMs: number): DeliveryAnswers {
  const until = new Date(deps.clock.now() + waitMs).toISOString();
  return new Map(rows.map(({ id }) => [id, { kind: 'notYet', until, why: 'the dialer is not answering' }]));
}

/**
 * Once the hold has ended, or a pause came, nothing is sent any more, which is no failed try of the rows that were left: they
 * wait where they waited before. A try whose end nobody knows, or that may be carried out yet, stays one.
 */
function sparingTries(
  deps: Deps,
  hold: BatchHold,
  rows: readonly ClaimedWriteBack[],
  answers: DeliveryAnswers,
): DeliveryAnswers {
  if (!hold.hasStopped()) return answers;
  const spared = new Map(answers);
  for (const { id, state, dueAt } of rows) {
    const answer = answers.get(id);
    if (answer?.kind !== 'retry' || answer.inDoubt || answer.lateMs) continue;
    const waitMs = answer.afterMs ?? (state === 'submitted' && hold.isPaused() ? pausedLookMs : undefined);
    const until = waitMs === undefined ? dueAt : new Date(deps.clock.now() + waitMs).toISOString();
    spared.set(id, { kind: 'notYet', until, why: answer.why });
  }
  return spared;
}

/** A thrown error speaks for all rows of the batch. */
async function ask(
  deps: Deps,
  dialer: Dialer,
  rows: readonly ClaimedWriteBack[],
  work: () => Promise<DeliveryAnswers>,
): Promise<DeliveryAnswers> {
  try {
    return await work();
  } catch (error) {
    const answer = answerOfError(error);
    if (!(error instanceof ConnectorError)) {
      deps.log.error({ dialer: dialer.id, reason: messageOf(error) }, 'the connector failed in a way it should not');
    }
    return new Map(rows.map((row) => [row.id, answer]));
  }
}

function answerOfError(error: unknown): DeliveryAnswer {
  if (!(error instanceof ConnectorError)) return { kind: 'retry', why: messageOf(error), inDoubt: true };
  if (!error.retryable && error.code === 'dialer_refused')
    return { kind: 'refused', why: error.message, hint: error.hint };
  return {
    kind: 'retry',
    why: error.message,
    hint: error.hint,
    inDoubt: error.inDoubt,
    isOutage: isOutage(error),
    ...(error.afterMs !== undefined && { afterMs: error.afterMs }),
  };
}

/** The breaker opens when nothing of a batch got through, several times in a row. */
function judge(
  deps: Deps,
  dialer: Dialer,
  breaker: Breaker,
  rows: readonly ClaimedWriteBack[],
  answers: DeliveryAnswers,
): void {
  if (rows.length === 0) return;
  count(
    deps,
    dialer,
    breaker,
    rows.some((row) => (answers.get(row.id)?.kind ?? 'retry') !== 'retry'),
  );
}

function isFailedLook(answer: DeliveryAnswer | undefined): boolean {
  return !answer || (answer.kind === 'retry' && !answer.inDoubt);
}

function count(deps: Deps, dialer: Dialer, breaker: Breaker, isSuccess: boolean): void {
  if (isSuccess) breaker.succeeded();
  else if (breaker.failed()) deps.log.error({ dialer: dialer.id }, 'the dialer is not answering: write-backs wait');
}

function sortOut(deps: Deps, dialer: Dialer, rows: readonly ClaimedWriteBack[], holds: readonly CampaignHold[]) {
  const free: ClaimedWriteBack[] = [];
  const held = new Map<string, DeliveryAnswer>();
  const until = new Date(deps.clock.now() + holdMs).toISOString();
  const isOnlyRead = isWhollyInShadow(deps, dialer.id);
  for (const row of rows) {
    if (isOnlyRead && isOfNoShadow(deps, row)) {
      held.set(row.id, { kind: 'notYet', until, why: shadowWhy });
      continue;
    }
    const name = row.target.campaign in dialer.settings.campaigns ? row.target.campaign : '*';
    const hold = row.aspect === 'dnc' ? undefined : holds.find(({ campaign }) => campaign === name);
    if (hold) held.set(row.id, { kind: 'notYet', until, why: hold.why });
    else free.push(row);
  }
  return { free, held };
}

/**
 * What another dialer's calls want of one that joined in shadow: opt-outs from before it was known. In doubt it may be there
 * already, or a person had it written.
 */
function isOfNoShadow({ settings }: Deps, { aspect, target, inDoubt }: ClaimedWriteBack): boolean {
  const isForeign = target.callKey === '' && target.leadKey === '';
  return isForeign && !inDoubt && !(aspect === 'dnc' && settings.controls.shadowOptOuts === 'written');
}

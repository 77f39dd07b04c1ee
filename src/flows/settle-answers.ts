import { setTimeout as wait } from 'node:timers/promises';
import { instantOf } from '../domain/clock.ts';
import type { DeliveryAnswer, DeliveryAnswers } from '../domain/delivery.ts';
import type { Dialer } from '../domain/dialer.ts';
import { messageOf } from '../domain/errors.ts';
import { overtakenWhy, ownTries } from '../domain/write-back.ts';
import type { ClaimedWriteBack, Settlement } from '../store/store.ts';
import type { Deps } from './deps.ts';
import { dispositionedFact } from './dispositioned-fact.ts';
import { recordFacts } from './record-facts.ts';

const settleAgainMs = 250;
const longestAwayMs = 60_000;
/** Rows that one transaction settles: live calls wait for it. */
const settledAtOnce = 200;

/**
 * Writes what a dialer answered for claimed rows. An answer that is missing counts as a failure in doubt. Gives how many of
 * the rows were no longer ours.
 */
export async function settleAnswers(
  deps: Deps,
  dialer: Dialer,
  rows: readonly ClaimedWriteBack[],
  answers: DeliveryAnswers,
): Promise<number> {
  const settlements: Settlement[] = [];
  for (const row of rows) {
    const answer = answers.get(row.id) ?? {
      kind: 'retry',
      why: 'the dialer gave no answer for this row',
      inDoubt: true,
    };
    deps.count.delivered(dialer.id, row.aspect, answer.kind);
    const kept = answer.kind === 'overtaken' ? await keepHuman(deps, dialer, row, answer) : answer;
    settlements.push(settlementOf(deps, row, kept));
    tellOperator(deps, row, kept, settlements.at(-1));
  }
  let lost = 0;
  for (let start = 0; start < settlements.length; start += settledAtOnce) {
    lost += (await settle(deps, settlements.slice(start, start + settledAtOnce))).lost.length;
  }
  for (const { correlationId } of rows) deps.changes.tell(correlationId);
  if (lost > 0) deps.log.warn({ dialer: dialer.id, count: lost }, 'claims ended before their rows were settled');
  return lost;
}

/**
 * What a dialer promised must not be forgotten because our store is away for a moment: tried again until the claim ends,
 * from when on another worker may have the rows.
 */
async function settle(deps: Deps, settlements: readonly Settlement[]): Promise<{ lost: string[] }> {
  const end = performance.now() + deps.settings.outbox.leaseMs;
  for (;;) {
    try {
      return await deps.store.settleWriteBacks(settlements);
    } catch (error) {
      if (performance.now() + settleAgainMs > end) throw error;
      await wait(settleAgainMs);
    }
  }
}

/** The human's result is recorded first; when that fails, the row is asked for again. */
async function keepHuman(
  deps: Deps,
  dialer: Dialer,
  row: ClaimedWriteBack,
  answer: Extract<DeliveryAnswer, { kind: 'overtaken' }>,
): Promise<DeliveryAnswer> {
  try {
    await recordFacts(deps, [dispositionedFact(dialer, row, answer)], { budgetMs: 5000 });
    return answer;
  } catch (error) {
    return { kind: 'retry', why: `a human agent's result could not be kept: ${messageOf(error)}` };
  }
}

function settlementOf(deps: Deps, row: ClaimedWriteBack, answer: DeliveryAnswer): Settlement {
  const now = instantOf(deps.clock);
  const base = {
    id: row.id,
    claim: row.claim,
    dueAt: now,
    attempts: row.attempts,
    spared: row.spared ?? 0,
    inDoubt: false,
    receipt: '',
    why: '',
    hint: '',
    now,
  };
  switch (answer.kind) {
    case 'done':
      return { ...base, state: 'confirmed', why: answer.note ?? '' };
    case 'submitted':
      return { ...base, state: 'submitted', receipt: answer.receipt, dueAt: answer.at ?? now };
    case 'notYet': {
      const inDoubt = answer.inDoubt === true || row.inDoubt;
      // A receipt that is not settled yet stays one; a row that was not sent stays due.
      return row.state === 'submitted'
        ? { ...base, state: 'submitted', receipt: row.receipt, dueAt: answer.until, why: answer.why }
        : { ...base, state: 'pending', dueAt: answer.until, inDoubt, why: answer.why };
    }
    case 'refused': {
      // A refusal of this try says nothing of one before it whose answer was lost.
      const inDoubt = answer.inDoubt === true || (row.state !== 'submitted' && row.inDoubt);
      return { ...base, state: 'refused', inDoubt, why: answer.why, hint: answer.hint };
    }
    case 'overtaken':
      return { ...base, state: 'cancelled', why: overtakenWhy };
    case 'retry':
      return retryOf(deps, row, answer, base);
  }
}

function retryOf(
  deps: Deps,
  row: ClaimedWriteBack,
  answer: Extract<DeliveryAnswer, { kind: 'retry' }>,
  base: Omit<Settlement, 'state'>,
): Settlement {
  const { maxAttempts, outageMs } = deps.settings.outbox;
  const { lateMs = 0 } = answer;
  const isSpared = answer.isOutage === true && deps.clock.now() - Date.parse(row.createdAt) < outageMs;
  const attempts = row.attempts + 1;
  const spared = (row.spared ?? 0) + (isSpared ? 1 : 0);
  // Once the dialer is back, what waits goes out soon.
  const backoff = isSpared ? backoffMs(deps, attempts, longestAwayMs) : backoffMs(deps, ownTries({ attempts, spared }));
  const after = Math.max(answer.afterMs ?? backoff, lateMs);
  const dueAt = new Date(deps.clock.now() + after).toISOString();
  const isDead = !isSpared && ownTries({ attempts, spared }) >= maxAttempts;
  const common = { ...base, attempts, spared, dueAt, why: answer.why, hint: answer.hint ?? '', lateMs };
  // Once a try may have had an effect, the row stays in doubt until a dialer's answer says otherwise.
  const inDoubt = answer.inDoubt === true || row.inDoubt;
  // The dialer took what was submitted: an operator's replay must look first.
  if (isDead) return { ...common, state: 'dead', inDoubt: inDoubt || row.state === 'submitted', receipt: '' };
  if (row.state === 'submitted' && !answer.inDoubt)
    return { ...common, state: 'submitted', inDoubt, receipt: row.receipt };
  return { ...common, state: 'pending', inDoubt };
}

/** Doubles with each failure up to the limit; half of it is chance, so that rows don't come back in step. */
export function backoffMs(
  deps: Pick<Deps, 'settings' | 'random'>,
  attempts: number,
  mostMs = Number.POSITIVE_INFINITY,
): number {
  const { firstBackoffMs, maxBackoffMs } = deps.settings.outbox;
  const full = Math.min(mostMs, maxBackoffMs, firstBackoffMs * 2 ** (attempts - 1));
  return Math.round(full / 2 + (full / 2) * deps.random());
}

function tellOperator(
  deps: Deps,
  row: ClaimedWriteBack,
  answer: DeliveryAnswer,
  settled: Settlement | undefined,
): void {
  const fields = {
    dialer: row.dialer,
    aspect: row.aspect,
    correlationId: row.correlationId,
    attempts: settled?.attempts,
  };
  if (settled?.state === 'dead')
    deps.log.error({ ...fields, reason: settled.why, hint: settled.hint }, 'write-back is dead');
  else if (answer.kind === 'refused')
    deps.log.error({ ...fields, reason: answer.why, hint: answer.hint }, 'write-back was refused');
  else if (answer.kind === 'retry') deps.log.warn({ ...fields, reason: answer.why }, 'write-back will be retried');
  else deps.log.debug({ ...fields, answer: answer.kind }, 'write-back answered');
}
